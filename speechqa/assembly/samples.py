"""Calls drawn for review out of a store, and kept with the plan they were drawn by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

import msgspec

from speechqa.core.journal import JournalEntry
from speechqa.core.review import Part, Pick, Plan, Review, Sample
from speechqa.errors import CallNotFound, UsageError
from speechqa.protocols import CallFilter, Store
from speechqa.review.sampling import Candidate, Drawn, Frame, drawn_as
from speechqa.scoring.disputes import is_person

if TYPE_CHECKING:
    from speechqa.store.sql import SqlStore


def draw_sample(store: SqlStore, query: CallFilter, plan: Plan, *, by: str) -> tuple[JournalEntry, Sample]:
    """Draw calls to listen to, and keep which, why, and out of how many.

    Parameters
    ----------
    query : CallFilter
        Which calls, its order and limit left out; those that could not be analysed are never drawn.
        `plan.filters` says the same in words.
    by : str
        Who draws.

    Raises
    ------
    UsageError
        If no call answers to that, or the query asks for what cannot be.
    """
    done, others = _reviewed(store, plan.reviewer)
    own_ids, other_ids = frozenset(done.values()), frozenset(others.values())
    left_out = 0
    own = cache(partial(_own, reviewer=plan.reviewer))

    def wanted() -> Iterator[Candidate]:
        nonlocal left_out
        for call in store.candidates(query, plan.strata):
            if plan.reviewed and call.call_id not in other_ids:
                continue
            if call.call_id in own_ids or own(call.agent_id, call.agent_name):
                left_out += 1
                continue
            yield call

    frame = Frame(wanted())
    while True:
        if not len(frame):
            raise UsageError(
                "There is no call to draw",
                where=", ".join(f"{key} {value}" for key, value in plan.filters.items()) or None,
                found=f"{left_out} that {plan.reviewer} has reviewed or took" if left_out else "none",
                hint="Widen the filters; `speechqa calls` shows what they let through.",
            )
        drawn = frame.draw(seed=plan.seed, size=plan.size, risk=plan.risk)
        picks = [_pick(store, one) for one in drawn]
        # Their call had another id when they reviewed it, or it was taken out of the store this moment.
        gone = {one.call_id for one, pick in zip(drawn, picks, strict=True) if pick is None}
        gone |= {pick.call_id for pick in picks if pick is not None and pick.identity in done}
        if not gone:
            break
        left_out += len(gone)
        frame = frame.without(frozenset(gone))
    sample = Sample(
        plan=plan,
        frame=len(frame),
        frame_digest=frame.digest(),
        left_out=left_out,
        picks=tuple(_as_before(store, picks) if plan.reviewed else [pick for pick in picks if pick]),
    )
    return store.note("sample", sample, actor=by), sample


def without_order(query: CallFilter) -> CallFilter:
    """The conditions of a question alone: a sample has an order and a size of its own.

    Raises
    ------
    UsageError
        If it asks for calls that could not be analysed: there is nothing to review in them.
    """
    if query.status == "failed":
        raise UsageError("Calls that could not be analysed cannot be reviewed", found="a question for them")
    return msgspec.structs.replace(query, sort="date", limit=None, offset=0, status=None)


def stored_sample(store: Store, number: int) -> tuple[JournalEntry, Sample]:
    """A plan that was kept, by its number.

    Raises
    ------
    UsageError
        If there is none of that number.
    """
    numbers = []
    for entry in store.notes("sample"):
        if entry.number == number and entry.body is not None:
            return entry, msgspec.json.decode(entry.body, type=Sample)
        numbers.append(entry.number)
    raise UsageError(
        "No plan has this number",
        found=str(number),
        expected="one of " + ", ".join(map(str, numbers[-10:])) if numbers else "none was drawn yet",
        hint="Draw one: speechqa review queue",
    )


def reviewed_by(store: Store, reviewer: str, picks: Sequence[Pick]) -> frozenset[str]:
    """Identities of those picks that a person has reviewed."""
    done, _ = _reviewed(store, reviewer)
    return frozenset(pick.identity for pick in picks if pick.identity in done)


def parts_of(store: Store) -> dict[str, list[tuple[int, Part]]]:
    """How each call came into a sample, by identity: the plans' numbers, oldest first, and the parts."""
    found: dict[str, list[tuple[int, Part]]] = {}
    for entry in store.notes("sample"):
        if entry.body is not None:
            for pick in msgspec.json.decode(entry.body, type=Sample).picks:
                found.setdefault(pick.identity, []).append((entry.number, pick.part))
    return found


def _reviewed(store: Store, reviewer: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """Calls that the reviewer has reviewed, and those that others have, by identity, with the id of then."""
    done: dict[str, str] = {}
    others: dict[str, str] = {}
    for entry in store.notes("review"):
        if entry.body is None or entry.identity is None:
            continue
        mine = reviewer is not None and is_person(entry.actor, reviewer)
        (done if mine else others)[entry.identity] = entry.call_id or ""
    return done, others


def _own(agent_id: str | None, agent_name: str | None, *, reviewer: str | None) -> bool:
    return reviewer is not None and is_person(reviewer, agent_id, agent_name)


def _pick(store: SqlStore, drawn: Drawn) -> Pick | None:
    try:
        identity = store.identity(drawn.call_id)
        why = drawn_as(drawn) if drawn.part == "random" else store.summary(drawn.call_id).listen_to or ""
    except CallNotFound:
        return None
    return Pick(call_id=drawn.call_id, identity=identity, part=drawn.part, why=why, stratum=drawn.stratum)


def _as_before(store: Store, picks: Sequence[Pick | None]) -> list[Pick]:
    """Picks of calls reviewed before: each is what it was drawn as then, for that is what it stands for."""
    before = parts_of(store)
    return [
        msgspec.structs.replace(
            pick,
            part=before[pick.identity][-1][1] if pick.identity in before else "chosen",
            why="reviewed by somebody else before",
        )
        for pick in picks
        if pick is not None
    ]


def given_reviews(store: Store, identity: str, actor: str) -> dict[str, Review]:
    """The newest review of each criterion of a call by one person."""
    return {
        review.criterion: review
        for entry in store.notes("review", identity=identity)
        if entry.body is not None and is_person(entry.actor, actor)
        for review in [msgspec.json.decode(entry.body, type=Review)]
    }
