"""The customer page: calls, what was promised and what came of it, how near the customer came to leaving.

It says what `customers ID --json` holds and nothing else. A stage is said of calls up to a day, never of a
person.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from speechqa.core.customers import Contact, CustomerHistory, LaterWord, OpenPromise, StageStep
from speechqa.core.finding import Evidence
from speechqa.core.period import day_of
from speechqa.core.plain import isolated, printable
from speechqa.core.value import Value
from speechqa.reports.customers import STAGES
from speechqa.reports.language import Language, language
from speechqa.reports.naming import page_name
from speechqa.reports.view.customer_timeline import (
    BEGAN,
    OUTCOMES,
    CustomerTimeline,
    customer_timeline,
    side,
)
from speechqa.reports.view.quotes import QuoteView, quote, quoted
from speechqa.reports.view.scorecard import capital
from speechqa.reports.wording import call_name, length, moment, signal_words

STATES: Final = {
    "broken": "broken",
    "past_due": "its day has passed",
    "due": "its day has not passed",
    "day_unknown": "no day was named",
    "not_assessed": "not assessed",
    "kept": "kept",
}
"""What came of a promise, in words, in the order in which they are listed."""


class SaidView(Value, frozen=True, kw_only=True):
    """Something said in a call.

    Attributes
    ----------
    call, day : str
        The call's id, and its day where it is known.
    page, link : str
        The call's page, and that page at the second; empty where there is no page, or no time.
    """

    call: str
    day: str
    page: str
    link: str
    said: QuoteView


class PromiseView(Value, frozen=True, kw_only=True):
    """A promise, and what came of it.

    Attributes
    ----------
    kind, status : str
        A key of `STATES`, and in words.
    due, by_when : str
        The last day for it, and the words that say by when; empty where there are none.
    later : tuple of (str, SaidView)
        What was said of it since, each with whether it was said to have been done.
    """

    kind: str
    status: str
    due: str
    by_when: str
    made: SaidView
    why: str
    later: tuple[tuple[str, SaidView], ...]


class StepView(Value, frozen=True, kw_only=True):
    """A step from one stage to another, with the words that it rests on."""

    day: str
    call: str
    page: str
    before: str
    after: str
    why: str
    said: tuple[SaidView, ...]


class ContactView(Value, frozen=True, kw_only=True):
    """A line of the table of calls; `number` counts from the newest."""

    number: int
    started: str
    call: str
    page: str
    began: str
    agent: str
    length: str
    kind: str
    outcome: str
    signals: tuple[str, ...]
    draft: bool


class CustomerPage(Value, frozen=True, kw_only=True):
    """A customer's page.

    Attributes
    ----------
    incomplete : bool
        Nobody says that the log of calls is complete.
    gaps : tuple of str
        What is missing of a log that is.
    stage, stage_unknown : str
        The stage in words, or why there is none; `stage_of` says of what it is said.
    promised : tuple of (str, str, int)
        How many promises came to what: key of `STATES`, words, count.
    change : tuple of (str, int, int)
        Contacts the customer began, before and now; `change_unknown` says why there are none.
    repeat : tuple of (str, int)
        Figures of repeat contacts; `repeat_unknown` says why there are none.
    signals : tuple of (str, str)
        In how many calls each was found, and when last.
    """

    language: Language
    heading: str
    summary: tuple[str, ...]
    incomplete: bool
    gaps: tuple[str, ...]
    stage: str
    stage_unknown: str
    stage_of: str
    steps: tuple[StepView, ...]
    promised: tuple[tuple[str, str, int], ...]
    promises: tuple[PromiseView, ...]
    change_days: int
    change: tuple[tuple[str, int, int], ...]
    change_unknown: str
    repeat_days: int
    repeat: tuple[tuple[str, int], ...]
    repeat_unknown: str
    timeline: CustomerTimeline | None
    undated: int
    calls: tuple[ContactView, ...]
    signals: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


class _Places:
    """Where calls are found: their days, and which of them have a page."""

    def __init__(self, found: CustomerHistory, paged: Collection[str]) -> None:
        days = {one.call_id: day_of(one.started_at) for one in found.calls}
        self._days = {call_id: day.isoformat() for call_id, day in days.items() if day is not None}
        self._names = {one.call_id: printable(call_name(one.call_id, one.path)) for one in found.calls}
        self._paged = frozenset(paged)

    def name(self, call_id: str) -> str:
        return self._names.get(call_id) or printable(call_id)

    def day(self, call_id: str) -> str:
        return self._days.get(call_id, "")

    def page(self, call_id: str, start: float | None = None) -> str:
        if call_id not in self._paged:
            return ""
        return page_name(call_id) if start is None else f"{page_name(call_id)}#t={start:.1f}"

    def said(self, call_id: str, words: QuoteView) -> SaidView:
        return SaidView(
            call=self.name(call_id),
            day=self.day(call_id),
            page=self.page(call_id),
            link="" if words.start is None else self.page(call_id, words.start),
            said=words,
        )


def customer_page(
    found: CustomerHistory, *, spoken: Language | None = None, paged: Collection[str] = ()
) -> CustomerPage:
    """All that a customer's page shows.

    Parameters
    ----------
    spoken : Language, optional
        The page's; English where absent.
    paged : collection of str
        Ids of the calls that have a page beside this one.
    """
    say = spoken or language("en")
    places = _Places(found, paged)
    promises = tuple(_promise(made, places, say) for one in found.calls for made in one.promises)
    order = list(STATES)
    churn, change, repeat = found.churn, found.change, found.repeat
    return CustomerPage(
        language=say,
        heading=printable(found.customer_id),
        summary=_summary(found, say),
        incomplete=not found.complete_log,
        gaps=tuple(capital(say.told(printable(why))) for why in found.gaps),
        stage=_stage_name(churn.stage, say) if churn and churn.stage is not None else "",
        stage_unknown=say.told(printable(churn.withheld)) if churn else "",
        stage_of=say.say(
            "Said of what was told in calls up to {day}, never of a person; no reason to refuse anything or"
            " to charge more.",
            day=found.day,
        ),
        steps=tuple(_step(step, places, say) for step in (churn.steps if churn else ())),
        promised=tuple(
            (kind, say.say(words), count)
            for kind, words in STATES.items()
            if (count := sum(one.kind == kind for one in promises))
        ),
        promises=tuple(sorted(promises, key=lambda one: (order.index(one.kind), one.due, one.made.day))),
        change_days=change.days if change else 0,
        change=_change(found, say),
        change_unknown=say.told(printable(change.withheld)) if change else "",
        repeat_days=repeat.days if repeat else 0,
        repeat=_repeat(found, say),
        repeat_unknown=say.told(printable(repeat.withheld)) if repeat else "",
        timeline=customer_timeline(found, say),
        undated=sum(not places.day(one.call_id) for one in found.calls),
        calls=tuple(_contact(number, one, places, say) for number, one in enumerate(found.calls, start=1)),
        signals=_signals(found, say),
        facts=_facts(found, say),
    )


def _summary(found: CustomerHistory, say: Language) -> tuple[str, ...]:
    parts = [say.say("{count} calls", count=len(found.calls))]
    if found.first_at and found.last_at:
        parts.append(
            say.say("{first} to {last}", first=moment(found.first_at)[:10], last=moment(found.last_at)[:10])
        )
    if found.agents:
        parts.append(say.say("{count} agents", count=found.agents))
    if found.day:
        parts.append(say.say("as things stood on {day}", day=found.day))
    return tuple(parts)


def _stage_name(stage: int, say: Language) -> str:
    return say.say("Stage {number} of 5: {name}", number=stage, name=say.say(STAGES[stage]))


def _step(step: StageStep, places: _Places, say: Language) -> StepView:
    return StepView(
        day=places.day(step.call_id),
        call=places.name(step.call_id),
        page=places.page(step.call_id),
        before=f"{step.before} {say.say(STAGES[step.before])}",
        after=f"{step.after} {say.say(STAGES[step.after])}",
        why=say.told(printable(step.why)),
        said=tuple(
            _said(step.call_id, one, places, say) for one in dict.fromkeys(s.said for s in step.signs)
        ),
    )


def _said(call_id: str, evidence: Evidence, places: _Places, say: Language) -> SaidView:
    return places.said(call_id, quote(evidence, say))


def _promise(made: OpenPromise, places: _Places, say: Language) -> PromiseView:
    kind = made.state if made.outcome == "open" else made.outcome
    when = isolated(printable(made.by_when or ""))
    words = quoted(made.what, who=made.who, start=made.start, end=None, language=say)
    return PromiseView(
        kind=kind,
        status=say.say(STATES[kind]),
        due=printable(made.due or ""),
        by_when=say.say("by when: “{words}”", words=when) if made.by_when else "",
        made=places.said(made.call_id, words),
        why=say.told(printable(made.why)),
        later=tuple(_later(one, places, say) for one in made.later),
    )


def _later(word: LaterWord, places: _Places, say: Language) -> tuple[str, SaidView]:
    told = say.say("said to have been done") if word.done else say.say("said not to have been done")
    return told, _said(word.call_id, word.said, places, say)


def _change(found: CustomerHistory, say: Language) -> tuple[tuple[str, int, int], ...]:
    change = found.change
    if change is None or change.begun is None or change.positive is None or change.negative is None:
        return ()
    return (
        (say.say("begun by the customer"), *change.begun),
        (say.say("satisfied, and nothing else"), *change.positive),
        (say.say("a complaint, threat or sign of leaving, and no satisfaction"), *change.negative),
    )


def _repeat(found: CustomerHistory, say: Language) -> tuple[tuple[str, int], ...]:
    repeat = found.repeat
    if repeat is None or repeat.first is None or repeat.resolved is None or repeat.repeats is None:
        return ()
    edge = ((say.say("too near to an end of the log to tell"), repeat.edge),) if repeat.edge else ()
    return (
        (say.say("calls that followed another within these days"), repeat.repeats),
        (say.say("first calls"), repeat.first),
        (say.say("of these, no other call followed"), repeat.resolved),
        *edge,
    )


def _contact(number: int, one: Contact, places: _Places, say: Language) -> ContactView:
    return ContactView(
        number=number,
        started=moment(one.started_at),
        call=places.name(one.call_id),
        page=places.page(one.call_id),
        began=say.say(BEGAN[side(one)]),
        agent=printable(one.agent_name or one.agent_id or ""),
        length=length(one.duration),
        kind=one.outcome,
        outcome=say.say(OUTCOMES[one.outcome]),
        signals=tuple(signal_words(name, say.say) for name in one.signals),
        draft=one.draft,
    )


def _signals(found: CustomerHistory, say: Language) -> tuple[tuple[str, str], ...]:
    told = []
    for name, count in sorted(found.signals.items()):
        in_calls = say.say("in {count} of {calls} calls", count=count, calls=len(found.calls))
        last = found.last_signal.get(name)
        when = say.say("last on {day}", day=moment(last)[:10]) if last else ""
        told.append((capital(signal_words(name, say.say)), ", ".join(filter(None, (in_calls, when)))))
    return tuple(told)


def _facts(found: CustomerHistory, say: Language) -> tuple[tuple[str, str], ...]:
    lines: Sequence[tuple[str, str]] = (
        (
            say.say("Log of calls"),
            say.say("said to be complete by whoever made this page")
            if found.complete_log
            else say.say("nobody says that it is complete"),
        ),
        (
            say.say("Promises"),
            say.say(
                "kept or broken only on somebody's word in a later call; that nothing was heard breaks none"
            ),
        ),
        (
            say.say("Stages"),
            say.say(
                "of what was said in calls up to a day, made anew from them each time; 1 is where the first"
                " known call finds somebody. No label on a person, and no reason to refuse or charge more"
            ),
        ),
        (
            say.say("Repeat calls"),
            say.say("what they were about is not looked at; people call again for other reasons, too"),
        ),
    )
    return tuple(lines)
