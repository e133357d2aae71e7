"""Everything that depends on Whoosh: schema, codec, segments, storage.

Whoosh pickles classes into an index by their module's name. Indexes of release 0.1 name the modules below by their old
names, which therefore still lead to them; new commits write the present names.
"""

import sys

from paperclipper.search.whoosh import codec, schema, writer

sys.modules["paperclipper.search.whoosh_codec"] = codec
sys.modules["paperclipper.search.whoosh_schema"] = schema
sys.modules["paperclipper.search.whoosh_writer"] = writer
