"""Everything that depends on Whoosh: schema, codec, segments and storage.

Whoosh pickles references to classes, including module names, into the index. Indexes written by release 0.1
refer to the old module names below, so the old names are kept as aliases. New commits use the current names.
"""

import sys

from paperclipper.search.whoosh import codec, schema, writer

sys.modules["paperclipper.search.whoosh_codec"] = codec
sys.modules["paperclipper.search.whoosh_schema"] = schema
sys.modules["paperclipper.search.whoosh_writer"] = writer
