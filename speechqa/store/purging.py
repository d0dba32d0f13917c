"""Removing calls for good: every row about them and the bodies of the journal; a record stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from speechqa.core.custody import MakeRecord, Purged, PurgedCall, PurgeProof, digest_of_name
from speechqa.errors import CallNotFound, StoreError
from speechqa.store import journal
from speechqa.store.database import Database
from speechqa.store.schema import calls, documents, metadata
from speechqa.store.schema import journal as journal_table
from speechqa.store.traces import Piece, fold_text_index, left_of, pieces_of, sampled
from speechqa.store.writing import now, unindex


def forget(
    database: Database,
    call_ids: Sequence[str],
    record: MakeRecord,
    *,
    actor: str,
    identities: Sequence[str] = (),
    last_hold: int = 0,
) -> Purged:
    """Remove calls and write down that it was done, in one transaction; then search the files for them.

    Parameters
    ----------
    call_ids : sequence of str
        Present ids.
    identities : sequence of str
        Further identities, as of a customer, whose bodies in the journal are erased.
    last_hold : int
        Number of the last entry about holds that the caller has seen.

    Raises
    ------
    CallNotFound
        If a call is not there; nothing is then removed.
    StoreError
        If a hold was placed or released since, or the store cannot be written.

    Notes
    -----
    Deleted rows are overwritten (SQLite's ``secure_delete``), the full-text index is merged, since deleted
    words stay in its older parts until then, and the file is written anew (``VACUUM``); then pieces of what
    was said and of the documents are looked for in all bytes of the store's files.
    """
    rows: Counter[str] = Counter()
    pieces: list[Piece] = []
    removed: list[PurgedCall] = []
    with database.writing() as connection:
        holds = sa.select(sa.func.max(journal_table.c.id)).where(journal_table.c.kind == "legal_hold")
        if (connection.scalar(holds) or 0) != last_hold:
            raise StoreError(
                "A hold was placed or released while the purge was prepared, so nothing was removed",
                where=database.where,
                hint="Look at `speechqa hold list`, then run the purge again.",
            )
        for call_id in call_ids:
            found = connection.execute(
                sa.select(calls.c.id, calls.c.identity).where(calls.c.call_id == call_id)
            ).one_or_none()
            if found is None:
                raise CallNotFound(f"The call {call_id!r} is gone already", where=database.where)
            pieces += pieces_of(connection, found.id)
            removed.append(_removed(connection, found.id, found.identity, call_id, rows))
        for identity in identities:
            rows["journal"] += journal.erase_in(connection, identity)
        fold_text_index(connection)
        body = msgspec.json.encode(
            record(tuple(removed), dict(sorted(rows.items()))), order="sorted"
        ).decode()
        entry = journal.insert(connection, "purge", body, actor=actor, at=now())
    proof = _prove(database, entry.number, sampled(pieces))
    journal.append(database, "purge", proof, actor=actor)
    return Purged(entry, proof)


def _prove(database: Database, purge: int, pieces: Sequence[Piece]) -> PurgeProof:
    database.compact()
    found, searched = left_of(database, pieces)
    return PurgeProof(purge=purge, looked_for=len(pieces), found=found, bytes_searched=searched)


def _removed(
    connection: sa.Connection, key: int, identity: str | None, call_id: str, rows: Counter[str]
) -> PurgedCall:
    digests = connection.scalars(
        sa.select(documents.c.digest).where(documents.c.call == key).order_by(documents.c.number)
    ).all()
    before = {table.name: _count(connection, table, key) for table in _about_calls()}
    rows.update({name: count for name, count in before.items() if count})
    unindex(connection, key)
    for table in _about_calls():
        for column in _keys(table):
            connection.execute(sa.delete(table).where(column == key))
    if identity is not None:
        for table in _about_recordings():
            gone = connection.execute(sa.delete(table).where(table.c.identity == identity))
            rows[table.name] += gone.rowcount
        rows["journal"] += journal.erase_in(connection, identity)
    rows["calls"] += connection.execute(sa.delete(calls).where(calls.c.id == key)).rowcount
    return PurgedCall(name=digest_of_name(call_id), identity=identity, documents=tuple(digests))


def _about_calls() -> list[sa.Table]:
    """Every table with rows of single calls, whoever adds one."""
    return [table for table in reversed(metadata.sorted_tables) if _keys(table)]


def _about_recordings() -> list[sa.Table]:
    kept = (calls.name, journal_table.name)
    return [table for table in metadata.sorted_tables if "identity" in table.c and table.name not in kept]


def _keys(table: sa.Table) -> list[sa.Column[int]]:
    return [column for column in table.c if any(key.column is calls.c.id for key in column.foreign_keys)]


def _count(connection: sa.Connection, table: sa.Table, key: int) -> int:
    wanted = sa.select(sa.func.count()).select_from(table).where(sa.or_(*(c == key for c in _keys(table))))
    return int(connection.scalar(wanted) or 0)
