"""Which version of the tables a store has, and how it gets to another."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from speechqa.errors import StoreError
from speechqa.store.database import Database
from speechqa.store.schema import VERSION_TABLE

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""All versions of the tables, oldest first."""

LATEST = VERSIONS[-1]


def version_of(connection: sa.Connection, database: Database) -> str | None:
    """The version of the tables, None for an empty database; a plain question that loads no migration.

    Raises
    ------
    StoreError
        If the database is somebody else's, or its version is not one of `VERSIONS`.
    """
    tables, where = database.tables(connection), database.where
    if not tables:
        return None
    if VERSION_TABLE not in tables:
        raise StoreError(
            "The database is no speechqa store",
            where=where,
            hint="Name another one with --store; this one is left as it is.",
        )
    found = _written(connection)
    if not found and tables == {VERSION_TABLE}:
        return None
    if len(found) == 1 and found[0] in VERSIONS:
        return found[0]
    if len(found) == 1 and found[0].isdecimal() and int(found[0]) > int(LATEST):
        raise StoreError(
            "The store was made by a newer speechqa",
            where=where,
            found=f"version {found[0]}",
            expected=f"at most {LATEST}",
            hint="Upgrade speechqa, or name another store with --store.",
        )
    raise StoreError(
        "The version of the store cannot be read",
        where=where,
        found=", ".join(repr(version) for version in found) or "none",
        expected=f"one of {', '.join(VERSIONS)}",
        hint="Restore a backup of the store.",
    )


def migrate(connection: sa.Connection, target: str = LATEST) -> None:
    """Bring the tables to a version, upwards or downwards, inside the connection's transaction.

    Whoever waited for the transaction while another process migrated finds nothing left to do.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    # Alembic's settings treat a percent sign as the start of a reference.
    folder = str(Path(__file__).with_name("migrations")).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.attributes["connection"] = connection
    present = _present(connection)
    if present is not None and (target == "base" or int(present) > int(target)):
        command.downgrade(config, target)
    else:
        command.upgrade(config, target)


def _present(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    return next(iter(_written(connection)), None)


def _written(connection: sa.Connection) -> list[str]:
    version = sa.select(sa.column("version_num", sa.Text)).select_from(sa.table(VERSION_TABLE))
    return list(connection.scalars(version))
