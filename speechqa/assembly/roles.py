"""Who is who in a stored call: shown, and corrected by a person; the call is then judged again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from speechqa.assembly.periods import require_open
from speechqa.assembly.rejudging import audit_fingerprint, judged_again, kept_fingerprint
from speechqa.core.analysis import CallAnalysis
from speechqa.core.segment import Segment
from speechqa.core.source import Role, RoleCorrection
from speechqa.errors import RecordingError, UsageError
from speechqa.protocols import Store

_LONGEST: Final = 5
"""Stretches of a voice that a correction remembers it by."""
_CONTRARY: Final[Mapping[Role, Role]] = {"agent": "customer", "customer": "agent", "unknown": "unknown"}


def stored_call(store: Store, reference: str) -> CallAnalysis:
    """An analysed call of a store.

    Raises
    ------
    CallNotFound, RecordingError
        If there is none, or it could not be analysed.
    """
    document = store.get(reference)
    if isinstance(document, CallAnalysis):
        return document
    raise RecordingError(
        f"Call {document.call_id} could not be analysed: {document.error.message}",
        where=document.path,
        hint=document.error.hint,
    )


def swapped(document: CallAnalysis) -> dict[str, Role]:
    """The roles of a call with agent and customer exchanged.

    Raises
    ------
    UsageError
        If it has neither.
    """
    if all(given.role == "unknown" for given in document.roles.values()):
        raise UsageError(
            "There is nothing to swap: no role of this call is known",
            where=f"call {document.call_id}",
            found=_listed(document),
            hint="Say who is who: speechqa roles CALL --set A=agent,B=customer",
        )
    return {party: _CONTRARY[given.role] for party, given in document.roles.items()}


def correct_roles(
    store: Store,
    reference: str,
    roles: Mapping[str, Role],
    *,
    by: str,
    reason: str = "",
    with_audio: bool = True,
    keep: bool = True,
) -> CallAnalysis:
    """Keep who is who as a person says it, and judge the call again without transcribing or decoding it.

    The correction is kept by recording: a later analysis by another engine, rubric or version follows it, and
    the next audit of the same files finds the call done. The new document supersedes the old one; both stay.

    Parameters
    ----------
    roles : mapping of str to Role
        Role of each party. One left out keeps its role; of two, `agent` or `customer` said of one settles
        the other.
    by, reason : str
        Who says so and why; kept in the log, and in the reason of each role.
    with_audio : bool
        Whether the customer's voice is measured now if the recording is still there, unchanged. Else the
        next audit with the recording measures it.
    keep : bool
        Whether it is kept; else what would come out is given, and nothing changes.

    Raises
    ------
    CallNotFound, RecordingError
        If there is no such call, or it could not be analysed.
    UsageError
        If a party is not in the call, the parties cannot be told apart, both of two get one role, or it is to
        be kept of a call whose period is closed.
    RubricError
        If the rubric the call was judged by cannot be read.
    """
    from speechqa.dialogue.roles.assignment import corrected_roles
    from speechqa.privacy.redaction import redact_text

    document = stored_call(store, reference)
    _require_parties(document, roles)
    if keep:
        require_open(store, document, "A correction of roles")
    found = document.uncorrected_roles or document.roles
    wanted = dict(roles)
    if len(found) == 2 and len(wanted) == 1:
        ((party, role),) = wanted.items()
        if role != "unknown":  # that one is not known tells nothing of the other
            wanted |= {other: _CONTRARY[role] for other in found if other != party}
    wanted = {party: wanted.get(party, given.role) for party, given in document.roles.items()}
    if len(wanted) == 2 and len(set(wanted.values())) == 1 and "unknown" not in wanted.values():
        raise UsageError(
            "The two parties of a call cannot have one role",
            where=f"call {document.call_id}",
            found=", ".join(f"{party}={role}" for party, role in sorted(wanted.items())),
            expected="one agent and one customer, or unknown",
        )
    correction = RoleCorrection(
        roles=wanted,
        by=redact_text(by),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        reason=redact_text(reason),
        heard=_heard(document),
    )
    again = judged_again(document, corrected_roles(found, correction), with_audio=with_audio)
    if not keep:
        store.log("roles tried", call=document.call_id, actor=correction.by, reason=correction.reason)
        return again
    identity = store.identity(document.call_id)
    details: dict[str, str] = dict(sorted(wanted.items()))
    store.correct_roles(identity, correction)
    store.log(
        "roles corrected",
        call=document.call_id,
        actor=correction.by,
        reason=correction.reason,
        details=details,
    )
    store.put(identity, kept_fingerprint(again, correction), again)
    return again


def drop_correction(
    store: Store,
    reference: str,
    *,
    by: str,
    reason: str = "",
    with_audio: bool = True,
    keep: bool = True,
) -> CallAnalysis:
    """Undo the corrections of a call: its roles are those that were told or inferred again.

    Raises
    ------
    UsageError
        If it has no correction, or it is to be dropped of a call whose period is closed; else as
        `correct_roles`.
    """
    from speechqa.privacy.redaction import redact_text

    document = stored_call(store, reference)
    identity = store.identity(document.call_id)
    if store.role_correction(identity) is None:
        raise UsageError("No correction is in force for this call", where=f"call {document.call_id}")
    if keep:
        require_open(store, document, "Dropping a correction of roles")
    again: CallAnalysis | None = None
    uncorrected = audit_fingerprint(document, None)
    before = store.done(identity, uncorrected)
    if before is None and document.uncorrected_roles:
        again = judged_again(document, document.uncorrected_roles, with_audio=with_audio)
    if not keep:
        store.log("roles tried", call=document.call_id, actor=redact_text(by), reason=redact_text(reason))
        return again or (before if isinstance(before, CallAnalysis) else document)
    undone = RoleCorrection(
        roles={},
        by=redact_text(by),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        reason=redact_text(reason),
    )
    store.correct_roles(identity, undone)
    store.log("roles correction dropped", call=document.call_id, actor=undone.by, reason=undone.reason)
    if again is not None:
        store.put(identity, kept_fingerprint(again, None), again)
    elif before is not None:
        store.make_current(identity, uncorrected)
    return stored_call(store, document.call_id)


def parse_roles(text: str) -> dict[str, Role]:
    """Roles of parties as a person writes them.

    Raises
    ------
    UsageError
        If it is not like `A=agent,B=customer`.

    Examples
    --------
    >>> parse_roles("A=agent, b=customer")
    {'A': 'agent', 'B': 'customer'}
    """
    roles: dict[str, Role] = {}
    for piece in text.split(","):
        party, mark, role = (part.strip() for part in piece.partition("="))
        if not party or not mark or role not in _CONTRARY or party.upper() in roles:
            raise UsageError(
                "--set does not say who is who",
                found=text,
                expected="a role for each party, as A=agent,B=customer",
            )
        roles[party.upper()] = msgspec.convert(role, Role)
    return roles


def _require_parties(document: CallAnalysis, roles: Mapping[str, Role]) -> None:
    if not document.roles:
        raise UsageError(
            "The parties of this call cannot be told apart, so that none can be given a role",
            where=f"call {document.call_id}",
        )
    strangers = sorted(set(roles) - set(document.roles))
    if strangers:
        raise UsageError(
            "No such party in this call",
            where=f"call {document.call_id}",
            found=", ".join(strangers),
            expected=_listed(document),
        )


def _listed(document: CallAnalysis) -> str:
    return ", ".join(f"{party} ({given.role})" for party, given in sorted(document.roles.items())) or "none"


def _heard(document: CallAnalysis) -> dict[str, tuple[Segment, ...]]:
    """By what a party is found again: where it was heard longest, unless it has a channel of its own."""
    dialogue = document.dialogue
    if dialogue is None or dialogue.basis != "audio" or dialogue.separation != "voice":
        return {}
    return {
        party: tuple(sorted(sorted(line, key=lambda s: (-s.duration, s.start))[:_LONGEST]))
        for party, line in dialogue.speech.items()
    }
