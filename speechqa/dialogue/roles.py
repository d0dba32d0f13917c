"""Who is the agent and who the customer: told from outside, else inferred with a confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from typing import Final

import msgspec

from speechqa.core.dialogue import RoleAssignment, RoleSource
from speechqa.core.segment import Timeline
from speechqa.core.source import Role
from speechqa.core.transcript import Turn
from speechqa.dialogue.role_cues import (
    ALONE,
    CUES,
    EARLY_TURNS,
    FIRST_TO_SPEAK,
    TALKS_MORE,
    TIMING_NEEDS_S,
    CueGroup,
)
from speechqa.dialogue.units import Span, spans, usable
from speechqa.dialogue.wording import Phrase, flatten, has_phrase, phrases

FIRST_MS: Final = 1500
"""Who has spoken this long before the others has spoken first; a "hello?" has not."""
CLEARLY_MORE: Final = 0.55
"""Share of all talk from which a party talks clearly more."""
MOST_SURE: Final = 0.98
"""An inferred role is never surer than this."""
NO_TRUST: Final = 0.35
FULL_TRUST: Final = 0.75
"""Word confidence below the first leaves phrases no weight, above the second all of it."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What speaks for a party being the agent, in log-odds, and why."""

    score: float
    reasons: tuple[str, ...]


def assign_roles(
    turns: Sequence[Turn],
    speech: Mapping[str, Timeline] | None,
    *,
    agent_channel: int | None,
    manifest_roles: Mapping[str, Role] | None,
    floor: float,
    language: str | None = None,
) -> dict[str, RoleAssignment]:
    """The role of every party.

    The transcript's own speakers come first, then the manifest, then the operator's channel of the agent;
    what remains is inferred from what is said (`role_cues`), who speaks first, and who speaks more, as a sum
    of log-odds against the other parties.

    Parameters
    ----------
    turns : sequence of Turn
        May be empty; turns that are not voiced are no evidence.
    speech : mapping of str to Timeline, or None
        Speech of each party, in seconds; without it the times of the turns are used.
    agent_channel : int or None
        Channel of the agent, from 0, as an option says.
    manifest_roles : mapping of str to Role, or None
        Role of each party as the manifest or the parties' own files say.
    floor : float
        Confidence in [0, 1] under which an inferred role is `unknown`.
    language : str or None
        ISO 639-1; the phrases of both languages are always looked for, since speakers mix them.

    Returns
    -------
    dict of str to RoleAssignment
        Sorted by party; empty where parties cannot be told apart.
    """
    del language
    parties = sorted({turn.party for turn in turns if turn.party is not None} | set(speech or ()))
    known = _known(parties, turns, agent_channel, manifest_roles or {})
    missing = [party for party in parties if party not in known]
    if missing:
        known |= _inferred(parties, missing, turns, speech, floor)
    return {party: known[party] for party in parties}


def with_roles(turns: Sequence[Turn], roles: Mapping[str, RoleAssignment]) -> tuple[Turn, ...]:
    """The turns with `speaker` set to the party's role; without one, a name that is no role stays."""
    named: list[Turn] = []
    for turn in turns:
        given = roles.get(turn.party) if turn.party is not None else None
        if given is None:
            named.append(turn)
            continue
        speaker: str = given.role
        if speaker == "unknown" and turn.speaker not in ("agent", "customer", ""):
            speaker = turn.speaker
        named.append(msgspec.structs.replace(turn, speaker=speaker))
    return tuple(named)


def _known(
    parties: Sequence[str],
    turns: Sequence[Turn],
    agent_channel: int | None,
    manifest_roles: Mapping[str, Role],
) -> dict[str, RoleAssignment]:
    said: dict[str, set[str]] = {}
    for turn in turns:
        if turn.party is not None and turn.speaker in ("agent", "customer"):
            said.setdefault(turn.party, set()).add(turn.speaker)
    manifest = {party: role for party, role in manifest_roles.items() if role != "unknown"}
    known: dict[str, RoleAssignment] = {}
    for party in parties:
        labels = said.get(party, set())
        if len(labels) == 1:
            role: Role = "agent" if "agent" in labels else "customer"
            contrary = manifest.get(party, role) != role
            known[party] = RoleAssignment(
                role=role,
                confidence=0.75 if contrary else 1.0,
                source="transcript",
                reason="the transcript names the speaker"
                + ("; the manifest says the contrary" if contrary else ""),
            )
        elif party in manifest:
            known[party] = RoleAssignment(
                role=manifest[party], confidence=1.0, source="manifest", reason="the manifest says so"
            )
    if not known and agent_channel is not None:
        agent = _party_on(agent_channel, parties, turns)
        if agent is not None:
            known[agent] = RoleAssignment(
                role="agent",
                confidence=1.0,
                source="option",
                reason=f"channel {agent_channel} is the agent's",
            )
    return known | _remaining(parties, known)


def _remaining(parties: Sequence[str], known: Mapping[str, RoleAssignment]) -> dict[str, RoleAssignment]:
    """What the known roles say of the other parties."""
    rest = [party for party in parties if party not in known]
    told = {given.role for given in known.values()}
    if told >= {"agent", "customer"}:
        # A supervisor on the line, an interpreter: parties without a role, whatever they say.
        reason = "the agent and the customer are others"
        return {
            party: RoleAssignment(role="unknown", confidence=0.0, source="none", reason=reason)
            for party in rest
        }
    if not known or len(parties) != 2 or not rest:
        return {}
    (other,) = known.values()
    role: Role = "customer" if other.role == "agent" else "agent"
    reason = f"the other party is the {other.role}"
    return {
        rest[0]: RoleAssignment(role=role, confidence=other.confidence, source=other.source, reason=reason)
    }


def _party_on(channel: int, parties: Sequence[str], turns: Sequence[Turn]) -> str | None:
    on_channel = {turn.party for turn in turns if turn.channel == channel and turn.party is not None}
    if len(on_channel) == 1:
        return on_channel.pop()
    if on_channel or any(turn.channel is not None for turn in turns):
        return None
    letter = chr(ord("A") + channel) if 0 <= channel < 26 else ""
    return letter if letter in parties else None


def _inferred(
    parties: Sequence[str],
    missing: Sequence[str],
    turns: Sequence[Turn],
    speech: Mapping[str, Timeline] | None,
    floor: float,
) -> dict[str, RoleAssignment]:
    cases = {party: _case(party, turns) for party in parties}
    lines = _lines(parties, turns, speech)
    enough = sum(end - start for line in lines.values() for start, end in line) >= TIMING_NEEDS_S * 1000
    first, most = (_first(lines), _most(lines)) if enough and len(parties) > 1 else (None, None)
    if first is not None:
        cases[first] = _plus(cases[first], FIRST_TO_SPEAK, "speaks first")
    if most is not None:
        cases[most] = _plus(cases[most], TALKS_MORE, "speaks more")
    found: dict[str, RoleAssignment] = {}
    for party in missing:
        others = [cases[other].score for other in parties if other != party]
        odds = cases[party].score - sum(others) / len(others) if others else cases[party].score * ALONE
        found[party] = _verdict(parties, cases, odds, floor)
    return found


def _verdict(parties: Sequence[str], cases: Mapping[str, _Case], odds: float, floor: float) -> RoleAssignment:
    sure = round(min(MOST_SURE, 1.0 / (1.0 + exp(-min(abs(odds), 30.0)))), 3)
    why = "; ".join(f"{p}: {', '.join(cases[p].reasons)}" for p in parties if cases[p].reasons)
    if odds == 0 or sure < floor:
        reason = (
            f"confidence {sure:.2f} is under the floor of {floor:.2f}" if why else "nothing tells the roles"
        )
        return RoleAssignment(
            role="unknown",
            confidence=sure if odds else 0.0,
            source="none",
            reason=f"{reason} ({why})" if why else reason,
        )
    role: Role = "agent" if odds > 0 else "customer"
    source: RoleSource = "inferred"
    return RoleAssignment(role=role, confidence=sure, source=source, reason=why)


def _plus(case: _Case, weight: float, reason: str) -> _Case:
    return _Case(case.score + weight, (*case.reasons, reason))


@cache
def _groups() -> tuple[tuple[CueGroup, frozenset[Phrase]], ...]:
    return tuple((group, phrases(group.phrases)) for group in CUES)


def _case(party: str, turns: Sequence[Turn]) -> _Case:
    own = [turn for turn in usable(turns) if turn.party == party]
    said = [flatten([turn.text]) for turn in own]
    trust = _trust(own)
    score, reasons = 0.0, []
    for group, known in _groups():
        if any(has_phrase(words, known) for words in (said[:EARLY_TURNS] if group.early else said)):
            score += group.weight * trust
            reasons.append(group.says)
    return _Case(score, tuple(reasons) if trust > 0 else ())


def _trust(turns: Sequence[Turn]) -> float:
    """How far phrases may be believed, in [0, 1], by the recogniser's own confidence in the words."""
    sure = [word.confidence for turn in turns for word in turn.words if word.confidence is not None]
    if not sure:
        return 1.0
    mean = sum(sure) / len(sure)
    return min(1.0, max(0.0, (mean - NO_TRUST) / (FULL_TRUST - NO_TRUST)))


def _lines(
    parties: Sequence[str], turns: Sequence[Turn], speech: Mapping[str, Timeline] | None
) -> dict[str, tuple[Span, ...]]:
    if speech:
        return {party: spans(speech.get(party, ())) for party in parties}
    return {
        party: spans(t.segment for t in usable(turns) if t.party == party and t.segment is not None)
        for party in parties
    }


def _first(lines: Mapping[str, Sequence[Span]]) -> str | None:
    reached: list[tuple[int, str]] = []
    for party, line in lines.items():
        spoken = 0
        for start, end in line:
            spoken += end - start
            if spoken >= FIRST_MS:
                reached.append((end - (spoken - FIRST_MS), party))
                break
    reached.sort()
    if not reached or (len(reached) > 1 and reached[0][0] == reached[1][0]):
        return None
    return reached[0][1]


def _most(lines: Mapping[str, Sequence[Span]]) -> str | None:
    spoken = {party: sum(end - start for start, end in line) for party, line in lines.items()}
    total = sum(spoken.values())
    return next((party for party, ms in spoken.items() if total and ms / total >= CLEARLY_MORE), None)
