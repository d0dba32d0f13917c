"""Turns of two voices with the pitch and level of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

import numpy as np

from speechqa.acoustics.frames import FEATURES, SURE, Frames, VoicedFrames, joined, pieces, places
from speechqa.acoustics.nuclei import count_nuclei
from speechqa.core.segment import Segment, Timeline, difference, intersection, seconds, union
from speechqa.core.value import Value

MIN_VOICED_S: Final = 0.3
"""Talk with less voice is no turn: a listener's token, or too little to measure."""
MIN_NUCLEI: Final = 5
"""A turn with fewer says more of its one word than of how fast it is spoken."""
_BRIDGE_S: Final = 0.3
_F0 = FEATURES.index("f0_st")


class VoicedTurn(Value, frozen=True, kw_only=True):
    """One party's talk until the other takes over; seconds on the call's clock.

    `f0_st` and `level_db` are medians over the turn's voiced frames: semitones over 1 Hz, and dB over the
    party's own median in the call. `rate` is in syllables a second of speech, None where it is not known.
    """

    party: str
    start: float
    end: float
    voiced_s: float
    f0_st: float
    level_db: float
    rate: float | None = None


def voiced_turns(voices: Mapping[str, Frames], speech: Mapping[str, Timeline]) -> tuple[VoicedTurn, ...]:
    """Turns of the parties in `voices`, in order of time, their rate counted in syllable nuclei.

    Voice under another's talk is left out: on a telephone it carries the other's echo, and who is talked over
    raises the voice for that alone. Talk with less than `MIN_VOICED_S` of voice left is no turn and parts
    none.

    Parameters
    ----------
    voices : mapping of str to Frames
        The voice of each party.
    speech : mapping of str to Timeline
        When each party talks, by the same keys and more.
    """
    units: list[tuple[Segment, str, Timeline, float]] = []
    own: dict[str, float] = {}
    for party, frames in voices.items():
        sure = frames.weights >= SURE
        if not sure.any():
            continue
        own[party] = float(np.median(np.concatenate([some.sure().level_db for some in pieces(frames)])))
        others = union(s for other, line in speech.items() if other != party for s in line)
        for unit in union(speech.get(party, ()), bridge_s=_BRIDGE_S):
            alone = difference((unit,), others)
            count = sum(np.count_nonzero(sure[slice(*places(frames.times, s))]) for s in alone)
            if count * frames.hop_s >= MIN_VOICED_S:
                spoken = seconds(intersection(alone, speech[party]))
                units.append((unit, party, alone, spoken))
    units.sort(key=lambda unit: (unit[0].start, unit[0].end, unit[1]))
    turns: list[VoicedTurn] = []
    for party, run in groupby(units, key=lambda unit: unit[1]):
        found = list(run)
        frames = _sure_in(voices[party], [stretch for _, _, alone, _ in found for stretch in alone])
        spoken = sum(spoken for *_, spoken in found)
        nuclei = count_nuclei(frames.times, frames.level_db, frames.hop_s)
        turns.append(
            VoicedTurn(
                party=party,
                start=found[0][0].start,
                end=max(unit.end for unit, *_ in found),
                voiced_s=round(len(frames.times) * frames.hop_s, 3),
                f0_st=float(np.median(frames.values[:, _F0])),
                level_db=float(np.median(frames.level_db)) - own[party],
                rate=round(nuclei / spoken, 3) if nuclei >= MIN_NUCLEI else None,
            )
        )
    return tuple(turns)


def _sure_in(frames: Frames, stretches: Iterable[Segment]) -> VoicedFrames:
    return joined([frames.within(stretch).sure() for stretch in stretches], frames.hop_s)
