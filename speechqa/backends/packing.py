"""Packs the speech of a channel into windows for a recogniser, and maps their times back to the call."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from speechqa.backends.pieces import ENGINE_RATE, cut_at_quiet, padded, read_16k
from speechqa.core.segment import Segment, Timeline
from speechqa.core.value import Value
from speechqa.protocols import CallAudio, Samples


class Placed(Value, frozen=True, kw_only=True):
    """Where a stretch of the call lies in a window; both in seconds, both of the same length."""

    packed: Segment
    call: Segment


class Window:
    """Speech of one channel, packed into one array at 16 kHz, and where each stretch of it came from."""

    __slots__ = ("places", "samples")

    def __init__(self, samples: Samples, places: tuple[Placed, ...]) -> None:
        self.samples = samples
        self.places = places

    @property
    def duration(self) -> float:
        """Seconds of the window."""
        return self.samples.size / ENGINE_RATE

    def to_call(self, start: float, end: float) -> tuple[float, float]:
        """Times of the window as times of the call.

        The stretch that shares most with ``[start, end]``, else the nearest, is home to both ends:
        a word never spans a pause that was cut out.
        """
        home = max(
            self.places,
            key=lambda p: (min(end, p.packed.end) - max(start, p.packed.start), -p.packed.start),
        )
        offset = home.call.start - home.packed.start
        begin = min(max(start, home.packed.start), home.packed.end) + offset
        finish = min(max(end, home.packed.start), home.packed.end) + offset
        return begin, max(begin, finish)


def windows(
    audio: CallAudio,
    channel: int,
    speech: Timeline,
    *,
    longest_s: float = 29.5,
    pause_s: float = 0.5,
    pad_s: float = 0.1,
) -> Iterator[Window]:
    """The speech of a channel in windows of at most `longest_s` seconds, in order of time.

    Between two stretches lies digital silence as long as the pause was, at most `pause_s` seconds. Sound
    further than `pad_s` from speech is never read. Longer stretches are cut where they are quietest.
    """
    sounds: list[Samples] = []
    places: list[Placed] = []
    filled = 0.0
    for stretch, sound in _stretches(audio, channel, speech, longest_s, pad_s):
        pause = min(pause_s, max(0.0, stretch.start - places[-1].call.end)) if places else 0.0
        if places and filled + pause + stretch.duration > longest_s:
            yield Window(np.concatenate(sounds), tuple(places))
            sounds, places, filled, pause = [], [], 0.0, 0.0
        silence = np.zeros(round(pause * ENGINE_RATE), dtype=np.float32)
        begin = filled + silence.size / ENGINE_RATE
        filled = begin + sound.size / ENGINE_RATE
        sounds += [silence, sound]
        places.append(Placed(packed=Segment(begin, filled), call=stretch))
    if places:
        yield Window(np.concatenate(sounds), tuple(places))


def _stretches(
    audio: CallAudio, channel: int, speech: Timeline, longest_s: float, pad_s: float
) -> Iterator[tuple[Segment, Samples]]:
    for segment in padded(speech, pad_s, audio.duration):
        sound = read_16k(audio, channel, segment)
        for first, last in cut_at_quiet(sound, longest_s):
            if last > first:
                start = segment.start + first / ENGINE_RATE
                yield Segment(start, segment.start + last / ENGINE_RATE), sound[first:last]
