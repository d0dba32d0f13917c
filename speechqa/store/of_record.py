"""What people said of calls, as rows that totals are made of: one a criterion whose verdict is a person's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Tally
from speechqa.core.journal import JournalEntry
from speechqa.errors import StoreError
from speechqa.protocols import CallSummary
from speechqa.review.of_document import standing_of
from speechqa.store.body import unpacked
from speechqa.store.schema import calls, documents, journal, record_verdicts, verdicts

SAYING: Final = frozenset({"review", "dispute", "dispute_resolution", "confirmation"})
"""Kinds of journal entries after which a criterion may stand elsewhere."""

_ENTRY = (
    journal.c.id.label("number"),
    journal.c.at,
    journal.c.actor,
    journal.c.kind,
    journal.c.identity,
    journal.c.call_id,
    journal.c.body,
    journal.c.chain,
)


def follow(connection: sa.Connection, call: int) -> None:
    """Write anew what people's verdicts make of a call, in the caller's transaction.

    To be called after its current document or its journal changed. A criterion of which nobody said anything
    that counts has no row: there the machine's verdict is that of record.
    """
    connection.execute(sa.delete(record_verdicts).where(record_verdicts.c.call == call))
    try:
        rows = rows_of(connection, call)
    except (msgspec.MsgspecError, StoreError):
        # A damaged entry or document is for `verify` to tell of, which a store that will not open cannot.
        return
    if rows:
        connection.execute(sa.insert(record_verdicts), rows)


def rows_of(connection: sa.Connection, call: int) -> list[dict[str, Any]]:
    """The rows that `follow` writes of a call, as journal and document tell them now."""
    said = connection.execute(
        sa.select(*_ENTRY)
        .join(calls, calls.c.identity == journal.c.identity)
        .where(calls.c.id == call, journal.c.kind.in_(sorted(SAYING)), journal.c.body.is_not(None))
        .order_by(journal.c.id)
    ).all()
    if not said:
        return []
    kept = connection.execute(
        sa.select(documents.c.body, documents.c.digest).where(documents.c.call == call, documents.c.current)
    ).one()
    document = unpacked(kept.body, kept.digest, f"call {call} of the store")
    if not isinstance(document, CallAnalysis):
        return []
    rows = {
        one.criterion: {
            "call": call,
            "criterion": one.criterion,
            "category": one.category,
            "source": one.source,
            "verdict": one.finding.verdict.value,
            "earned": one.finding.earned,
            "possible": one.finding.possible,
            "critical": one.critical,
        }
        for one in standing_of(document, (JournalEntry(**row._mapping) for row in said))
        if one.source != "machine" or one.critical == "confirmed"
    }
    return list(rows.values())


def follow_recording(connection: sa.Connection, identity: str) -> None:
    """As `follow`, of the call of a recording; nothing where there is none."""
    call = connection.scalar(sa.select(calls.c.id).where(calls.c.identity == identity))
    if call is not None:
        follow(connection, call)


def follow_all(connection: sa.Connection) -> None:
    """As `follow`, of every call that somebody said something of."""
    spoken_of = sa.select(journal.c.identity).where(journal.c.kind.in_(sorted(SAYING)))
    for call in connection.scalars(sa.select(calls.c.id).where(calls.c.identity.in_(spoken_of))).all():
        follow(connection, call)


def beside(connection: sa.Connection, found: Mapping[int, CallSummary]) -> dict[int, CallSummary]:
    """Summaries by call with the scores and verdicts of record where a person decided otherwise."""
    changed = sa.select(
        *(
            record_verdicts.c[name]
            for name in ("call", "criterion", "category", "verdict", "earned", "possible")
        ),
        *(verdicts.c[name].label(f"machine_{name}") for name in ("verdict", "earned", "possible")),
    ).join(
        verdicts,
        sa.and_(
            verdicts.c.call == record_verdicts.c.call, verdicts.c.criterion == record_verdicts.c.criterion
        ),
    )
    whole = dict(found)
    for row in connection.execute(changed.where(record_verdicts.c.call.in_(list(found)))):
        one = whole[row.call]
        gained = (row.earned or 0) - (row.machine_earned or 0)
        more = (row.possible or 0) - (row.machine_possible or 0)
        if gained or more:
            before = one.record_scores.get(row.category) or one.scores.get(row.category) or Tally()
            after = Tally(earned=before.earned + gained, possible=before.possible + more)
            one = replace(one, record_scores={**one.record_scores, row.category: after})
        if row.verdict != row.machine_verdict:
            one = replace(one, record_verdicts={**one.record_verdicts, row.criterion: row.verdict})
        whole[row.call] = one
    return whole
