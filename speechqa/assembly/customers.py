"""A customer's history out of a store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from speechqa.core.customers import Contact, CustomerHistory, OpenPromise, Outcome, PromiseState
from speechqa.errors import CallNotFound
from speechqa.protocols import CallFilter, CallSummary

if TYPE_CHECKING:
    from speechqa.store.promised import Kept
    from speechqa.store.sql import SqlStore


def history(store: SqlStore, customer_id: str, *, today: str, by: str) -> CustomerHistory:
    """All calls of a customer, newest first.

    Promises are quotes, so that each call with any is logged as seen.

    Parameters
    ----------
    today : str
        `YYYY-MM-DD`; what was promised for a day before is past due.
    by : str
        Who looks.

    Raises
    ------
    CallNotFound
        If no call is theirs.
    """
    query = CallFilter(customer_id=customer_id)
    summaries = tuple(store.find(query))
    if not summaries:
        raise CallNotFound(
            f"There are no calls of customer {customer_id!r}",
            expected="an id as the manifest gives it, in customer_id",
            hint="Find the call by what is known: `speechqa calls --phrase WORDS --from DATE`.",
        )
    kept = store.promised(query)
    contacts = tuple(_contact(one, kept.get(one.call_id), today) for one in summaries)
    for one in contacts:
        if one.promises:
            store.log("customer", call=one.call_id, actor=by, details={"customer": customer_id})
    starts = [one.started_at for one in contacts if one.started_at]
    counts: dict[str, int] = {}
    last: dict[str, str] = {}
    for one in contacts:
        for name in one.signals:
            counts[name] = counts.get(name, 0) + 1
            if one.started_at:
                last.setdefault(name, one.started_at)
    states = [promise.state for one in contacts for promise in one.promises]
    return CustomerHistory(
        customer_id=customer_id,
        calls=contacts,
        first_at=starts[-1] if starts else None,
        last_at=starts[0] if starts else None,
        agents=len({one.agent_id for one in contacts if one.agent_id}),
        signals=counts,
        last_signal=last,
        promises_past_due=states.count("past_due"),
        promises_due=states.count("due"),
        promises_day_unknown=states.count("day_unknown"),
    )


def _contact(summary: CallSummary, kept: Kept | None, today: str) -> Contact:
    return Contact(
        call_id=summary.call_id,
        path=summary.path,
        started_at=summary.started_at,
        duration=summary.duration,
        direction=kept.direction if kept else None,
        agent_id=summary.agent_id,
        agent_name=summary.agent_name,
        team=summary.team,
        outcome=outcome(summary),
        signals=tuple(sorted(n for n, value in summary.signals.items() if value and n != "promises")),
        scores=summary.scores_of_record,
        draft=summary.draft,
        promises=tuple(_promises(summary.call_id, kept.promises if kept else (), today)),
    )


def outcome(summary: CallSummary) -> Outcome:
    """How a call ended, as `Outcome` says."""
    if summary.status == "failed":
        return "failed"
    satisfied = summary.signals.get("satisfaction_expressed")
    if summary.signals.get("complaint") and not satisfied:
        return "complaint_open"
    if satisfied:
        return "satisfied"
    summed: dict[str | None, Outcome] = {"pass": "agreed", "fail": "nothing_agreed"}
    return summed.get(summary.verdicts_of_record.get("expectation_summary"), "unknown")


def _promises(call_id: str, rows: Iterable[Any], today: str) -> Iterable[OpenPromise]:
    for row in rows:
        state: PromiseState = "day_unknown"
        if row.due is not None:
            state = "past_due" if row.due < today else "due"
        yield OpenPromise(
            call_id=call_id,
            who=row.who,
            what=row.what,
            by_when=row.by_when,
            due=row.due,
            state=state,
            start=row.start,
        )
