"""How a run is stopped: by Ctrl-C, by whoever ends programs here, or because its terminal is gone."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def stoppable() -> Iterator[None]:
    """Have the first signal to stop end the work in order, and the second one end it at once.

    In order means as by Ctrl-C: `KeyboardInterrupt` where the program is, so that what is half made goes and
    workers end. Whoever had a signal ignored, as `nohup` has, keeps that.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    before = {number: signal.getsignal(number) for number in _STOPS}
    heard = [n for n, handler in before.items() if handler in (signal.SIG_DFL, signal.default_int_handler)]

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])
