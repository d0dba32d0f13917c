"""Stored calls judged by another rubric: for good, or tried first. Nothing is transcribed or decoded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from msgspec.structs import replace

from speechqa.assembly.engines import new_stamp
from speechqa.assembly.periods import closed_period
from speechqa.assembly.rejudging import kept_fingerprint, settings_of
from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.rubric import Rubric
from speechqa.errors import DocumentRefused, StoreError
from speechqa.protocols import CallFilter, Store, TextEmbedder
from speechqa.scoring.changes import Rejudged, RejudgedState, changed
from speechqa.version import __version__


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
    store: Store, calls: Sequence[str], *, rubric: str | None, by: str, again: bool = False
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
    load = cache(_loaded)
    if rubric is not None:
        load(rubric)
    stamp = new_stamp()

    def one(document: CallAnalysis) -> Rejudged:
        from speechqa.pipeline.rejudge import rejudged

        settings = settings_of(document)
        settings = replace(settings, rubric=rubric or settings.rubric)
        with_rubric = load(settings.rubric)
        if not again and judged_by(document, with_rubric):
            return compared(document, document, "same")
        embedder = embedder_of(settings.embeddings)
        new = rejudged(document, rubric=with_rubric, settings=settings, stamp=stamp, embedder=embedder)
        closed = closed_period(store, document)
        if closed is not None and _unstamped(document) != _unstamped(new):
            # What its figures were paid or decided by stands; what would change is shown all the same.
            store.log(
                "rescore tried",
                call=document.call_id,
                actor=by,
                details={"rubric": new.provenance.rubric, "closed": closed.period.name},
            )
            return replace(compared(document, new, "closed"), error=f"{closed.period.name} is closed")
        identity = store.identity(document.call_id)
        key = kept_fingerprint(new, store.role_correction(identity))
        kept = store.done(identity, key)
        if kept is not None and _unstamped(kept) == _unstamped(new):
            state: RejudgedState = "same" if _unstamped(document) == _unstamped(new) else "restored"
            store.make_current(identity, key)
        else:
            state = "rescored"
            store.put(identity, key, new)
        if state != "same":
            store.log(
                "rescored",
                call=document.call_id,
                actor=by,
                details={"from": document.provenance.rubric, "to": new.provenance.rubric, "how": state},
            )
        return compared(document, new, state)

    return _each(store, calls, one)


def tried(
    store: Store,
    calls: Sequence[str],
    *,
    rubric: str | None,
    against: str | None = None,
    by: str,
    event: str = "rubric tried",
) -> Iterator[Rejudged]:
    """What a rubric would make of stored calls; no document is kept and none changes.

    Parameters
    ----------
    against : str, optional
        Another rubric, by which the calls are judged now too; without one the comparison is with what is
        stored.
    by, event : str
        Who looked, and as what the log remembers it: what comes out quotes the call.

    Raises
    ------
    RubricError
        Before any work, if a rubric that is named cannot be used.
    """
    from speechqa.pipeline.rejudge import rejudged

    load = cache(_loaded)
    for named in (rubric, against):
        if named is not None:
            load(named)
    stamp = new_stamp()

    def judged(document: CallAnalysis, named: str | None) -> CallAnalysis:
        settings = settings_of(document)
        settings = replace(settings, rubric=named or settings.rubric)
        embedder = embedder_of(settings.embeddings)
        return rejudged(
            document, rubric=load(settings.rubric), settings=settings, stamp=stamp, embedder=embedder
        )

    def one(document: CallAnalysis) -> Rejudged:
        before = document if against is None else judged(document, against)
        result = compared(before, judged(document, rubric), "tried")
        if result.changes:
            store.log(event, call=document.call_id, actor=by, details={"rubric": result.rubric})
        return result

    return _each(store, calls, one)


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


def _loaded(named: str) -> Rubric:
    from speechqa.criteria import load_rubric

    return load_rubric(named)


@cache
def embedder_of(named: str) -> TextEmbedder | None:
    """The model of sentence embeddings that settings name, loaded once a process."""
    from speechqa.backends.onnx_embeddings import choose_embedder

    return choose_embedder(named)


def _each(store: Store, calls: Sequence[str], one: Callable[[CallAnalysis], Rejudged]) -> Iterator[Rejudged]:
    from speechqa.pipeline.batch import failure_from

    for call_id in calls:
        path: str | None = None
        try:
            document = store.get(call_id)
            path = document.path
            if isinstance(document, CallAnalysis):
                result = one(document)
            else:
                why = f"it could not be analysed: {document.error.message}"
                result = Rejudged(call_id=call_id, path=path, state="failed", error=why)
        except Exception as error:  # a fault in one call must not end the rest
            fatal = isinstance(error, StoreError) and not isinstance(error, DocumentRefused)
            if fatal or os.environ.get("SPEECHQA_DEBUG"):
                raise
            result = Rejudged(call_id=call_id, path=path, state="failed", error=failure_from(error).message)
        yield result


def _unstamped(document: Document) -> Document:
    """A document without what differs between two runs on the same input."""
    if not isinstance(document, CallAnalysis):
        return document
    return replace(document, provenance=replace(document.provenance, run_id="", created_at=""))
