"""Judges calls as they are and with a swap, and counts what flips."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.fairness.calls import Call
from benchmarks.fairness.kinds import Swap
from benchmarks.fairness.text import Line
from speechqa.core.rubric import Rubric
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, find_signals, judge

SIGNALS = ("complaint", "churn_risk", "public_or_legal_threat", "satisfaction_expressed")
NOT_ASSESSED = "not_assessed"
_Z = 1.959964


class Judgement(NamedTuple):
    """What comes out for one criterion or signal: verdict, points earned, and why."""

    verdict: str
    earned: int
    why: str


class Flip(NamedTuple):
    """What a swap changed: in which call, of which criterion, from what to what."""

    call: str
    criterion: str
    before: Judgement
    after: Judgement

    @property
    def counts(self) -> bool:
        """Whether it is a flip: of pass and fail, of a signal, or of whether anything is said at all."""
        both = {self.before.verdict, self.after.verdict}
        return len(both) > 1 and (NOT_ASSESSED in both or both in ({"pass", "fail"}, {"yes", "no"}))


class Measured(NamedTuple):
    """What came of one swap: calls in all, names and verdicts of those changed, and what moved in each."""

    swap: Swap
    calls: int
    names: tuple[str, ...]
    verdicts: int
    moved: tuple[tuple[Flip, ...], ...]

    @property
    def changed(self) -> int:
        """How many calls the swap changes."""
        return len(self.names)

    @property
    def flips(self) -> list[list[Flip]]:
        """Flips of each changed call."""
        return [[one for one in call if one.counts] for call in self.moved]


def judged(lines: Sequence[Line], language: str, rubric: Rubric) -> dict[str, Judgement]:
    """Everything that is judged of a call: by criterion, then the signals."""
    turns = tuple(Turn(speaker=line.role, text=line.text) for line in lines)
    transcript = Transcript(language=language, engine="imported", turns=turns)
    view = CallView(transcript=transcript, language=language)
    found = {
        one.criterion: Judgement(one.verdict.value, one.earned or 0, one.reason)
        for one in judge(rubric, view)
    }
    signals = find_signals(view, rubric)
    for name in SIGNALS:
        signal = getattr(signals, name)
        said = {True: "yes", False: "no", None: NOT_ASSESSED}[signal.value]
        quotes = " / ".join(one.quote for one in signal.evidence[:2])
        found[name] = Judgement(said, 0, f"{signal.reason} {quotes}")
    return found


class Judge:
    """Judges calls by a rubric; a call as it is only once."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        self._plain: dict[str, dict[str, Judgement]] = {}

    def measure(self, swap: Swap, calls: Iterable[Call]) -> Measured:
        """What a swap changes in these calls, those of its language."""
        number = verdicts = 0
        moved = []
        names = []
        for call in calls:
            if call.language != swap.language:
                continue
            number += 1
            lines = swap.apply(call.lines)
            if list(call.lines) == lines:
                continue
            if call.name not in self._plain:
                self._plain[call.name] = judged(call.lines, call.language, self._rubric)
            before, after = self._plain[call.name], judged(lines, call.language, self._rubric)
            verdicts += len(before)
            names.append(call.name)
            moved.append(
                tuple(
                    Flip(call.name, criterion, before[criterion], after[criterion])
                    for criterion in before
                    if before[criterion][:2] != after[criterion][:2]
                )
            )
        return Measured(swap, number, tuple(names), verdicts, tuple(moved))


def interval(each: Sequence[int], of_each: Sequence[int]) -> tuple[float, float]:
    """The 95 % interval of the share that flips, with calls as clusters.

    Wilson's (1927), for as many independent verdicts as would be worth as much: those of one call flip
    together.

    Parameters
    ----------
    each : sequence of int
        Flips of each call.
    of_each : sequence of int
        Verdicts of each call.
    """
    total = sum(of_each)
    if not total:
        return 0.0, 1.0
    share = sum(each) / total
    worth = float(total)
    if 0 < share < 1 and len(each) > 1:
        apart = sum((one - share * of) ** 2 for one, of in zip(each, of_each, strict=True))
        between = apart * len(each) / (len(each) - 1)
        worth = min(worth, share * (1 - share) * total**2 / between)
    middle = (share + _Z**2 / (2 * worth)) / (1 + _Z**2 / worth)
    half = _Z * math.sqrt(share * (1 - share) / worth + _Z**2 / (4 * worth**2)) / (1 + _Z**2 / worth)
    return max(0.0, middle - half), min(1.0, middle + half)
