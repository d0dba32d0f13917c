"""Stored calls judged by another rubric: for good, or tried first. Nothing is transcribed or decoded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from speechqa.assembly.engines import new_stamp
from speechqa.assembly.incidents import incidents_of
from speechqa.assembly.judging_again import Answered, Asked, asking, each, judge, rubric_of, unstamped
from speechqa.assembly.periods import closed_period
from speechqa.assembly.rejudging import kept_fingerprint
from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.codec import decode
from speechqa.core.machine import cores
from speechqa.protocols import CallFilter, Store
from speechqa.scoring.changes import Rejudged, RejudgedState

_WORTH_A_PROCESS: Final = 50


def chosen_calls(store: Store, references: Sequence[str], query: CallFilter) -> tuple[str, ...]:
    """Ids of the calls that were named, each once, or of all analysed ones that answer to the query.

    Raises
    ------
    CallNotFound
        If one that was named is not there.
    UsageError
        If the query asks for what cannot be.
    """
    if references:
        return tuple(dict.fromkeys(store.get(reference).call_id for reference in references))
    return tuple(summary.call_id for summary in store.find(replace(query, status="done")))


def rescored(
    store: Store,
    calls: Sequence[str],
    *,
    rubric: str | None,
    by: str,
    again: bool = False,
    workers: int = 1,
    incidents: str | None = None,
) -> Iterator[Rejudged]:
    """Judge stored calls by a rubric and keep what comes out; the versions before it stay.

    A call with corrected roles keeps them. The new version is found by the next audit of the same files with
    this rubric, which then has nothing to do. A call of a closed period is judged, and nothing is kept.

    Parameters
    ----------
    calls : sequence of str
        Call ids.
    rubric : str or None
        Name or path; without one each call is judged by its own as it is now.
    by : str
        Who asked; kept in the log.
    again : bool
        Whether calls are judged that this rubric, and this version of speechqa, judged already.
    workers : int
        Processes that judge; this one alone writes.
    incidents : str, optional
        A file of the organisation's incidents, or `none`; without one each call keeps those it was given.

    Yields
    ------
    Rejudged
        A call each, in the order given; each is in the store before it is yielded. A fault in one call is an
        answer of its own and stops nothing.

    Raises
    ------
    RubricError
        Before any work, if the rubric that is named cannot be used.
    """
    stamp = new_stamp()
    named = None if rubric is None else rubric_of(rubric, stamp.run_id)
    faults = incidents_of(incidents, named)

    judged: dict[int, CallAnalysis] = {}
    asking_for = asking(stamp, rubric, incidents=faults, again=again, keep=True)

    def asked(number: int, document: CallAnalysis) -> Asked:
        judged[number] = document
        return asking_for(number, document)

    def settled(answer: Answered) -> Rejudged:
        before = judged.pop(answer.number, None)
        if answer.document is not None:
            now = store.get(answer.result.call_id)
            if isinstance(now, CallAnalysis) and now != before:
                # Somebody corrected the call while a worker had it: what was judged would undo that.
                answer = judge(asking_for(answer.number, now))
        result = answer.result
        if answer.document is None:
            return result
        new = decode(answer.document)
        closed = closed_period(store, new) if answer.otherwise else None
        if closed is not None:
            # What its figures were paid or decided by stands; what would change is shown all the same.
            store.log(
                "rescore tried",
                call=new.call_id,
                actor=by,
                details={"rubric": result.rubric, "closed": closed.period.name},
            )
            return replace(result, state="closed", error=f"{closed.period.name} is closed")
        state = _kept(store, new, answer) if isinstance(new, CallAnalysis) else result.state
        if state != "same":
            store.log(
                "rescored",
                call=new.call_id,
                actor=by,
                details={"from": result.rubric_before, "to": result.rubric, "how": state, **_told(new)},
            )
        return replace(result, state=state)

    return each(store, calls, asked=asked, settled=settled, workers=workers)


def _told(document: Document) -> Mapping[str, str]:
    """What the log says of incidents a call was judged with."""
    incidents = document.provenance.incidents_digest if isinstance(document, CallAnalysis) else None
    return {} if incidents is None else {"incidents": incidents}


def _kept(store: Store, new: CallAnalysis, answer: Answered) -> RejudgedState:
    """Keep a new version, or let the one kept before that says the same count again."""
    identity = store.identity(new.call_id)
    key = kept_fingerprint(new, store.role_correction(identity))
    kept = store.done(identity, key)
    if kept is not None and unstamped(kept) == unstamped(new):
        store.make_current(identity, key)
        return "restored" if answer.otherwise else "same"
    store.put(identity, key, new)
    return "rescored"


def tried(
    store: Store,
    calls: Sequence[str],
    *,
    rubric: str | None,
    against: str | None = None,
    by: str,
    event: str = "rubric tried",
    workers: int = 1,
    incidents: str | None = None,
) -> Iterator[Rejudged]:
    """What a rubric would make of stored calls; no document is kept and none changes.

    Parameters
    ----------
    against : str, optional
        Another rubric, by which the calls are judged now too; without one the comparison is with what is
        stored.
    by, event : str
        Who looked, and as what the log remembers it: what comes out quotes the call.
    incidents : str, optional
        As `rescored` takes it.

    Raises
    ------
    RubricError
        Before any work, if a rubric that is named cannot be used.
    """
    stamp = new_stamp()
    for named in (rubric, against):
        if named is not None:
            rubric_of(named, stamp.run_id)

    def settled(answer: Answered) -> Rejudged:
        result = answer.result
        if result.changes:
            store.log(event, call=result.call_id, actor=by, details={"rubric": result.rubric})
        return result

    own = None if rubric is None else rubric_of(rubric, stamp.run_id)
    asking_for = asking(stamp, rubric, incidents=incidents_of(incidents, own), against=against)
    return each(store, calls, asked=asking_for, settled=settled, workers=workers)


def usual_workers(calls: int) -> int:
    """How many processes so many calls are worth: each takes some seconds to read the rubric first."""
    return max(1, min(cores(), calls // _WORTH_A_PROCESS))
