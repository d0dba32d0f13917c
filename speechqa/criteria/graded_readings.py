"""The parts of a graded criterion, as the marks of the turns tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from speechqa.core.finding import Evidence, Verdict
from speechqa.criteria.calltext import Line, evidence
from speechqa.criteria.case import Case, Part
from speechqa.criteria.verdict_features import Marks

SAID = 0.5
"""Probability from which something counts as said, and may be quoted."""
_NOTHING_LEFT = "Nothing is left to happen"


class _Marked(NamedTuple):
    """A part: who says it, by which marks it is told, and what is said of it where it is there and not.

    `implied` says that a pass says it, too: a step that was agreed is the outcome.
    """

    id: str
    role: str
    marks: tuple[str, ...]
    there: str
    missing: str
    implied: bool = False


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
        _Marked(
            "outcome", "agent", ("achieved", "solution"), "Says what was done or agreed", "Not found", True
        ),
        _Marked("next_step", "agent", ("next", "promise"), "Says what happens next", _NOTHING_LEFT),
        _Marked("deadline", "agent", ("when", "deadline"), "Says by when", "No time is given"),
        _Marked(
            "assent", "customer", ("assent", "satisfied"), "The customer agrees", "No agreement is heard"
        ),
    ),
    "thanks": (
        _Marked("thanked", "agent", ("thank",), "The agent thanks in the closing", "Not found", True),
        _Marked("specific", "agent", ("thank_specific",), "Says what the thanks are for", "A formula only"),
    ),
    "hold_etiquette": (
        _Marked("announced", "agent", ("hold",), "Tells of the wait before it", "Not found"),
        _Marked("reason", "agent", ("hold_reason",), "Says why or how long", "Not found"),
        _Marked("thanks", "agent", ("hold_back",), "Thanks or apologises after the wait", "Not found"),
    ),
    "complaint_route": (
        _Marked("vent", "agent", ("empathy", "reflect", "apology"), "The agent acknowledges it", "Not found"),
        _Marked("questions", "agent", ("clarify",), "The agent asks about it", "Not found"),
        _Marked(
            "solution",
            "agent",
            ("solution", "compensate", "offer_stay"),
            "The agent offers a step",
            "Not found",
        ),
        _Marked("thanks", "agent", ("thank_raise",), "The agent thanks for raising it", "Not found"),
    ),
}
_NEEDED = {"expectation_summary": 3, "thanks": 1, "hold_etiquette": 3}
"""How many parts, the first ones, a pass asks for where they apply."""
_OF_ALL = {"complaint_route": 3}
"""How many parts a pass asks for, whichever they are."""


def graded(
    case: Case, lines: Sequence[Line], marks: Sequence[Marks], *, proof: tuple[Evidence, ...] = ()
) -> tuple[Part, ...]:
    """The parts of a criterion, in step with its verdict; none where it is not graded, or too few are said.

    Parameters
    ----------
    case : Case
        The criterion and the call.
    lines, marks : sequence
        Every line, and its marks.
    proof : tuple of Evidence
        What a pass rests on; none of a failure. What a pass needs is there, or does not apply; of a failure
        the least sure is missing.
    """
    detector = case.criterion.detector
    read = [_read(marked, lines, marks) for marked in _PARTS.get(detector, ())]
    if not read:
        return ()
    if detector in _OF_ALL:
        return _of_all(read, _OF_ALL[detector], passed=bool(proof))
    pending = detector != "expectation_summary" or read[1].said or read[2].said
    needed = [one for one in read[: _NEEDED[detector]] if pending or one is read[0]]
    missing = {one.marked.id for one in read if not one.said}
    if not proof and not missing & {one.marked.id for one in needed}:
        missing.add(min(needed, key=lambda one: one.sure).marked.id)
    parts = []
    for one in read:
        marked = one.marked
        if not pending and marked.id in ("next_step", "deadline"):
            parts.append(Part(marked.id, Verdict.NOT_APPLICABLE, _NOTHING_LEFT))
        elif marked.id not in missing and one.line is not None:
            parts.append(Part(marked.id, Verdict.PASS, marked.there, (evidence(one.line),)))
        elif proof and marked.implied:
            parts.append(Part(marked.id, Verdict.PASS, marked.there, proof))
        else:
            # A verdict that passes without what it needs elsewhere leaves it out.
            left_out = bool(proof) and one in needed
            verdict = Verdict.NOT_APPLICABLE if left_out else Verdict.FAIL
            parts.append(Part(marked.id, verdict, marked.missing))
    return tuple(parts)


def _of_all(read: Sequence[_Read], needed: int, *, passed: bool) -> tuple[Part, ...]:
    """Parts of which a pass needs so many; a failure keeps the surest of those that were said, one fewer."""
    said = sorted((one for one in read if one.said), key=lambda one: -one.sure)
    if passed and len(said) < needed:
        return ()
    met = {one.marked.id for one in (said if passed else said[: needed - 1])}
    return tuple(
        Part(one.marked.id, Verdict.PASS, one.marked.there, (evidence(one.line),))
        if one.marked.id in met and one.line is not None
        else Part(one.marked.id, Verdict.FAIL, one.marked.missing)
        for one in read
    )


def _read(marked: _Marked, lines: Sequence[Line], marks: Sequence[Marks]) -> _Read:
    best = _Read(marked, 0.0, None)
    for line, of in zip(lines, marks, strict=True):
        sure = max(of.get(name, 0.0) for name in marked.marks) if line.role == marked.role else 0.0
        if sure > best.sure:
            best = _Read(marked, sure, line)
    return best
