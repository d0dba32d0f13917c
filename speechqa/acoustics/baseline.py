"""A speaker's calm level, and how far a stretch of voice lies over it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from speechqa.acoustics.pitch import FEATURES, VoicedFrames
from speechqa.core.stress import StressBaseline

Floats = NDArray[np.float64]

DEVIATIONS: Floats = np.array([1.35, 1.6, 2.25, 56.0, 0.05])
"""What each feature varies by within calm speech of one speaker; semitones, dB, dB, Hz, distance."""

_SIGNS: Floats = np.array([1.0, -1.0, -1.0, 1.0, 1.0])  # arousal raises pitch and moves energy upwards
_WEIGHTS: Floats = np.array([0.5, 0.125, 0.125, 0.125, 0.125])
_UNIT_S = 1.5
_ROUNDS = 2


def summary(values: Floats) -> Floats:
    """One row for a stretch: the median of pitch, which has outliers, and the means of the spectrum."""
    return np.concatenate(([np.median(values[:, 0])], values[:, 1:].mean(axis=0)))


def contributions(row: Floats, calm: Floats) -> Floats:
    """Each feature's share of arousal, in deviations; their sum is the value."""
    shares: Floats = (row - calm) * _SIGNS / DEVIATIONS * _WEIGHTS
    return shares


def calm_level(units: Floats) -> Floats:
    """Median of the calmest half of `units`, found twice over; rows as in `FEATURES`."""
    calm: Floats = np.median(units, axis=0)
    for _ in range(_ROUNDS):
        arousal = contributions(units, calm).sum(axis=1)
        calmest = np.argsort(arousal, kind="stable")[: max(1, (len(units) + 1) // 2)]
        calm = np.median(units[calmest], axis=0)
    return calm


def units_of(frames: VoicedFrames) -> Floats:
    """Summaries of consecutive stretches of 1.5 s of voice; a short rest joins the stretch before it."""
    count = len(frames.times)
    if count == 0:
        return np.zeros((0, len(FEATURES)))
    stretches = max(1, round(count * frames.hop_s / _UNIT_S))
    return np.stack([summary(part) for part in np.array_split(frames.values, stretches)])


def baseline_from(
    found: Iterable[VoicedFrames], source: Literal["call", "recordings"] = "recordings"
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
    calm = calm_level(np.concatenate([units_of(frames) for frames in kept]))
    voiced = sum(len(frames.times) * frames.hop_s for frames in kept)
    features = {"f0_hz": round(float(2 ** (calm[0] / 12)), 3)}
    features |= {name: round(float(calm[column]), 4) for column, name in enumerate(FEATURES) if column}
    return StressBaseline(
        source=source,
        voiced_seconds=round(voiced, 3),
        features=features,
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
