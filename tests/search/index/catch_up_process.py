"""Catch up with a pickled source, in a separate process. Run by the tests of several processes.

python catch_up_process.py INDEX SOURCE [merge]
"""

import pickle
import sys
import time
from pathlib import Path

from paperclipper.search.index.search_index import WhooshIndex

sys.path.append(str(Path(__file__).parents[2]))  # the pickled source is a class of the tests


def main():
    source = pickle.loads(Path(sys.argv[2]).read_bytes())
    index = WhooshIndex(Path(sys.argv[1]))
    print("ready", flush=True)
    reached = index.catch_up(source, time.monotonic() + 60)
    if "merge" in sys.argv:
        index.merge_segments()
    index.close()
    sys.exit(not reached)


if __name__ == "__main__":
    main()
