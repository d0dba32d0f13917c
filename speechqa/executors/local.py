"""Run calls on this machine: in this process, or in a pool of worker processes that may die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

Initializer = Callable[..., None]


class SerialExecutor:
    """Runs items one after the other in this process.

    Parameters
    ----------
    initializer, initargs
        Called once before the first item, as a worker would.
    """

    def __init__(self, initializer: Initializer | None = None, initargs: tuple[Any, ...] = ()) -> None:
        self._initializer = initializer
        self._initargs = initargs

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """Results in the order of the items."""
        started = False
        for item in items:
            if not started and self._initializer is not None:
                self._initializer(*self._initargs)
            started = True
            yield function(item)


class ProcessExecutor:
    """Runs items in worker processes; a worker that dies costs its item one retry, never the batch.

    Parameters
    ----------
    workers : int
        Processes at once, at least 1.
    lost : callable
        Makes the result of an item whose worker died twice.
    initializer, initargs
        Run once in each worker before its first item; must pickle.
    """

    def __init__(
        self,
        workers: int,
        *,
        lost: Callable[[Any], Any],
        initializer: Initializer | None = None,
        initargs: tuple[Any, ...] = (),
    ) -> None:
        self._workers = workers
        self._lost = lost
        self._initargs = (initializer, initargs)

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """Results in the order they finish; at most two items a worker are taken ahead of time."""
        source = iter(items)
        pool = self._pool(self._workers)
        running: dict[Future[Any], Any] = {}
        try:
            while True:
                broken: list[Any] = []
                try:
                    self._fill(pool, running, function, source)
                except BrokenProcessPool as error:
                    broken.extend(error.args[1:])
                if not running and not broken:
                    return
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    item = running.pop(future)
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        broken.append(item)
                if broken:
                    # One dead worker breaks the whole pool: all that was under way is run again, each alone,
                    # so that only an item that kills its own worker is given up.
                    broken.extend(running.values())
                    running.clear()
                    pool.shutdown(wait=False, cancel_futures=True)
                    for item in broken:
                        yield self._alone(function, item)
                    pool = self._pool(self._workers)
        finally:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)

    def _fill(
        self,
        pool: ProcessPoolExecutor,
        running: dict[Future[Any], Any],
        function: Callable[[Any], Any],
        source: Iterator[Any],
    ) -> None:
        while len(running) < 2 * self._workers:
            try:
                item = next(source)
            except StopIteration:
                return
            try:
                running[pool.submit(function, item)] = item
            except BrokenProcessPool as error:
                raise BrokenProcessPool(str(error), item) from error

    def _alone(self, function: Callable[[Any], Any], item: Any) -> Any:
        with self._pool(1) as pool:
            try:
                return pool.submit(function, item).result()
            except BrokenProcessPool:
                return self._lost(item)

    def _pool(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=self._initargs,
        )


def _start_worker(initializer: Initializer | None, initargs: tuple[Any, ...]) -> None:
    # Ctrl-C reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if initializer is not None:
        initializer(*initargs)


def _end_with_parent() -> None:
    # A parent that is killed tells nobody: without this its workers would wait for work for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
