"""Many stored calls judged again: workers judge, the parent reads, keeps, and gives results in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from speechqa.assembly.rejudging import settings_of
from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.codec import decode, encode
from speechqa.core.incidents import Incident, moment, near
from speechqa.core.rubric import Rubric
from speechqa.core.value import Value
from speechqa.errors import DocumentRefused, StoreError
from speechqa.protocols import Settled, Store, TextEmbedder
from speechqa.scoring.changes import Rejudged, RejudgedState, changed
from speechqa.scoring.excusing import judged_with
from speechqa.version import __version__

if TYPE_CHECKING:
    from speechqa.pipeline.judgement import RunStamp

_RUBRICS = 16
"""Rubrics that a process holds: calls judged by their own name more of them one after the other."""


class Asked(Value, frozen=True, kw_only=True):
    """What a worker is to do: a document's bytes, and by what to judge them.

    Without `rubric` the call's own is meant; `against` is another to judge it by for the side before, `again`
    whether it is judged where this rubric and this version did so already, `keep` whether it is wanted whole.
    `incidents` are the organisation's that hold now, None for those it was judged with.
    """

    number: int
    call_id: str
    document: bytes
    stamp: tuple[str, str]
    rubric: str | None
    against: str | None = None
    again: bool = True
    keep: bool = False
    incidents: tuple[Incident, ...] | None = None


class Answered(Value, frozen=True, kw_only=True):
    """What became of it; `document` is the new one if it is to be kept, `otherwise` whether it is another."""

    number: int
    result: Rejudged
    document: bytes | None = None
    otherwise: bool = False


def rubric_of(named: str, run: str) -> Rubric:
    """A rubric by name or path, read once a run and process.

    Raises
    ------
    RubricError
        If it cannot be used.
    """
    return _read_in(run, named)


@lru_cache(maxsize=_RUBRICS)
def _read_in(_run: str, named: str) -> Rubric:
    from speechqa.criteria import load_rubric

    return load_rubric(named)


@lru_cache(maxsize=_RUBRICS)
def embedder_of(named: str) -> TextEmbedder | None:
    """The model of sentence embeddings that settings name, loaded once a process."""
    from speechqa.backends.onnx_embeddings import choose_embedder

    return choose_embedder(named)


def judge(asked: Asked) -> Answered:
    """Judge a call again; never raises, a fault is an answer too."""
    path: str | None = None
    try:
        document = decode(asked.document)
        path = document.path
        assert isinstance(document, CallAnalysis)
        return _judged(asked, document)
    except Exception as error:  # a fault in one call must not end the rest
        if os.environ.get("SPEECHQA_DEBUG"):
            raise
        return Answered(number=asked.number, result=failed(asked.call_id, path, error))


def _judged(asked: Asked, document: CallAnalysis) -> Answered:
    from speechqa.pipeline.judgement import RunStamp
    from speechqa.pipeline.rejudge import rejudged

    run, created_at = asked.stamp

    def by(named: str | None) -> CallAnalysis:
        settings = settings_of(document)
        settings = replace(settings, rubric=named or settings.rubric)
        return rejudged(
            document,
            rubric=rubric_of(settings.rubric, run),
            settings=settings,
            stamp=RunStamp(run_id=run, created_at=created_at),
            embedder=embedder_of(settings.embeddings),
            incidents=asked.incidents,
        )

    same = asked.incidents is None or judged_with(document, asked.incidents)
    by_this = judged_by(document, rubric_of(asked.rubric or settings_of(document).rubric, run))
    if not asked.again and same and by_this:
        return Answered(number=asked.number, result=compared(document, document, "same"))
    before = document if asked.against is None else by(asked.against)
    after = by(asked.rubric)
    state: RejudgedState = "rescored" if asked.keep else "tried"
    return Answered(
        number=asked.number,
        result=compared(before, after, state),
        document=encode(after) if asked.keep else None,
        otherwise=encode(unstamped(before)) != encode(unstamped(after)),
    )


def each(
    store: Store,
    calls: Sequence[str],
    *,
    asked: Callable[[int, CallAnalysis], Asked],
    settled: Callable[[Answered], Rejudged],
    workers: int,
) -> Iterator[Rejudged]:
    """Judge calls one by one or several at once, and settle each as it comes; results in the order given.

    Raises
    ------
    StoreError
        If the store fails; a fault of one call is an answer of its own.
    """

    from speechqa.executors.local import executor as on_this_machine

    def items() -> Iterator[Asked | Settled]:
        for number, call_id in enumerate(calls):
            try:
                document = store.get(call_id)
            except Exception as error:
                yield Settled(Answered(number=number, result=_told(call_id, None, error)))
                continue
            if isinstance(document, CallAnalysis):
                yield asked(number, document)
            else:
                why = f"it could not be analysed: {document.error.message}"
                result = Rejudged(call_id=call_id, path=document.path, state="failed", error=why)
                yield Settled(Answered(number=number, result=result))

    waiting: dict[int, Rejudged] = {}
    shown = 0
    executor = on_this_machine(0 if workers == 1 else workers, lost=_lost)
    for answer in executor.map(judge, items()):
        try:
            waiting[answer.number] = settled(answer)
        except Exception as error:
            waiting[answer.number] = _told(answer.result.call_id, answer.result.path, error)
        while shown in waiting:
            yield waiting.pop(shown)
            shown += 1


def _lost(asked: Asked) -> Answered:
    why = "the process that judged it was ended twice by the system"
    return Answered(number=asked.number, result=Rejudged(call_id=asked.call_id, state="failed", error=why))


def failed(call_id: str, path: str | None, error: BaseException) -> Rejudged:
    """A call that a fault kept from being judged."""
    from speechqa.pipeline.batch import failure_from

    return Rejudged(call_id=call_id, path=path, state="failed", error=failure_from(error).message)


def _told(call_id: str, path: str | None, error: Exception) -> Rejudged:
    fatal = isinstance(error, StoreError) and not isinstance(error, DocumentRefused)
    if fatal or os.environ.get("SPEECHQA_DEBUG"):
        raise error
    return failed(call_id, path, error)


def asking(
    stamp: RunStamp,
    rubric: str | None,
    *,
    incidents: tuple[Incident, ...] | None = None,
    **more: bool | str | None,
) -> Callable[[int, CallAnalysis], Asked]:
    """What makes the request for each call of one run."""

    def asked(number: int, document: CallAnalysis) -> Asked:
        started = document.metadata.started_at
        # A call without a time is told so, which takes one incident.
        there = incidents and (near(incidents, started) if moment(started) else incidents[:1])
        return Asked(
            number=number,
            call_id=document.call_id,
            document=encode(document),
            stamp=(stamp.run_id, stamp.created_at),
            rubric=rubric,
            incidents=None if incidents is None else there or (),
            **more,  # type: ignore[arg-type]
        )

    return asked


def judged_by(document: CallAnalysis, rubric: Rubric) -> bool:
    """Whether a call was judged by this very rubric and by this version of speechqa."""
    made = document.provenance
    return made.rubric_digest == rubric.digest and (made.judged_with or made.speechqa) == __version__


def compared(before: CallAnalysis, after: CallAnalysis, state: RejudgedState) -> Rejudged:
    """What became of a call, from its documents before and after."""
    return Rejudged(
        call_id=after.call_id,
        state=state,
        path=after.path,
        agent_id=after.metadata.agent_id,
        rubric_before=before.provenance.rubric,
        rubric=after.provenance.rubric,
        rubric_digest_before=before.provenance.rubric_digest,
        rubric_digest=after.provenance.rubric_digest,
        scores_before=before.scores,
        scores=after.scores,
        changes=changed(before.findings, after.findings),
    )


def unstamped(document: Document) -> Document:
    """A document without what differs between two runs on the same input."""
    if not isinstance(document, CallAnalysis):
        return document
    return replace(document, provenance=replace(document.provenance, run_id="", created_at=""))
