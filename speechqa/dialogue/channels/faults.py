"""What is wrong with the channels of a call: a silent or dying one, clocks that do not fit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np

from speechqa.core.dialogue import ChannelDoubts
from speechqa.core.segment import Segment, Timeline, intersection, seconds, union
from speechqa.core.value import Value
from speechqa.dialogue.channels.activity import Activity, Echo
from speechqa.dialogue.channels.clock_faults import ClockFault, find_clock_fault
from speechqa.dialogue.channels.levels import STEP_S, ChannelLevels
from speechqa.protocols import Diarization

_BOTH_ALIKE_DB: Final = 9.0
_LOUDER_DB: Final = 3.0
_UNHEARD_S: Final = 0.5
_LONG_PAUSE_S: Final = 2.0
_FEW_PAUSES: Final = 0.1
_MANY_PAUSES: Final = 0.5
_CLEAR_VOICES: Final = 0.9
_GOOD_SHARE: Final = 0.2
_DEAD_TALK_S: Final = 10.0
_DEAD_UNKNOWN_TALK_S: Final = 30.0
_DEAD_SLACK_S: Final = 0.3
_LEAST_FRAMES: Final = 20
_CHANGE_DB: Final = 6.0
_WAIT_S: Final = 1.5
_UNANSWERED: Final = 3
_END_FRAMES: Final = 100
_ALIKE: Final = 0.1
_CLICK_FRAMES: Final = 11


class ChannelFaults(Value, frozen=True, kw_only=True):
    """Faults of the channels of a call, as found and as far as they bear on what may be measured.

    Attributes
    ----------
    identical : bool
        All channels carry one sound.
    unheard : tuple of int
        Channels without any speech of their own, while others speak.
    dead_from, dead_until : mapping of int to float
        Channel, and the time in seconds from which it is silent to the end while another talks on; or until
        which it was silent while another talked.
    misaligned_s : float or None
        Seconds by which the second channel is to be moved to later (earlier below zero) for the parties to
        be on one clock; None where nothing says so.
    misaligned_confidence : float
        In [0, 1].
    timing_doubt : str or None
        Why figures that need both parties on one clock cannot be trusted.
    overlap_doubt : str or None
        Why it cannot be told who talks over whom.
    notes : tuple of str
        What was found, in plain words.
    """

    identical: bool = False
    unheard: tuple[int, ...] = ()
    dead_from: Mapping[int, float] = msgspec.field(default_factory=dict)
    dead_until: Mapping[int, float] = msgspec.field(default_factory=dict)
    misaligned_s: float | None = None
    misaligned_confidence: float = 0.0
    timing_doubt: str | None = None
    overlap_doubt: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def doubts(self) -> ChannelDoubts:
        """What these faults leave in doubt."""
        until = min(self.dead_from.values(), default=None)
        return ChannelDoubts(timing=self.timing_doubt, overlaps=self.overlap_doubt, both_heard_until=until)


def find_faults(
    activity: Activity,
    levels: ChannelLevels,
    *,
    offsets_s: Sequence[float] = (),
    ends_s: Sequence[float] = (),
    starts_told: bool = False,
) -> ChannelFaults:
    """Look for faults that remain once the channels were compared.

    Parameters
    ----------
    activity : Activity
        Own speech of each channel, and how the channels share sound.
    levels : ChannelLevels
        Of the same call.
    offsets_s : sequence of float
        When each channel starts on the call's clock, as it was told and applied.
    ends_s : sequence of float
        When the file of each channel ends on the call's clock, where each has its own.
    starts_told : bool
        Somebody said when the channels start, be it together.
    """
    if activity.identical_channels:
        return ChannelFaults(identical=True)
    speech = activity.speech
    unheard = _unheard(speech)
    dead_from = _dead(levels, speech, unheard)
    dead_until = _dead(_reversed(levels), tuple(_mirrored(line, levels) for line in speech), unheard)
    dead_until = {channel: round(_length(levels) - time, 2) for channel, time in dead_until.items()}
    notes = [_dead_note(channel, time, speech) for channel, time in dead_from.items()]
    notes += [
        f"channel {channel} is silent until {time:.1f} s while another talks"
        for channel, time in dead_until.items()
    ]
    clock = ClockFault()
    if len(speech) == 2 and not unheard:
        until = min(dead_from.values(), default=None)
        clock = find_clock_fault(activity, until, offsets_s, ends_s, starts_told=starts_told)
    return ChannelFaults(
        unheard=unheard,
        dead_from=dead_from,
        dead_until=dead_until,
        misaligned_s=clock.misaligned_s,
        misaligned_confidence=clock.misaligned_confidence,
        timing_doubt=clock.timing_doubt,
        overlap_doubt=_overlap_doubt(activity.echoes),
        notes=(*notes, *clock.notes),
    )


def _overlap_doubt(echoes: Sequence[Echo]) -> str | None:
    """Two voices at once are parted as long as the stranger's is the weaker one on one channel at least."""
    by_way = {(echo.target, echo.source): echo for echo in echoes}
    for (target, source), echo in by_way.items():
        back = by_way.get((source, target))
        if echo.loudness_db > _LOUDER_DB or (
            back is not None and -(echo.gain_db + back.gain_db) < _BOTH_ALIKE_DB
        ):
            return "both parties are on one channel about alike: who talks over whom cannot be heard"
    return None


def both_on_one(line: Timeline, voices: Diarization | None) -> bool:
    """Whether the one channel with speech holds both parties, rather than one whose other side is lost.

    Who speaks alone leaves pauses for what the other says: in 42 calls and consultations 17 % of the time and
    more lay in pauses over 2 s, with both on the channel less than 7 %, but for calls whose talk itself was
    slow. There two clear voices that both have a good share tell; one voice is seldom taken for such two.
    """
    if not line:
        return False
    length = line[-1].end - line[0].start
    pauses = sum(gap for a, b in pairwise(line) if (gap := b.start - a.end) > _LONG_PAUSE_S)
    if pauses <= _FEW_PAUSES * length:
        return length >= _DEAD_TALK_S
    if voices is None or len(voices.speakers) < 2 or pauses > _MANY_PAUSES * length:
        return False
    spoken = sorted(seconds(speaker) for speaker in voices.speakers)
    return voices.confidence >= _CLEAR_VOICES and spoken[-2] >= _GOOD_SHARE * sum(spoken)


def _unheard(speech: Sequence[Timeline]) -> tuple[int, ...]:
    spoken = [seconds(line) for line in speech]
    if max(spoken, default=0.0) < _DEAD_TALK_S:
        return ()
    return tuple(channel for channel, talk in enumerate(spoken) if talk < _UNHEARD_S)


def _dead(levels: ChannelLevels, speech: Sequence[Timeline], unheard: tuple[int, ...]) -> dict[int, float]:
    """Channels that fall silent for good, and when, while another talks on.

    Three things tell. The other pauses for an answer and gets none, three times and more: in 42 calls and
    consultations nobody left more than two pauses in a row unanswered, and none at the end. Or the line's
    noise goes, or another comes, while the other talks on. Or there is more talk to nobody than ever before.
    """
    found: dict[int, float] = {}
    for channel, line in enumerate(speech):
        if channel in unheard or not line:
            continue
        last, end = line[-1].end, _length(levels)
        others = union(segment for k, other in enumerate(speech) if k != channel for segment in other)
        since = _changed_at(levels, channel, line)
        changed = since is not None and _talk(others, since, end) >= _DEAD_TALK_S
        usual = max(_within(others, [Segment(a.end, b.start) for a, b in pairwise(line)]), default=0.0)
        much = _talk(others, last, end) >= max(_DEAD_UNKNOWN_TALK_S, 2 * usual)
        if changed or much or _unanswered(line, others):
            found[channel] = round(last if since is None else since, 2)
    return found


def _unanswered(line: Timeline, others: Timeline) -> bool:
    """Whether the others wait in vain, again and again, for an answer as they got before."""
    waits = [Segment(a.end, b.start) for a, b in pairwise(others) if b.start - a.end >= _WAIT_S]
    before = [wait for wait in waits if wait.start < line[-1].end]
    answered = sum(talk > 0 for talk in _within(line, before))
    return len(waits) - len(before) >= _UNANSWERED and 2 * answered >= len(before)


def _within(line: Timeline, stretches: Sequence[Segment]) -> list[float]:
    """Seconds of speech in each of some stretches that are in order and apart."""
    starts = [stretch.start for stretch in stretches]
    spoken = [0.0] * len(stretches)
    for piece in intersection(line, tuple(stretches)):
        spoken[bisect_right(starts, piece.start) - 1] += piece.duration
    return spoken


def _talk(others: Timeline, start: float, end: float) -> float:
    return seconds(intersection(others, (Segment(start, max(start, end)),)))


def _changed_at(levels: ChannelLevels, channel: int, line: Timeline) -> float | None:
    """When the noise of a line changes for good after its last word: to nothing, or to another steady one."""
    row = levels.db[channel]
    last = int(np.ceil(line[-1].end / STEP_S))
    if row.size - last < _LEAST_FRAMES:
        return None
    quiet = ~levels.mask(tuple(s.widened(_DEAD_SLACK_S) for s in line))[:last]
    level = float(np.median(row[-_END_FRAMES:]))
    unlike = np.abs(row[last:] - level) > _CHANGE_DB
    # Back from the end to the last half second that is unlike it: a click is none.
    mostly = np.flatnonzero(np.convolve(unlike, np.ones(_CLICK_FRAMES), "same") > _CLICK_FRAMES / 2)
    first = last + (int(mostly[-1]) + 1 if mostly.size else 0)
    before = row[:last][quiet]
    if before.size < _LEAST_FRAMES or np.mean(np.abs(before - level) <= _CHANGE_DB) > _ALIKE:
        return None
    return max(line[-1].end, first * STEP_S)


def _length(levels: ChannelLevels) -> float:
    return float(levels.db.shape[1] * STEP_S)


def _reversed(levels: ChannelLevels) -> ChannelLevels:
    return ChannelLevels(db=levels.db[:, ::-1])


def _mirrored(line: Timeline, levels: ChannelLevels) -> Timeline:
    length = _length(levels)
    return tuple(
        Segment(max(0.0, length - s.end), length - s.start) for s in reversed(line) if s.start < length
    )


def _dead_note(channel: int, time: float, speech: Sequence[Timeline]) -> str:
    rest = max(
        seconds(segment for segment in other if segment.end > time)
        for k, other in enumerate(speech)
        if k != channel
    )
    return f"channel {channel} is silent from {time:.1f} s on, while another talks for {rest:.0f} s more"
