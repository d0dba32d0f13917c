"""Whether a rate moves from week to week.

The test is that of Mann (1945) and Kendall (1975): of all pairs of weeks, those in which the later week has
the higher rate against those in which it has the lower. It supposes no shape of the course and is not
carried away by one odd week. Its distribution is exact for weeks without equal rates; with equal ones the
normal approximation with corrections for ties and continuity is taken. The slope is the median of the
slopes of all pairs (Theil 1950, Sen 1968). A trend is stated at p < 0.05: of a hundred agents who do not
change, about five will show one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache
from statistics import median
from typing import Literal

from speechqa.core.value import Value

FEWEST_WEEKS = 5
"""With four weeks not even a course that rises every week is more than chance would have it."""

_LEVEL = 0.05


class Trend(Value, frozen=True, kw_only=True):
    """The course of a rate over weeks.

    Attributes
    ----------
    direction : str
        `up` or `down` where the test shows it, `none_shown` where not, `too_few_weeks` where it cannot.
    weeks : int
        Weeks with enough calls for a figure; the others are left out.
    slope : float or None
        Change of the rate a week.
    p : float or None
        Two-sided.
    """

    direction: Literal["up", "down", "none_shown", "too_few_weeks"]
    weeks: int
    slope: float | None = None
    p: float | None = None


def trend(rates: Sequence[tuple[str, float]]) -> Trend:
    """The trend of rates by week, `("2026-W47", 0.8)`, in any order.

    Examples
    --------
    >>> rising = [(f"2026-W{week}", week / 100) for week in range(10, 16)]
    >>> found = trend(rising)
    >>> found.direction, found.slope, found.p
    ('up', 0.01, 0.0028)
    >>> trend(rising[:4]).direction
    'too_few_weeks'
    """
    ordered = sorted((_week_number(week), rate) for week, rate in rates)
    n = len(ordered)
    if n < FEWEST_WEEKS:
        return Trend(direction="too_few_weeks", weeks=n)
    pairs = [(a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :]]
    score = sum((b[1] > a[1]) - (b[1] < a[1]) for a, b in pairs)
    slope = median((b[1] - a[1]) / (b[0] - a[0]) for a, b in pairs)
    p = _chance(score, [rate for _, rate in ordered])
    direction: Literal["up", "down", "none_shown"] = "none_shown"
    if p < _LEVEL:
        direction = "up" if score > 0 else "down"
    return Trend(direction=direction, weeks=n, slope=round(slope, 5) + 0.0, p=round(p, 4))


def _week_number(week: str) -> int:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1).toordinal() // 7


def _chance(score: int, rates: Sequence[float]) -> float:
    """How often chance gives a score as far from 0."""
    n = len(rates)
    ties = [count for count in Counter(rates).values() if count > 1]
    if not ties and n <= 60:
        orders = _inversions(n)
        fewest = (n * (n - 1) // 2 - abs(score)) // 2
        return min(1.0, 2 * sum(orders[: fewest + 1]) / sum(orders))
    spread = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    if spread <= 0 or score == 0:
        return 1.0
    return math.erfc((abs(score) - 1) / math.sqrt(2 * spread))


@cache
def _inversions(n: int) -> tuple[int, ...]:
    """How many orders of n things have 0, 1, 2 ... pairs the wrong way round."""
    orders = [1]
    for size in range(2, n + 1):
        found = [0] * (len(orders) + size - 1)
        for place, count in enumerate(orders):
            for more in range(size):
                found[place + more] += count
        orders = found
    return tuple(orders)
