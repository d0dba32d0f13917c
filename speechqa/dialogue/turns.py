"""Turns out of the words of each channel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from speechqa.core.transcript import Turn, Word
from speechqa.dialogue.wording import flatten, is_listening

PAUSE_S: Final = 1.0
"""A longer pause ends a turn."""
GAP_S: Final = 0.2
"""In a pause from this length on the other party can take the floor."""


def build_turns(
    channels: Sequence[Sequence[Word]],
    parties: Sequence[str | None],
    *,
    shared_channel: int | None = None,
) -> tuple[Turn, ...]:
    """Turns of a call, in order of time, from words per channel or per voice.

    A turn ends at a pause over `PAUSE_S`, or where the other takes the floor between two words; a listener's
    token of the other ("mm", "כן כן הבנתי") breaks nothing. Words are attributed one by one, by the channel
    they were heard on or, on a shared one, by voice. Every word goes into exactly one turn.

    Parameters
    ----------
    channels : sequence of sequence of Word
        Words of each channel, or of each voice, in order of time. A channel whose words have no times makes
        one turn.
    parties : sequence of str or None
        Party of each, None where parties cannot be told apart; speakers are `unknown` until roles are
        assigned.
    shared_channel : int, optional
        The channel that all words were heard on, where they are given by voice.

    Returns
    -------
    tuple of Turn
        Sorted by start, then channel; turns without times come last.
    """
    runs = [_by_pause(words) for words in channels]
    talk = [
        sorted(
            (run[0].start, max(w.end for w in run if w.end is not None))
            for run in line
            if run[0].start is not None and not is_listening(flatten(w.text for w in run))
        )
        for line in runs
    ]
    turns: list[Turn] = []
    for channel, line in enumerate(runs):
        others = sorted(span for k, spans in enumerate(talk) if k != channel for span in spans)
        party = parties[channel] if channel < len(parties) else None
        heard_on = channel if shared_channel is None else shared_channel
        turns.extend(_turn(piece, heard_on, party) for run in line for piece in _by_floor(run, others))
    return tuple(
        sorted(
            turns,
            key=lambda t: (t.start is None, t.start or 0.0, t.channel or 0, t.party or "", t.end or 0.0),
        )
    )


def _by_pause(words: Sequence[Word]) -> list[list[Word]]:
    runs: list[list[Word]] = []
    latest = 0.0
    for word in words:
        known = word.start is not None and bool(runs) and runs[-1][-1].end is not None
        if not runs or (known and word.start is not None and word.start - latest > PAUSE_S):
            runs.append([])
        runs[-1].append(word)
        latest = max(latest, word.end or latest)
    return runs


def _by_floor(run: list[Word], others: Sequence[tuple[float, float]]) -> list[list[Word]]:
    parts = [[run[0]]]
    k = 0
    for left, right in pairwise(run):
        if left.end is not None and right.start is not None and right.start - left.end >= GAP_S:
            while k < len(others) and others[k][1] <= left.end:
                k += 1
            # Only talk that both begins and ends in the pause takes the floor and gives it back.
            if k < len(others) and others[k][0] >= left.end and others[k][1] <= right.start:
                parts.append([])
        parts[-1].append(right)
    return parts


def _turn(words: Sequence[Word], channel: int, party: str | None) -> Turn:
    starts = [word.start for word in words if word.start is not None]
    ends = [word.end for word in words if word.end is not None]
    whole = len(starts) == len(words)
    return Turn(
        speaker="unknown",
        text=" ".join(word.text.strip() for word in words),
        party=party,
        channel=channel,
        start=min(starts) if whole else None,
        end=max(ends) if whole else None,
        words=tuple(words),
    )
