"""Which of the voices on a shared channel said a word or a turn; the words themselves are no evidence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from speechqa.core.segment import Segment, Timeline, intersection, seconds
from speechqa.core.transcript import Turn, Word

NEAR_S: Final = 0.5
"""A turn with no speech under it belongs to a voice this near."""
DOMINANT: Final = 0.7
"""Share of a turn's time that one voice must have for the turn to be its own."""
STRAY_GAP_S: Final = 0.3
"""Words that follow each other within this are said in one go."""
STRAY_SURE: Final = 0.8
"""A single word between words of another voice, all said in one go, stands if this much of it is its own
voice's."""


def voices_of_words(words: Sequence[Word], voices: Sequence[Timeline]) -> tuple[int | None, ...]:
    """Index of the voice that says each word; None for a word without times.

    A word belongs to the voice at its middle, or to the nearest one where nobody speaks there; where several
    do, to the one with most of the word. A single word that lies between words of another voice without a
    pause, and is not clearly its own voice's, goes with them: borders between voices are good to about 0.1 s.

    Parameters
    ----------
    words : sequence of Word
        In order of time.
    voices : sequence of Timeline
        At least one, not all empty.
    """
    found = [_voice_of(word, voices) for word in words]
    runs = [list(run) for _, run in groupby(range(len(words)), key=lambda index: found[index])]
    for before, run, after in zip(runs, runs[1:], runs[2:], strict=False):
        (index, *more) = run
        around = found[before[-1]]
        if more or around is None or around != found[after[0]] or found[index] is None:
            continue
        if _in_one_go(words[before[-1]], words[index], words[after[0]]) and not _clearly(
            words[index], voices, found[index]
        ):
            found[index] = around
    return tuple(found)


def voice_of_turn(turn: Turn, voices: Sequence[Timeline]) -> int | None:
    """Index of the voice that has most of a turn's time, None where none clearly has."""
    segment = turn.segment
    if segment is None:
        return None
    times = [
        Segment(word.start, word.end)
        for word in turn.words
        if word.start is not None and word.end is not None and word.end > word.start
    ]
    spans: Timeline = tuple(sorted(times)) if len(times) == len(turn.words) and times else (segment,)
    under = [sum(seconds(intersection(voice, (span,))) for span in spans) for voice in voices]
    total = sum(under)
    if total <= 0:
        away, nearest = min(
            (_away(voice, (segment.start + segment.end) / 2), k) for k, voice in enumerate(voices)
        )
        return nearest if away <= NEAR_S + segment.duration / 2 else None
    best = max(range(len(voices)), key=lambda k: under[k])
    return best if under[best] >= DOMINANT * total else None


def _voice_of(word: Word, voices: Sequence[Timeline]) -> int | None:
    if word.start is None or word.end is None:
        return None
    middle = (word.start + word.end) / 2
    away = [_away(voice, middle) for voice in voices]
    nearest = min(away)
    candidates = [k for k, distance in enumerate(away) if distance == nearest]
    if len(candidates) == 1:
        return candidates[0]
    return max(candidates, key=lambda k: (_share(word, voices[k]), -k))


def _away(voice: Timeline, time: float) -> float:
    """Seconds from a time to the voice's nearest speech; infinite for a voice without any."""
    place = bisect_right(voice, time, key=lambda segment: segment.start)
    gaps = [max(0.0, time - voice[place - 1].end)] if place else []
    if place < len(voice):
        gaps.append(voice[place].start - time)
    return min(gaps, default=float("inf"))


def _share(word: Word, voice: Timeline) -> float:
    assert word.start is not None
    assert word.end is not None
    length = word.end - word.start
    return seconds(intersection(voice, (Segment(word.start, word.end),))) / length if length > 0 else 0.0


def _clearly(word: Word, voices: Sequence[Timeline], voice: int | None) -> bool:
    return voice is not None and _share(word, voices[voice]) >= STRAY_SURE


def _in_one_go(left: Word, middle: Word, right: Word) -> bool:
    if left.end is None or middle.start is None or middle.end is None or right.start is None:
        return False
    return middle.start - left.end <= STRAY_GAP_S and right.start - middle.end <= STRAY_GAP_S
