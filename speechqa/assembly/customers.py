"""A customer's history out of a store, and customers whom to call back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from speechqa.assembly.contact_log import all_gaps, contacts_of, quiet_days
from speechqa.core.analysis import OTHER_REASON
from speechqa.core.customers import CallBack, CallBacks, Contact, CustomerHistory, OpenPromise, Outcome
from speechqa.errors import CallNotFound
from speechqa.protocols import CallFilter, CallSummary
from speechqa.scoring.call_back import call_back, in_order
from speechqa.scoring.churn import churn_stage, contact_change, repeat_contacts
from speechqa.scoring.contact_log import NOT_SAID, ContactFacts, Gap
from speechqa.scoring.ledger import ledger

if TYPE_CHECKING:
    from speechqa.store.sql import SqlStore

_HURT = ("stage_signs", "promise_news", "complaint")
"""Signals of which one at least is true in a call after which a customer may be on the list."""


class LogAsked(NamedTuple):
    """What is known of the log of calls.

    Attributes
    ----------
    today : str
        `YYYY-MM-DD`; what was promised for a day before is past due, calls after it are not looked at.
    complete : bool
        Whether somebody says that no call of anybody is missing.
    gaps : tuple of Gap
        Days of which they say that calls are missing all the same.
    days : int
        Days without another call that make a contact resolved.
    """

    today: str
    complete: bool = False
    gaps: tuple[Gap, ...] = ()
    days: int = 7


class _Whole(NamedTuple):
    """The log over all customers: its first day, and gaps that concern everybody."""

    begins: str | None
    gaps: tuple[Gap, ...]


def history(store: SqlStore, customer_id: str, *, asked: LogAsked, by: str) -> CustomerHistory:
    """All calls of a customer, newest first, and what they show together.

    Each call of which words are quoted is logged as seen.

    Parameters
    ----------
    by : str
        Who looks.

    Raises
    ------
    CallNotFound
        If no call is theirs.
    """
    found = gathered(store, customer_id, asked)
    for call in quoted_in(found):
        store.log("customer", call=call, actor=by, details={"customer": customer_id})
    return found


def gathered(store: SqlStore, customer_id: str, asked: LogAsked) -> CustomerHistory:
    """The same for whoever logs by themselves which calls are shown.

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
    return _history(store, customer_id, summaries, asked, _whole(store, asked))


def call_backs(store: SqlStore, *, asked: LogAsked, within: int, most: int, by: str) -> CallBacks:
    """Customers to call back while it can still be mended, those thawing first.

    Looked at are customers with a complaint, a sign of leaving or a word on a promise in the newest days; the
    calls of those listed are logged as seen where they are quoted.

    Parameters
    ----------
    within : int
        Days up to and with today in which something must have been said.
    most : int
        At most so many customers; how many more there are is said.
    """
    if not asked.complete:
        return CallBacks(day=asked.today, within=within, withheld=NOT_SAID)
    since = (date.fromisoformat(asked.today) - timedelta(days=within - 1)).isoformat()
    whole = _whole(store, asked)
    found: list[CallBack] = []
    unknown = 0
    for customer_id in store.customers_with(_HURT, since, asked.today):
        contacts = contacts_of(store, customer_id, until=asked.today)
        gaps = all_gaps(contacts, whole.gaps)
        made = ledger(contacts, gaps, today=asked.today, complete=True)
        stage = churn_stage(contacts, made, gaps, today=asked.today, complete=True)
        if stage.withheld:
            unknown += 1
            continue
        one = call_back(customer_id, contacts, stage, made, since=since)
        if one is not None:
            found.append(one)
    listed = in_order(found)
    for customer in listed[:most]:
        for call in sorted(customer.quoted):
            store.log("call back", call=call, actor=by, details={"customer": customer.customer_id})
    return CallBacks(
        day=asked.today,
        within=within,
        customers=listed[:most],
        more=len(listed) - len(listed[:most]),
        not_assessed=unknown,
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


def _whole(store: SqlStore, asked: LogAsked) -> _Whole:
    if not asked.complete:
        return _Whole(None, ())
    begins, quiet = quiet_days(store, until=asked.today)
    return _Whole(begins, (*asked.gaps, *quiet))


def _history(
    store: SqlStore, customer_id: str, summaries: Sequence[CallSummary], asked: LogAsked, whole: _Whole
) -> CustomerHistory:
    until = asked.today if asked.complete else date.max.isoformat()
    facts = contacts_of(store, customer_id, until=until)
    gaps = all_gaps(facts, whole.gaps)
    today, complete = asked.today, asked.complete
    made = ledger(facts, gaps, today=today, complete=complete)
    known = {one.call_id: one for one in facts}
    contacts = tuple(_contact(one, known.get(one.call_id), made) for one in summaries)
    starts = [one.started_at for one in contacts if one.started_at]
    counts: dict[str, int] = {}
    last: dict[str, str] = {}
    for contact in contacts:
        for name in contact.signals:
            counts[name] = counts.get(name, 0) + 1
            if contact.started_at:
                last.setdefault(name, contact.started_at)
    states = [one.state for one in made if one.outcome not in ("kept", "broken")]
    outcomes = [one.outcome for one in made]
    first = next((one.day for one in facts if one.day is not None), None)
    touching = [gap for gap in gaps if complete and (first is None or gap.touches(first, today))]
    return CustomerHistory(
        customer_id=customer_id,
        calls=contacts,
        day=today,
        complete_log=complete,
        first_at=starts[-1] if starts else None,
        last_at=starts[0] if starts else None,
        agents=len({one.agent_id for one in contacts if one.agent_id}),
        signals=counts,
        last_signal=last,
        promises_past_due=states.count("past_due"),
        promises_due=states.count("due"),
        promises_day_unknown=states.count("day_unknown"),
        promises_kept=outcomes.count("kept"),
        promises_broken=outcomes.count("broken"),
        churn=churn_stage(facts, made, gaps, today=today, complete=complete),
        change=contact_change(facts, gaps, today=today, begins=whole.begins, complete=complete),
        repeat=repeat_contacts(
            facts, gaps, today=today, begins=whole.begins, complete=complete, days=asked.days
        ),
        gaps=tuple(gap.why for gap in touching),
        gap_days=tuple((gap.first, gap.last) for gap in touching),
    )


def quoted_in(found: CustomerHistory) -> tuple[str, ...]:
    """Calls of which words are shown, newest first."""
    steps = found.churn.steps if found.churn else ()
    shown = {one.call_id for one in steps} | {one.call_id for one in found.calls if one.promises}
    shown |= {word.call_id for one in found.calls for made in one.promises for word in made.later}
    return tuple(one.call_id for one in found.calls if one.call_id in shown)


def _contact(summary: CallSummary, facts: ContactFacts | None, made: Iterable[OpenPromise]) -> Contact:
    unshown = ("promises", "promise_news", "stage_signs", f"contact_reason:{OTHER_REASON}")
    return Contact(
        call_id=summary.call_id,
        path=summary.path,
        started_at=summary.started_at,
        duration=summary.duration,
        direction=facts.direction if facts else None,
        agent_id=summary.agent_id,
        agent_name=summary.agent_name,
        team=summary.team,
        outcome=outcome(summary),
        signals=tuple(sorted(n for n, value in summary.signals.items() if value and n not in unshown)),
        scores=summary.scores_of_record,
        draft=summary.draft,
        promises=tuple(one for one in made if one.call_id == summary.call_id),
    )
