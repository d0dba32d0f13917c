"""Voiced frames of one speaker: pitch and spectrum, read piece by piece."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
from numpy.typing import NDArray

from speechqa.acoustics.frames import SURE, Floats, SpooledFrames, VoicedFrames, pieces
from speechqa.acoustics.laughter import laughed
from speechqa.acoustics.spectrum import spectral_frames
from speechqa.core.segment import Segment, Timeline, union
from speechqa.protocols import CallAudio, PitchTracker, Samples

_PIECE_S = 10.0
_MARGIN_S = 0.1
_BRIDGE_S = 0.3
_VOICELESS, _VOICED = 0.4, 0.6  # a hard limit would turn on rounding errors
_LEVEL = 0.1
_HISS = np.float32(3e-4)  # fills the bands a telephone leaves empty: there the tracker hears rounding errors
_NEAR_DB = 30.0  # voicing much weaker than the piece's own is room or line, not this speaker
_OVER_NOISE_DB = 6.0  # voices behind the speaker have pitch too
_ALWAYS_DB = 12.0
_TINY = 1e-12


def at_one_level(samples: Samples) -> tuple[Samples, float] | None:
    """Sound at a root mean square of 0.1, and by how many dB it was raised; None where it is silent."""
    clean = np.nan_to_num(samples, posinf=0.0, neginf=0.0).astype(np.float64)
    level = float(np.sqrt((clean**2).mean())) if len(clean) else 0.0
    if level < _TINY:
        return None
    return (clean * (_LEVEL / level)).astype(np.float32), float(20 * np.log10(_LEVEL / level))


def voiced_frames(audio: CallAudio, channel: int, speech: Timeline, pitch: PitchTracker) -> SpooledFrames:
    """Pitch and spectrum of every voiced frame inside `speech`, in pieces of at most 10 s.

    Every piece is brought to one level first, so that gain changes nothing. Laughter is left out.
    """
    hop_s = pitch.hop_s
    found = SpooledFrames(hop_s)
    for piece in _pieces(speech):
        begin = max(0.0, piece.start - _MARGIN_S)
        leveled = at_one_level(audio.read(channel, begin, piece.end + _MARGIN_S))
        if leveled is None:
            continue
        even, gain_db = leveled
        hertz, voicing = pitch.track(even + _HISS * _noise(len(even)), audio.sample_rate)
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
        found.add(
            VoicedFrames(
                times=clock[good],
                values=np.column_stack([semitones, spectrum])[good],
                weights=sure[good],
                level_db=loud[good] - gain_db,
                hop_s=hop_s,
            )
        )
    return _without_laughter(found)


def _without_laughter(found: SpooledFrames) -> SpooledFrames:
    times = found.times
    rather = np.flatnonzero(found.weights >= SURE)
    known = times[rather]

    def spectrum(first: int, last: int) -> Floats:
        # Those of one burst follow each other without a gap.
        return np.ascontiguousarray(found.rows(rather[first], rather[last - 1] + 1).values[:, 1:4])

    laughing = _as_last(times, known, laughed(known, spectrum, found.hop_s))
    if not laughing.any():
        return found
    kept = SpooledFrames(found.hop_s)
    at = 0
    for some in pieces(found):
        kept.add(some.chosen(~laughing[at : at + len(some.times)]))
        at += len(some.times)
    found.close()
    return kept


def _noise(frames: int) -> NDArray[np.float32]:
    """White noise, the same each time; drawn once for pieces of about one length."""
    return _drawn(1 << max(frames, 1).bit_length())[:frames]


@cache
def _drawn(frames: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal(frames).astype(np.float32)


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
