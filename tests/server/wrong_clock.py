"""Run `paperclipper` with a clock that is off by a number of seconds, read from a file at each call.

The clocks of SQLite and the kernel are not changed, because the program does not use them.
"""

import datetime
import os
import runpy
import time
from pathlib import Path

_OFF_BY = Path(os.environ["CLOCK_OFF_BY"])
_true_nanoseconds = time.time_ns


def _nanoseconds():
    return _true_nanoseconds() + int(_OFF_BY.read_text()) * 10**9


class _WrongDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)


if __name__ == "__main__":
    time.time_ns, time.time = _nanoseconds, lambda: _nanoseconds() / 1e9
    datetime.datetime = _WrongDatetime
    runpy.run_module("paperclipper", run_name="__main__")
