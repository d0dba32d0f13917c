"""Calls drawn for review out of a store, and kept with the plan they were drawn by."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from speechqa.core.journal import JournalEntry
from speechqa.core.review import Part, Pick, Plan, Review, Sample
from speechqa.errors import CallNotFound, UsageError
from speechqa.protocols import CallFilter, CallSummary, Store
from speechqa.review.sampling import Candidate, Drawn, candidate, draw, frame_digest
from speechqa.scoring.disputes import is_person


def draw_sample(store: Store, query: CallFilter, plan: Plan, *, by: str) -> tuple[JournalEntry, Sample]:
    """Draw calls to listen to, and keep which, why, and out of how many.

    Parameters
    ----------
    query : CallFilter
        Which calls; those that could not be analysed are never drawn. `plan.filters` says the same in words.
    by : str
        Who draws.

    Raises
    ------
    UsageError
        If no call answers to that, or the query asks for what cannot be.
    """
    done, others = _reviewed(store, plan.reviewer)
    own_ids, other_ids = frozenset(done.values()), frozenset(others.values())
    frame: list[Candidate] = []
    left_out = 0
    for summary in store.find(msgspec.structs.replace(query, status="done")):
        if plan.reviewed and summary.call_id not in other_ids:
            continue
        if summary.call_id in own_ids or _own(summary, plan.reviewer):
            left_out += 1
            continue
        frame.append(candidate(summary, plan.strata))
    while True:
        if not frame:
            raise UsageError(
                "There is no call to draw",
                where=", ".join(f"{key} {value}" for key, value in plan.filters.items()) or None,
                found=f"{left_out} that {plan.reviewer} has reviewed or took" if left_out else "none",
                hint="Widen the filters; `speechqa calls` shows what they let through.",
            )
        drawn = draw(frame, seed=plan.seed, size=plan.size, risk=plan.risk)
        picks = [_pick(store, one) for one in drawn]
        # Their call had another id when they reviewed it, or it was taken out of the store this moment.
        gone = {one.call_id for one, pick in zip(drawn, picks, strict=True) if pick is None}
        gone |= {pick.call_id for pick in picks if pick is not None and pick.identity in done}
        if not gone:
            break
        left_out += len(gone)
        frame = [call for call in frame if call.call_id not in gone]
    sample = Sample(
        plan=plan,
        frame=len(frame),
        frame_digest=frame_digest(frame),
        left_out=left_out,
        picks=tuple(_as_before(store, picks) if plan.reviewed else [pick for pick in picks if pick]),
    )
    return store.note("sample", sample, actor=by), sample


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


def _own(summary: CallSummary, reviewer: str | None) -> bool:
    return reviewer is not None and is_person(reviewer, summary.agent_id, summary.agent_name)


def _pick(store: Store, drawn: Drawn) -> Pick | None:
    try:
        identity = store.identity(drawn.call_id)
    except CallNotFound:
        return None
    return Pick(
        call_id=drawn.call_id, identity=identity, part=drawn.part, why=drawn.why, stratum=drawn.stratum
    )


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
