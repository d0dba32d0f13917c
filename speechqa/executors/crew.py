"""Workers kept busy by a thread of their own, while the caller's keeps what came of the items before."""

from __future__ import annotations

import multiprocessing
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

from speechqa.executors.worker import Worker

LOOK_S = 1.0
"""Seconds between two looks at memory and at calls that take too long."""

RESERVE = 256 << 20
"""Bytes that are left to everything else on the machine."""

FIRST = 512 << 20
"""Bytes that a worker is taken to need before one has been seen at work."""

GROWTH = 512 << 20
"""Bytes that a worker may hold beyond what it held after its first item before another takes its place."""

_ALONE_MOST = 4
"""Items waiting to be tried alone, from which nothing new is begun before them."""

Lost = Literal["died", "late"]


@dataclass(slots=True, eq=False)
class Job:
    """An item on its way: its pickle, the seconds it may take, its worker's deaths, whether to run alone.

    Of several together `parts` are those whose results have not come yet, in order.
    """

    item: Any
    data: bytes
    limit: float | None = None
    died: int = 0
    alone: bool = False
    parts: deque[Job] = field(default_factory=deque)


@dataclass(frozen=True, slots=True)
class Finished:
    """A job with the answer of its worker, or why there is none."""

    job: Job
    answer: bytes | None = None
    lost: Lost = "died"


class Crew:
    """Hands items to workers one by one; a free worker never waits for the caller while there are items.

    An item whose worker dies is tried once more: at once, or, where the system ended it as it does when
    memory is gone, when nothing else runs. Before another item is begun beside those under way there must be
    as much memory left as any worker was seen to need; one item always runs.

    Parameters
    ----------
    size : int
        Workers at once, at least 1.
    errand : bytes
        See `Worker`.
    room : callable
        Bytes of memory left.
    """

    def __init__(self, size: int, errand: bytes, *, room: Callable[[], int]) -> None:
        self._size, self._errand, self._room = size, errand, room
        self._fresh: deque[Job] = deque()
        self._again: deque[Job] = deque()
        self._alone: deque[Job] = deque()
        self._workers: list[Worker] = []
        self._finished: queue.SimpleQueue[Finished | BaseException] = queue.SimpleQueue()
        self._heard, self._bell = multiprocessing.Pipe(duplex=False)
        self._closing = False
        self._need = FIRST
        self.at_once = size
        self._thread = threading.Thread(target=self._run, name="speechqa-crew", daemon=True)
        self._thread.start()

    def give(self, job: Job) -> None:
        """Have an item done."""
        self._fresh.append(job)
        self._bell.send_bytes(b"!")

    def finished(self, *, block: bool) -> Finished | None:
        """The next item that is done; without `block`, None where there is none yet."""
        try:
            found = self._finished.get(block)
        except queue.Empty:
            return None
        if isinstance(found, BaseException):
            raise found
        return found

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        self._closing = True
        self._bell.send_bytes(b"!")
        self._thread.join()
        self._bell.close()
        self._heard.close()

    def _run(self) -> None:
        try:
            while not self._closing:
                self._begin_what_can_be()
                lines: list[Connection] = [self._heard, *(worker.line for worker in self._workers)]
                ready = wait(lines, timeout=LOOK_S)
                if self._heard in ready:
                    self._heard.recv_bytes()
                for worker in [one for one in self._workers if one.line in ready]:
                    self._listen(worker)
                self._look()
        except BaseException as error:  # the caller waits for a word from here
            self._finished.put(error)
        finally:
            for worker in self._workers:
                worker.end()

    def _begin_what_can_be(self) -> None:
        while (source := self._source()) is not None:
            if source is self._alone:
                for idle in [one for one in self._workers if one.job is None]:
                    self._end(idle)  # what it holds may be what this one lacked
            worker = self._free_worker()
            if worker is None:
                return
            job = source.popleft()
            worker.begin(job, job.data)

    def _source(self) -> deque[Job] | None:
        """Where the next item comes from; None where none may be begun."""
        running = self._running()
        if len(running) >= self._size or any(job.alone for job in running):
            return None
        if self._again:
            return self._again
        if self._fresh and len(self._alone) < _ALONE_MOST:
            return self._fresh
        return self._alone if self._alone and not running else None

    def _running(self) -> list[Job]:
        return [worker.job for worker in self._workers if worker.job is not None]

    def _free_worker(self) -> Worker | None:
        """A worker without work, a new one if need be; None while memory is short."""
        running = len(self._running())
        idle = next((worker for worker in self._workers if worker.job is None), None)
        if running:
            spare = self._room() + (idle.held() if idle is not None else 0)
            if spare < self._need + RESERVE:
                self.at_once = running
                if idle is not None:
                    self._end(idle)  # what it holds may be what the others lack
                return None
            self.at_once = self._size
        if idle is None:
            idle = Worker(self._errand)
            self._workers.append(idle)
        return idle

    def _listen(self, worker: Worker) -> None:
        answer = worker.answer()
        job: Job | None = worker.job
        if answer is None:
            killed = worker.was_killed()
            self._end(worker)
            if job is not None:
                self._died(job, killed=killed)
            return
        if job is not None and job.parts:
            self._finished.put(Finished(job.parts.popleft(), answer))
            if job.parts:
                return  # the next one's answer comes by itself
        elif job is not None:
            self._finished.put(Finished(job, answer))
        worker.job = None
        self._need = max(self._need, worker.peak())
        held = worker.held()
        if worker.first is None:
            worker.first = held
        elif held > worker.first + GROWTH:
            self._end(worker)

    def _died(self, job: Job, *, killed: bool) -> None:
        if job.parts:  # nobody knows which of them it was: each has its second try by itself
            for part in job.parts:
                self._died(part, killed=killed)
            return
        job.died += 1
        if job.died > 1:
            self._finished.put(Finished(job))
            return
        job.alone = killed
        (self._alone if killed else self._again).append(job)

    def _look(self) -> None:
        """See what busy workers need, and end those whose item takes too long."""
        now = time.monotonic()
        for worker in [one for one in self._workers if one.job is not None]:
            self._need = max(self._need, worker.peak())
            job: Job = worker.job
            if job.limit is not None and now - worker.since > job.limit:
                self._end(worker)
                self._finished.put(Finished(job, lost="late"))

    def _end(self, worker: Worker) -> None:
        self._workers.remove(worker)
        worker.end()
