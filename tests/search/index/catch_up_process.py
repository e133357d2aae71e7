"""A process of its own that follows a source kept in a file; run by the tests of processes.

python catch_up_process.py INDEX SOURCE [merge]
"""

import pickle
import sys
import time
from pathlib import Path

from paperclipper.search.index.search_index import WhooshIndex

sys.path.append(str(Path(__file__).parents[2]))  # the source is an object of the tests


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
