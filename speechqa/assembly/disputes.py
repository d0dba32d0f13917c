"""Disputes of a store: opened by the agent, resolved by somebody else, both verdicts kept."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from speechqa.assembly.periods import require_open
from speechqa.assembly.reviews import standings_of
from speechqa.assembly.roles import stored_call
from speechqa.core.analysis import CallAnalysis
from speechqa.core.dispute import Acknowledgement, Dispute, DisputeReason, Outcome, Resolution
from speechqa.core.finding import Finding, Verdict
from speechqa.errors import ConfigurationError, RubricError, UsageError
from speechqa.protocols import Store
from speechqa.scoring.disputes import (
    MOST_RESOLUTIONS,
    Acknowledged,
    DisputeRecord,
    is_person,
    standing_disputes,
)

DAYS: Final = 14
"""Days to resolve a dispute where neither the command, the configuration nor the rubric says otherwise."""
DAYS_VARIABLE: Final = "SPEECHQA_DISPUTE_DAYS"
_ABOUT_POINTS: Final = ("verdict_wrong", "system_down")
"""Reasons that say nothing where no point was lost."""


def today() -> date:
    """The day it is, UTC."""
    return datetime.now(UTC).date()


def disputes(store: Store, *, identity: str | None = None) -> tuple[DisputeRecord, ...]:
    """Every dispute, or those of one recording, oldest first."""
    return standing_disputes(
        store.notes("dispute", identity=identity),
        store.notes("dispute_resolution", identity=identity),
        today=today(),
    )


def open_dispute(
    store: Store,
    reference: str,
    *,
    criterion: str,
    reason: DisputeReason,
    comment: str,
    by: str,
    days: int | None = None,
) -> DisputeRecord:
    """Contest one verdict of a call.

    Parameters
    ----------
    by : str
        The agent whose call it is, by id or name; anybody where the call names no agent.
    days : int, optional
        Days to resolve it; else `SPEECHQA_DISPUTE_DAYS`, else the rubric's `dispute_days`, else 14.

    Raises
    ------
    CallNotFound, RecordingError
        If there is no such call, or it could not be analysed.
    UsageError
        If the verdict is not there, is contested already, is of another agent's call or of one in a closed
        period, or no comment is given.
    """
    document = stored_call(store, reference)
    _require_own(document, by, "disputed")
    finding = _finding(document, criterion)
    said = _comment(comment)
    require_open(store, document, "A dispute")
    identity = store.identity(document.call_id)
    for one in disputes(store, identity=identity):
        if one.open and one.dispute.criterion == criterion:
            raise UsageError(
                "This verdict is contested already",
                where=f"call {document.call_id}, {criterion}",
                found=f"dispute {one.number}, open until {one.dispute.deadline}",
                hint=f"See it: speechqa dispute list --call {shlex.quote(document.call_id)}",
            )
    held = _held(store, document, finding)
    if held.possible and held.earned == held.possible and reason in _ABOUT_POINTS:
        raise UsageError(
            "No point was lost on this verdict",
            where=f"call {document.call_id}, {criterion}",
            found=f"{held.verdict.value}, {held.earned} of {held.possible}",
            hint="Where it is not yours at all, or the words or roles are wrong, say so with --reason.",
        )
    opened = Dispute(
        criterion=criterion,
        reason=reason,
        comment=said,
        deadline=(today() + timedelta(days=days or _days(document))).isoformat(),
        verdict=held.verdict,
        agent_id=document.metadata.agent_id,
        started_at=document.metadata.started_at,
        run_id=document.provenance.run_id,
    )
    entry = store.note("dispute", opened, actor=by, identity=identity, call=document.call_id, while_open=True)
    for one in disputes(store, identity=identity):
        if one.number == entry.number:
            return one
    raise UsageError(  # somebody else's entry came in between the look and the word
        "This verdict was contested at the same moment", where=f"call {document.call_id}, {criterion}"
    )


def resolve_dispute(
    store: Store, number: int, *, outcome: Outcome, verdict: Verdict | None, comment: str, by: str
) -> DisputeRecord:
    """Say what comes of a dispute; one that was resolved can be looked at once more, by another person.

    Neither who opened it nor the agent whose call it is resolves it, and nobody who reviewed that verdict or
    resolved a dispute of it before.

    Raises
    ------
    UsageError
        If there is no such dispute, `by` may not resolve it, the verdict does not fit the outcome, the call's
        period is closed and the verdict would change, or it was resolved twice.
    """
    from speechqa.privacy.redaction import redact_text

    one = _numbered(store, number)
    who = redact_text(by)  # as the journal names who opened it and who judged before
    where = f"dispute {number}, call {one.call_id}, {one.dispute.criterion}"
    said = _comment(comment)
    contested = one.dispute.verdict
    if outcome == "upheld" and verdict is not None:
        raise UsageError(
            "A verdict goes with --outcome changed",
            where=where,
            found=f"--verdict {verdict.value} with --outcome upheld",
        )
    if outcome == "changed" and verdict is None:
        raise UsageError(
            "A changed verdict needs to be said",
            where=where,
            expected=f"--verdict {'|'.join(v.value for v in Verdict if v != contested)}",
        )
    if verdict is not None and verdict == contested:
        raise UsageError(
            "That is the verdict that was contested",
            where=where,
            found=verdict.value,
            hint="Uphold it: --outcome upheld",
        )
    document = stored_call(store, one.call_id)
    now = _now(store, document, one)
    changing = outcome == "changed" and verdict != now
    if changing:
        require_open(store, document, "Changing a verdict")
    known = document.metadata
    if is_person(by, one.by, one.dispute.agent_id, known.agent_id, known.agent_name) or is_person(
        who, one.by
    ):
        raise UsageError(
            "Nobody resolves a dispute of their own",
            where=where,
            found=f"{by}, opened by {one.by}",
            expected="another person, named with --by",
        )
    if outcome == "upheld" and not one.resolutions and now is not None and now != contested:
        # Roles or words were corrected, or it was judged anew: to uphold would bring back what nobody finds.
        raise UsageError(
            "The verdict is another than the one that was contested",
            where=where,
            found=f"{now.value} now, {contested.value if contested else 'none'} when it was contested",
            hint=f"Where the new one is right: --outcome changed --verdict {now.value}. Where the old one "
            "is: speechqa review record, by which it holds whatever is judged again.",
        )
    if len(one.resolutions) >= MOST_RESOLUTIONS:
        raise UsageError(
            "This dispute was resolved twice, and that is final",
            where=where,
            found=f"{one.state} by {one.resolutions[-1].by}",
        )
    earlier = _reviewers(store, one)
    if is_person(by, *earlier) or is_person(who, *earlier):
        raise UsageError(
            "A second reviewer is another person than the first",
            where=where,
            found=by,
            expected=f"somebody else than {', '.join(sorted(earlier))}",
        )
    resolution = Resolution(
        dispute=number,
        outcome=outcome,
        verdict=verdict,
        comment=said,
        second=bool(earlier),
        criterion=one.dispute.criterion,
    )
    entry = store.note(
        "dispute_resolution",
        resolution,
        actor=by,
        identity=one.identity,
        call=one.call_id,
        while_open=changing,
    )
    now_stands = _numbered(store, number)
    if all(given.number != entry.number for given in now_stands.resolutions):
        raise UsageError(  # the entry stays in the journal, and does not count
            "Somebody resolved this dispute at the same moment",
            where=where,
            found=f"{now_stands.state} by {now_stands.resolutions[-1].by}",
            hint=f"See what stands: speechqa dispute list --call {shlex.quote(one.call_id)}",
        )
    return now_stands


def acknowledge(
    store: Store, reference: str, *, criterion: str | None, comment: str, by: str
) -> Acknowledged:
    """Keep that the agent has seen a call's scorecard, or one verdict of it, and what they say to it.

    Raises
    ------
    CallNotFound, RecordingError
        As `open_dispute`.
    UsageError
        If the verdict is not there, it is another agent's call, or no comment is given.
    """
    document = stored_call(store, reference)
    _require_own(document, by, "acknowledged")
    if criterion is not None:
        _finding(document, criterion)
    said = Acknowledgement(criterion=criterion, comment=_comment(comment))
    identity = store.identity(document.call_id)
    entry = store.note("acknowledgement", said, actor=by, identity=identity, call=document.call_id)
    return Acknowledged(
        number=entry.number, at=entry.at, by=entry.actor, call_id=document.call_id, acknowledgement=said
    )


def acknowledgements(store: Store, *, identity: str | None = None) -> Iterator[Acknowledged]:
    """What agents said of calls they have seen, oldest first."""
    for entry in store.notes("acknowledgement", identity=identity):
        if entry.body is not None:
            yield Acknowledged(
                number=entry.number,
                at=entry.at,
                by=entry.actor,
                call_id=entry.call_id or "",
                acknowledgement=msgspec.json.decode(entry.body, type=Acknowledgement),
            )


def _finding(document: CallAnalysis, criterion: str) -> Finding:
    for finding in document.findings:
        if finding.criterion == criterion:
            return finding
    known = ", ".join(finding.criterion for finding in document.findings)
    raise UsageError(
        "No such criterion in this call",
        where=f"call {document.call_id}",
        found=criterion,
        expected=f"one of {known}" if known else None,
    )


def _comment(comment: str) -> str:
    from speechqa.privacy.redaction import redact_text

    if not comment.strip():
        raise UsageError("The comment is empty", expected="why, in your own words", hint="Give --comment.")
    return redact_text(comment.strip())


def _require_own(document: CallAnalysis, by: str, done: str) -> None:
    """Refuse it to all but the agent of the call, and tell nobody else whose it is."""
    known = document.metadata
    nobody = known.agent_id is None and known.agent_name is None
    if nobody or is_person(by, known.agent_id, known.agent_name):
        return
    raise UsageError(
        f"A verdict is {done} by the agent whose call it is",
        where=f"call {document.call_id}",
        found=by,
        expected="the agent that the call names, by id or name",
        hint="For your own calls: speechqa agent YOUR_ID --own --by YOUR_ID. Who is named and did not speak "
        "says so with --reason not_me.",
    )


def _held(store: Store, document: CallAnalysis, finding: Finding) -> Finding:
    """The finding of record: a person's verdict where one was given, else the machine's."""
    stands = {one.criterion: one.finding for one in standings_of(store, document)}
    return stands.get(finding.criterion, finding)


def _now(store: Store, document: CallAnalysis, one: DisputeRecord) -> Verdict | None:
    """The verdict of record now; None where the rubric of now has no such criterion."""
    stands = {held.criterion: held.finding.verdict for held in standings_of(store, document)}
    return stands.get(one.dispute.criterion)


def _numbered(store: Store, number: int) -> DisputeRecord:
    known = disputes(store)
    for one in known:
        if one.number == number:
            return one
    unresolved = [str(one.number) for one in known if one.open]
    raise UsageError(
        "No dispute has this number",
        found=str(number),
        expected=f"one of those open: {', '.join(unresolved[:20])}" if unresolved else None,
        hint="List them: speechqa dispute list",
    )


def _reviewers(store: Store, one: DisputeRecord) -> set[str]:
    """Who has judged this verdict before: by a review, a confirmation, or resolving a dispute of it."""
    names = set()
    for entry in (
        *store.notes("review", identity=one.identity),
        *store.notes("confirmation", identity=one.identity),
    ):
        body = msgspec.json.decode(entry.body) if entry.body is not None else None
        if isinstance(body, dict) and body.get("criterion") == one.dispute.criterion:
            names.add(entry.actor)
    for other in disputes(store, identity=one.identity):
        if other.dispute.criterion == one.dispute.criterion:
            names |= {given.by for given in other.resolutions}
    return names


def _days(document: CallAnalysis) -> int:
    from speechqa.assembly.rejudging import settings_of
    from speechqa.criteria import load_rubric

    told = os.environ.get(DAYS_VARIABLE)
    if told is not None:
        if not (told.isascii() and told.isdigit() and 1 <= int(told) <= 3650):
            raise ConfigurationError(
                "The days to resolve a dispute are no number of days",
                where=DAYS_VARIABLE,
                found=told,
                expected="a whole number from 1 to 3650",
            )
        return int(told)
    try:
        return load_rubric(settings_of(document).rubric).dispute_days
    except RubricError:  # the rubric is gone; what was judged by it can be contested still
        return DAYS
