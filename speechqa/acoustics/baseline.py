"""A speaker's calm level, and how far a stretch of voice lies over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from speechqa.acoustics.frames import FEATURES, Frames, VoicedFrames
from speechqa.core.stress import StressBaseline

Floats = NDArray[np.float64]

DEVIATIONS: Floats = np.array([1.35, 1.6, 2.25, 56.0, 0.05])
"""What each feature varies by within calm speech of one speaker; semitones, dB, dB, Hz, distance."""

_SIGNS: Floats = np.array([1.0, -1.0, -1.0, 1.0, 1.0])  # arousal raises pitch and moves energy upwards
_WEIGHTS: Floats = np.array([0.5, 0.125, 0.125, 0.125, 0.125])
_UNIT_S = 1.5
_TRIMMED = 0.05  # of the pitch at each end: octave errors lie there

_USUAL_SPREAD = 1.0  # of calm units, in the call recordings that were measured
_USUAL_COUNTS = 10.0  # as many units as the usual spread counts for against the speaker's own
_AROUSED_SHARES = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
_AROUSED_SCALE = 2.0  # half the mean height of aroused units over calm ones
_LOW_SHARE, _LOW_BELOW = 0.05, 2.0  # units that lie low: whispered, creaking, mumbled
_NEVER = 1e-3
_STEP, _MOST_STEPS = 0.05, 1000


def summary(frames: VoicedFrames) -> Floats:
    """One row for a stretch: the mean of each feature, of pitch without its highest and lowest twentieth."""
    order = np.argsort(frames.values[:, 0], kind="stable")
    weights = frames.weights[order]
    until = np.cumsum(weights) / weights.sum()
    # What each frame keeps of its weight between the two limits: a frame may lie on one of them.
    shares = np.diff(np.clip(until, _TRIMMED, 1 - _TRIMMED), prepend=_TRIMMED)
    pitch = shares @ frames.values[order, 0] / shares.sum()
    return np.concatenate(([pitch], frames.weights @ frames.values[:, 1:] / frames.weights.sum()))


def contributions(row: Floats, calm: Floats, spread: float = 1.0) -> Floats:
    """Each feature's share of arousal, in deviations; their sum is the value."""
    shares: Floats = (row - calm) * _SIGNS / DEVIATIONS * _WEIGHTS / spread
    return shares


def units_of(frames: Frames) -> Floats:
    """Summaries of consecutive stretches of 1.5 s of voice; a short rest joins the stretch before it."""
    if len(frames.times) == 0:
        return np.zeros((0, len(FEATURES)))
    stretches = max(1, round(frames.voiced_s / _UNIT_S))
    weights = frames.weights
    until = np.cumsum(weights) / weights.sum()
    inner = np.searchsorted(until, np.arange(1, stretches) / stretches)
    edges = [0, *inner.tolist(), len(until)]
    return np.stack([summary(frames.rows(a, b)) for a, b in pairwise(edges) if b > a])


def calm_weights(arousal: Floats) -> tuple[Floats, float]:
    """How probably each unit of speech is calm, and by how much the calm ones vary.

    Parameters
    ----------
    arousal : array, shape (n,)
        Of units of speech over any level, in deviations, n at least one.

    Returns
    -------
    array, shape (n,), and float
        Probabilities; the spread, between the speaker's own and the usual one.

    Notes
    -----
    Arousal is taken for a mixture: calm units are normal, a few lie below at random, an unknown share (up to
    0.6) lies above, gamma-distributed. Probabilities are means over all locations and shares, weighted by
    their likelihood with a penalty on the share. Unlike a calmest half the calm level does not sink below a
    speaker who was calm throughout.
    """
    bottom, top = arousal.min() - _USUAL_SPREAD / 2, np.median(arousal) + 1.5 * _USUAL_SPREAD
    grid = np.arange(bottom, top, max(_STEP, (top - bottom) / _MOST_STEPS))
    likelihoods = np.array(
        [
            np.log(density).sum() + np.log(1 - share)
            for location in grid
            for share, (_, density) in zip(_AROUSED_SHARES, _densities(arousal, location), strict=True)
        ]
    )
    likely = np.exp(likelihoods - likelihoods.max()).reshape(len(grid), len(_AROUSED_SHARES))
    # One row of units at a time: all of a long call's at once would be hundreds of megabytes.
    weights = np.zeros(len(arousal))
    for location, row in zip(grid[likely.any(axis=1)], likely[likely.any(axis=1)], strict=True):
        for given, (calm, density) in zip(row, _densities(arousal, location), strict=True):
            weights += given * (calm / density)
    weights /= likely.sum()
    centre = weights @ arousal / weights.sum()
    squares = _USUAL_COUNTS * _USUAL_SPREAD**2 + weights @ (arousal - centre) ** 2
    return weights, float(np.sqrt(squares / (_USUAL_COUNTS + weights.sum())))


def _densities(arousal: Floats, location: float) -> Iterator[tuple[Floats, Floats]]:
    """Density of calm units and of all, at each unit, for each share of aroused ones."""
    over = arousal - location
    normal = np.exp(-0.5 * (over / _USUAL_SPREAD) ** 2) / (_USUAL_SPREAD * np.sqrt(2 * np.pi))
    low = np.where(over < 0, np.exp(np.minimum(over, 0) / _LOW_BELOW) / _LOW_BELOW, _NEVER)
    up = np.maximum(over, 0) / _AROUSED_SCALE
    high = np.maximum(up * np.exp(-up) / _AROUSED_SCALE, _NEVER)
    for share in _AROUSED_SHARES:
        calm = (1 - share) * (1 - _LOW_SHARE) * normal
        yield calm, calm + (1 - share) * _LOW_SHARE * low + share * high


def calm_level(units: Floats) -> tuple[Floats, float]:
    """Where the calm ones among `units` lie, rows as in `FEATURES`, and their spread: see `calm_weights`."""
    weights, spread = calm_weights(contributions(units, np.zeros(len(FEATURES))).sum(axis=1))
    level: Floats = weights @ units / weights.sum()
    return level, spread


def baseline_from(
    found: Iterable[Frames], source: Literal["call", "recordings"] = "recordings"
) -> StressBaseline:
    """The calm level of one speaker over some recordings, calm or not.

    Returns
    -------
    StressBaseline
        As the document shows it: pitch in Hz, the rest in the features' units; with source `none` when
        nothing was voiced.
    """
    kept = [frames for frames in found if len(frames.times)]
    if not kept:
        return StressBaseline(source="none")
    calm, spread = calm_level(np.concatenate([units_of(frames) for frames in kept]))
    voiced = sum(frames.voiced_s for frames in kept)
    features = {"f0_hz": round(float(2 ** (calm[0] / 12)), 3)}
    features |= {name: round(float(calm[column]), 4) for column, name in enumerate(FEATURES) if column}
    return StressBaseline(
        source=source, voiced_seconds=round(voiced, 3), spread=round(spread, 3), features=features
    )


def calm_row(baseline: StressBaseline) -> Floats:
    """The baseline's features in the order of `FEATURES`.

    Raises
    ------
    ValueError
        If a feature is missing or not a positive frequency.
    """
    missing = [name for name in ("f0_hz", *FEATURES[1:]) if name not in baseline.features]
    if missing or not baseline.features["f0_hz"] > 0:
        raise ValueError(f"a baseline needs the features f0_hz, {', '.join(FEATURES[1:])}; lacks {missing}")
    semitones = 12 * np.log2(baseline.features["f0_hz"])
    return np.array([semitones, *(baseline.features[name] for name in FEATURES[1:])], np.float64)
