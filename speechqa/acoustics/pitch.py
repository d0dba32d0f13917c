"""Voiced frames of one speaker: pitch and spectrum, read piece by piece."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from speechqa.acoustics.laughter import laughed
from speechqa.acoustics.spectrum import FEATURES as SPECTRAL
from speechqa.acoustics.spectrum import spectral_frames
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.value import Value
from speechqa.protocols import CallAudio, PitchTracker, Samples

FEATURES = ("f0_st", *SPECTRAL)
"""Columns of `VoicedFrames.values`; pitch is in semitones over 1 Hz."""

_PIECE_S = 10.0
_MARGIN_S = 0.1
_BRIDGE_S = 0.3
_VOICELESS, _VOICED = 0.4, 0.6  # a hard limit would turn on rounding errors
_LEVEL = 0.1
_HISS = np.float32(3e-4)  # fills the bands a telephone leaves empty: there the tracker hears rounding errors
_SURE = 0.5
_NEAR_DB = 30.0  # voicing much weaker than the piece's own is room or line, not this speaker
_OVER_NOISE_DB = 6.0  # voices behind the speaker have pitch too
_ALWAYS_DB = 12.0
_TINY = 1e-12


class VoicedFrames(Value, frozen=True, kw_only=True):
    """Voiced frames in order of time.

    Attributes
    ----------
    times : array, shape (n,)
        Middles in seconds on the call's clock.
    values : array, shape (n, 5)
        A row a frame, columns as in `FEATURES`.
    weights : array, shape (n,)
        How sure it is that a frame is voiced, in (0, 1]; their sum counts the frames.
    level_db : array, shape (n,)
        Level as recorded, in dB of full scale; no part of arousal, and of use only against the speaker's own.
    hop_s : float
        Seconds of sound each frame stands for.
    """

    times: NDArray[np.float64]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    level_db: NDArray[np.float64]
    hop_s: float

    @property
    def voiced_s(self) -> float:
        """Voiced seconds in all."""
        return float(self.weights.sum()) * self.hop_s

    def sure(self) -> VoicedFrames:
        """The frames that are rather voiced than not, for those who count frames."""
        return self.chosen(self.weights >= _SURE)

    def within(self, stretch: Segment) -> VoicedFrames:
        """The frames of a stretch of the call."""
        first, last = np.searchsorted(self.times, [stretch.start, stretch.end])
        return self.chosen(slice(int(first), int(last)))

    def chosen(self, rows: slice | NDArray[np.bool_]) -> VoicedFrames:
        """Some of the frames, by place or by mask."""
        return VoicedFrames(
            times=self.times[rows],
            values=self.values[rows],
            weights=self.weights[rows],
            level_db=self.level_db[rows],
            hop_s=self.hop_s,
        )


def at_one_level(samples: Samples) -> tuple[Samples, float] | None:
    """Sound at a root mean square of 0.1, and by how many dB it was raised; None where it is silent."""
    clean = np.nan_to_num(samples, posinf=0.0, neginf=0.0).astype(np.float64)
    level = float(np.sqrt((clean**2).mean())) if len(clean) else 0.0
    if level < _TINY:
        return None
    return (clean * (_LEVEL / level)).astype(np.float32), float(20 * np.log10(_LEVEL / level))


def voiced_frames(audio: CallAudio, channel: int, speech: Timeline, pitch: PitchTracker) -> VoicedFrames:
    """Pitch and spectrum of every voiced frame inside `speech`, in pieces of at most 10 s.

    Every piece is brought to one level first, so that gain changes nothing. Laughter is left out.
    """
    hop_s = pitch.hop_s
    times: list[NDArray[np.float64]] = []
    values: list[NDArray[np.float64]] = []
    weights: list[NDArray[np.float64]] = []
    levels: list[NDArray[np.float64]] = []
    for piece in _pieces(speech):
        begin = max(0.0, piece.start - _MARGIN_S)
        leveled = at_one_level(audio.read(channel, begin, piece.end + _MARGIN_S))
        if leveled is None:
            continue
        even, gain_db = leveled
        noise = np.random.default_rng(0).standard_normal(len(even)).astype(np.float32)
        hertz, voicing = pitch.track(even + _HISS * noise, audio.sample_rate)
        at: NDArray[np.float64] = np.asarray(np.arange(len(hertz)) * hop_s, np.float64)
        clock: NDArray[np.float64] = np.asarray(begin + at, np.float64)
        spectrum = spectral_frames(even, audio.sample_rate, at)
        inside = _inside(clock, piece, speech)
        loud = _loudness_db(even, audio.sample_rate, at)
        sure = np.clip((voicing - _VOICELESS) / (_VOICED - _VOICELESS), 0.0, 1.0)
        good = inside & (sure > 0) & (hertz > 0)
        if not good.any():
            continue
        good &= loud >= _faintest_db(loud, np.percentile(loud[good], 90))
        semitones = 12 * np.log2(np.maximum(hertz, 1.0))
        times.append(clock[good])
        values.append(np.column_stack([semitones, spectrum])[good])
        weights.append(sure[good])
        levels.append(loud[good] - gain_db)
    empty = np.zeros(0)
    found = VoicedFrames(
        times=np.concatenate([empty, *times]),
        values=np.concatenate([np.zeros((0, len(FEATURES))), *values]),
        weights=np.concatenate([empty, *weights]),
        level_db=np.concatenate([empty, *levels]),
        hop_s=hop_s,
    )
    known = found.sure()
    laughing = laughed(known.times, known.values[:, 1:], hop_s)
    return found.chosen(~_as_last(found.times, known.times, laughing))


def _as_last(
    times: NDArray[np.float64], known: NDArray[np.float64], marked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Each time marked as the last known one before it, if that is near."""
    if not len(known):
        return np.zeros(len(times), np.bool_)
    last = np.maximum(np.searchsorted(known, times, side="right") - 1, 0)
    found: NDArray[np.bool_] = marked[last] & (np.abs(times - known[last]) <= _BRIDGE_S)
    return found


def _pieces(speech: Timeline) -> list[Segment]:
    pieces: list[Segment] = []
    for segment in union(speech, bridge_s=_BRIDGE_S):
        count = max(1, int(np.ceil(segment.duration / _PIECE_S)))
        edges = np.linspace(segment.start, segment.end, count + 1).tolist()
        pieces.extend(Segment(start, end) for start, end in itertools.pairwise(edges))
    return pieces


def _inside(times: NDArray[np.float64], piece: Segment, speech: Timeline) -> NDArray[np.bool_]:
    inside = np.zeros(len(times), np.bool_)
    for segment in speech:
        common = segment & piece
        if common is not None:
            inside |= (times >= common.start) & (times < common.end)
    return inside


def _faintest_db(loud: NDArray[np.float64], usual_db: float) -> float:
    """The level from which voicing counts, by the piece's usual voiced level and its own pauses.

    Frames within 12 dB of the usual level always count, so that speech without a pause is not thinned out.
    """
    over_noise = float(np.percentile(loud, 10)) + _OVER_NOISE_DB
    return max(usual_db - _NEAR_DB, min(over_noise, usual_db - _ALWAYS_DB))


def _loudness_db(samples: NDArray[np.float32], rate: int, times: NDArray[np.float64]) -> NDArray[np.float64]:
    half = round(0.016 * rate)
    sums = np.concatenate(([0.0], np.cumsum(samples.astype(np.float64) ** 2)))
    middle = np.round(times * rate).astype(np.int64)
    low, high = np.clip(middle - half, 0, len(samples)), np.clip(middle + half, 0, len(samples))
    return np.asarray(10 * np.log10((sums[high] - sums[low]) / (2 * half) + _TINY), np.float64)
