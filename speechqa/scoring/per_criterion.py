"""Each criterion over an agent's calls: passed of assessed, where others lie, and whether it moves.

The interval of a share of calls is Wilson's. A change is the later half of the calls against the earlier, as
in `progress`: of twenty criteria that do not change, about one will show a change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from statistics import quantiles
from typing import Final

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Category, Finding, Tally, Verdict
from speechqa.core.period import day_of
from speechqa.core.totals import CriterionTotals
from speechqa.core.value import Value
from speechqa.scoring.intervals import Interval, wilson_interval
from speechqa.scoring.progress import Trend, course

LEAST_FOR_HALF: Final = 8
"""Other agents below whom their middle half is not given: among fewer, an end of it would be a person's."""


class CriterionFigure(Value, frozen=True, kw_only=True):
    """One criterion over an agent's calls under one rubric.

    Attributes
    ----------
    verdicts : mapping of str to int
        Calls by verdict; shown however few they are.
    tally : Tally
        Points, over the calls that were assessed.
    rate, interval : float or None, Interval or None
        Share of the assessed calls that passed, and its 95 % interval; None while `withheld` says why.
    middle_half : tuple of float or None
        Between which shares the middle half of the other agents lies; None where it is not known.
    peers : int
        Other agents with enough assessed calls.
    course : Trend
        The later half of the assessed calls against the earlier, in calls passed.
    """

    criterion: str
    category: Category
    verdicts: Mapping[str, int]
    tally: Tally
    course: Trend
    rate: float | None = None
    interval: Interval | None = None
    withheld: str = ""
    middle_half: tuple[float, float] | None = None
    peers: int = 0

    @property
    def passed(self) -> int:
        """Calls that passed."""
        return self.verdicts.get(Verdict.PASS.value, 0)

    @property
    def assessed(self) -> int:
        """Calls that passed or failed."""
        return self.passed + self.verdicts.get(Verdict.FAIL.value, 0)


def per_criterion(
    calls: Iterable[CallAnalysis],
    others: Collection[Mapping[str, CriterionTotals]],
    *,
    minimum_calls: int,
) -> tuple[CriterionFigure, ...]:
    """Each criterion, in the rubric's order.

    Parameters
    ----------
    calls : iterable of CallAnalysis
        The agent's calls under one rubric, with the findings that count.
    others : collection
        Totals by criterion of each other agent under that rubric.
    minimum_calls : int
        Assessed calls below which no share is given, of the agent as of each other.
    """
    found: dict[str, list[tuple[date | None, str, Finding]]] = {}
    for call in calls:
        for finding in call.findings:
            day = day_of(call.metadata.started_at)
            found.setdefault(finding.criterion, []).append((day, call.call_id, finding))
    return tuple(_figure(name, those, others, max(1, minimum_calls)) for name, those in found.items())


def _figure(
    name: str,
    those: Sequence[tuple[date | None, str, Finding]],
    others: Collection[Mapping[str, CriterionTotals]],
    minimum: int,
) -> CriterionFigure:
    counts = Counter(finding.verdict.value for _, _, finding in those)
    passed = counts[Verdict.PASS.value]
    assessed = passed + counts[Verdict.FAIL.value]
    enough = assessed >= minimum
    dated = sorted(
        (day, call_id, Tally(earned=int(finding.verdict is Verdict.PASS), possible=1))
        for day, call_id, finding in those
        if day is not None and finding.verdict.counts
    )
    shares = [
        totals[name].passed / (totals[name].passed + totals[name].failed)
        for totals in others
        if name in totals and totals[name].passed + totals[name].failed >= minimum
    ]
    return CriterionFigure(
        criterion=name,
        category=those[0][2].category,
        verdicts={verdict.value: counts[verdict.value] for verdict in Verdict},
        tally=Tally.of(finding for _, _, finding in those),
        rate=round(passed / assessed, 4) if enough else None,
        interval=wilson_interval(passed, assessed) if enough else None,
        withheld="" if enough else f"{assessed} of the {minimum} calls that a figure needs",
        middle_half=_middle_half(shares),
        peers=len(shares),
        course=course(name, [(day, tally) for day, _, tally in dated], minimum_calls=minimum),
    )


def _middle_half(shares: Sequence[float]) -> tuple[float, float] | None:
    """Between the quartiles, in whole hundredths; None where the others are too few."""
    if len(shares) < LEAST_FOR_HALF:
        return None
    low, _, high = quantiles(shares, n=4, method="inclusive")
    return round(low, 2), round(high, 2)
