"""Packs the speech of a channel into windows for a recogniser, and maps their times back to the call."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from speechqa.backends.pieces import ENGINE_RATE, cut_at_quiet, padded, read_16k
from speechqa.core.segment import Segment, Timeline
from speechqa.core.value import Value
from speechqa.protocols import CallAudio, Samples

WINDOW_S = 29.5
"""Seconds of a window at most; Whisper hears 30 s at a time, whatever is in them."""
_READ_S = 600.0
"""Seconds of unbroken speech that are read at once: hours of it, as noise may be taken for, are gigabytes."""


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
    longest_s: float = WINDOW_S,
    pause_s: float = 0.5,
    pad_s: float = 0.1,
) -> Iterator[Window]:
    """The speech of a channel in windows of at most `longest_s` seconds, in order of time.

    Between two stretches lies digital silence as long as the pause was, at most `pause_s` seconds. Sound
    further than `pad_s` from speech is never read. Longer stretches are cut where they are quietest.
    No more windows than need be, and these about equally full: the last is no stub without context, and
    windows decoded together end together.
    """
    level_s = _level(padded(speech, pad_s, audio.duration), longest_s, pause_s)
    sounds: list[Samples] = []
    places: list[Placed] = []
    filled = 0.0
    for stretch, sound in _stretches(audio, channel, speech, longest_s, pad_s):
        pause = min(pause_s, max(0.0, stretch.start - places[-1].call.end)) if places else 0.0
        if places and filled + pause + stretch.duration > level_s:
            yield Window(np.concatenate(sounds), tuple(places))
            sounds, places, filled, pause = [], [], 0.0, 0.0
        silence = np.zeros(round(pause * ENGINE_RATE), dtype=np.float32)
        begin = filled + silence.size / ENGINE_RATE
        filled = begin + sound.size / ENGINE_RATE
        sounds += [silence, sound]
        places.append(Placed(packed=Segment(begin, filled), call=stretch))
    if places:
        yield Window(np.concatenate(sounds), tuple(places))


def _level(stretches: Sequence[Segment], longest_s: float, pause_s: float) -> float:
    """The length, to a second, to which windows are filled so that there are as few as at `longest_s`."""
    low, high = 0, math.ceil(longest_s)
    fewest = _needed(stretches, longest_s, longest_s, pause_s)
    while high - low > 1:
        middle = (low + high) // 2
        if _needed(stretches, middle, longest_s, pause_s) > fewest:
            low = middle
        else:
            high = middle
    return min(float(high), longest_s)


def _needed(stretches: Sequence[Segment], level_s: float, longest_s: float, pause_s: float) -> int:
    """How many windows there are if each is filled to `level_s`; of what is longer, about how many."""
    count, filled, end = 0, math.inf, 0.0
    for stretch in stretches:
        pause = min(pause_s, stretch.start - end)
        parts = math.ceil(stretch.duration / longest_s)
        for _ in range(parts):
            part_s = stretch.duration / parts
            if filled + pause + part_s > level_s:
                count, filled, pause = count + 1, 0.0, 0.0
            filled += pause + part_s
            pause = 0.0
        end = stretch.end
    return count


def _stretches(
    audio: CallAudio, channel: int, speech: Timeline, longest_s: float, pad_s: float
) -> Iterator[tuple[Segment, Samples]]:
    for segment in padded(speech, pad_s, audio.duration):
        begin, more = segment.start, True
        while more:
            more = segment.end - begin > _READ_S
            sound = read_16k(audio, channel, Segment(begin, begin + _READ_S if more else segment.end))
            more = more and sound.size > longest_s * ENGINE_RATE  # a channel may end before the call does
            *parts, rest = cut_at_quiet(sound, longest_s)
            # Where there is more the last part goes on: it is read again with what follows.
            for first, last in parts if more else (*parts, rest):
                if last > first:
                    start = begin + first / ENGINE_RATE
                    yield Segment(start, begin + last / ENGINE_RATE), sound[first:last]
            begin += rest[0] / ENGINE_RATE
