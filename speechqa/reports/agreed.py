"""What was agreed in calls, in the order of time: what was promised, by when, and what came of the matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from speechqa.core.analysis import CallAnalysis, Signal
from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.plain import isolated, printable
from speechqa.core.value import Value
from speechqa.reports.wording import by_when, call_name, clock, length, title

OUTCOMES: Final = ("solution_offered", "expectation_summary", "answers_or_finds_out", "promise_with_deadline")
"""Criteria that say what came of a call's matter."""
_SIGNALS: Final = (
    ("complaint", "a complaint"),
    ("churn_risk", "signs of leaving"),
    ("public_or_legal_threat", "speaks of going public or to the law"),
    ("satisfaction_expressed", "says to be satisfied"),
)
_VERDICTS: Final = {
    Verdict.PASS: "yes",
    Verdict.FAIL: "no",
    Verdict.NOT_APPLICABLE: "did not apply",
    Verdict.NOT_ASSESSED: "not known",
}


class SaidView(Value, frozen=True, kw_only=True):
    """A quote with who said it, a word to it, and its time, which is empty where it is not known."""

    at: str
    who: str
    quote: str
    note: str = ""


class OutcomeView(Value, frozen=True, kw_only=True):
    """What a criterion found of the outcome."""

    name: str
    verdict: str
    reason: str
    said: tuple[SaidView, ...]


class AgreedView(Value, frozen=True, kw_only=True):
    """One call in a timeline; `promises` is None where it could not be told whether any were made."""

    call: str
    started: str
    facts: str
    draft: bool
    promises: tuple[SaidView, ...] | None
    outcomes: tuple[OutcomeView, ...]
    signals: tuple[str, ...]


def agreed(documents: Iterable[CallAnalysis]) -> tuple[AgreedView, ...]:
    """What was agreed in each call, in the order given."""
    return tuple(_view(document) for document in documents)


def agreed_text(views: Iterable[AgreedView]) -> str:
    """The timeline as text."""
    lines = ["What was agreed, in the order of time", ""]
    for view in views:
        lines += [f"{view.started}  {view.call}", f"  {view.facts}"]
        if view.draft:
            lines.append("  THE WORDS ARE A DRAFT: a first impression that must not be quoted")
        if view.promises is None:
            lines.append("  promised: not known")
        elif not view.promises:
            lines.append("  promised: nothing found")
        for said in view.promises or ():
            when = f" at {said.at}" if said.at else ""
            lines.append(f"  promised by {said.who}{when}: “{said.quote}” ({said.note})")
        for outcome in view.outcomes:
            lines.append(f"  {outcome.name}: {outcome.verdict}. {outcome.reason}")
            lines += [f"    {f'{said.at} {said.who}'.strip()}: “{said.quote}”" for said in outcome.said]
        lines += [f"  the customer: {signal}" for signal in view.signals]
        lines.append("")
    return "\n".join(lines)


def agreed_page(views: tuple[AgreedView, ...]) -> str:
    """The timeline as a page of its own."""
    from speechqa.reports.language import language
    from speechqa.reports.pages.environment import rendered

    return rendered("agreed.html.j2", language("en"), calls=views)


def _view(document: CallAnalysis) -> AgreedView:
    known = document.metadata
    facts = (
        f"agent {printable(known.agent_name or known.agent_id or 'unknown')}",
        f"customer {printable(known.customer_id or 'unknown')}",
        f"length {'unknown' if document.duration is None else length(document.duration)}",
    )
    promises = document.signals.promises
    return AgreedView(
        call=printable(call_name(document.call_id, document.path)),
        started=printable(known.started_at or "start unknown"),
        facts=", ".join(facts),
        draft=document.transcript is not None and document.transcript.draft,
        promises=None
        if promises is None
        else tuple(_said(promise.what, promise.who, by_when(promise)) for promise in promises),
        outcomes=tuple(_outcome(f) for name in OUTCOMES for f in document.findings if f.criterion == name),
        signals=tuple(words for name, words in _SIGNALS if _told(getattr(document.signals, name))),
    )


def _outcome(finding: Finding) -> OutcomeView:
    return OutcomeView(
        name=title(finding.criterion),
        verdict=_VERDICTS[finding.verdict],
        reason=isolated(printable(finding.reason)),
        # One turn may bear out several points of a criterion: it is quoted once.
        said=tuple(dict.fromkeys(_said(evidence, evidence.speaker) for evidence in finding.evidence)),
    )


def _said(evidence: Evidence, who: str, note: str = "") -> SaidView:
    return SaidView(
        at=clock(evidence.start),
        who=printable(who),
        quote=isolated(printable(evidence.quote)),
        note=note,
    )


def _told(signal: Signal) -> bool:
    return signal.value is True
