"""Everything that depends on Whoosh: schema, codec, segments, storage.

Whoosh pickles classes into an index by the names of their modules. Indexes of release 0.1 use the old names
of the modules below, which therefore still work; new commits use the present names.
"""

import sys

from paperclipper.search.whoosh import codec, schema, writer

sys.modules["paperclipper.search.whoosh_codec"] = codec
sys.modules["paperclipper.search.whoosh_schema"] = schema
sys.modules["paperclipper.search.whoosh_writer"] = writer
