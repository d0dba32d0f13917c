"""Rank correlations of short series whose neighbours are alike, with what they honestly rest on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NORMAL = NormalDist()
Z = _NORMAL.inv_cdf(0.975)
_FIELLER = 1.06  # variance of Fisher's z of a rank correlation, times n - 3 (Fieller, Hartley & Pearson 1957)
_MOST_ALIKE = 0.9
_FARTHEST = 400  # from here on a pair of values has at most .9 ** 400 = 5e-19 in common
_TINY = 1e-12


def two_sided(z: float) -> float:
    """The chance of a standard normal value at least this far from zero."""
    return math.erfc(abs(z) / math.sqrt(2))


def ranks(values: Floats) -> Floats:
    """Ranks from 0 on, their middle where values are equal but for rounding."""
    even = np.round(values, 9)
    _, place, counts = np.unique(even, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle: Floats = (last - (counts + 1) / 2).astype(np.float64)[place]
    return middle


def straightened(values: Floats, times: Floats) -> Floats:
    """Values less their own straight course over time."""
    at = times - times.mean()
    spread = float((at**2).sum())
    slope = float((at * values).sum()) / spread if spread > _TINY else 0.0
    left: Floats = values - values.mean() - slope * at
    return left


def likeness(values: Floats) -> float:
    """How alike neighbours in a straightened series are: lag-one correlation, its bias undone.

    Taking a straight line out of `n` values lowers it by about (2 + 4 r) / n (after Kendall 1954).
    """
    n = len(values)
    centred = values - values.mean()
    power = float((centred**2).sum())
    if n < 4 or power < _TINY:
        return 0.0
    found = float((centred[1:] * centred[:-1]).sum()) / power
    return min(_MOST_ALIKE, max(0.0, (found * n + 2) / (n - 4) if n > 4 else found))


def effective_n(left: Ints, right: Ints, alike_left: float, alike_right: float) -> float:
    """How many independent pairs correlate as loosely as these do by chance (Clifford et al. 1989).

    Parameters
    ----------
    left, right : array of int, shape (n,)
        Which value of each series stands in each pair; one value may stand in several. Neither ever falls.
    alike_left, alike_right : float
        `likeness` of each series.
    """
    at_left, at_right = (np.power(alike, np.arange(_FARTHEST + 1)) for alike in (alike_left, alike_right))
    total = float(len(left))
    for lag in range(1, min(_FARTHEST, len(left) - 1) + 1):
        apart_left, apart_right = (np.abs(line[lag:] - line[:-lag]) for line in (left, right))
        near = (apart_left <= _FARTHEST) & (apart_right <= _FARTHEST)
        total += 2 * float((at_left[apart_left[near]] * at_right[apart_right[near]]).sum())
    return len(left) ** 2 / total


def alike_power(values: Floats, alike: float) -> float:
    """How many times the variance of a weighted sum is, with neighbours alike, what it would be without.

    The sum over all pairs of ``values[i] * values[j] * alike ** abs(i - j)``, over that of the squares; 1
    where all values are zero. `alike` as of `likeness`.
    """
    power = float((values**2).sum())
    if power <= 0:
        return 1.0
    lags = range(1, min(_FARTHEST, len(values) - 1) + 1)
    return 1 + 2 * sum(alike**lag * float(values[lag:] @ values[:-lag]) for lag in lags) / power


def correlation(
    left: Floats, right: Floats, n: float, *, controls: int = 0
) -> tuple[float, float, float, float]:
    """Correlation of two series with its 95 % interval and two-sided p, by Fisher's z.

    Parameters
    ----------
    n : float
        Independent pairs it rests on.
    controls : int
        What was taken out of both beforehand.
    """
    a, b = left - left.mean(), right - right.mean()
    power = math.sqrt(float((a**2).sum()) * float((b**2).sum()))
    found = float((a * b).sum()) / power if power > _TINY else 0.0
    at = math.atanh(max(-0.9999, min(0.9999, found)))
    error = math.sqrt(_FIELLER / max(1.0, n - 3 - controls))
    return found, math.tanh(at - Z * error), math.tanh(at + Z * error), two_sided(at / error)


def partial(left: Floats, right: Floats, control: Floats) -> tuple[Floats, Floats]:
    """Both series less what a third tells of them."""
    third = control - control.mean()
    power = float((third**2).sum())

    def less(values: Floats) -> Floats:
        slope = float((third * values).sum()) / power if power > _TINY else 0.0
        rest: Floats = values - values.mean() - slope * third
        return rest

    return less(left), less(right)


def holm(chances: Sequence[float], level: float = 0.05) -> list[bool]:
    """Which of several p hold when all are taken together (Holm 1979).

    Examples
    --------
    >>> holm([0.04, 0.001, 0.3])
    [False, True, False]
    """
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    held = [False] * len(chances)
    for place, index in enumerate(order):
        if chances[index] > level / (len(chances) - place):
            break
        held[index] = True
    return held


def student_z(t: float, freedom: float) -> float:
    """Student's t as the normal value of equal chance, to about 0.02 from 4 degrees on (Wallace 1959)."""
    size = (8 * freedom + 1) / (8 * freedom + 3) * math.sqrt(freedom * math.log1p(t * t / freedom))
    return math.copysign(size, t)


def student_t(z: float, freedom: float) -> float:
    """The inverse of `student_z`.

    Examples
    --------
    >>> round(student_t(1.96, 10), 2)
    2.23
    """
    size = z * (8 * freedom + 3) / (8 * freedom + 1)
    return math.copysign(math.sqrt(freedom * math.expm1(size * size / freedom)), z)
