"""A guard against what would never end, by computing or by waiting: far from what any machine needs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_FAR_TOO_LONG_S = 30.0
_BUSY = 20.0
"""How much longer it may take by the clock, where many other programs run."""


@contextmanager
def must_end(seconds: float = _FAR_TOO_LONG_S) -> Iterator[None]:
    """Fail where the process computes for so long, or waits; what is asked of it takes far less."""

    def stop(*_: Any) -> None:
        raise AssertionError(f"still at work after {seconds:g} s of processor time, or {_BUSY * seconds:g} s")

    timers = {signal.SIGVTALRM: (signal.ITIMER_VIRTUAL, 1.0), signal.SIGALRM: (signal.ITIMER_REAL, _BUSY)}
    before = {number: signal.signal(number, stop) for number in timers}
    for timer, times in timers.values():
        signal.setitimer(timer, times * seconds)
    try:
        yield
    finally:
        for number, (timer, _) in timers.items():
            signal.setitimer(timer, 0.0)
            signal.signal(number, before[number])
