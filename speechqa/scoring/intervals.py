"""How sure a rate is that was pooled over calls.

Points within a call stand or fall together, so calls, not points, are what was sampled. The interval is that
of a ratio of totals with calls as clusters (Cochran, *Sampling Techniques*, 1977, section 6.3):

    r = sum(e) / sum(p),   s^2 = n / (n - 1) * sum((e_i - r p_i)^2) / (sum p)^2,   r +- t(n - 1) s

Where all calls have the same rate this has no width and says more than is known; there the interval of Wilson
(1927) is given instead, with the number of calls as its n.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Literal

from speechqa.core.figures import PointSums
from speechqa.core.finding import Tally
from speechqa.core.value import Value, require

_Z = 1.959963984540054
_LEVEL = 0.975


class Interval(Value, frozen=True, kw_only=True):
    """A 95 % interval of a rate, within [0, 1]; `method` is how it was computed, `n` on how many calls."""

    low: float
    high: float
    n: int
    method: Literal["ratio", "wilson"]

    def __post_init__(self) -> None:
        require(0.0 <= self.low <= self.high <= 1.0, f"an interval lies in order in [0, 1], found {self}")


def ratio_interval(calls: Sequence[Tally]) -> Interval | None:
    """The 95 % interval of the pooled rate.

    Parameters
    ----------
    calls : sequence of Tally
        One a call; those with nothing possible are left out.

    Returns
    -------
    Interval or None
        None for fewer than two calls that count: one call says nothing of the others.

    Examples
    --------
    >>> ratio_interval([Tally(earned=5, possible=10)]) is None
    True
    >>> ratio_interval([Tally(earned=10, possible=10)] * 4).method
    'wilson'
    """
    counted = [call for call in calls if call.possible > 0]
    return sums_interval(
        PointSums(
            calls=len(counted),
            earned=sum(call.earned for call in counted),
            possible=sum(call.possible for call in counted),
            earned_earned=sum(call.earned**2 for call in counted),
            earned_possible=sum(call.earned * call.possible for call in counted),
            possible_possible=sum(call.possible**2 for call in counted),
        )
    )


def sums_interval(sums: PointSums) -> Interval | None:
    """The interval of `ratio_interval`, from the sums that it needs; whole numbers, so nothing is rounded.

    Examples
    --------
    >>> one = PointSums(
    ...     calls=1, earned=5, possible=10, earned_earned=25, earned_possible=50, possible_possible=100
    ... )
    >>> sums_interval(one) is None, sums_interval(one + one).method
    (True, 'wilson')
    """
    n, earned, possible = sums.calls, sums.earned, sums.possible
    if n < 2:
        return None
    rate = earned / possible
    # sum((e_i - r p_i)^2), times the square of all possible points
    spread = (
        sums.earned_earned * possible**2
        - 2 * earned * possible * sums.earned_possible
        + earned**2 * sums.possible_possible
    )
    if spread <= 0:
        return wilson_interval(rate * n, n)
    error = math.sqrt(n / (n - 1) * spread) / possible**2
    half = _student(n - 1) * error
    return Interval(
        low=round(max(0.0, rate - half), 4), high=round(min(1.0, rate + half), 4), n=n, method="ratio"
    )


def wilson_interval(count: float, n: int) -> Interval:
    """The 95 % interval of a share of calls: `count` of `n`, `n` at least one.

    Examples
    --------
    >>> found = wilson_interval(7, 10)
    >>> found.low, found.high
    (0.3968, 0.8922)
    """
    rate = count / n
    centre = (rate + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(rate * (1 - rate) / n + _Z**2 / (4 * n * n))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Interval(low=round(low, 4), high=round(high, 4), n=n, method="wilson")


@cache
def _student(freedom: int) -> float:
    """The quantile of Student's t, by Newton's steps on its exact distribution; whole degrees of freedom."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    # The normal quantile lies below, and the distribution is concave there: no step goes past the quantile.
    t, step = _Z, 1.0
    while step > 1e-9:
        density = scale * (1 + t * t / freedom) ** (-(freedom + 1) / 2)
        step = (_LEVEL - _student_cdf(t, freedom)) / density
        t += step
    return t


def _student_cdf(t: float, freedom: int) -> float:
    # Abramowitz & Stegun 26.7.3 and 26.7.4.
    theta = math.atan(t / math.sqrt(freedom))
    cosine, sine = math.cos(theta), math.sin(theta)
    if freedom == 1:
        return 0.5 + theta / math.pi
    total = term = 1.0 if freedom % 2 == 0 else cosine
    for k in range(1 + freedom % 2, freedom - 2, 2):
        term *= cosine * cosine * k / (k + 1)
        total += term
    if freedom % 2 == 0:
        return 0.5 + sine * total / 2
    return 0.5 + (theta + sine * total) / math.pi
