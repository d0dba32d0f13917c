"""What a database says when it fails, in words for the person who has to act."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from speechqa.errors import StoreError

BUSY_S = 30
"""Seconds a writer waits for another before it gives up."""
BUSY = (
    f"Another process has been writing to the store for more than {BUSY_S} seconds",
    "Wait until it is done, then run the command again; what is finished is skipped.",
)
"""What is wrong then, and what to do."""

_WORDS: tuple[tuple[str, str, str], ...] = (
    ("SQLITE_BUSY", *BUSY),
    (
        "SQLITE_LOCKED",
        "The store is locked",
        "Wait until the other process is done, then run the command again.",
    ),
    (
        "SQLITE_READONLY",
        "The store cannot be written",
        "Make the file and its folder writable, or name another store with --store.",
    ),
    (
        "SQLITE_FULL",
        "The disk or the store is full",
        "Make room, then run the command again; what was kept before is safe.",
    ),
    (
        "SQLITE_NOTADB",
        "The file is no SQLite store",
        "Name another file with --store, or move this one away.",
    ),
    (
        "SQLITE_CORRUPT",
        "The store is damaged",
        "Stop writing to it, copy it, and restore a backup or try `sqlite3 FILE .recover`.",
    ),
    (
        "SQLITE_CANTOPEN",
        "The store cannot be opened",
        "Check that the file and its folder may be read and written; SQLite keeps two files beside it.",
    ),
    (
        "SQLITE_IOERR",
        "The disk failed while the store was used",
        "Check the disk; a store on a network share must be moved to a local disk.",
    ),
    (
        "SQLITE_TOOBIG",
        "A document is larger than SQLite can keep",
        "Split the recording.",
    ),
)


def translated(error: BaseException | None, where: str) -> StoreError:
    """The `StoreError` for an error of the database; statements and values are left out of its message."""
    code = getattr(error, "sqlite_errorname", "") or ""
    said = str(error) if isinstance(error, sqlite3.Error) else type(error).__name__
    if "no such module: fts5" in said:
        return StoreError(
            "This Python's SQLite was built without full-text search (FTS5)",
            where=where,
            hint="Use a Python from python.org, uv, conda or your distribution; they have it.",
        )
    for prefix, what, hint in _WORDS:
        if code.startswith(prefix):
            return StoreError(what, where=where, found=code, hint=hint)
    return StoreError(
        f"The store failed: {said}",
        where=where,
        found=code or None,
        hint="Check the store with `sqlite3 FILE 'PRAGMA integrity_check'`.",
    )


@contextmanager
def translating(where: str) -> Iterator[None]:
    """Raise `StoreError` in place of what the database raises."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise translated(error.orig, where) from error
    except (sqlite3.Error, sa.exc.TimeoutError) as error:
        raise translated(error, where) from error
