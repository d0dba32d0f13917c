"""A Ray cluster of several nodes on this machine, and functions that its workers run."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from speechqa.assembly.engines import work
from speechqa.config import Settings
from speechqa.pipeline.batch import Task, Worked
from speechqa.pipeline.judgement import RunStamp

STORE_BYTES = 80 * 2**20
"""Object store of a node: the least that Ray takes, nearly."""


@contextmanager
def cluster_of(nodes: int) -> Iterator[Any]:
    """A head that works nothing, and nodes of one core each."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # The machine is shared: Ray would else end workers for memory that others take.
    os.environ.update({"RAY_memory_monitor_refresh_ms": "0"})
    from ray.cluster_utils import Cluster

    head = {
        "num_cpus": 0,
        "object_store_memory": STORE_BYTES,
        "include_dashboard": False,
        # That a node is gone is seen within seconds, not a minute; one that is merely slow is none.
        "_system_config": {"health_check_period_ms": 300, "health_check_initial_delay_ms": 0},
    }
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(nodes):
            cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
        yield cluster
    finally:
        cluster.shutdown()


class Gate:
    """Holds workers at a point, and tells who came to it; nothing waits by the clock.

    `folder` is empty and local: a pipe tells who came, a lock holds them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        os.mkfifo(folder / "came")
        # For both ways: so it opens at once, and no reader meets an end.
        self._came: TextIO = os.fdopen(os.open(folder / "came", os.O_RDWR), "r", buffering=1, closefd=True)
        self._lock = (folder / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def next(self) -> str:
        """Who came next."""
        return self._came.readline().strip()

    def give_up(self) -> None:
        """Let all through, and have `next` tell of nobody: whoever waits for it goes on."""
        self.open()
        os.write(self._came.fileno(), b"nobody nowhere\n")

    def rest(self) -> list[str]:
        """Who else came so far."""
        os.set_blocking(self._came.fileno(), False)
        return self._came.read().splitlines()

    def open(self) -> None:
        """Let all through."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let all through, and give back the files."""
        self.open()
        self._lock.close()
        self._came.close()


def come_to(folder: str, name: str) -> None:
    """Tell that a worker has come, and wait until the gate is open."""
    place = Path(folder)
    pipe = os.open(place / "came", os.O_WRONLY)
    os.write(pipe, f"{name}\n".encode())
    os.close(pipe)
    with (place / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)


def node_here() -> str:
    """The id of the node this worker is on."""
    import ray

    return str(ray.get_runtime_context().get_node_id())


def square(item: int) -> int:
    """The item by itself."""
    return item * item


def refuse_three(item: int) -> int:
    """Raises for one item."""
    if item == 3:
        raise ValueError("three")
    return item


def die_on_three(item: int) -> int:
    """Ends its worker, each time."""
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def die_once_on_two(item: tuple[str, int]) -> int:
    """Ends its worker the first time."""
    folder, number = item
    marker = Path(folder) / f"{number}"
    if number == 2 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def wait_at(item: tuple[str, int]) -> int:
    """Waits at a gate."""
    folder, number = item
    come_to(folder, str(number))
    return number


def wait_and_tell(item: tuple[str, int]) -> int:
    """Waits at a gate, having told on which node."""
    folder, number = item
    come_to(folder, f"{number} {node_here()}")
    return number


def wait_and_work(
    folder: str, settings: Settings, threads: int, stamp: RunStamp, task: Task, **more: Any
) -> Worked:
    """As speechqa works a task, after a gate."""
    come_to(folder, f"{task.source.path} {node_here()}")
    return work(settings, threads, stamp, task, **more)


def other_facts(folder: str) -> dict[str, str]:
    """Facts that differ wherever it is asked second."""
    marker = Path(folder) / "asked"
    asked = marker.exists()
    marker.touch()
    return {"model": "two" if asked else "one"}


def lost(item: object) -> str:
    """What stands for an item that was given up."""
    return f"lost {item}"
