"""What was said before a voice rose or fell: changes of arousal beside the turns around them.

A turn comes *before* a change, which says nothing of its being the cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from speechqa.acoustics.course import with_course
from speechqa.core.dialogue import RoleAssignment, holders
from speechqa.core.segment import Timeline
from speechqa.core.stress import SpokenTurn, StressChange, StressCurve
from speechqa.core.transcript import Transcript, Turn

MOST_BEFORE: Final = 4
"""Turns of the other party told before a change; the last ones."""
QUOTED_CHARACTERS: Final = 240

NO_WORDS: Final = "no words were transcribed"
NO_TIMES: Final = "the transcript's turns have no times"
NOTHING_BEFORE: Final = "the other party says nothing before it"


def with_causes(
    curves: Mapping[str, StressCurve],
    transcript: Transcript,
    roles: Mapping[str, RoleAssignment],
    speech: Mapping[str, Timeline],
) -> dict[str, StressCurve]:
    """Every curve with its course, each rise and fall beside the turns before it.

    Parameters
    ----------
    curves : mapping of str to StressCurve
        By role.
    transcript : Transcript
        With speakers, acts and masked text as the document shows it.
    roles : mapping of str to RoleAssignment
        By party.
    speech : mapping of str to Timeline
        Talk of each party, as its windows were laid on it.
    """
    party_of: Mapping[str, str] = {role: party for role, party in holders(roles).items() if party in speech}
    return {role: _told(curve, transcript, party_of.get(role), speech) for role, curve in curves.items()}


def _told(
    curve: StressCurve, transcript: Transcript, party: str | None, speech: Mapping[str, Timeline]
) -> StressCurve:
    followed = with_course(curve, speech.get(party, ()) if party else ())
    if party is None or not followed.changes:
        return followed
    turns = _timed(transcript)
    why_not = None
    if not turns:
        why_not = NO_TIMES if any(turn.text.strip() for turn in transcript.turns) else NO_WORDS
    return replace(
        followed,
        changes=tuple(
            replace(change, reason=why_not) if why_not else _beside(change, turns, party)
            for change in followed.changes
        ),
    )


def _timed(transcript: Transcript) -> list[tuple[int, Turn]]:
    """Turns of a known party with times and words that the sound bears out, by start."""
    found = [
        (index, turn)
        for index, turn in enumerate(transcript.turns)
        if turn.start is not None
        and turn.party is not None
        and turn.voiced is not False
        and turn.text.strip()
    ]
    return sorted(found, key=lambda one: (one[1].start or 0.0, one[0]))


def _beside(change: StressChange, turns: Sequence[tuple[int, Turn]], party: str) -> StressChange:
    """The change with the other's turns that can have come before it, as surely as its place is known.

    From the last one before the speaker's turn at the earliest place of the change, until the last that began
    before its latest place.
    """
    own = [one for one in turns if one[1].party == party]
    others = [one for one in turns if one[1].party != party and _start(one) < change.end]
    shown, earliest = _turn_at(change.at, own), _turn_at(change.start, own)
    since = change.start if earliest is None else min(change.start, _start(earliest))
    led = [one for one in others if _start(one) < since and _says_something(one[1])][-1:]
    near = [*led, *(one for one in others if _start(one) >= since)]
    if len(near) > MOST_BEFORE:
        near = sorted(sorted(near, key=lambda one: abs(_start(one) - change.at))[:MOST_BEFORE], key=_start)
    return replace(
        change,
        before=tuple(_spoken(*one) for one in near),
        shows_in=None if shown is None else _spoken(*shown),
        reason=None if near else NOTHING_BEFORE,
    )


def _start(one: tuple[int, Turn]) -> float:
    return one[1].start or 0.0


def _turn_at(time: float, own: Sequence[tuple[int, Turn]]) -> tuple[int, Turn] | None:
    """The turn at a time, else the next one."""
    return next((one for one in own if (one[1].end or 0.0) > time), None)


def _says_something(turn: Turn) -> bool:
    return not (turn.acts and all(act.act == "backchannel" for act in turn.acts))


def _spoken(index: int, turn: Turn) -> SpokenTurn:
    words = " ".join(turn.text.split())
    if len(words) > QUOTED_CHARACTERS:
        words = words[: QUOTED_CHARACTERS - 1].rstrip() + "…"
    return SpokenTurn(
        turn=index,
        speaker=turn.speaker,
        start=turn.start or 0.0,
        end=turn.end or 0.0,
        quote=words,
        acts=tuple(act.act for act in turn.acts),
    )
