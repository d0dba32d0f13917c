"""What an agent sees of their own calls: lost points, what to learn from, progress, and what they contest."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from speechqa.assembly.disputes import acknowledgements, disputes
from speechqa.assembly.periods import closed_periods
from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Finding
from speechqa.core.journal import JournalEntry
from speechqa.core.period import ClosedPeriod, closed_for
from speechqa.core.weeks import WeekStart
from speechqa.errors import UsageError
from speechqa.privacy.redaction import redact_text
from speechqa.protocols import CallFilter, Store
from speechqa.reports.own_view import AgentView, LostPoints, RubricView
from speechqa.review.of_document import standing_of
from speechqa.scoring import AgentScore, pool
from speechqa.scoring.disputes import Acknowledged, DisputeRecord, is_person
from speechqa.scoring.examples import examples
from speechqa.scoring.peers import place
from speechqa.scoring.per_criterion import per_criterion
from speechqa.scoring.progress import progress
from speechqa.scoring.shift import over_shifts

_AROUND_S: Final = 2.0
"""Seconds that a clip begins before a quote and ends after it."""


class OwnAsked(NamedTuple):
    """What an agent asks of their calls.

    Attributes
    ----------
    minimum_calls : int
        Calls below which a figure is withheld. What was lost is shown however few they are.
    days : tuple of str or None
        First and last day, `YYYY-MM-DD`. The place among other agents is over all calls all the same.
    quoted_calls : int, optional
        At most so many calls' lost points, the newest; how many more there are is said. All figures are over
        all calls.
    complete_log : bool
        Whether somebody says that no call of the agent is missing: without it no call has a place in a shift.
    """

    minimum_calls: int
    with_drafts: bool = False
    days: tuple[str | None, str | None] = (None, None)
    quoted_calls: int | None = None
    week_start: WeekStart = "monday"
    complete_log: bool = False


class _OfRecord(NamedTuple):
    """A call with the findings that count, and what came of it."""

    call: CallAnalysis
    lost: tuple[LostPoints, ...]
    waiting: int
    by_people: int


def require_self(store: Store, agent_id: str, by: str) -> None:
    """Refuse an agent's own view to anybody else; the log remembers who asked.

    Raises
    ------
    UsageError
        If `by` is not that agent's id.
    """
    if by != agent_id:
        store.log("own view refused", actor=by, details={"agent": agent_id})
        raise UsageError(
            "An agent's own view is for that agent alone",
            where=f"agent {agent_id}",
            found=f"asked for by {by}",
            expected=f"--by {agent_id}",
            hint="For your own calls: speechqa agent YOUR_ID --own --by YOUR_ID",
        )


def own_view(store: Store, agent_id: str, *, by: str, asked: OwnAsked) -> AgentView:
    """An agent's own calls, for that agent alone.

    Every call that is quoted is written into the log of accesses.

    Parameters
    ----------
    by : str
        Who looks: the agent, by id.

    Raises
    ------
    UsageError
        If somebody else asks, or a day is none.
    CallNotFound
        If no call is theirs.
    """
    require_self(store, agent_id, by)
    view = calls_of_agent(store, agent_id, asked)
    for name in quoted_calls(view):
        store.log("agent own view", call=name, actor=by, reason="the agent's own calls")
    return view


def calls_of_agent(store: Store, agent_id: str, asked: OwnAsked) -> AgentView:
    """What `own_view` shows, by the findings of record: a person's verdict over the machine's.

    Whoever shows or hands on the calls in it (`quoted_calls`) writes that into the log.

    Raises
    ------
    UsageError
        If a day is none.
    CallNotFound
        If no call is theirs.
    """
    store.agent(agent_id, CallFilter())  # says so where there is no such agent
    first, last = asked.days
    query = CallFilter(agent_id=agent_id, status="done", date_from=first, date_to=last)
    found = [document for document in store.documents(query) if isinstance(document, CallAnalysis)]
    identities = {call.call_id: store.identity(call.call_id) for call in found}
    noted = _noted(store, frozenset(identities.values()))
    contested = {
        one.number: one
        for one in disputes(store)
        if one.dispute.agent_id == agent_id or (one.dispute.agent_id is None and one.identity in noted)
    }
    closed = closed_periods(store)
    by_identity: dict[str, dict[str, DisputeRecord]] = defaultdict(dict)
    for one in contested.values():  # the newest of a criterion, for they come oldest first
        by_identity[one.identity][one.dispute.criterion] = one
    calls: dict[str, _OfRecord] = {}
    for call in found:
        identity = identities[call.call_id]
        stands = standing_of(call, noted.get(identity, ()))
        of_call = by_identity.get(identity, {})
        calls[call.call_id] = _OfRecord(
            call=replace(call, findings=tuple(one.finding for one in stands)),
            lost=tuple(
                _lost(call, one.finding, one.source, one.waits, of_call.get(one.criterion), closed, agent_id)
                for one in stands
                if one.finding.verdict.counts and (one.finding.earned or 0) < (one.finding.possible or 0)
            ),
            waiting=sum(bool(one.waits) for one in stands),
            by_people=sum(one.source != "machine" for one in stands),
        )
    log = [(one.call_id, one.started_at) for one in store.find(CallFilter(agent_id=agent_id))]
    scores = pool(
        (one.call for one in calls.values()),
        minimum_calls=asked.minimum_calls,
        include_drafts=asked.with_drafts,
    )
    return AgentView(
        agent_id=agent_id,
        agent_name=next((s.agent_name for s in scores if s.agent_name), None),
        rubrics=tuple(_rubric(store, score, _newest(calls, score), log, asked) for score in scores),
        disputes=tuple(contested.values()),
        acknowledged=_seen(
            store,
            {entry.number for entries in noted.values() for entry in entries},
            # The journal names who did it with numbers masked, and an id may look like one.
            (agent_id, redact_text(agent_id), *(call.metadata.agent_name for call in found)),
        ),
        days=asked.days,
        minimum_calls=asked.minimum_calls,
        closed=tuple(
            one.period
            for one in closed
            if any(closed_for(call.metadata.started_at, (one,)) is not None for call in found)
        ),
    )


def quoted_calls(view: AgentView) -> tuple[str, ...]:
    """Ids of the calls that a view quotes, in order."""
    names = set()
    for rubric in view.rubrics:
        names |= {one.call_id for one in rubric.lost}
        names |= {e.call_id for found in rubric.examples for e in (*found.best, *found.weakest)}
    return tuple(sorted(names))


def clip_command(call: CallAnalysis, start: float | None, end: float | None, by: str) -> str:
    """The command that plays what a verdict rests on; empty where its time is not known.

    Names are quoted for a shell: a call's id comes from outside.
    """
    if start is None or end is None:
        return ""
    begin, stop = max(0.0, start - _AROUND_S), end + _AROUND_S
    if call.duration is not None and stop > call.duration > begin:
        stop = call.duration
    options = f"speechqa clip --from {begin:.1f} --to {stop:.1f} --by {shlex.quote(by)}"
    return f"{options} -- {shlex.quote(call.call_id)}"


def _rubric(
    store: Store,
    score: AgentScore,
    calls: Sequence[_OfRecord],
    log: Sequence[tuple[str, str | None]],
    asked: OwnAsked,
) -> RubricView:
    totals = dict(store.criterion_totals(score.rubric, score.rubric_digest, with_drafts=asked.with_drafts))
    own = totals.pop(score.agent_id, {})
    others = list(totals.values())
    losing = [one for one in calls if one.lost]
    counted = [one.call for one in calls]
    least = asked.minimum_calls
    return RubricView(
        score=score,
        lost=tuple(lost for one in losing[: asked.quoted_calls] for lost in one.lost),
        more_calls=len(losing) - len(losing[: asked.quoted_calls]),
        examples=examples(counted),
        progress=progress(counted, minimum_calls=least, week_start=asked.week_start),
        peers=place(own, others, minimum_calls=least),
        criteria=per_criterion(counted, others, minimum_calls=least),
        shift=over_shifts(counted, log, minimum_calls=least, complete=asked.complete_log),
        waiting=sum(one.waiting for one in calls),
        by_people=sum(one.by_people for one in calls),
    )


def _newest(calls: Mapping[str, _OfRecord], score: AgentScore) -> list[_OfRecord]:
    """The calls counted, newest first, then by id; undated ones last."""
    return sorted(
        (calls[name] for name in score.calls),
        key=lambda one: one.call.metadata.started_at or "",
        reverse=True,
    )


def _lost(
    call: CallAnalysis,
    finding: Finding,
    source: str,
    waits: str,
    dispute: DisputeRecord | None,
    closed: Sequence[ClosedPeriod],
    by: str,
) -> LostPoints:
    timed = [item for item in finding.evidence if item.start is not None]
    start, end = (timed[0].start, timed[0].end) if timed else (None, None)
    if start is None and finding.searched is not None:
        start, end = finding.searched.start, finding.searched.end
    period = closed_for(call.metadata.started_at, closed)
    return LostPoints(
        call_id=call.call_id,
        started_at=call.metadata.started_at,
        criterion=finding.criterion,
        category=finding.category,
        earned=finding.earned or 0,
        possible=finding.possible or 0,
        reason=finding.reason,
        evidence=finding.evidence,
        would_change=finding.would_change,
        source=source,
        waits=waits,
        clip=clip_command(call, start, end, by),
        dispute=dispute.number if dispute is not None else None,
        dispute_state=dispute.state if dispute is not None else "",
        closed=period.period.name if period is not None else "",
    )


def _noted(store: Store, identities: frozenset[str]) -> dict[str, list[JournalEntry]]:
    """The journal's entries about those recordings; read once, for an agent has many calls."""
    found: dict[str, list[JournalEntry]] = defaultdict(list)
    for entry in store.notes():
        if entry.identity in identities and entry.identity is not None:
            found[entry.identity].append(entry)
    return found


def _seen(store: Store, own: Collection[int], names: Collection[str | None]) -> tuple[Acknowledged, ...]:
    """What the agent acknowledged; not what was said by whoever a call was taken for before."""
    return tuple(one for one in acknowledgements(store) if one.number in own and is_person(one.by, *names))
