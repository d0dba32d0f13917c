"""What an agent sees of their own calls: lost points, what to learn from, progress, and what they contest."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from speechqa.assembly.disputes import acknowledgements, disputes
from speechqa.assembly.periods import closed_periods
from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Finding
from speechqa.core.journal import JournalEntry
from speechqa.core.period import ClosedPeriod, closed_for
from speechqa.core.weeks import WeekStart
from speechqa.errors import UsageError
from speechqa.protocols import CallFilter, Store
from speechqa.reports.own_view import AgentView, LostPoints, RubricView
from speechqa.review.of_document import standing_of
from speechqa.scoring import AgentScore, pool
from speechqa.scoring.disputes import Acknowledged, DisputeRecord, is_person
from speechqa.scoring.examples import examples
from speechqa.scoring.peers import place
from speechqa.scoring.progress import progress

_AROUND_S: Final = 2.0
"""Seconds that a clip begins before a quote and ends after it."""


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


def own_view(
    store: Store,
    agent_id: str,
    *,
    by: str,
    minimum_calls: int,
    with_drafts: bool = False,
    days: tuple[str | None, str | None] = (None, None),
    quoted_calls: int | None = None,
    week_start: WeekStart = "monday",
) -> AgentView:
    """An agent's own calls, by the findings of record: a person's verdict over the machine's.

    Every call that is quoted is written into the log of accesses.

    Parameters
    ----------
    by : str
        Who looks: the agent, by id.
    minimum_calls : int
        Calls below which a figure is withheld. What was lost is shown however few they are.
    days : tuple of str or None
        First and last day, `YYYY-MM-DD`. The place among other agents is over all calls all the same.
    quoted_calls : int, optional
        At most so many calls' lost points, the newest; how many more there are is said. All figures are over
        all calls.

    Raises
    ------
    UsageError
        If somebody else asks, or a day is none.
    CallNotFound
        If no call is theirs.
    """
    require_self(store, agent_id, by)
    store.agent(agent_id, CallFilter())  # says so where there is no such agent
    query = CallFilter(agent_id=agent_id, status="done", date_from=days[0], date_to=days[1])
    found = [document for document in store.documents(query) if isinstance(document, CallAnalysis)]
    identities = {call.call_id: store.identity(call.call_id) for call in found}
    noted = _noted(store, frozenset(identities.values()))
    contested = {
        one.number: one
        for one in disputes(store)
        if one.dispute.agent_id == agent_id or (one.dispute.agent_id is None and one.identity in noted)
    }
    closed = closed_periods(store)
    lost: dict[str, list[LostPoints]] = {}
    by_identity: dict[str, dict[str, DisputeRecord]] = defaultdict(dict)
    for one in contested.values():  # the newest of a criterion, for they come oldest first
        by_identity[one.identity][one.dispute.criterion] = one
    calls = []
    for call in found:
        identity = identities[call.call_id]
        notes = noted.get(identity, ())
        stands = standing_of(call, notes)
        calls.append(replace(call, findings=tuple(one.finding for one in stands)))
        of_call = by_identity.get(identity, {})
        lost[call.call_id] = [
            _lost(call, one.finding, one.source, one.waits, of_call.get(one.criterion), closed, by)
            for one in stands
            if one.finding.verdict.counts and (one.finding.earned or 0) < (one.finding.possible or 0)
        ]
    by_id = {call.call_id: call for call in calls}
    scores = pool(calls, minimum_calls=minimum_calls, include_drafts=with_drafts)
    views = tuple(
        _rubric(
            store, score, _newest(by_id, score), lost, minimum_calls, with_drafts, quoted_calls, week_start
        )
        for score in scores
    )
    for name in sorted(_quoted(views)):
        store.log("agent own view", call=name, actor=by, reason="the agent's own calls")
    return AgentView(
        agent_id=agent_id,
        agent_name=next((s.agent_name for s in scores if s.agent_name), None),
        rubrics=views,
        disputes=tuple(contested.values()),
        acknowledged=_seen(
            store,
            {entry.number for entries in noted.values() for entry in entries},
            (agent_id, *(call.metadata.agent_name for call in found)),
        ),
    )


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
    calls: Sequence[CallAnalysis],
    lost: Mapping[str, Sequence[LostPoints]],
    minimum_calls: int,
    with_drafts: bool,
    quoted_calls: int | None,
    week_start: WeekStart,
) -> RubricView:
    totals = dict(store.criterion_totals(score.rubric, score.rubric_digest, with_drafts=with_drafts))
    own = totals.pop(score.agent_id, {})
    losing = [call for call in calls if lost[call.call_id]]
    return RubricView(
        score=score,
        lost=tuple(one for call in losing[:quoted_calls] for one in lost[call.call_id]),
        more_calls=len(losing) - len(losing[:quoted_calls]),
        examples=examples(calls),
        progress=progress(calls, minimum_calls=minimum_calls, week_start=week_start),
        peers=place(own, list(totals.values()), minimum_calls=minimum_calls),
    )


def _newest(calls: Mapping[str, CallAnalysis], score: AgentScore) -> list[CallAnalysis]:
    """The calls counted, newest first, then by id; undated ones last."""
    return sorted(
        (calls[name] for name in score.calls), key=lambda call: call.metadata.started_at or "", reverse=True
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


def _quoted(views: Iterable[RubricView]) -> set[str]:
    names = set()
    for view in views:
        names |= {one.call_id for one in view.lost}
        names |= {e.call_id for found in view.examples for e in (*found.best, *found.weakest)}
    return names
