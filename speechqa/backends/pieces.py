"""What engines are given: speech cut into pieces at the rate they need; and words put back in their place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.transcript import Word
from speechqa.protocols import CallAudio, Samples

ENGINE_RATE = 16_000
"""Samples a second that both engines take."""

_QUIET_WINDOW_S = 0.2
_HOP_S = 0.02


def clean(speech: Iterable[Segment], duration: float) -> Timeline:
    """The timeline in order, merged, and cut at the end of the call (seconds)."""
    return union(
        Segment(segment.start, min(segment.end, duration)) for segment in speech if segment.start < duration
    )


def padded(timeline: Timeline, pad_s: float, duration: float) -> tuple[Segment, ...]:
    """Every segment grown by `pad_s` seconds, but never past the middle of the gap to its neighbour."""
    grown = []
    for index, segment in enumerate(timeline):
        before = timeline[index - 1].end if index else -math.inf
        after = timeline[index + 1].start if index + 1 < len(timeline) else math.inf
        start = max(0.0, segment.start - min(pad_s, (segment.start - before) / 2))
        end = min(duration, segment.end + min(pad_s, (after - segment.end) / 2))
        grown.append(Segment(start, max(start, end)))
    return tuple(grown)


def read_16k(audio: CallAudio, channel: int, segment: Segment) -> Samples:
    """The samples of a segment at 16 kHz, finite and in [-1, 1]."""
    samples = np.asarray(audio.read(channel, segment.start, segment.end), dtype=np.float32)
    if samples.size and audio.sample_rate != ENGINE_RATE:
        import soxr

        samples = np.asarray(soxr.resample(samples, audio.sample_rate, ENGINE_RATE), dtype=np.float32)
    finite: Samples = np.clip(np.nan_to_num(samples, posinf=1.0, neginf=-1.0), -1.0, 1.0).astype(np.float32)
    return finite


def level_normalised(samples: Samples, *, target_dbfs: float = -20.0, max_gain_db: float = 30.0) -> Samples:
    """The samples with their loud part (all 20 ms frames within 20 dB of the loudest) at `target_dbfs` RMS.

    The gain is limited so that noise is not raised to the level of speech.
    """
    frame = round(_HOP_S * ENGINE_RATE)
    whole = samples.size // frame * frame
    if whole == 0:
        return samples
    power = np.mean(np.square(samples[:whole].astype(np.float64)).reshape(-1, frame), axis=1)
    loud = power[power >= power.max() * 0.01]
    rms = math.sqrt(float(loud.mean()))
    if rms <= 0.0:
        return samples
    gain = min(10 ** (target_dbfs / 20) / rms, 10 ** (max_gain_db / 20))
    raised: Samples = np.clip(samples * np.float32(gain), -1.0, 1.0).astype(np.float32)
    return raised


def cut_at_quiet(samples: Samples, longest_s: float) -> tuple[tuple[int, int], ...]:
    """Bounds in samples that cut 16 kHz sound into parts of at most `longest_s`, where it is quietest.

    A part is at least half of `longest_s`, unless the whole is shorter.
    """
    longest = round(longest_s * ENGINE_RATE)
    bounds = [0]
    while samples.size - bounds[-1] > longest:
        low = bounds[-1] + longest // 2
        high = bounds[-1] + longest
        # The rest must not become a stub that no recogniser can make sense of.
        high = max(low + 1, min(high, samples.size - longest // 4))
        bounds.append(low + _quietest(samples[low:high]))
    bounds.append(samples.size)
    return tuple(pairwise(bounds))


def _quietest(samples: Samples) -> int:
    window = round(_QUIET_WINDOW_S * ENGINE_RATE)
    if samples.size <= window:
        return samples.size // 2
    energy = np.concatenate(([0.0], np.cumsum(np.square(samples.astype(np.float64)))))
    hop = round(_HOP_S * ENGINE_RATE)
    starts = np.arange(0, samples.size - window + 1, hop)
    return int(starts[int(np.argmin(energy[starts + window] - energy[starts]))]) + window // 2


def word_in_speech(
    text: str, start: float, end: float, confidence: float | None, speech: Sequence[Segment]
) -> Word | None:
    """The word with its time cut to the segment it shares most with; None if it lies in no segment.

    Times are rounded to 1 ms, confidence is forced into [0, 1] or None when it is no number.
    """
    if not text or not (math.isfinite(start) and math.isfinite(end)):
        return None
    shared = [(min(end, s.end) - max(start, s.start), index) for index, s in enumerate(speech)]
    overlap, index = max(shared, key=lambda item: (item[0], -item[1]), default=(-1.0, 0))
    if overlap < 0.0:
        return None
    home = speech[index]
    begin = round(float(min(max(start, home.start), home.end)), 3)
    finish = round(float(max(begin, min(end, home.end))), 3)
    return Word(text=text, start=begin, end=max(begin, finish), confidence=probability(confidence))


def probability(value: float | None) -> float | None:
    """The value as a float in [0, 1] with four digits; None if it is no number."""
    if value is None or not math.isfinite(value):
        return None
    return round(min(1.0, max(0.0, float(value))), 4)


def in_order(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words in order of time; those that start together stay as they were."""
    return tuple(sorted(words, key=lambda word: (word.start or 0.0, word.end or 0.0)))
