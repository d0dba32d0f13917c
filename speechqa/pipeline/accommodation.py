"""Whether a call's two parties can be compared, and the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from speechqa.acoustics.accommodation import accommodation, unmeasured
from speechqa.acoustics.frames import Frames
from speechqa.acoustics.voiced_turns import voiced_turns
from speechqa.core.accommodation import Accommodation, mirrored
from speechqa.core.dialogue import RoleAssignment, holders
from speechqa.core.segment import Segment, intersection
from speechqa.core.source import Role
from speechqa.core.transcript import Transcript
from speechqa.dialogue.turn_rates import turn_rates
from speechqa.pipeline.judgement import text_usable
from speechqa.pipeline.sound import Sound
from speechqa.pipeline.voices import SURE_OF_STRESS

COMPARED: Final[frozenset[Role]] = frozenset({"agent", "customer"})
"""Roles whose voices are measured to compare them."""
NOT_APART: Final = "the parties cannot be told apart in the sound"
MISSING: Final = (
    "the roles were corrected without the recording at hand: the next audit with it compares them"
)
NO_ROLES: Final = "it is not known who is the agent and who the customer"


def compared_parties(roles: Mapping[str, RoleAssignment]) -> tuple[str, str] | None:
    """The one agent and the one customer of a call, None where there are not just these."""
    found = holders(roles)
    if "agent" not in found or "customer" not in found:
        return None
    return found["agent"], found["customer"]


def why_not_compared(sound: Sound, roles: Mapping[str, RoleAssignment], *, tied: bool) -> str | None:
    """Why the voices of a call cannot be compared, None where they can.

    `tied` says whether the parties are the channels of the sound.
    """
    if sound.separation == "none" or not tied:
        return NOT_APART
    if sound.voices is not None and sound.voices.confidence < SURE_OF_STRESS:
        sure = f"{sound.voices.confidence:.2f}, needs {SURE_OF_STRESS:.2f}"
        return f"the parties share one channel and their voices are told apart with confidence {sure}"
    if sound.doubts.timing is not None:
        return sound.doubts.timing
    for wanted in ("agent", "customer"):
        count = sum(given.role == wanted for given in roles.values())
        if count > 1:
            return f"{count} parties are {wanted}s: nobody knows whose turns to compare"
    return NO_ROLES if compared_parties(roles) is None else None


def compared(
    voices: Mapping[str, Frames],
    sound: Sound,
    roles: Mapping[str, RoleAssignment],
    transcript: Transcript,
    *,
    tied: bool = True,
) -> Accommodation:
    """Accommodation between the agent and the customer.

    Parameters
    ----------
    voices : mapping of str to Frames
        The voices of both, by party.
    transcript : Transcript
        Its words give the rate, if they may be relied on and are no draft's; else syllable nuclei do.
    """
    reason = why_not_compared(sound, roles, tied=tied)
    parties = compared_parties(roles)
    if reason is not None or parties is None:
        return unmeasured(reason or NO_ROLES)
    agent, customer = parties
    speech, until = sound.by_party, sound.doubts.both_heard_until
    if until is not None:
        speech = {party: intersection(line, (Segment(0.0, until),)) for party, line in speech.items()}
    turns = voiced_turns({party: voices[party] for party in parties}, speech)
    by_words = text_usable(transcript)[0] and not transcript.draft
    if by_words:
        rates = turn_rates(
            transcript.turns,
            speech,
            [(turn.party, turn.start, turn.end) for turn in turns],
            language=transcript.language,
        )
        turns = tuple(replace(turn, rate=rate) for turn, rate in zip(turns, rates, strict=True))
    return accommodation(turns, agent=agent, customer=customer, rate_basis="words" if by_words else "nuclei")


def carried(
    kept: Accommodation | None,
    before: Mapping[str, RoleAssignment],
    now: Mapping[str, RoleAssignment],
    sound: Sound | None,
    *,
    tied: bool,
    computed: Accommodation | None,
) -> Accommodation | None:
    """The comparison of a stored call under the roles of now: figures follow their parties.

    Parameters
    ----------
    kept : Accommodation or None
        As it was stored; None stays None.
    before, now : mapping of str to RoleAssignment
        The roles it was stored with, and those of now.
    sound : Sound or None
        What the sound of the call showed.
    tied : bool
        Whether the parties are the channels of the sound.
    computed : Accommodation or None
        The comparison under the roles of now, where the recording was at hand.
    """
    if kept is None or sound is None:
        return kept
    if {p: r.role for p, r in before.items()} == {p: r.role for p, r in now.items()}:
        return kept
    reason = why_not_compared(sound, now, tied=tied)
    parties = compared_parties(now)
    if reason is not None or parties is None:
        return unmeasured(reason or NO_ROLES)
    for found in (kept, mirrored(kept)):
        if found.parties == {"agent": parties[0], "customer": parties[1]}:
            return found
    return computed or unmeasured(MISSING)
