"""One worker: a process that gets an item, or several together, and sends home what came of each."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from speechqa.executors import memory
from speechqa.protocols import Together

_SAFE_PATH = "PYTHONSAFEPATH"
_GRACE_S = 5.0
"""Seconds a worker has to end when it is told to."""


class Worker:
    """A process and the line to it; nothing here waits for work to be done.

    Parameters
    ----------
    errand : bytes
        The pickled function.

    Attributes
    ----------
    job : object
        What it is doing, as its owner calls it; None while it is idle.
    since : float
        When it began that, by the monotonic clock.
    first : int or None
        Bytes it held after its first item, its engines then loaded.
    """

    def __init__(self, errand: bytes) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, errand), daemon=True)
        with _nothing_from_here():
            self._process.start()
        theirs.close()  # so that the line ends with the process
        self.job: Any = None
        self.since = 0.0
        self.first: int | None = None

    def begin(self, job: Any, data: bytes) -> None:
        """Hand over an item; a worker that has died meanwhile is found when it is listened to."""
        self.job, self.since = job, time.monotonic()
        with suppress(OSError):
            self.line.send_bytes(data)

    def answer(self) -> bytes | None:
        """What it has sent, once the line is ready; None where the process has died."""
        try:
            return self.line.recv_bytes()
        except (EOFError, OSError):
            return None

    def held(self) -> int:
        """Bytes it holds now."""
        return memory.resident(self._pid)

    def peak(self) -> int:
        """The most bytes it has held."""
        return memory.peak(self._pid)

    def was_killed(self) -> bool:
        """Whether a dead worker was ended from outside, as the system does when memory is gone."""
        self._process.join(_GRACE_S)
        return self._process.exitcode == -signal.SIGKILL

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.line.close()
        self._process.terminate()
        self._process.join(_GRACE_S)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self._process.close()

    @property
    def _pid(self) -> int:
        return self._process.pid or 0


@contextmanager
def _nothing_from_here() -> Iterator[None]:
    """Processes begun meanwhile import nothing from the working folder, where strangers' files may lie.

    Python puts that folder before its own library in every process begun by `-c`, as workers are.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def opened(answer: bytes) -> Any:
    """The result in an answer.

    Raises
    ------
    Exception
        What the function raised.
    """
    well, result = pickle.loads(answer)  # noqa: S301 - our own worker's
    if not well:
        raise result
    return result


def _serve(line: Connection, errand: bytes) -> None:
    # Ctrl-C reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    function = pickle.loads(errand)  # noqa: S301 - our own parent's
    while True:
        try:
            data = line.recv_bytes()
        except (EOFError, OSError):
            return
        try:
            for answer in _answers(function, data):
                line.send_bytes(answer)
        except OSError:
            return


def _answers(function: Callable[[Any], Any], data: bytes) -> Iterator[bytes]:
    """An answer for the item, or one for each of those it holds; after an error there is no other."""
    try:
        item = pickle.loads(data)  # noqa: S301 - our own parent's
        if not isinstance(item, Together):
            yield pickle.dumps((True, function(item)))
            return
        for _, result in zip(item.items, item.by(item.items), strict=True):
            yield pickle.dumps((True, result))
    except Exception as error:  # told at home, where somebody reads it
        yield _told(error)


def _told(error: Exception) -> bytes:
    try:
        answer = pickle.dumps((False, error))
        pickle.loads(answer)  # noqa: S301 - not every error comes back
    except Exception:
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return answer


def _end_with_parent() -> None:
    # A parent that is killed tells nobody: without this its workers would go on for nobody.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
