"""Calls on a Ray cluster: what its nodes must have in common with this machine, and what goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace as with_fields

from speechqa.assembly.engines import build_engines
from speechqa.assembly.numbers import key_mark
from speechqa.config import Settings
from speechqa.core.analysis import FailedCall
from speechqa.core.source import CallSource, PartyFile
from speechqa.errors import SpeechQAError
from speechqa.executors.ray_cluster import CallNeeds
from speechqa.pipeline.stage_code import PACKAGES
from speechqa.protocols import Settled
from speechqa.version import __version__, judging_code

if TYPE_CHECKING:
    from speechqa.executors.ray_cluster import RayExecutor
    from speechqa.pipeline.batch import Task, Worked

_COMPUTING = sorted({*chain.from_iterable(PACKAGES.values()), "pyannote.audio", "tokenizers"})
"""Packages whose version may change what is heard, measured or masked."""


class ClusterWanted(CallNeeds, frozen=True, kw_only=True):
    """The cluster calls are to run on, with what each needs; its engine uses as many cores as are kept free.

    Attributes
    ----------
    address : str or None
        As Ray has it: `auto`, `HOST:PORT`, `ray://HOST:PORT`, or `local` for Ray started here for this run;
        None is what RAY_ADDRESS says, else `auto`.
    """

    address: str | None = None


class OnCluster:
    """An executor of calls: their tasks go to the nodes, their documents come back.

    What a task holds of a manifest is not masked. It comes home in no result, for Ray may write results to
    the disks of its nodes.
    """

    def __init__(self, executor: RayExecutor) -> None:
        self._executor = executor

    def map(self, function: Callable[[Task], Worked], items: Iterable[Task | Settled]) -> Iterator[Any]:
        """What came of each task, in the order calls finish; what is settled as it is."""
        with closing(self._executor.pairs(partial(on_node, function), items)) as pairs:
            for task, worked in pairs:
                yield worked if isinstance(task, Settled) else replace(worked, task=task)


@contextmanager
def on_cluster(
    wanted: ClusterWanted, settings: Settings, *, languages: frozenset[str | None], at_once: int | None
) -> Iterator[OnCluster]:
    """Join a cluster whose nodes would give the results that this machine gives; left at the end.

    Parameters
    ----------
    languages : frozenset of str or None
        Languages of the calls, for engines are chosen by them.
    at_once : int or None
        Calls under way at once; by default twice what the cluster has room for.

    Raises
    ------
    EngineUnavailable, ClusterError
        If Ray is not installed, there is no cluster, it has no room, or a node differs.
    """
    from speechqa.executors.ray_cluster import RayExecutor
    from speechqa.pipeline.batch import lost_worker

    executor = RayExecutor(
        wanted.address,
        lost=lost_worker,
        needs=wanted,
        at_once=at_once,
        facts=partial(facts_here, settings, wanted.cpus, languages),
    )
    with closing(executor):
        executor.open()
        yield OnCluster(executor)


def facts_here(settings: Settings, threads: int, languages: frozenset[str | None]) -> Mapping[str, str]:
    """All at this machine that a document depends on, by name, in words that a person can compare."""
    facts = {"speechqa": __version__, "judging code": judging_code() or "not installed as files"}
    for package in _COMPUTING:
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = "not installed"
    facts["key for masked numbers"] = " ".join(key_mark()) or "none"
    try:
        engines = build_engines(settings, threads)
    except SpeechQAError as error:
        return {**facts, "engines": error.message}
    facts["rubric"] = engines.rubric.digest
    facts["diarizer"] = engines.diarizer.name if engines.diarizer is not None else "none"
    parts: dict[str, Callable[[], object]] = {
        "arousal model": engines.arousal_model,
        "embeddings": lambda: model.name if (model := engines.embedder()) is not None else None,
    }
    for language in sorted(languages, key=str):
        parts[f"engine for {language or 'any language'}"] = partial(engines.transcriber_for, language)
    for name, part in parts.items():
        try:
            facts[name] = _words(part())
        except SpeechQAError as error:
            # Where there is none here either, calls bring their words.
            facts[name] = type(error).__name__
    return facts


def _words(part: object) -> str:
    info = getattr(part, "info", part)
    if info is None:
        return "none"
    told = [getattr(info, name, None) for name in ("name", "model", "model_digest", "digest")]
    return " ".join(str(one) for one in told if one) or str(info)


def on_node(function: Callable[[Task], Worked], task: Task) -> Worked:
    """Analyse a task on a node; what it knows of a manifest stays out of what goes home."""
    worked = function(task)
    document = worked.document
    if isinstance(document, FailedCall) and document.error.type == "RecordingNotFound":
        told = f"{document.error.hint}; on a cluster every node must see the recording under this path"
        document = with_fields(document, error=with_fields(document.error, hint=told))
    bare = with_fields(task, source=CallSource(files=(PartyFile(path=""),)))
    return replace(worked, task=bare, document=document)
