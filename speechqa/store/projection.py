"""A document as the rows that lists and totals are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from speechqa.core.analysis import CallAnalysis, Document, FailedCall, Signal
from speechqa.core.deadlines import due_day
from speechqa.core.profiles import ProfileName
from speechqa.core.weeks import week_of
from speechqa.protocols import CallSummary
from speechqa.store.search import searched_texts

INDEX_VERSION = 4
"""To be raised when the rows of a document change; an open store then builds its index anew."""

CUSTOMER_TYPE = "customer_type:"
CONTACT_REASON = "contact_reason:"
"""What a kind of customer is called among the signals."""


class Start(NamedTuple):
    """When a call began: seconds since 1970 in UTC for ordering, and the call's own day and hour."""

    moment: float | None
    day: str | None
    hour: int | None


class Projection(NamedTuple):
    """Rows of one document: columns of its call, then rows of the tables around it without the call's key."""

    call: dict[str, Any]
    summary: CallSummary
    scores: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    signals: list[dict[str, Any]]
    tags: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    numbers: list[dict[str, Any]]
    texts: dict[str, str]


def start_of(text: str | None) -> Start:
    """Read the start of a call; what cannot be read stays unknown.

    A time without an offset is ordered as if it were UTC. A day without a time has no hour.

    Examples
    --------
    >>> start_of("2026-11-20T09:14:00+02:00")
    Start(moment=1795158840.0, day='2026-11-20', hour=9)
    >>> start_of("2026-11-20")
    Start(moment=1795132800.0, day='2026-11-20', hour=None)
    >>> start_of("yesterday")
    Start(moment=None, day=None, hour=None)
    """
    given = (text or "").strip()
    try:
        local = datetime.fromisoformat(given)
    except ValueError:
        return Start(None, None, None)
    offset = local.utcoffset() or timedelta(0)
    moment = (local.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC) - offset).total_seconds()
    return Start(moment, local.date().isoformat(), None if _is_day(given) else local.hour)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def project(document: Document) -> Projection:
    """All rows of a document."""
    summary = summary_of(document)
    metadata = document.metadata
    start = start_of(metadata.started_at)
    call = {
        "path": document.path,
        "status": summary.status,
        "agent_id": metadata.agent_id,
        "agent_name": metadata.agent_name,
        "team": metadata.team,
        "customer_id": metadata.customer_id,
        "started_at": metadata.started_at,
        "started_moment": start.moment,
        "local_date": start.day,
        "local_hour": start.hour,
        "duration": summary.duration,
        "language": summary.language,
        "draft": summary.draft,
        "interruptions": summary.interruptions,
        "direction": metadata.direction,
        "rubric": summary.rubric,
        "rubric_digest": None,
        "local_week": week_of(start.day),
        "listen_weight": summary.listen_weight,
        "silence": None,
    }
    tags = [{"tag": name, "value": value} for name, value in metadata.tags.items()]
    if isinstance(document, FailedCall):
        return Projection(call, summary, [], [], [], tags, [], [], searched_texts(document))
    call["rubric_digest"] = document.provenance.rubric_digest
    call["silence"] = _longest_silence(document)
    whose = {"agent_id": metadata.agent_id, "draft": summary.draft}
    scores = [
        {"category": category, "earned": tally.earned, "possible": tally.possible, **whose}
        for category, tally in document.scores.items()
    ]
    # A criterion is judged once a call; should a document say otherwise, the last word counts, as in JSON.
    verdicts = {
        finding.criterion: {
            "criterion": finding.criterion,
            "category": finding.category,
            "verdict": finding.verdict.value,
            "earned": finding.earned,
            "possible": finding.possible,
            "critical": finding.critical,
            **whose,
        }
        for finding in document.findings
    }
    signals: dict[str, bool | None] = dict(summary.signals)
    signals.update((CUSTOMER_TYPE + kind, True) for kind in summary.customer_type)
    return Projection(
        call,
        summary,
        scores,
        list(verdicts.values()),
        [{"signal": name, "value": value} for name, value in signals.items()],
        tags,
        _promises(document, start.day),
        _numbers(document),
        searched_texts(document),
    )


def _numbers(document: CallAnalysis) -> list[dict[str, Any]]:
    digests = document.transcript.number_digests if document.transcript is not None else ()
    return [{"digest": digest} for digest in dict.fromkeys(digests)]


def _longest_silence(document: CallAnalysis) -> float | None:
    """Seconds; None where silences could not be measured, for there are no times."""
    dialogue = document.dialogue
    if dialogue is None or dialogue.basis == "none":
        return None
    return round(max((found.end - found.start for found in dialogue.silences), default=0.0), 3)


def _promises(document: CallAnalysis, day: str | None) -> list[dict[str, Any]]:
    language = document.transcript.language if document.transcript else None
    profile: ProfileName = "il" if document.provenance.profile == "il" else "eu"
    return [
        {
            "number": number,
            "who": promise.who,
            "what": promise.what.quote,
            "by_when": promise.when.quote if promise.when else None,
            "due": due_day(promise.when.quote, day, language, profile) if promise.when else None,
            "start": promise.what.start,
        }
        for number, promise in enumerate(document.signals.promises or ())
    ]


def summary_of(document: Document) -> CallSummary:
    """One line about a document."""
    metadata = document.metadata
    if isinstance(document, FailedCall):
        error = document.error
        return CallSummary(
            call_id=document.call_id,
            path=document.path,
            status="failed",
            agent_id=metadata.agent_id,
            agent_name=metadata.agent_name,
            team=metadata.team,
            customer_id=metadata.customer_id,
            started_at=metadata.started_at,
            direction=metadata.direction,
            queue_wait_s=metadata.queue_wait_s,
            transfers=metadata.transfers,
            error=f"{error.type}: {error.message}",
        )
    transcript, dialogue = document.transcript, document.dialogue
    first = max(document.listen_to, key=lambda place: place.weight, default=None)
    return CallSummary(
        call_id=document.call_id,
        path=document.path,
        status="done",
        agent_id=metadata.agent_id,
        agent_name=metadata.agent_name,
        team=metadata.team,
        customer_id=metadata.customer_id,
        started_at=metadata.started_at,
        direction=metadata.direction,
        queue_wait_s=metadata.queue_wait_s,
        transfers=metadata.transfers,
        duration=document.recording.duration if document.recording else document.duration,
        language=transcript.language if transcript else None,
        draft=transcript.draft if transcript else False,
        engine=transcript.engine if transcript else None,
        rubric=document.provenance.rubric,
        rubric_digest=document.provenance.rubric_digest,
        scores=dict(document.scores),
        verdicts={finding.criterion: finding.verdict.value for finding in document.findings},
        signals=_signals(document),
        customer_type=document.signals.customer_type,
        interruptions=dialogue.interruptions.get("agent") if dialogue else None,
        listen_to=first.reason if first else None,
        listen_at=first.start if first else None,
        listen_weight=first.weight if first else 0,
    )


def _signals(document: CallAnalysis) -> dict[str, bool | None]:
    fields = msgspec.structs.asdict(document.signals)
    found = {name: signal.value for name, signal in fields.items() if isinstance(signal, Signal)}
    lists = {name: fields[name] for name in ("promises", "promise_news", "stage_signs")}
    if document.signals.contact_reason is not None:
        found[CONTACT_REASON + document.signals.contact_reason.reason] = True
    return {**found, **{name: None if said is None else bool(said) for name, said in lists.items()}}
