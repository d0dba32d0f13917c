"""Verdicts with their evidence, and the tallies they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

import msgspec

from speechqa.core.segment import Segment
from speechqa.core.value import Value, require, require_interval, require_probability

Category = Literal["courtesy", "professionalism"]


class Verdict(StrEnum):
    """The answer to a criterion. Unknown is an answer of its own and never becomes a number."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"

    @property
    def counts(self) -> bool:
        """Whether the verdict enters a score."""
        return self in (Verdict.PASS, Verdict.FAIL)


class Evidence(Value, frozen=True, kw_only=True):
    """A verbatim quote. `turn` is the index of the turn in the transcript; times are None without times."""

    speaker: str
    quote: str
    turn: int | None = None
    party: str | None = None
    start: float | None = None
    end: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        require_interval(self.start, self.end)


class Component(Value, frozen=True, kw_only=True):
    """One graded part of a criterion, with its own points and evidence."""

    id: str
    verdict: Verdict
    earned: int | None = None
    possible: int | None = None
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


class Finding(Value, frozen=True, kw_only=True):
    """The verdict on one criterion of one call.

    Attributes
    ----------
    earned, possible : int or None
        Points; both None unless the verdict is PASS or FAIL.
    confidence : float or None
        How sure the detector is, in [0, 1]; None when nothing was judged.
    detector : str
        What judged, by name and version.
    reason : str
        Why, in a sentence for the person judged.
    searched : Segment or None
        The stretch that was searched, in seconds; `searched_turns` the same as first and last turn index.
    would_change : str
        What would have earned the lost points, or would make it possible to judge.

    Raises
    ------
    ValueError
        If a FAIL has neither evidence nor a searched span, a PASS has no evidence and no searched span, or
        points are out of step with the verdict.
    """

    criterion: str
    category: Category
    verdict: Verdict
    detector: str
    reason: str
    earned: int | None = None
    possible: int | None = None
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()
    components: tuple[Component, ...] = ()
    searched: Segment | None = None
    searched_turns: tuple[int, int] | None = None
    would_change: str = ""
    critical: bool = False

    def __post_init__(self) -> None:
        require_probability("confidence", self.confidence)
        if not self.verdict.counts:
            require(self.earned is None and self.possible is None, f"{self.verdict.value} earns no points")
            return
        require(
            bool(self.evidence) or self.searched is not None or self.searched_turns is not None,
            f"{self.criterion}: a {self.verdict.value} needs evidence or the span that was searched",
        )
        require(
            self.earned is not None and self.possible is not None and 0 <= self.earned <= self.possible,
            f"{self.criterion}: points out of step, {self.earned} of {self.possible}",
        )


class Tally(Value, frozen=True, kw_only=True):
    """Points earned of points possible; tallies add exactly, rates are derived and never averaged.

    Examples
    --------
    >>> total = Tally(earned=3, possible=5) + Tally(earned=5, possible=5)
    >>> total.earned, total.possible, total.rate
    (8, 10, 0.8)
    >>> Tally(earned=0, possible=0).rate is None
    True
    """

    earned: int = 0
    possible: int = 0
    rate: float | msgspec.UnsetType | None = msgspec.UNSET

    def __post_init__(self) -> None:
        require(0 <= self.earned <= self.possible, f"points out of step, {self.earned} of {self.possible}")
        derived = None if self.possible == 0 else round(self.earned / self.possible, 3)
        if self.rate is msgspec.UNSET:
            msgspec.structs.force_setattr(self, "rate", derived)
        require(self.rate == derived, f"rate {self.rate} is not {self.earned} of {self.possible}")

    def __add__(self, other: Tally) -> Tally:
        return Tally(earned=self.earned + other.earned, possible=self.possible + other.possible)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Tally:
        """The tally of those findings that count."""
        counted = [f for f in findings if f.verdict.counts]
        return cls(earned=sum(f.earned or 0 for f in counted), possible=sum(f.possible or 0 for f in counted))
