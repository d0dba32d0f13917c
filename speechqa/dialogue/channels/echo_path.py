"""The way by which one channel's sound comes into another, learned from the call, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline
from speechqa.dialogue.channels.coherence import (
    AVERAGED,
    BLOCK_S,
    HOP_S,
    TINY,
    Comparison,
    Floats,
    Spectra,
    averaged,
    compared,
    in_pieces,
    power,
    spectra_around,
)
from speechqa.protocols import CallAudio

TAPS: Final = 9
_TAP_HOPS: Final = 2  # a tap each 32 ms: 256 ms behind the delay found, 32 ms before it
_AHEAD: Final = 1
REACH_S: Final = (TAPS - 1 - _AHEAD) * _TAP_HOPS * HOP_S
"""Echoes up to this much behind the delay are covered."""
_LEARNED_OVER_S: Final = 60.0
_LEAST_FRAMES: Final = 30 * TAPS  # 4.3 s
_RIDGE: Final = 0.02
_COHERENT: Final = 0.5
_LEAST_CAP, _MOST_CAP = 1.5, 8.0
_BEFORE: Final = (TAPS - 1) * _TAP_HOPS
_ENOUGH_FRAMES: Final = 800

Taps = NDArray[np.complex64]


def explain(
    audio: CallAudio, target: int, source: int, where: Timeline, delay_s: float, *, below_db: float
) -> Iterator[Comparison]:
    """How much of a channel follows from another by a path learned where the other speaks alone.

    Parameters
    ----------
    where : Timeline
        What to compare; about a minute of it teaches one path, so that a path may change within a call.
    delay_s : float
        By how much the target comes later; what rings up to `REACH_S` longer is covered.
    below_db : float
        The path is learned where the target's level over the source's is below this.

    Notes
    -----
    Each frequency has a short filter over frames (the convolutive transfer function of Talmon, Cohen & Gannot
    2009, doi:10.1109/TASL.2008.2009576), fitted by least squares with each frame weighed by the inverse of
    its power, and damped. What it predicts is then compared as in `coherence.compare`, which lets level and
    phase change every half second, as they do behind a codec; but no more than the path makes credible. A
    plain comparison would miss a room whose echo is longer than its windows.
    """
    taps: Taps | None = None
    for pieces in _groups(where):
        stretches = [_stretch(audio, target, source, piece, delay_s, below_db) for piece in pieces]
        # A path learned from little would fit whatever it was given.
        if sum(int(one.alone.sum()) for one in stretches) >= _LEAST_FRAMES:
            taps = _learned(stretches)
        if taps is None:
            for one in stretches:
                yield compared(one.piece, one.heard, one.direct, one.direct)
            continue
        predicted = [_through(taps, one) for one in stretches]
        most = _credible(stretches, predicted)
        for one, expected in zip(stretches, predicted, strict=True):
            yield compared(one.piece, one.heard, expected, one.direct, most=most)


class _Stretch(NamedTuple):
    """Spectra of both channels over a piece of the call.

    `direct` is the source at the delay, `ratio` the target's power over its, half a second around each frame,
    and `alone` where the source speaks alone.
    """

    piece: Segment
    heard: Spectra
    played: Spectra
    direct: Spectra
    ratio: Floats
    alone: NDArray[np.bool_]


def _stretch(
    audio: CallAudio, target: int, source: int, piece: Segment, delay_s: float, below_db: float
) -> _Stretch:
    heard = spectra_around(audio, target, piece)
    early_s = _AHEAD * _TAP_HOPS * HOP_S
    played = spectra_around(audio, source, piece, late_s=delay_s - early_s, before=_BEFORE)
    direct = _tapped(played, _AHEAD, len(heard))
    here, there = (_around(power(s).sum(axis=1, keepdims=True))[:, 0] for s in (heard, direct))
    ratio = here / (there + TINY)
    return _Stretch(piece, heard, played, direct, ratio, ratio < 10 ** (below_db / 10))


def _groups(where: Timeline) -> Iterator[list[Segment]]:
    group: list[Segment] = []
    for segment in where:
        for piece in in_pieces(segment, BLOCK_S):
            group.append(piece)
            if sum(one.duration for one in group) >= _LEARNED_OVER_S:
                yield group
                group = []
    if group:
        yield group


def _tapped(played: Spectra, tap: int, frames: int) -> Spectra:
    first = _BEFORE - tap * _TAP_HOPS
    return played[first : first + frames]


def _through(taps: Taps, stretch: _Stretch) -> Spectra:
    heard = np.zeros_like(stretch.heard)
    for tap in range(TAPS):
        heard += _tapped(stretch.played, tap, len(heard)) * taps[:, tap]
    return heard


def _learned(stretches: Sequence[_Stretch]) -> Taps:
    bands = stretches[0].heard.shape[1]
    of_source = np.zeros((bands, TAPS, TAPS), np.complex128)
    of_both = np.zeros((bands, TAPS), np.complex128)
    alone = np.concatenate([one.ratio[one.alone] for one in stretches])
    usual = float(np.median(alone))
    every = max(2, alone.size // _ENOUGH_FRAMES)
    for one in stretches:
        frames = len(one.heard)
        # Each frame counts alike however loud, and for little where more is heard than an echo would give, or
        # much less: then the two channels are not what the frame was taken for.
        strength = _around(power(one.heard)) + usual * _around(power(one.direct))
        weight = one.alone[:, None] / (strength + 1e-3 * strength.mean(axis=0) + 1e-14)
        root = np.sqrt(weight[::every]).astype(np.float32)
        rows = np.stack([_tapped(one.played, tap, frames)[::every] * root for tap in range(TAPS)], axis=-1)
        rows = rows.transpose(1, 2, 0)
        of_source += rows.conj() @ rows.transpose(0, 2, 1)
        of_both += (rows.conj() @ (one.heard[::every] * root).T[:, :, None])[..., 0]
    damping = _RIDGE * np.trace(of_source, axis1=1, axis2=2).real / TAPS + 1e-12
    of_source += np.eye(TAPS) * damping[:, None, None]
    taps: Taps = np.linalg.solve(of_source, of_both[..., None])[..., 0].astype(np.complex64)
    return taps


def _around(values: NDArray[np.floating]) -> Floats:
    """Means over half a second, as many as there are values."""
    margin = AVERAGED // 2
    return np.maximum(averaged(np.pad(values, ((margin, margin), (0, 0)), "edge")), 0.0)


def _credible(stretches: Sequence[_Stretch], predicted: Sequence[Spectra]) -> float:
    """How many times what the path predicts an echo may have: more behind a codec than on a plain line."""
    ratios = []
    for one, expected in zip(stretches, predicted, strict=True):
        there, foretold = (power(s).sum(axis=1)[one.alone] for s in (one.heard, expected))
        ratios.append(_smooth(there) / (_smooth(foretold) + TINY))
    every = np.concatenate(ratios)
    return float(np.clip(2 * np.median(every), _LEAST_CAP, _MOST_CAP)) if every.size else _MOST_CAP


def _smooth(values: NDArray[np.floating]) -> Floats:
    return _around(values[:, None])[:, 0] if values.size else np.zeros(0)
