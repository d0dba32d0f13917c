"""What a batch page lists: what to listen to, and what waits for somebody to act."""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.core.plain import is_right_to_left, printable
from speechqa.core.value import Value
from speechqa.protocols import CallSummary
from speechqa.reports.language import Language
from speechqa.reports.naming import page_name
from speechqa.reports.view.batch_facts import BatchFacts, PromiseDue
from speechqa.reports.view.batch_rows import what_failed
from speechqa.reports.wording import call_name, clock, moment, signal_words, title
from speechqa.scoring.at_risk import CustomerAtRisk
from speechqa.scoring.disputes import DisputeRecord


class CallLink(Value, frozen=True, kw_only=True):
    """A call by name, with its page where it has one."""

    name: str
    link: str


class ListenView(Value, frozen=True, kw_only=True):
    """A call to listen to, from when and why; `weight` is of 100."""

    call: CallLink
    weight: int
    at: str
    started: str
    agent: str
    reason: str
    draft: bool


class RiskView(Value, frozen=True, kw_only=True):
    """A customer at risk, and the call to begin with."""

    customer: str
    signals: tuple[str, ...]
    calls: int
    call: CallLink
    started: str
    agent: str


class PromiseView(Value, frozen=True, kw_only=True):
    """A promise: by when, whose, its words and their direction."""

    due: str
    past: bool
    who: str
    role: str
    quote: str
    direction: str
    by_when: str
    call: CallLink
    at: str


class OpenView(Value, frozen=True, kw_only=True):
    """A verdict that waits for a person, or an open dispute: what it is about and what is known of it."""

    call: CallLink
    criterion: str
    about: str = ""
    overdue: bool = False


class FailureView(Value, frozen=True, kw_only=True):
    """A call that could not be analysed, why, and what to do about it."""

    call: str
    path: str
    reason: str
    hint: str


class Naming:
    """Calls as lists name them."""

    def __init__(self, facts: BatchFacts) -> None:
        self._paths: Mapping[str, str | None] = {one.call_id: one.path for one in facts.held}

    def __call__(self, call_id: str) -> CallLink:
        """The call of that id."""
        return CallLink(name=printable(call_name(call_id, self._paths.get(call_id))), link=page_name(call_id))


def listen_view(call: CallSummary, named: Naming, language: Language) -> ListenView:
    """A call to listen to."""
    return ListenView(
        call=named(call.call_id),
        weight=call.listen_weight,
        at=clock(call.listen_at),
        started=moment(call.started_at),
        agent=printable(call.agent_name or call.agent_id or ""),
        reason=language.told(printable(call.listen_to or "")),
        draft=call.draft,
    )


def risk_view(one: CustomerAtRisk, language: Language) -> RiskView:
    """A customer at risk."""
    call = one.call
    return RiskView(
        customer=printable(one.customer_id) if one.customer_id else language.say("not known"),
        signals=tuple(signal_words(name, language.say) for name in one.signals),
        calls=one.calls,
        call=CallLink(name=printable(call_name(call.call_id, call.path)), link=page_name(call.call_id)),
        started=moment(call.started_at),
        agent=printable(call.agent_name or call.agent_id or ""),
    )


def promise_view(one: PromiseDue, named: Naming, language: Language) -> PromiseView:
    """A promise with a day."""
    quote = printable(one.what)
    return PromiseView(
        due=one.due,
        past=one.past,
        who=language.say(one.who) if one.who in ("agent", "customer") else printable(one.who),
        role=one.who if one.who in ("agent", "customer") else "unknown",
        quote=quote,
        direction="rtl" if is_right_to_left(quote) else "ltr",
        by_when="" if one.by_when == one.what else printable(one.by_when),
        call=named(one.call_id),
        at=clock(one.start),
    )


def dispute_view(one: DisputeRecord, named: Naming, language: Language) -> OpenView:
    """An open dispute, with how long there is to resolve it."""
    days = one.days_left
    if days is None:
        left = ""
    elif days < 0:
        left = language.say("overdue by {count} days", count=-days)
    else:
        left = language.say("{count} days left", count=days)
    about = language.say("number {number}, by {who}", number=one.number, who=printable(one.by))
    return OpenView(
        call=named(one.call_id),
        criterion=language.say(title(one.dispute.criterion)),
        about=f"{about} · {left}" if left else about,
        overdue=one.overdue,
    )


def failure_view(call: CallSummary, hints: Mapping[str, str], language: Language) -> FailureView:
    """A call that failed."""
    return FailureView(
        call=printable(call_name(call.call_id, call.path)),
        path=printable(call.path or ""),
        reason=what_failed(call, language),
        hint=language.told(printable(hints.get(call.call_id, ""))),
    )
