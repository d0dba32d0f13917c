"""What the page over calls is about: figures counted in one pass, and what waits for somebody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from speechqa.assembly.disputes import disputes, today
from speechqa.core.analysis import CallAnalysis, FailedCall
from speechqa.core.finding import Verdict
from speechqa.errors import CallNotFound
from speechqa.protocols import CallFilter, CallSummary
from speechqa.reports.view.batch_facts import BatchFacts, PromiseDue, Unassessed, Waiting
from speechqa.scoring.batch import count_batch

if TYPE_CHECKING:
    from speechqa.store.sql import SqlStore

_DAYS_AHEAD: Final = 14
_LISTED: Final = 30
_PAST: Final = 10
_REASONS: Final = 8
_FIGURE: Final = re.compile(r"\d+(?:[.,:]\d+)*")


def batch_facts(
    store: SqlStore,
    summaries: Iterable[CallSummary],
    *,
    minimum_calls: int,
    with_drafts: bool = False,
    day: date | None = None,
) -> BatchFacts:
    """Gather what is known of calls.

    Parameters
    ----------
    summaries : iterable of CallSummary
        The calls, gone through once; of those beyond `scoring.batch.HELD` only figures are kept.
    day : date, optional
        From when promises are due; today where absent.
    """
    counted = count_batch(summaries, minimum_calls=minimum_calls, with_drafts=with_drafts)
    figures, ids = counted.figures, counted.ids
    first_day = today() if day is None else day
    coming, past = _promises(store, ids, first_day)
    waiting = [one for one in store.waiting(CallFilter()) if one[0] in ids]
    contested = [one for one in disputes(store) if one.open and one.call_id in ids]
    contested.sort(key=lambda one: (one.days_left if one.days_left is not None else 0, one.number))
    unassessed, looked_into = _unassessed(store, counted.held)
    return BatchFacts(
        figures=figures,
        held=counted.held,
        minimum_calls=minimum_calls,
        with_drafts=with_drafts,
        promises=(*coming[:_LISTED], *past[:_PAST]),
        promises_due=len(coming),
        promises_past=len(past),
        waiting=tuple(Waiting(call_id=call, criterion=name) for call, name in waiting[:_LISTED]),
        waiting_count=len(waiting),
        disputes=tuple(contested[:_LISTED]),
        disputes_count=len(contested),
        unassessed=unassessed,
        unassessed_calls=looked_into,
        hints={
            failure.call_id: document.error.hint
            for failure in figures.failures
            if isinstance(document := store.get(failure.call_id), FailedCall) and document.error.hint
        },
    )


def _promises(store: SqlStore, ids: Collection[str], day: date) -> tuple[list[PromiseDue], list[PromiseDue]]:
    """Promises due from that day on, soonest first, and those of days before, newest first."""
    until = day + timedelta(days=_DAYS_AHEAD)
    found = [
        PromiseDue(
            call_id=call_id,
            who=row.who,
            what=row.what,
            by_when=row.by_when or "",
            due=row.due,
            past=row.due < day.isoformat(),
            start=row.start,
        )
        for call_id, kept in store.promised(CallFilter(promise_due=until.isoformat())).items()
        if call_id in ids
        for row in kept.promises
        if row.due is not None and row.due <= until.isoformat()
    ]
    found.sort(key=lambda one: (one.due, one.call_id, one.start or 0.0))
    coming = [one for one in found if not one.past]
    past = sorted((one for one in found if one.past), key=lambda one: one.due, reverse=True)
    return coming, past


def _unassessed(store: SqlStore, held: Iterable[CallSummary]) -> tuple[tuple[Unassessed, ...], int]:
    """The commonest reasons why verdicts could not be given, a call's document in memory at a time.

    Reasons that differ in figures alone, or in what was not found, are one.
    """
    verdicts: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    examples: dict[str, str] = {}
    looked_into = 0
    for summary in sorted(held, key=lambda call: call.call_id):
        if summary.status == "failed":
            continue
        looked_into += 1
        # Of record: what a person has judged since is not open any more.
        unknown = {
            name
            for name, verdict in summary.verdicts_of_record.items()
            if verdict == Verdict.NOT_ASSESSED.value
        }
        if not unknown:
            continue
        try:
            document = store.get(summary.call_id)
        except CallNotFound:
            continue  # removed meanwhile
        if not isinstance(document, CallAnalysis):
            continue
        found = [
            one.reason
            for one in document.findings
            if one.verdict is Verdict.NOT_ASSESSED and one.criterion in unknown
        ]
        kinds = [_FIGURE.sub("#", reason.rpartition(", but ")[2]) for reason in found]
        verdicts.update(kinds)
        calls.update({*kinds})
        for kind, reason in zip(kinds, found, strict=True):
            examples.setdefault(kind, reason)
    common = sorted(verdicts, key=lambda kind: (-verdicts[kind], kind))[:_REASONS]
    return (
        tuple(
            Unassessed(verdicts=verdicts[kind], calls=calls[kind], reason=examples[kind]) for kind in common
        ),
        looked_into,
    )
