"""Where in a recording the numbers are said that a transcript no longer holds."""

from __future__ import annotations

from typing import Final, NamedTuple

from speechqa.core.masks import MASK
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.transcript import Transcript, Turn

MARGIN_S: Final = 0.25
"""Seconds bleeped before and after a masked word: recognisers place the edges of words no better."""


class MaskedSound(NamedTuple):
    """Stretches of a call in which masked numbers are said, and how many masks have no time at all."""

    stretches: Timeline
    unplaced: int


def masked_sound(transcript: Transcript) -> MaskedSound:
    """Where masked numbers are said, in seconds, with a margin of `MARGIN_S`.

    A mask is found by the word that stands for it; where the words of a turn do not hold it, the whole turn
    is taken. It counts on every channel, for one party is often heard on the other's.

    Examples
    --------
    >>> from speechqa.core.transcript import Word
    >>> words = (Word(text="is", start=1.0, end=1.2), Word(text="[card]", start=1.25, end=4.0))
    >>> turn = Turn(speaker="customer", text="is [card]", start=1.0, end=4.0, words=words)
    >>> masked_sound(Transcript(language="en", engine="e", turns=(turn, Turn(speaker="a", text="[id]"))))
    MaskedSound(stretches=(Segment(start=1.0, end=4.25),), unplaced=1)
    """
    found: list[Segment] = []
    unplaced = 0
    for turn in transcript.turns:
        placed = _words(turn)
        missing = max(_masks(turn.text), sum(_masks(word.text) for word in turn.words)) - len(placed)
        found.extend(placed)
        if missing > 0 and turn.segment is not None:
            found.append(turn.segment)
        elif missing > 0:
            unplaced += missing
    for refused in transcript.rejected:
        if not _masks(refused.text):
            continue
        if refused.start is None or refused.end is None:
            unplaced += 1
        else:
            found.append(Segment(refused.start, refused.end))
    return MaskedSound(union(segment.widened(MARGIN_S) for segment in found), unplaced)


def _words(turn: Turn) -> list[Segment]:
    """A stretch for each mask that stands in a word with a time."""
    return [
        Segment(word.start, word.end)
        for word in turn.words
        if word.start is not None and word.end is not None
        for _ in range(_masks(word.text))
    ]


def _masks(text: str) -> int:
    return len(MASK.findall(text)) if "[" in text else 0
