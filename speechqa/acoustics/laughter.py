"""Laughter among voiced frames: bursts of one vowel at an even pace."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LEAST = 4  # bursts; three alike in a row are found in speech
_BURST_S = (0.04, 0.25)
_PACE_S = (0.12, 0.35)  # from one burst's start to the next
_EVEN = 1.5  # one such distance over another, at most
_ALIKE = np.array([2.5, 3.0, 75.0])  # deviation over the bursts of alpha ratio, Hammarberg index, centroid


class _Burst(NamedTuple):
    first: int
    last: int
    start: float
    length: float


def laughed(times: Floats, spectrum: Callable[[int, int], Floats], hop_s: float) -> NDArray[np.bool_]:
    """Which voiced frames are laughter.

    Parameters
    ----------
    times : array, shape (n,)
        Middles of voiced frames in seconds, in order.
    spectrum : callable
        Given the first and the last (exclusive) of frames that follow each other without a gap, their alpha
        ratio, Hammarberg index and centroid, a row a frame.
    hop_s : float
        Distance of neighbouring frames.

    Notes
    -----
    A laugh is at least four voiced bursts of 40 to 250 ms, each beginning 120 to 350 ms after the one before,
    at distances within a factor of 1.5 of each other, and of one vowel: alpha ratio, Hammarberg index and
    centroid vary less between bursts than from one syllable to the next. Laughter without voice has no frames
    here, and a laugh of fewer bursts is not told from syllables.

    References
    ----------
    Bachorowski, Smoski & Owren (2001), The acoustic features of human laughter, doi:10.1121/1.1391244.
    """
    found = np.zeros(len(times), np.bool_)
    for run in _even_runs(_bursts(times, hop_s)):
        means = np.stack([spectrum(one.first, one.last).mean(axis=0) for one in run])
        if (means.std(axis=0) < _ALIKE).all():
            found[run[0].first : run[-1].last] = True
    return found


def _bursts(times: Floats, hop_s: float) -> list[_Burst]:
    if len(times) == 0:
        return []
    edges = [0, *(np.flatnonzero(np.diff(times) > 1.5 * hop_s) + 1).tolist(), len(times)]
    return [
        _Burst(first, last, float(times[first]), float(times[last - 1] - times[first]) + hop_s)
        for first, last in pairwise(edges)
    ]


def _even_runs(bursts: list[_Burst]) -> list[list[_Burst]]:
    """Rows of short bursts at an even pace, enough of them."""
    runs: list[list[_Burst]] = [[]]
    for burst in bursts:
        if not _BURST_S[0] <= burst.length <= _BURST_S[1]:
            runs.append([])
        elif not runs[-1] or _goes_on(runs[-1], burst):
            runs[-1].append(burst)
        else:
            runs.append([burst])
    return [run for run in runs if len(run) >= _LEAST]


def _goes_on(run: list[_Burst], burst: _Burst) -> bool:
    steps = [after.start - before.start for before, after in pairwise([*run, burst])]
    paced = _PACE_S[0] <= steps[-1] <= _PACE_S[1]
    return paced and max(steps) <= _EVEN * min(steps)
