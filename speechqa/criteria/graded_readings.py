"""The parts of a graded criterion, as the marks of the turns tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from speechqa.core.finding import Verdict
from speechqa.criteria.calltext import Line, evidence
from speechqa.criteria.case import Case, Part
from speechqa.criteria.verdict_features import Marks

SAID = 0.5
"""Probability from which a part counts as said."""
_NOTHING_LEFT = "Nothing is left to happen"


class _Marked(NamedTuple):
    """A part: who says it, by which marks it is told, and what is said of it where it is there and not."""

    id: str
    role: str
    marks: tuple[str, ...]
    there: str
    missing: str


class _Read(NamedTuple):
    """A part as read: how surely it was said, and the line."""

    marked: _Marked
    sure: float
    line: Line | None

    @property
    def said(self) -> bool:
        return self.sure >= SAID


_PARTS = {
    "expectation_summary": (
        _Marked("outcome", "agent", ("achieved", "solution"), "Says what was done or agreed", "Not found"),
        _Marked("next_step", "agent", ("next", "promise"), "Says what happens next", _NOTHING_LEFT),
        _Marked("deadline", "agent", ("when", "deadline"), "Says by when", "No time is given"),
        _Marked(
            "assent", "customer", ("assent", "satisfied"), "The customer agrees", "No agreement is heard"
        ),
    ),
    "thanks": (
        _Marked("thanked", "agent", ("thank",), "The agent thanks in the closing", "Not found"),
        _Marked("specific", "agent", ("thank_specific",), "Says what the thanks are for", "A formula only"),
    ),
    "hold_etiquette": (
        _Marked("announced", "agent", ("hold",), "Tells of the wait before it", "Not found"),
        _Marked("reason", "agent", ("hold_reason",), "Says why or how long", "Not found"),
        _Marked("thanks", "agent", ("hold_back",), "Thanks or apologises after the wait", "Not found"),
    ),
}
_NEEDED = {"expectation_summary": 3, "thanks": 1, "hold_etiquette": 3}
"""How many parts, the first ones, a pass asks for where they apply."""


def graded(case: Case, lines: Sequence[Line], marks: Sequence[Marks], *, passed: bool) -> tuple[Part, ...]:
    """The parts of a criterion, in step with its verdict; none where it is not graded.

    Parameters
    ----------
    case : Case
        The criterion and the call.
    lines, marks : sequence
        Every line, and its marks.
    passed : bool
        The verdict. What a pass needs is there, or does not apply; of a failure the least sure is missing.
    """
    detector = case.criterion.detector
    read = [_read(marked, lines, marks) for marked in _PARTS.get(detector, ())]
    if not read:
        return ()
    pending = detector != "expectation_summary" or read[1].said or read[2].said
    needed = [one for one in read[: _NEEDED[detector]] if pending or one is read[0]]
    missing = {one.marked.id for one in read if not one.said}
    if passed:
        missing.discard(read[0].marked.id)
    elif not missing & {one.marked.id for one in needed}:
        missing.add(min(needed, key=lambda one: one.sure).marked.id)
    return tuple(
        _part(one, said=one.marked.id not in missing, due=not passed or one not in needed)
        if pending or one.marked.id not in ("next_step", "deadline")
        else Part(one.marked.id, Verdict.NOT_APPLICABLE, _NOTHING_LEFT)
        for one in read
    )


def _read(marked: _Marked, lines: Sequence[Line], marks: Sequence[Marks]) -> _Read:
    best = _Read(marked, 0.0, None)
    for line, of in zip(lines, marks, strict=True):
        sure = max(of.get(name, 0.0) for name in marked.marks) if line.role == marked.role else 0.0
        if sure > best.sure:
            best = _Read(marked, sure, line)
    return best


def _part(read: _Read, *, said: bool, due: bool) -> Part:
    if said:
        proof = () if read.line is None else (evidence(read.line),)
        return Part(read.marked.id, Verdict.PASS, read.marked.there, proof)
    if due:
        return Part(read.marked.id, Verdict.FAIL, read.marked.missing)
    # The verdict passes without it.
    return Part(read.marked.id, Verdict.NOT_APPLICABLE, read.marked.missing)
