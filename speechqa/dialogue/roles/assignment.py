"""Who is the agent and who the customer: corrected by a person, told from outside, else inferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from speechqa.core.dialogue import RoleAssignment
from speechqa.core.segment import Timeline, intersection, seconds, union
from speechqa.core.source import Role, RoleCorrection
from speechqa.core.transcript import Turn
from speechqa.dialogue.roles.inference import Inference, infer_roles

CONTRARY_FROM: Final = 0.95
"""Confidence from which what is said casts doubt on a role that was told."""
DOUBTED: Final = 0.5
"""Confidence of a told role that what is said speaks against: either may be right."""

_SOURCES: Final = {
    "manifest": "The manifest says",
    "option": "The option --agent-channel says",
    "transcript": "The transcript says",
}


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
    what remains is inferred from the whole conversation. A role that was told holds, but where what is said
    clearly shows the contrary its confidence falls to .5 and `doubt` says why.

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
    inferred = infer_roles(parties, turns, speech)
    return {
        party: _checked(known[party], inferred[party])
        if party in known
        else _as_found(inferred[party], floor)
        for party in parties
    }


def corrected_roles(
    found: Mapping[str, RoleAssignment],
    correction: RoleCorrection,
    speech: Mapping[str, Timeline] | None = None,
) -> dict[str, RoleAssignment]:
    """The roles as a person corrected them; of two parties, a role said of one settles the other.

    Parameters
    ----------
    found : mapping of str to RoleAssignment
        What was told or inferred. A party the correction says nothing of keeps it.
    correction : RoleCorrection
        Where it says where parties were heard, they are found again by that and not by their letters.
    speech : mapping of str to Timeline, or None
        Speech of each party now, in seconds.
    """
    told = {party: role for party, role in _found_again(correction, speech or {}).items() if party in found}
    if len(found) == 2 and len(told) == 1:
        ((party, role),) = told.items()
        other: dict[Role, Role] = {"agent": "customer", "customer": "agent"}
        # That one is not known tells nothing of the other.
        told |= {rest: other[role] for rest in found if rest != party and role in other}
    reason = f"corrected by {correction.by} on {correction.at[:10]}"
    if correction.reason:
        reason += f": {correction.reason}"
    return {
        party: RoleAssignment(role=told[party], confidence=1.0, source="corrected", reason=reason)
        if party in told
        else given
        for party, given in sorted(found.items())
    }


def role_notices(roles: Mapping[str, RoleAssignment], call_id: str) -> tuple[str, ...]:
    """What a person should know of the roles: that what was told of them may be the wrong way round."""
    for party, given in sorted(roles.items()):
        if given.doubt:
            return (
                f"The parties may be swapped. {_SOURCES.get(given.source, given.source)} that {party} is the "
                f"{given.role}, but {given.doubt}. `speechqa roles {call_id} --swap` corrects it",
            )
    return ()


def with_roles(turns: Sequence[Turn], roles: Mapping[str, RoleAssignment]) -> tuple[Turn, ...]:
    """The turns with `speaker` set to the party's role; without one, a name that is no role stays.

    A name that gives way to a role is kept in `label`, so that it is there again should the role go.
    """
    named: list[Turn] = []
    for turn in turns:
        given = roles.get(turn.party) if turn.party is not None else None
        if given is None:
            named.append(turn)
            continue
        name = turn.label or turn.speaker
        if name in ("agent", "customer", "unknown", ""):
            named.append(msgspec.structs.replace(turn, speaker=given.role, label=None))
        elif given.role == "unknown":
            named.append(msgspec.structs.replace(turn, speaker=name, label=None))
        else:
            named.append(msgspec.structs.replace(turn, speaker=given.role, label=name))
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
                doubt="the manifest says the contrary" if contrary else "",
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


def _checked(told: RoleAssignment, inferred: Inference) -> RoleAssignment:
    """A told role, doubted where what is said clearly shows the contrary.

    Where two sources tell contrary roles, what is said may settle it for the one that holds.
    """
    contrary = {"agent": "customer", "customer": "agent"}
    if told.doubt and inferred.role == told.role and inferred.confidence >= CONTRARY_FROM:
        return msgspec.structs.replace(
            told,
            confidence=inferred.confidence,
            reason=f"{told.reason}, but what is said bears the {told.source} out: {inferred.reason}",
            doubt="",
        )
    if inferred.role != contrary.get(told.role) or inferred.confidence < CONTRARY_FROM:
        return told
    return msgspec.structs.replace(
        told,
        confidence=min(told.confidence, DOUBTED),
        doubt=f"what is said shows the contrary, with a confidence of {inferred.confidence:.2f}: "
        f"{inferred.reason}",
    )


def _as_found(inferred: Inference, floor: float) -> RoleAssignment:
    if inferred.role != "unknown" and inferred.confidence >= floor:
        return RoleAssignment(
            role=inferred.role, confidence=inferred.confidence, source="inferred", reason=inferred.reason
        )
    reason = inferred.reason
    if inferred.role != "unknown":
        reason = f"confidence {inferred.confidence:.2f} is under the floor of {floor:.2f} ({reason})"
    return RoleAssignment(role="unknown", confidence=inferred.confidence, source="none", reason=reason)


def _found_again(correction: RoleCorrection, speech: Mapping[str, Timeline]) -> dict[str, Role]:
    """The corrected roles by the letters of now: who speaks most where a party was heard is that party."""
    told: dict[str, Role] = {}
    for letter, role in correction.roles.items():
        heard = union(correction.heard.get(letter, ()))
        under = {party: seconds(intersection(union(line), heard)) for party, line in speech.items()}
        most = max(under.values(), default=0.0)
        party = min((p for p, s in under.items() if s == most), default=letter) if most > 0 else letter
        told.setdefault(party, role)
    return told
