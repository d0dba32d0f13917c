"""Turns of two voices with the pitch and level of each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speechqa.acoustics.nuclei import count_nuclei
from speechqa.acoustics.pitch import FEATURES, VoicedFrames
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


def voiced_turns(
    voices: Mapping[str, VoicedFrames], speech: Mapping[str, Timeline]
) -> tuple[VoicedTurn, ...]:
    """Turns of the parties in `voices`, in order of time, their rate counted in syllable nuclei.

    Voice under another's talk is left out: on a telephone it carries the other's echo, and who is talked over
    raises the voice for that alone. Talk with less than `MIN_VOICED_S` of voice left is no turn and parts
    none.

    Parameters
    ----------
    voices : mapping of str to VoicedFrames
        The voice of each party.
    speech : mapping of str to Timeline
        When each party talks, by the same keys and more.
    """
    voices = {party: frames.sure() for party, frames in voices.items()}
    units: list[tuple[Segment, str, NDArray[np.intp], float]] = []
    own = {party: float(np.median(found.level_db)) for party, found in voices.items() if len(found.times)}
    for party in own:
        others = union(s for other, line in speech.items() if other != party for s in line)
        frames = voices[party]
        for unit in union(speech.get(party, ()), bridge_s=_BRIDGE_S):
            alone = difference((unit,), others)
            chosen = _frames_in(frames.times, alone)
            if len(chosen) * frames.hop_s >= MIN_VOICED_S:
                spoken = seconds(intersection(alone, speech[party]))
                units.append((unit, party, chosen, spoken))
    units.sort(key=lambda unit: (unit[0].start, unit[0].end, unit[1]))
    turns: list[VoicedTurn] = []
    for party, run in groupby(units, key=lambda unit: unit[1]):
        found = list(run)
        frames, rows = voices[party], np.concatenate([chosen for _, _, chosen, _ in found])
        spoken = sum(spoken for *_, spoken in found)
        nuclei = count_nuclei(frames.times[rows], frames.level_db[rows], frames.hop_s)
        turns.append(
            VoicedTurn(
                party=party,
                start=found[0][0].start,
                end=max(unit.end for unit, *_ in found),
                voiced_s=round(len(rows) * frames.hop_s, 3),
                f0_st=float(np.median(frames.values[rows, _F0])),
                level_db=float(np.median(frames.level_db[rows])) - own[party],
                rate=round(nuclei / spoken, 3) if nuclei >= MIN_NUCLEI else None,
            )
        )
    return tuple(turns)


def _frames_in(times: NDArray[np.float64], stretches: Timeline) -> NDArray[np.intp]:
    parts = [np.arange(*np.searchsorted(times, [s.start, s.end])) for s in stretches]
    return np.concatenate([np.zeros(0, np.intp), *parts])
