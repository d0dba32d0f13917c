"""Run calls on a Ray cluster that is there already: Ray places and retries them; nothing here schedules."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

from speechqa.core.plain import printable
from speechqa.core.value import Value, require
from speechqa.errors import ClusterError
from speechqa.executors.ray_connection import connect, disconnect
from speechqa.protocols import Settled
from speechqa.version import __version__

Facts = Callable[[], Mapping[str, str]]
"""What results depend on at a place, by name; equal wherever results are equal."""

_ROUND_S = 10.0
_ROUNDS_WITHOUT_A_NODE = 30
_MB = 2**20
_END = object()


class CallNeeds(Value, frozen=True, kw_only=True):
    """What Ray keeps free for one call: cores, GPUs (a part of one too), and memory in MB where told."""

    cpus: int = 1
    gpus: float = 0.0
    memory_mb: int | None = None

    def __post_init__(self) -> None:
        require(self.cpus >= 1, f"a call needs at least one core, found {self.cpus}")
        require(0 <= self.gpus < float("inf"), f"GPUs cannot be fewer than none, found {self.gpus}")
        require(self.memory_mb is None or self.memory_mb > 0, f"memory is in MB, found {self.memory_mb}")

    @property
    def resources(self) -> dict[str, float]:
        """The same as Ray names it."""
        wanted = {"CPU": float(self.cpus), "GPU": self.gpus, "memory": float((self.memory_mb or 0) * _MB)}
        return {name: amount for name, amount in wanted.items() if amount}


class RayExecutor:
    """Runs items as Ray tasks; a node that is lost costs its items one retry, never the batch.

    Parameters
    ----------
    address : str or None
        As Ray has it: `auto`, `HOST:PORT`, `ray://HOST:PORT`; `local` starts Ray here for this run alone.
        None is what RAY_ADDRESS says, else `auto`.
    lost : callable
        Makes the result of an item whose worker or node went away twice.
    needs : CallNeeds
        What Ray keeps free for each item.
    at_once : int, optional
        Items under way at once, at least 1; by default twice what the cluster has room for.
    facts : callable, optional
        Must pickle. Its facts of this machine are compared with those of each node before any work, and of
        each worker before its first item: a node that differs would give other results.
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        lost: Callable[[Any], Any],
        needs: CallNeeds | None = None,
        at_once: int | None = None,
        facts: Facts | None = None,
    ) -> None:
        require(at_once is None or at_once >= 1, f"at least one item is under way, found {at_once}")
        self._address, self._lost, self._at_once = address, lost, at_once
        self._needs = needs or CallNeeds()
        self._facts = facts
        self._expected: Mapping[str, str] = {}
        self._connected: bool | None = None

    def open(self) -> None:
        """Connect, and ask every node whether it would give the results that this machine gives.

        Raises
        ------
        EngineUnavailable
            If Ray is not installed.
        ClusterError
            If there is no cluster, no node has room for a call, or one differs from this machine.
        """
        if self._connected is not None:
            return
        self._connected = connect(self._address)
        try:
            self._expected = dict(self._facts()) if self._facts is not None else {}
            self._ask_nodes()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the cluster, where this executor joined it."""
        if self._connected:
            disconnect()
        self._connected = None

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """Results in the order they finish; raises as `pairs` does."""
        with closing(self.pairs(function, items)) as pairs:
            for _, result in pairs:
                yield result

    def pairs(
        self, function: Callable[[Any], Any], items: Iterable[Any]
    ) -> Generator[tuple[Any, Any], None, None]:
        """Items with their results in the order they finish; what an item raises is raised here.

        Raises
        ------
        ClusterError
            If the cluster is lost, or a node that joined later differs from this machine.
        """
        import ray

        opened_here = self._connected is None
        self.open()
        task = self._task(perform)
        payload = self._payload(function)
        source = iter(items)
        running: dict[Any, Any] = {}
        quiet, room, passed = 0, 0, False
        try:
            while True:
                room = room if passed else self._room()
                passed = False
                while not passed and len(running) < room and (item := next(source, _END)) is not _END:
                    if passed := isinstance(item, Settled):
                        yield item, item.result
                    else:
                        running[task.remote(__version__, payload, pickle.dumps(item))] = item
                if not running:
                    if passed:
                        continue
                    return
                finished, _ = ray.wait(list(running), num_returns=1, timeout=0 if passed else _ROUND_S)
                quiet = 0 if passed or finished or self._slots() else quiet + 1
                if quiet >= _ROUNDS_WITHOUT_A_NODE:
                    raise ClusterError(
                        "The cluster has no node left that can take a call",
                        found=f"{len(running)} calls waiting",
                        hint="Start nodes and run the same command again: what is done is kept",
                    )
                for reference in finished:
                    item = running.pop(reference)
                    yield item, self._result(reference, item)
        finally:
            for reference in running:
                # Without force a call would go on to its end, in the way of whoever comes next.
                ray.cancel(reference, force=True)
            if opened_here:
                self.close()

    def _result(self, reference: Any, item: Any) -> Any:
        import ray
        from ray.exceptions import (
            LocalRayletDiedError,
            NodeDiedError,
            ObjectLostError,
            OutOfMemoryError,
            RayError,
            WorkerCrashedError,
        )

        try:
            answer = ray.get(reference)
        except (WorkerCrashedError, NodeDiedError, ObjectLostError, OutOfMemoryError):
            return self._lost(item)
        except LocalRayletDiedError as error:
            raise ClusterError(
                "The node that this command is connected to is gone",
                hint="Run the same command again where a node is up: what is done is kept",
            ) from error
        except RayError as error:
            raise _not_run(error) from error
        return self._agreeing(answer).value

    def _agreeing(self, answer: _Done | _Raised | Other) -> _Done:
        if isinstance(answer, _Raised):
            raise answer.error
        if isinstance(answer, _Done):
            return answer
        told = "; ".join(answer.differs)
        raise ClusterError(
            "A node of the cluster would give other results than this machine",
            where=f"node {answer.node}",
            found=printable(told, limit=600),
            expected="the same speechqa, models, rubric and keys on every node",
            hint="Install the same versions, with constraints.txt, and the same model files on that node",
        )

    def _ask_nodes(self) -> None:
        """Let every node with room for a call say what it has; one that is lost meanwhile is passed over."""
        import ray
        from ray.exceptions import RayError, RayTaskError
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        nodes = [node for node in ray.nodes() if self._calls_on(node)]
        if not nodes:
            raise ClusterError(
                "No node of the cluster has room for a call",
                found=_resources_of(ray.nodes()),
                expected=f"a node with {_in_words(self._needs.resources)}",
                hint="Start a node with more, or ask for less with --ray-cpus, --ray-gpus, --ray-memory",
            )
        asked = ray.remote(max_retries=0, num_cpus=0)(perform)
        payload = self._payload(None)
        for answer in [
            asked.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            ).remote(__version__, payload, pickle.dumps(None))
            for node in nodes
        ]:
            try:
                self._agreeing(ray.get(answer))
            except RayTaskError as error:
                raise _not_run(error) from error
            except RayError:
                continue

    def _payload(self, function: Callable[[Any], Any] | None) -> bytes:
        from ray import cloudpickle

        site = _Site(
            function=function,
            facts=self._facts,
            expected=self._expected,
            folder=os.getcwd(),  # noqa: PTH109 - a name that is no text stays as it is
            models=os.environ.get(_MODELS),
        )
        return bytes(cloudpickle.dumps(site))

    def _task(self, function: Callable[..., Any]) -> Any:
        import ray

        # A worker with a GPU would end after each call, and load its model again: max_calls=0 keeps it.
        return ray.remote(
            num_cpus=self._needs.cpus,
            num_gpus=self._needs.gpus,
            memory=(self._needs.memory_mb or 0) * _MB or None,
            max_retries=1,
            retry_exceptions=False,
            max_calls=0,
            scheduling_strategy="SPREAD",
        )(function)

    def _room(self) -> int:
        """Items to have under way; some wait at the cluster, so that no node waits for this machine."""
        return self._at_once or 2 * max(1, self._slots())

    def _slots(self) -> int:
        """Calls that the nodes there are now can work at once."""
        import ray

        return sum(self._calls_on(node) for node in ray.nodes())

    def _calls_on(self, node: Mapping[str, Any]) -> int:
        if not node["Alive"]:
            return 0
        has = node["Resources"]
        return int(min(has.get(name, 0.0) // amount for name, amount in self._needs.resources.items()))


_MODELS = "SPEECHQA_MODELS"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """What a worker needs to know of the machine that asks: where it stands, what it has, what is wanted."""

    function: Callable[[Any], Any] | None
    facts: Facts | None
    expected: Mapping[str, str]
    folder: str
    models: str | None


@dataclass(frozen=True, slots=True)
class _Done:
    value: Any


@dataclass(frozen=True, slots=True)
class _Raised:
    """What a function raised, as a value: Ray would write it to its logs, and it may hold what was said."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Other:
    """A node whose results would be other ones, and why."""

    node: str
    differs: tuple[str, ...]


def perform(version: str, payload: bytes, item: bytes) -> _Done | _Raised | Other:
    """Run on a node: the function on one item, once it is sure that the node is like the machine that asks.

    Both come as bytes, for another version may not even be able to read them.
    """
    if version != __version__:
        return Other(_node(), (f"speechqa {__version__}, not {version}",))
    try:
        site, differs = _settled(payload)
        if differs:
            return Other(_node(), differs)
        return _Done(None if site.function is None else site.function(pickle.loads(item)))  # noqa: S301
    except Exception as error:
        try:
            pickle.dumps(error)
        except Exception:
            return _Raised(RuntimeError(type(error).__name__))
        return _Raised(error)


@cache
def _settled(payload: bytes) -> tuple[_Site, tuple[str, ...]]:
    """Make this worker stand where the asking machine stands; what differs all the same. Once a worker."""
    site: _Site = pickle.loads(payload)  # noqa: S301 - from the driver, who may run anything here anyway
    if os.path.isdir(site.folder):  # noqa: PTH112
        # Paths that are relative there mean the same here, where storage is shared.
        os.chdir(site.folder)
    if site.models is not None:
        os.environ.setdefault(_MODELS, site.models)
    found = dict(site.facts()) if site.facts is not None else {}
    names = sorted(site.expected.keys() | found.keys())
    return site, tuple(
        f"{name}: {found.get(name, 'none')}, not {site.expected.get(name, 'none')}"
        for name in names
        if found.get(name) != site.expected.get(name)
    )


def _node() -> str:
    from ray.util import get_node_ip_address

    return str(get_node_ip_address())


def _resources_of(nodes: Iterable[Mapping[str, Any]]) -> str:
    alive = [node["Resources"] for node in nodes if node["Alive"]]
    return f"{len(alive)} nodes: {'; '.join(map(_in_words, alive[:5]))}"


def _in_words(has: Mapping[str, float]) -> str:
    memory = int(has.get("memory", 0) // _MB)
    return f"{has.get('CPU', 0):g} cores, {has.get('GPU', 0):g} GPUs, {memory} MB"


def _not_run(error: Exception) -> ClusterError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return ClusterError(
        "A node of the cluster cannot run speechqa",
        found=printable(lines[-1] if lines else type(error).__name__, limit=300),
        expected=f"speechqa {__version__} installed on every node, in the Python that Ray runs in",
        hint="Install it there with the same constraints.txt, then run the same command again",
    )
