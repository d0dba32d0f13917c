"""How values are worded for people; one place, so that terminal and page say the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from speechqa.core.analysis import OTHER_REASON, Promise, Signal, Signals
from speechqa.core.finding import Evidence, Tally, Verdict
from speechqa.core.plain import isolated, printable
from speechqa.protocols import CallSummary
from speechqa.scoring import Interval

VERDICT_WORDS: Mapping[str, str] = {
    Verdict.PASS.value: "pass",
    Verdict.FAIL.value: "fail",
    Verdict.NOT_APPLICABLE.value: "n/a",
    Verdict.NOT_ASSESSED.value: "not assessed",
}

SHOWN_SIGNALS = (
    "complaint", "churn_risk", "public_or_legal_threat", "satisfaction_expressed", "form_demanded_to_cancel",
    "manager_request", "compensation_asked", "compensation_offered", "not_in_authority",
    "silent_dissatisfaction", "courtesy_under_provocation",
)  # fmt: skip
"""Signals with quotes, in the order they are shown in."""

NAMED_CRITERIA = ("needs_clarification", "expectation_summary", "thanks")
"""The three criteria every table shows by name."""


def clock(seconds: float | None) -> str:
    """Time within a call.

    Examples
    --------
    >>> clock(61.24), clock(3725.0), clock(None)
    ('1:01.2', '1:02:05.0', '')
    """
    if seconds is None:
        return ""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def moment(at: str | None) -> str:
    """Day and time of an ISO 8601 time as it stands there, without seconds and zone.

    Examples
    --------
    >>> moment("2026-03-02T13:22:00+00:00"), moment(None)
    ('2026-03-02 13:22', '')
    """
    return printable((at or "")[:16].replace("T", " "))


def length(seconds: float | None) -> str:
    """Length of a call, to the second.

    Examples
    --------
    >>> length(61.2), length(3725.0), length(None)
    ('1:01', '1:02:05', '?')
    """
    if seconds is None:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def signed(value: float) -> str:
    """A figure above or below a level, to one decimal place.

    Examples
    --------
    >>> signed(3.14), signed(-0.04)
    ('+3.1', '+0.0')
    """
    return f"{round(value, 1) + 0.0:+.1f}"


def points(tally: Tally | None) -> str:
    """A score with what it is made of; a dash where nothing was assessed.

    Examples
    --------
    >>> points(Tally(earned=31, possible=35)), points(Tally()), points(None)
    ('89% 31/35', '–', '–')
    """
    if tally is None or not tally.possible:
        return "–"
    return f"{100 * tally.earned / tally.possible:.0f}% {tally.earned}/{tally.possible}"


def points_of_record(summary: CallSummary, category: str) -> str:
    """A call's points of record in a list, the machine's in brackets where a person decided otherwise."""
    machine = points(summary.scores.get(category))
    of_record = summary.record_scores.get(category)
    return machine if of_record is None else f"{points(of_record)} ({machine})"


def call_name(call_id: str, path: str | None) -> str:
    """What a list calls a call: its id, or, where nobody gave it one, the file's name, which commands take.

    Examples
    --------
    >>> call_name("33785ac426609e6d", "calls/monday.wav"), call_name("c1", "calls/monday.wav")
    ('monday.wav', 'c1')
    """
    unnamed = len(call_id) == 16 and set(call_id) <= set("0123456789abcdef")
    return re.split(r"[/\\]", path)[-1] if unnamed and path else call_id


def by_when(promise: Promise) -> str:
    """By when something was promised, in the words of the one who promised it."""
    return "no time said" if promise.when is None else f"by when: “{isolated(printable(promise.when.quote))}”"


NEAR_LEAVING: Final = {
    1: "stays after all",
    2: "hurt, without a threat",
    3: "against us, or looking at others",
    4: "mainly elsewhere",
    5: "settled elsewhere",
}
"""What signs of each stage of leaving are called."""


def of_other_calls(signals: Signals) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    """What a call says that only a customer's other calls can settle, each with its quotes."""
    news = signals.promise_news or ()
    for done, words in ((True, "said to have been done"), (False, "said not to have been done")):
        quotes = tuple(dict.fromkeys(one.said for one in news if one.done == done))
        if quotes:
            yield words, quotes
    for stage, words in NEAR_LEAVING.items():
        quotes = tuple(dict.fromkeys(one.said for one in signals.stage_signs or () if one.stage == stage))
        if quotes:
            yield words, quotes


def of_dissatisfaction(signals: Signals) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    """What is complained of, who gave cause, why the customer may leave, sums, and behaviour in this call."""
    for subject in signals.complaint_subjects or ():
        yield f"complaint about {subject.about}", (subject.said,)
    if signals.cause is not None:
        yield f"cause of the complaint: {signals.cause.by}", signals.cause.said
    if signals.churn_reason is not None:
        yield f"may leave because of: {signals.churn_reason.reason}", signals.churn_reason.said
    if signals.compensation_sums:
        yield "sums named in amends", signals.compensation_sums
    for kind in signals.customer_type:
        signs = signals.customer_type_signs or ()
        yield f"in this call: {title(kind)}", tuple(one.said for one in signs if one.kind == kind)


def of_the_way(signals: Signals) -> Iterator[tuple[str, str, tuple[Evidence, ...]]]:
    """What the customer calls about and how the agent leads the call: name, what is told of it, quotes.

    Only what was found: that nobody jokes or checks is worth no line.
    """
    reason = signals.contact_reason
    if reason is not None and reason.reason != OTHER_REASON:
        yield "contact_reason", title(reason.reason), () if reason.said is None else (reason.said,)
    for name in ("carp", "feel_felt_found", "chunking", "humour"):
        signal: Signal = getattr(signals, name)
        if signal.evidence:
            yield name, signal.reason, signal.evidence


def title(criterion: str) -> str:
    """A criterion's id as words; ids are made by whoever writes a rubric, so what is obeyed is written out.

    Examples
    --------
    >>> title("no_interruptions")
    'no interruptions'
    """
    return printable(criterion.replace("_", " "))


def signal_words(name: str, say: Callable[[str], str] = str) -> str:
    """A signal as calls are found by it, in words: of several kinds with which.

    Examples
    --------
    >>> [signal_words(name) for name in ("churn_risk", "contact_reason:billing", "customer_type:angry")]
    ['churn risk', 'contact reason: billing', 'in this call: angry']
    """
    signal, _, kind = printable(name).partition(":")
    if signal == "customer_type" and kind:
        return say(f"in this call: {title(kind)}")
    return f"{say(title(signal))}: {say(title(kind))}" if kind else say(title(signal))


def figure(tallies: Mapping[str, Tally], intervals: Mapping[str, Interval | None], category: str) -> str:
    """A category's points with their 95 % interval, or that they are withheld."""
    tally = tallies.get(category)
    return "withheld" if tally is None else points(tally) + interval(intervals.get(category))


def interval(found: Interval | None) -> str:
    """An interval in brackets, nothing without one."""
    return "" if found is None else f" ({100 * found.low:.0f} to {100 * found.high:.0f} %)"
