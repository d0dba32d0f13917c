"""Bringing a store to the present: its tables, then the index over its documents."""

from __future__ import annotations

import sqlalchemy as sa

from speechqa.errors import StoreAbsent, StoreError
from speechqa.store.body import unpacked
from speechqa.store.database import Database
from speechqa.store.of_record import follow_all
from speechqa.store.projection import INDEX_VERSION, project
from speechqa.store.schema import calls, documents, store_info
from speechqa.store.versions import LATEST, migrate, version_of
from speechqa.store.writing import set_current

INDEX_KEY = "index_version"
"""What the version of the index is called in the information about a store."""
UNFINISHED = "unfinished copy"
"""What stands there while a store is being copied into this one."""


def bring_up_to_date(database: Database, *, create: bool) -> None:
    """Make, migrate and index a store where that is due; one that is up to date is only looked at.

    Raises
    ------
    StoreError
        If there is no store and none is to be made, or the database holds something else.
    """
    with database.reading() as connection:
        version = version_of(connection, database)
        index = _index_version(connection) if version == LATEST else None
    if version == LATEST and index == str(INDEX_VERSION):
        return
    if index == UNFINISHED:
        raise StoreError(
            "A store was being copied into this one, and the copy is not whole",
            where=database.where,
            hint="Run the same `speechqa store copy` again: it goes on where it stopped.",
        )
    if version is None and not create and database.lasting:
        raise StoreAbsent(
            "The database is empty, there is no store in it",
            where=database.where,
            hint="Run `speechqa audit` first, or name the store with --store or SPEECHQA_STORE.",
        )
    if version is None:
        database.prepare_new()
    with database.writing() as connection:
        if version != LATEST:
            migrate(connection)
        if _index_version(connection) != str(INDEX_VERSION):
            build_index(connection, database.where)
        elif version != LATEST:
            follow_all(connection)


def build_index(connection: sa.Connection, where: str) -> None:
    """Index every current document anew, in the caller's transaction."""
    current = (
        sa.select(documents.c.id, documents.c.call).where(documents.c.current).order_by(documents.c.call)
    )
    for row in connection.execute(current).all():
        kept = connection.execute(
            sa.select(documents.c.body, documents.c.digest, calls.c.call_id)
            .join(calls, calls.c.id == documents.c.call)
            .where(documents.c.id == row.id)
        ).one()
        document = unpacked(kept.body, kept.digest, f"{where}, call {kept.call_id!r}")
        set_current(connection, row.call, row.id, project(document))
    set_info(connection, INDEX_KEY, str(INDEX_VERSION))


def set_info(connection: sa.Connection, key: str, value: str) -> None:
    """Write something about the store, in the place of what stood there."""
    connection.execute(sa.delete(store_info).where(store_info.c.key == key))
    connection.execute(sa.insert(store_info).values(key=key, value=value))


def _index_version(connection: sa.Connection) -> str | None:
    return connection.scalar(sa.select(store_info.c.value).where(store_info.c.key == INDEX_KEY))
