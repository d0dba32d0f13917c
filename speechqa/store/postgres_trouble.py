"""What a PostgreSQL server says when it fails, in words for the person who has to act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
import sqlalchemy as sa

from speechqa.core.plain import printable
from speechqa.errors import DocumentRefused, StoreError
from speechqa.store.trouble import BUSY


class _Words(NamedTuple):
    what: str
    hint: str


_BY_STATE: tuple[tuple[str, _Words], ...] = (
    (
        "55P03",
        _Words(*BUSY),
    ),
    (
        "28",
        _Words(
            "The server does not let this user in",
            "Check user and password: ~/.pgpass or PGPASSWORD, as for psql.",
        ),
    ),
    (
        "3D000",
        _Words(
            "There is no such database on the server",
            "Make it with createdb, or name another one with --store.",
        ),
    ),
    (
        "3F000",
        _Words(
            "The database has no schema to keep a store in",
            "Make one, or name another in the search_path of the user.",
        ),
    ),
    (
        "42501",
        _Words(
            "The user may not do this in the database",
            "Whoever runs the server can grant it: CREATE on the schema for a new store, then SELECT, "
            "INSERT, UPDATE, DELETE on its tables and USAGE on its sequences.",
        ),
    ),
    (
        "25006",
        _Words(
            "The store cannot be written: the server is read-only",
            "Name the server that takes writes; a replica does not.",
        ),
    ),
    (
        "53100",
        _Words(
            "The server's disk is full",
            "Make room there, then run the command again; what was kept before is safe.",
        ),
    ),
    ("53300", _Words("The server has no connection left", "Wait, or have more allowed (max_connections).")),
    (
        "57014",
        _Words(
            "The server stopped the question",
            "It ran into a time limit of the server; ask for less, or have it raised.",
        ),
    ),
    (
        "57P",
        _Words(
            "The server is shutting down or starting",
            "Wait, then run the command again; what is finished is skipped.",
        ),
    ),
    (
        "08",
        _Words(
            "The connection to the server broke",
            "Check the network, then run the command again; what is finished is skipped.",
        ),
    ),
    ("XX001", _Words("The store is damaged", "Stop writing to it and restore a backup.")),
    (
        "XX002",
        _Words("An index of the store is damaged", "REINDEX DATABASE mends it; look at the server's disk."),
    ),
    ("42P01", _Words("The tables of the store are not there", "Restore a backup of the store.")),
)
_BY_SAYING: tuple[tuple[str, str], ...] = (
    ("password authentication failed", "28"),
    ("no password supplied", "28"),
    ("no pg_hba.conf entry", "28"),
    ('role "', "28"),
    ('database "', "3D000"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
    ("the database system is", "57P"),
)
"""Of a connection that was never made there is no code, only a saying."""
_REFUSED = {"22": "a value that the database cannot hold", "54": "a name or id that is too long for an index"}


def translated(error: BaseException | None, where: str) -> StoreError:
    """The `StoreError` for an error of the server; statements and values are left out of its message."""
    state = getattr(error, "sqlstate", None) or ""
    said = str(error).strip().split("\n")[0] if isinstance(error, psycopg.Error) else type(error).__name__
    if state[:2] in _REFUSED:
        return DocumentRefused(
            "The document cannot be kept", where=where, found=f"{_REFUSED[state[:2]]} ({state})"
        )
    connecting = isinstance(error, psycopg.OperationalError) and not state
    if connecting:
        state = next((code for words, code in _BY_SAYING if words in str(error)), "")
    for prefix, words in _BY_STATE:
        if state.startswith(prefix):
            return StoreError(words.what, where=where, found=None if connecting else state, hint=words.hint)
    if connecting:
        return StoreError(
            "The server of the store cannot be reached, or the connection to it broke",
            where=where,
            found=printable(said, limit=300),
            hint="Check that it runs and that host and port are right; then run the command again.",
        )
    # What else a server says may quote values: the code alone tells nobody's words.
    return StoreError(
        "The server of the store failed",
        where=where,
        found=f"{state or type(error).__name__}",
        hint="Look into the server's log for this code.",
    )


@contextmanager
def translating(where: str) -> Iterator[None]:
    """Raise `StoreError` in place of what the server raises."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise translated(error.orig, where) from error
    except (psycopg.Error, sa.exc.TimeoutError) as error:
        raise translated(error, where) from error
