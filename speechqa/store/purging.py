"""Removing calls for good: every row about them and the bodies of the journal; a record stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from speechqa.core.custody import (
    MakeRecord,
    Purged,
    PurgedCall,
    PurgeEntry,
    PurgeProof,
    PurgeRecord,
    digest_of_name,
)
from speechqa.core.journal import JournalEntry
from speechqa.errors import CallNotFound, StoreError
from speechqa.privacy.redaction import redact_text
from speechqa.store import journal
from speechqa.store.database import Database
from speechqa.store.schema import calls, documents, metadata
from speechqa.store.schema import journal as journal_table
from speechqa.store.traces import Piece, left_of, pieces_of, sampled
from speechqa.store.writing import now, unindex

_LATE: Final = (
    "The purge was ended before its search. The store was written anew at the next purge; by then nobody "
    "knew any more what to look for."
)


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
    In SQLite deleted rows are overwritten (``secure_delete``), the full-text index is merged, since deleted
    words stay in its older parts until then, and the file is written anew (``VACUUM``); then pieces of what
    was said and of the documents are looked for in all bytes of the store's files. Where that cannot be,
    for another program holds the store, they are looked for all the same, and `Purged.trouble` says so;
    what ends the process between the transaction and the search leaves a purge of which `unsearched` tells.
    A PostgreSQL server gives up the space (``VACUUM``), and the proof says what of its files is out of
    reach.
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
        _drop_empty_sums(connection)
        database.merge_texts(connection)
        body = msgspec.json.encode(
            record(tuple(removed), dict(sorted(rows.items()))), order="sorted"
        ).decode()
        entry = journal.insert(connection, "purge", body, actor=redact_text(actor), at=now())
    return _searched(database, entry, sampled(pieces), actor=actor)


def unsearched(database: Database) -> tuple[int, ...]:
    """Numbers of the purges after which the files were never searched, as when the process was killed."""
    open_ones: dict[int, None] = {}
    for entry in journal.read_back(database, "purge"):
        try:
            body = msgspec.json.decode(entry.body or "", type=PurgeEntry)
        except msgspec.MsgspecError:
            continue  # what is wrong with it is told of the journal
        if isinstance(body, PurgeRecord):
            open_ones[entry.number] = None
        else:
            open_ones.pop(body.purge, None)
    return tuple(open_ones)


def _searched(database: Database, entry: JournalEntry, pieces: Sequence[Piece], *, actor: str) -> Purged:
    """Write the store anew, look for the pieces, and put down what was found.

    The calls are gone by now, so nothing may keep the caller from what else has to go: what fails is told.
    """
    unwritten = unproved = ""
    earlier = tuple(number for number in unsearched(database) if number != entry.number)
    try:
        beyond = database.compact()
    except StoreError as error:
        beyond, earlier = "", ()
        unwritten = f"The store could not be written anew after the purge: {error.message}"
    # Of a server no file is in reach.
    found, searched = (0, 0) if beyond else left_of(database, pieces)
    proof = PurgeProof(
        purge=entry.number,
        looked_for=0 if beyond else len(pieces),
        found=found,
        bytes_searched=searched,
        beyond=beyond,
    )
    try:
        journal.append(database, "purge", proof, actor=actor)
        for number in earlier:
            late = PurgeProof(purge=number, looked_for=0, found=0, bytes_searched=0, beyond=_LATE)
            journal.append(database, "purge", late, actor=actor)
    except StoreError as error:
        unproved = f"What the search found could not be written down: {error.message}"
    return Purged(entry, proof, " ".join(said for said in (unwritten, unproved) if said))


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


def _drop_empty_sums(connection: sa.Connection) -> None:
    """Remove sums by week of which no call is left: they would go on telling who worked where, and when."""
    for table in metadata.sorted_tables:
        if "week" in table.c:
            nothing = (column == 0 for column in table.c if not column.primary_key)
            connection.execute(sa.delete(table).where(*nothing))


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
