"""Run calls on this machine: in this process, or in worker processes that may die."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from speechqa.executors.crew import Crew, Finished, Job
from speechqa.executors.memory import available
from speechqa.executors.worker import opened
from speechqa.protocols import Settled, Together

_AHEAD = 2
"""Items a worker that are taken from the source before they can be begun, those under way among them.

Several together count as one.
"""

_END = object()


def executor(
    workers: int,
    *,
    lost: Callable[[Any], Any],
    late: Callable[[Any], Any] | None = None,
    limit_s: float | None = None,
) -> SerialExecutor | ProcessExecutor:
    """What runs items in so many worker processes, or with none of them in this process.

    Parameters
    ----------
    workers : int
        From 0.
    lost, late, limit_s
        As of `ProcessExecutor`; in this process there is nobody to end an item.
    """
    if workers == 0:
        return SerialExecutor()
    return ProcessExecutor(workers, lost=lost, late=late, limit_s=limit_s)


class SerialExecutor:
    """Runs items one after the other in this process."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """Results in the order of the items."""
        for item in items:
            yield item.result if isinstance(item, Settled) else function(item)


class ProcessExecutor:
    """Runs items in worker processes; one that dies costs its own item a second try, and nothing else.

    Fewer run at once while memory is short, and a worker that has grown too large is replaced (`Crew`).

    Parameters
    ----------
    workers : int
        Processes at once, at least 1.
    lost, late : callable
        Makes the result of an item whose worker died twice, and of one that took too long, by default alike.
    limit_s : float, optional
        Seconds an item may take, None where it may take any time; after them its worker is ended.
    room : callable
        Bytes of memory left.
    """

    def __init__(
        self,
        workers: int,
        *,
        lost: Callable[[Any], Any],
        late: Callable[[Any], Any] | None = None,
        limit_s: float | None = None,
        room: Callable[[], int] = available,
    ) -> None:
        self._workers = workers
        self._gone = {"died": lost, "late": late or lost}
        self._limit_s = limit_s
        self._room = room
        self._crew: Crew | None = None

    @property
    def at_once(self) -> int:
        """Items that may run at once now: fewer than workers while memory is short."""
        return self._workers if self._crew is None else self._crew.at_once

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """Results in the order they finish; at most two items a worker are taken ahead of time."""
        source = iter(items)
        crew = self._crew = Crew(self._workers, pickle.dumps(function), room=self._room)
        under_way, largest, more = 0, 1, True
        try:
            while more or under_way:
                full = under_way >= _AHEAD * self._workers * largest
                if more and not full:
                    item = next(source, _END)
                    if item is _END:
                        more = False
                    elif isinstance(item, Settled):
                        yield item.result
                    else:
                        for job in self._jobs(item):
                            crew.give(job)
                            under_way += len(job.parts) or 1
                            largest = max(largest, len(job.parts))
                # What is done is given before more is taken: it is not safe before somebody has kept it.
                waits = full or not more
                while under_way and (done := crew.finished(block=waits)) is not None:
                    under_way -= 1
                    waits = False
                    yield self._result(done)
        finally:
            self._crew = None
            crew.close()

    def _jobs(self, item: Any) -> list[Job]:
        if not isinstance(item, Together):
            return [self._job(item)]
        jobs = [self._job(one) for one in item.items]
        if self._limit_s is not None:
            return jobs  # what an item takes by itself is not seen where several are worked on at once
        return [Job(item, pickle.dumps(item), parts=deque(jobs))]

    def _job(self, item: Any) -> Job:
        return Job(item, pickle.dumps(item), self._limit_s)

    def _result(self, done: Finished) -> Any:
        return self._gone[done.lost](done.job.item) if done.answer is None else opened(done.answer)
