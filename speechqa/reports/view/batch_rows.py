"""The lines of a batch page: one a call."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.core.finding import Tally, Verdict
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.protocols import CallSummary
from speechqa.reports.language import Language
from speechqa.reports.naming import page_name
from speechqa.reports.wording import (
    NAMED_CRITERIA,
    VERDICT_WORDS,
    call_name,
    clock,
    length,
    moment,
    points_of_record,
    signal_words,
)
from speechqa.scoring import CATEGORIES

GRAVEST = ("public_or_legal_threat", "churn_risk", "complaint", "satisfaction_expressed", "promises")
"""The signals that a line tells in words, the gravest first; lines are filtered by all of them."""

ANSWERS = {
    Verdict.PASS.value: "p",
    Verdict.FAIL.value: "f",
    Verdict.NOT_APPLICABLE.value: "n",
    Verdict.NOT_ASSESSED.value: "?",
}
"""A letter a verdict, for all criteria of a call in one short text; a dash where there is none."""


class RowView(Value, frozen=True, kw_only=True):
    """One line of the batch page.

    Attributes
    ----------
    started : str
        Day and time, local to the call.
    seconds : float or None
        Length; `length` is the same in words.
    scores, rates : tuple
        Courtesy and professionalism of record, as points and as rates; None where nothing was scored.
    verdicts : tuple
        Those of the criteria that every call is looked at for, with their words.
    answers : str
        A letter of `ANSWERS` for each criterion of the page.
    signals, signal_words : tuple of str
        Ids of all that were found, the gravest first, and the words of the gravest.
    weight, at, listen_to : int, str, str
        How heavy the reason to listen weighs, of 100, from when, and why; of a failed call what failed.
    """

    call: str
    link: str
    started: str = ""
    agent_id: str = ""
    agent: str = ""
    team: str = ""
    length: str
    seconds: float | None = None
    scores: tuple[str, str]
    rates: tuple[float | None, float | None] = (None, None)
    verdicts: tuple[tuple[str, str], ...]
    answers: str = ""
    interruptions: str
    signals: tuple[str, ...] = ()
    signal_words: tuple[str, ...] = ()
    weight: int = 0
    at: str = ""
    listen_to: str
    failed: bool
    draft: bool

    @property
    def shares(self) -> tuple[tuple[str, str], ...]:
        """The scores as share and points, apart."""
        return tuple((share, rest) for share, _, rest in (score.partition(" ") for score in self.scores))


def row_view(summary: CallSummary, language: Language, criteria: Sequence[str] = ()) -> RowView:
    """The line of a call."""
    failed = summary.status == "failed"
    verdicts = summary.verdicts_of_record
    of_record = summary.scores_of_record
    courtesy, professionalism = CATEGORIES
    found = {printable(name) for name, value in summary.signals.items() if value}
    signals = (*(name for name in GRAVEST if name in found), *sorted(found.difference(GRAVEST)))
    tallies = [of_record.get(category) for category in CATEGORIES]
    return RowView(
        call=printable(call_name(summary.call_id, summary.path)),
        link="" if failed else page_name(summary.call_id),
        started=moment(summary.started_at),
        agent_id=printable(summary.agent_id or ""),
        agent=printable(summary.agent_name or summary.agent_id or ""),
        team=printable(summary.team or ""),
        length="" if failed else length(summary.duration),
        seconds=None if failed else summary.duration,
        scores=("", "")
        if failed
        else (points_of_record(summary, courtesy), points_of_record(summary, professionalism)),
        rates=(_rate(tallies[0]), _rate(tallies[1])),
        verdicts=tuple(
            (verdict, language.say(VERDICT_WORDS[verdict]) if verdict in VERDICT_WORDS else "")
            for verdict in (verdicts.get(name, "") for name in NAMED_CRITERIA)
        ),
        answers="".join(ANSWERS.get(verdicts.get(name, ""), "-") for name in criteria),
        interruptions=""
        if failed
        else ("?" if summary.interruptions is None else str(summary.interruptions)),
        signals=signals,
        signal_words=tuple(signal_words(name, language.say) for name in signals if name in GRAVEST),
        weight=summary.listen_weight,
        at=clock(summary.listen_at),
        listen_to=what_failed(summary, language)
        if failed
        else language.told(printable(summary.listen_to or "")),
        failed=failed,
        draft=summary.draft,
    )


def what_failed(summary: CallSummary, language: Language) -> str:
    """Why a call could not be analysed."""
    kind, _, message = (summary.error or "").partition(": ")
    return language.told(printable(message or kind))


def _rate(tally: Tally | None) -> float | None:
    return round(tally.earned / tally.possible, 4) if tally is not None and tally.possible else None
