"""What a row of tones says: ringing, a busy line, beeps of a queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, Literal

from speechqa.acoustics.tones import Tone, same_pitch
from speechqa.core.segment import Segment, Timeline, intersection, seconds
from speechqa.core.value import Value

CADENCE_S: Final = 6.5
"""Longest pause inside a cadence; the longest ringing pause of any country is 5 s."""
BEEPS_S: Final = 31.0
"""Longest pause between the beeps that tell a waiting caller the line is alive."""
REGULAR: Final = 0.15
"""Pauses this far apart, as a share, are one length."""
RINGING_HZ: Final = (360.0, 490.0)
RINGING_S: Final = (0.3, 2.7)
RINGING_PAUSE_S: Final = 1.5
LONE_RING_S: Final = 0.7
CHORD_S: Final = 0.15
"""Tones this near to each other are one signal, whatever their frequencies."""
SPOKEN_S: Final = 0.5
"""More speech than this between two tones parts them."""
LASTING_S: Final = 2.0
"""One tone of this length tells of a wait."""
REPEATED: Final = 3


class Signal(Value, frozen=True, kw_only=True):
    """Tones that tell of a wait, from the first to the last."""

    segment: Segment
    kind: Literal["ringing", "tones"]
    confidence: float


def waiting_signals(tones: Sequence[Tone], speech: Timeline = ()) -> tuple[Signal, ...]:
    """Signals that tell of a wait, in order of time; dialled digits and single short beeps tell of none.

    Parameters
    ----------
    tones : sequence of Tone
        Of one channel, in order of time.
    speech : Timeline
        Speech of the channel; a signal ends with it.

    Notes
    -----
    Ringing is one or more tones of 360-490 Hz and 0.3-2.7 s with pauses of 1.5 to 6.5 s (ITU-T E.180 and its
    list of tones used in national networks); a single one must last 0.7 s. Busy and congestion tones, special
    information tones, dial tones, fax tones and regular beeps are `tones`.
    """
    rows = _rows([tone for tone in tones if not tone.digit], speech)
    found = [signal for row in rows if (signal := _read(row)) is not None]
    alone = [row[0] for row in rows if len(row) == 1 and _read(row) is None]
    found += _beeps(alone, speech)
    return tuple(sorted(found, key=lambda signal: (signal.segment, signal.kind)))


def _rows(tones: Iterable[Tone], speech: Timeline) -> list[list[Tone]]:
    """Tones of one cadence together."""
    rows: list[list[Tone]] = []
    for tone in tones:
        for row in rows:
            pause = tone.segment.start - row[-1].segment.end
            alike = pause <= CADENCE_S and any(same_pitch(tone, one) for one in row[-3:])
            if pause <= CHORD_S or (alike and not _spoken_between(row[-1], tone, speech)):
                row.append(tone)
                break
        else:
            rows.append([tone])
    return rows


def _spoken_between(before: Tone, after: Tone, speech: Timeline) -> bool:
    if after.segment.start <= before.segment.end:
        return False
    between = Segment(before.segment.end, after.segment.start)
    return seconds(intersection(speech, (between,))) > SPOKEN_S


def _read(row: Sequence[Tone]) -> Signal | None:
    whole = Segment(row[0].segment.start, row[-1].segment.end)
    pauses = [after.segment.start - before.segment.end for before, after in pairwise(row)]
    if all(_is_ring(tone) for tone in row):
        if len(row) > 1 and max(pauses) >= RINGING_PAUSE_S:
            return Signal(segment=whole, kind="ringing", confidence=0.95 if len(row) > 2 else 0.9)
        if len(row) == 1 and whole.duration >= LONE_RING_S:
            return Signal(segment=whole, kind="ringing", confidence=0.6)
    sounding = sum(tone.segment.duration for tone in row)
    many = len(row) >= REPEATED and sounding >= LASTING_S / 2
    if many or max(tone.segment.duration for tone in row) >= LASTING_S:
        return Signal(segment=whole, kind="tones", confidence=0.9)
    return None


def _is_ring(tone: Tone) -> bool:
    low, high = RINGING_HZ
    shortest, longest = RINGING_S
    return low <= tone.hertz <= high and shortest <= tone.segment.duration <= longest


def _beeps(alone: Sequence[Tone], speech: Timeline) -> list[Signal]:
    """Single beeps of one frequency that come back at one distance, at least three."""
    rows: list[list[Tone]] = []
    for tone in alone:
        if rows and _goes_on(rows[-1], tone) and not _spoken_between(rows[-1][-1], tone, speech):
            rows[-1].append(tone)
        else:
            rows.append([tone])
    return [
        Signal(segment=Segment(row[0].segment.start, row[-1].segment.end), kind="tones", confidence=0.8)
        for row in rows
        if len(row) >= REPEATED
    ]


def _goes_on(row: Sequence[Tone], tone: Tone) -> bool:
    step = tone.segment.start - row[-1].segment.start
    if step > BEEPS_S or not same_pitch(row[-1], tone):
        return False
    if len(row) == 1:
        return True
    usual = row[-1].segment.start - row[-2].segment.start
    return abs(step - usual) <= REGULAR * usual
