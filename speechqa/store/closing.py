"""Calls whose period is closed keep the analysis they have, whoever writes another."""

from __future__ import annotations

import sqlalchemy as sa

from speechqa.core.journal import JournalEntry
from speechqa.core.period import closed_for, closed_now
from speechqa.errors import UsageError
from speechqa.store.schema import calls, journal

_COLUMNS = (
    journal.c.id.label("number"),
    journal.c.at,
    journal.c.actor,
    journal.c.kind,
    journal.c.body,
    journal.c.chain,
)


def stands(connection: sa.Connection, call: int) -> bool:
    """Whether a call was analysed and lies in a closed period, as the caller's transaction sees it."""
    wanted = sa.select(calls.c.local_date).where(calls.c.id == call, calls.c.status == "done")
    day = connection.scalar(wanted)
    if day is None:
        return False
    kinds = ("period_closed", "period_opened")
    rows = connection.execute(sa.select(*_COLUMNS).where(journal.c.kind.in_(kinds)))
    return closed_for(day, closed_now(JournalEntry(**row._mapping) for row in rows)) is not None


def require_open(connection: sa.Connection, identity: str) -> None:
    """Refuse to go on where the call of a recording stands, in the transaction that would write.

    Raises
    ------
    UsageError
        If its period is closed: who asked before found it open, and somebody has closed it since.
    """
    call = connection.execute(
        sa.select(calls.c.id, calls.c.call_id).where(calls.c.identity == identity)
    ).first()
    if call is not None and stands(connection, call.id):
        raise UsageError(
            "The period of the call was closed at the same moment",
            where=f"call {call.call_id}",
            hint="See who closed it: speechqa period list",
        )
