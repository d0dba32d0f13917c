"""How values are worded for people; one place, so that terminal and page say the same."""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.core.finding import Tally, Verdict

VERDICT_WORDS: Mapping[str, str] = {
    Verdict.PASS.value: "pass",
    Verdict.FAIL.value: "fail",
    Verdict.NOT_APPLICABLE.value: "n/a",
    Verdict.NOT_ASSESSED.value: "not assessed",
}

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


def title(criterion: str) -> str:
    """A criterion's id as words.

    Examples
    --------
    >>> title("no_interruptions")
    'no interruptions'
    """
    return criterion.replace("_", " ")
