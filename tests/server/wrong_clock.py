"""Runs `paperclipper` by a clock that is off by as many seconds as a file says, looked at each time.

What SQLite and the kernel take for the time is not moved; the program asks neither.
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


class _Moment(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)


if __name__ == "__main__":
    time.time_ns, time.time = _nanoseconds, lambda: _nanoseconds() / 1e9
    datetime.datetime = _Moment
    runpy.run_module("paperclipper", run_name="__main__")
