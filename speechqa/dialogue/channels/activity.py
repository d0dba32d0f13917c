"""Whose voice a channel carries: the other party's echo is taken out before anything is counted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Final

from speechqa.core.segment import Segment, Timeline, difference, intersection, seconds, union
from speechqa.core.value import Value, require
from speechqa.dialogue.channels.coherence import MAX_DELAY_S, delays
from speechqa.dialogue.channels.coupling import LATEST_ECHO_S, Coupling, find_coupling, find_lag
from speechqa.dialogue.channels.echoes import CrosstalkSettings, Echo, find_echo, likely_delays
from speechqa.dialogue.channels.levels import FLOOR_DB, ChannelLevels, measure_levels
from speechqa.protocols import CallAudio

__all__ = ["Activity", "CrosstalkSettings", "Echo", "suppress_crosstalk"]

SILENT_DB: Final = -65.0
"""A channel that is never louder is called silent."""
REACH_MARGIN_S: Final = 0.05
_AS_LOUD_DB: Final = -6.0


class Activity(Value, frozen=True, kw_only=True):
    """Speech a channel after the channels were compared.

    Attributes
    ----------
    speech : tuple of Timeline
        The party's own speech, one timeline a channel.
    suppressed : tuple of Timeline
        What was found on the channel but belongs to another.
    identical_channels : bool
        All channels carry one sound: the call is to be treated as mono. `speech` is left as it was found.
    echoes : tuple of Echo
        What was suppressed, by the way it came.
    couplings : tuple of tuple
        For each channel after the first that may share a sound with the first one: the channel, and how it
        does.
    notes : tuple of str
        What was found, in plain words.
    """

    speech: tuple[Timeline, ...]
    suppressed: tuple[Timeline, ...]
    identical_channels: bool = False
    echoes: tuple[Echo, ...] = ()
    couplings: tuple[tuple[int, Coupling], ...] = ()
    notes: tuple[str, ...] = ()


def suppress_crosstalk(
    audio: CallAudio,
    speech: tuple[Timeline, ...],
    settings: CrosstalkSettings | None = None,
    levels: ChannelLevels | None = None,
) -> Activity:
    """Take the echo of other parties out of each channel's speech; speech at the same time stays.

    Parameters
    ----------
    audio : CallAudio
        The call; read in blocks.
    speech : tuple of Timeline
        Speech as the voice activity detector found it, one timeline a channel.
    levels : ChannelLevels, optional
        Where they are known already.

    Returns
    -------
    Activity

    Notes
    -----
    A half second of a channel is an echo when it follows from another channel by a path that was learned
    where that one speaks alone, when no more is left over than usual, and when the channel is then the weaker
    of the two. Two people who talk at once share no such path, however alike their levels. Whose a shared
    sound is, the levels tell: two voices on two channels make two ratios of levels, and the border between
    these parts them, whatever the gain of a channel; with one ratio alone each channel's own loudest speech
    is compared.
    """
    require(len(speech) == audio.channels, f"one timeline a channel, found {len(speech)}")
    settings = settings or CrosstalkSettings()
    levels = levels or measure_levels(audio)
    notes = list(_silence_notes(levels, speech))
    couplings = _couplings(audio, speech)
    if audio.channels > 1 and _copies(couplings, audio.channels, settings):
        notes += [_copy_note(channel, coupling) for channel, coupling in couplings]
        notes.append("all channels carry the same sound; the call is treated as mono")
        return Activity(
            speech=speech,
            suppressed=((),) * len(speech),
            identical_channels=True,
            couplings=couplings,
            notes=tuple(notes),
        )
    gone_from: list[list[Segment]] = [[] for _ in speech]
    echoes: list[Echo] = []
    for target, source in permutations(range(audio.channels), 2):
        most_s = _longest_delay(couplings, target, source)
        reach_s = max(settings.reach_s, most_s + REACH_MARGIN_S)
        both = intersection(speech[target], union(s.widened(reach_s) for s in speech[source]))
        for delay in likely_delays(delays(audio, target, source, both, most_s=most_s)):
            echo, where = find_echo(audio, levels, (target, source), speech, both, delay, settings)
            if echo is not None:
                echoes.append(echo)
                gone_from[target].extend(where)
    kept: list[Timeline] = []
    suppressed: list[Timeline] = []
    for channel, timeline in enumerate(speech):
        gone = _with_leftovers(timeline, union(gone_from[channel], bridge_s=settings.leftover_s), settings)
        kept.append(_rounded(difference(timeline, gone)))
        suppressed.append(_rounded(gone))
        if gone:
            notes.append(_echo_note(channel, gone, echoes))
    return Activity(
        speech=tuple(kept),
        suppressed=tuple(suppressed),
        echoes=tuple(echoes),
        couplings=couplings,
        notes=tuple(notes),
    )


def _silence_notes(levels: ChannelLevels, speech: tuple[Timeline, ...]) -> list[str]:
    return [
        f"channel {channel} is silent"
        if levels.db[channel].max(initial=FLOOR_DB) < SILENT_DB
        else f"no speech on channel {channel}"
        for channel, timeline in enumerate(speech)
        if not timeline
    ]


def _couplings(audio: CallAudio, speech: tuple[Timeline, ...]) -> tuple[tuple[int, Coupling], ...]:
    found = []
    for channel in range(1, audio.channels):
        lag = find_lag(audio, 0, channel)
        if lag is not None:
            found.append((channel, find_coupling(audio, 0, channel, (speech[0], speech[channel]), *lag)))
    return tuple(found)


def _copies(couplings: tuple[tuple[int, Coupling], ...], channels: int, settings: CrosstalkSettings) -> bool:
    """Whether every channel is the first one again."""
    return len(couplings) == channels - 1 and all(
        coupling.explained >= settings.copy_floor
        and abs(coupling.gain_db) <= settings.copy_gain_db
        and coupling.gain_range_db <= 2 * settings.voices_gap_db
        and coupling.gain_gap_db < settings.voices_gap_db
        for _, coupling in couplings
    )


def _copy_note(channel: int, coupling: Coupling) -> str:
    how = ["inverted"] if coupling.inverted else []
    if abs(coupling.lag_s) >= 0.0005:
        how.append(f"{abs(coupling.lag_s) * 1000:.0f} ms {'later' if coupling.lag_s > 0 else 'earlier'}")
    if abs(coupling.gain_db) >= 0.5:
        how.append(f"{abs(coupling.gain_db):.0f} dB {'louder' if coupling.gain_db > 0 else 'fainter'}")
    return f"channel {channel} is channel 0 again" + (f", {', '.join(how)}" if how else "")


def _longest_delay(couplings: tuple[tuple[int, Coupling], ...], target: int, source: int) -> float:
    """How late an echo may come: later than usual only where the whole call says so."""
    lags = [abs(c.lag_s) for channel, c in couplings if {channel, 0} == {target, source} and c.leaks]
    far = [lag for lag in lags if MAX_DELAY_S < lag <= LATEST_ECHO_S]
    return max(far, default=MAX_DELAY_S) + (REACH_MARGIN_S if far else 0.0)


def _echo_note(channel: int, gone: Timeline, echoes: Sequence[Echo]) -> str:
    loudest = max(echo.loudness_db for echo in echoes if echo.target == channel)
    if loudest > _AS_LOUD_DB:
        return f"channel {channel} holds both parties: {seconds(gone):.1f} s of the other one's voice removed"
    return f"channel {channel}: {seconds(gone):.1f} s of another channel's echo removed"


def _with_leftovers(timeline: Timeline, echo: Timeline, settings: CrosstalkSettings) -> Timeline:
    """The echo inside the speech, with the crumbs that half-second averages leave at its borders."""
    inside = intersection(timeline, echo)
    crumbs: list[Segment] = []
    for segment in timeline:
        gone = intersection((segment,), inside)
        if seconds(gone) < segment.duration / 2:
            continue
        crumbs.extend(rest for rest in difference((segment,), gone) if rest.duration < settings.leftover_s)
    return intersection(timeline, union((*inside, *crumbs)))


def _rounded(timeline: Timeline) -> Timeline:
    return union(Segment(round(segment.start, 3), round(segment.end, 3)) for segment in timeline)
