"""Parties that share a channel: turns of a transcript and roles, as far as the voices bear them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from speechqa.core.dialogue import RoleAssignment
from speechqa.core.segment import Segment, Timeline, intersection, seconds
from speechqa.core.stress import StressCurve
from speechqa.core.transcript import Turn
from speechqa.core.value import Value
from speechqa.dialogue.channels.assignment import match_channels
from speechqa.dialogue.voices.attribution import voice_of_turn
from speechqa.pipeline.sound import Sound

MATCH_FLOOR = 0.6
"""Confidence under which the speakers of a transcript are not tied to voices."""
FIT_FLOOR = 0.85
"""Share of a transcript's time that must lie under the voice its speaker is tied to."""
SURE_OF_STRESS = 0.85
"""Confidence of the voices under which a speaker's arousal is doubtful throughout."""


class OnVoices(Value, frozen=True, kw_only=True):
    """Turns given to voices; `tied` says whether the parties are the voices, `offset_s` is added to times."""

    turns: tuple[Turn, ...]
    tied: bool
    offset_s: float = 0.0
    notes: tuple[str, ...] = ()


def on_voices(turns: Sequence[Turn], sound: Sound) -> OnVoices:
    """Tie the turns of an imported transcript to the voices on the recording's one channel.

    Speakers that the transcript names hold: they are tied to voices only where each has one and most of what
    they say lies under it. Turns without a speaker go to the voice that has most of their time, or to none
    where several share it.
    """
    voices = sound.voices.speakers if sound.voices is not None else ()
    if any(turn.party for turn in turns):
        return _matched(turns, voices, sound)
    found = [voice_of_turn(turn, voices) for turn in turns]
    given = tuple(
        turn if voice is None else replace(turn, channel=0, party=sound.parties[voice])
        for turn, voice in zip(turns, found, strict=True)
    )
    unsure = sum(
        voice is None and turn.segment is not None and bool(turn.text.strip())
        for turn, voice in zip(turns, found, strict=True)
    )
    what = "1 turn of the transcript has" if unsure == 1 else f"{unsure} turns of the transcript have"
    notes = (f"{what} no one clear voice and so no party",) if unsure else ()
    return OnVoices(turns=given, tied=True, notes=notes)


def _matched(turns: Sequence[Turn], voices: Sequence[Timeline], sound: Sound) -> OnVoices:
    kept = tuple(turns)
    named = {turn.party for turn in turns if turn.party}
    if len(named) != len(voices):
        note = f"The transcript names {len(named)} speakers, {len(voices)} voices are heard"
        return OnVoices(turns=kept, tied=False, notes=(f"{note}: times are the transcript's",))
    match = match_channels([turn for turn in turns if turn.party], voices)
    fit = _fit(turns, voices, match.channel_of, match.offset_s)
    if match.confidence < MATCH_FLOOR or fit < FIT_FLOOR:
        note = f"The voices heard bear out {fit:.0%} of what the transcript's speakers say"
        return OnVoices(turns=kept, tied=False, notes=(f"{note}: times are the transcript's",))
    tied = tuple(
        replace(turn, channel=0, party=sound.parties[match.channel_of[turn.party]]) if turn.party else turn
        for turn in turns
    )
    return OnVoices(turns=tied, tied=True, offset_s=match.offset_s)


def _fit(
    turns: Sequence[Turn], voices: Sequence[Timeline], voice_of: Mapping[str, int], offset_s: float
) -> float:
    """Share of the speech under the turns that is the voice's of their speaker."""
    own = heard = 0.0
    for turn in turns:
        if turn.segment is None or turn.party is None or turn.party not in voice_of:
            continue
        start = max(0.0, turn.segment.start + offset_s)
        span = (Segment(start, max(start, turn.segment.end + offset_s)),)
        under = [seconds(intersection(voice, span)) for voice in voices]
        own += under[voice_of[turn.party]]
        heard += sum(under)
    return own / heard if heard > 0 else 0.0


def no_surer_than_voices(
    roles: Mapping[str, RoleAssignment], sound: Sound, *, floor: float
) -> dict[str, RoleAssignment]:
    """Roles inferred of voices are no surer than those are told apart; under the floor they are unknown."""
    if sound.voices is None:
        return dict(roles)
    sure = sound.voices.confidence
    held: dict[str, RoleAssignment] = {}
    for party, given in roles.items():
        if given.source != "inferred" or given.confidence <= sure:
            held[party] = given
            continue
        reason = f"{given.reason}; the voices are told apart with confidence {sure:.2f}"
        if sure < floor:
            held[party] = RoleAssignment(role="unknown", confidence=sure, source="none", reason=reason)
        else:
            held[party] = replace(given, confidence=sure, reason=reason)
    return held


def doubted(curve: StressCurve, sound: Sound) -> StressCurve:
    """A voice's curve; where the voices are told apart with doubt, of low confidence and without episodes."""
    if sound.voices is None or sound.voices.confidence >= SURE_OF_STRESS:
        return curve
    windows = tuple(
        replace(window, confidence="low") if window.confidence == "ok" else window for window in curve.windows
    )
    return replace(curve, windows=windows, episodes=())
