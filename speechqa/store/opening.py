"""From a store's URL to an open store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from speechqa.core.plain import printable
from speechqa.errors import StoreAbsent, StoreError

if TYPE_CHECKING:
    from speechqa.store.database import Database
    from speechqa.store.sql import SqlStore

_SUPPORTED = "sqlite:///FILE, sqlite:// for one in memory, or postgresql://USER@HOST/DATABASE"
_POSTGRES = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://")


def open_store(url: str, *, create: bool = True) -> SqlStore:
    """Open a store, making or migrating it where need be.

    Parameters
    ----------
    url : str
        ``sqlite:///relative/path``, ``sqlite:////absolute/path``, or ``sqlite://`` for a store that lives in
        memory and is gone when closed. A new file is readable and writable by its owner only, and so are the
        two files that SQLite keeps beside it while it is in use. Or ``postgresql://user@host/database`` with
        all that `libpq` takes: its variables, its file of passwords, its parameters. The database must be
        there; the store's tables are made in the first schema of the user's search path.
    create : bool
        Whether a store that is not there is made.

    Returns
    -------
    SqlStore
        The store; close it, or use it in a ``with`` statement.

    Raises
    ------
    StoreError
        If the URL names nothing supported, the store is not there and is not to be made, is no speechqa
        store, is damaged, locked, or was made by a newer speechqa. No message repeats the URL, which may
        hold a password.

    Notes
    -----
    A store of an older version is migrated when it is opened, in one transaction: it is either as it was or
    wholly migrated. No copy is left behind, since a forgotten copy of people's conversations outlives their
    deletion; whoever wants a backup makes it before the upgrade.
    """
    database = database_of(url, create=create)
    from speechqa.store.sql import SqlStore

    try:
        return SqlStore(database, create=create)
    except BaseException:
        database.close()
        raise


def database_of(url: str, *, create: bool) -> Database:
    """The database that a URL names, nothing in it yet but an empty file; `StoreError` as `open_store`."""
    if _kind(url) != "sqlite":
        with _needing_a_driver():
            from speechqa.store.postgres import PostgresDatabase, conninfo_of

        return PostgresDatabase(conninfo_of(url))
    path = _path_of(url)
    from speechqa.store.sqlite import SqliteDatabase

    if path is not None:
        _prepare(path, create)
    return SqliteDatabase(path)


def shown_url(url: str) -> str:
    """A store's URL for people and documents, without any password; `StoreError` as `open_store`."""
    if _kind(url) == "sqlite":
        return url
    with _needing_a_driver():
        from speechqa.store.postgres import conninfo_of, shown

    return shown(conninfo_of(url))


@contextmanager
def _needing_a_driver() -> Iterator[None]:
    """Say which package is missing where what is imported for PostgreSQL is not there."""
    try:
        yield
    except ImportError as error:
        raise StoreError(
            "A PostgreSQL store needs a package that is not installed",
            found=f"{type(error).__name__}: {error}"[:200],
            expected="psycopg",
            hint="pip install 'speechqa[postgres]'",
        ) from error


def _kind(url: str) -> str:
    scheme = _SCHEME.match(url)
    if scheme is None:
        raise StoreError(
            "This is no URL of a store",
            expected=_SUPPORTED,
            hint="For a file write sqlite:/// before its path, as in sqlite:///speechqa.db.",
        )
    kind = scheme[1].lower()
    if kind in _POSTGRES:
        return "postgresql"
    if kind != "sqlite":
        raise StoreError(
            f"Stores of the kind {scheme[1]!r} are not supported",
            expected=_SUPPORTED,
            hint="Set --store or SPEECHQA_STORE to one of these.",
        )
    return kind


def _path_of(url: str) -> Path | None:
    """The file of a SQLite store, None for one in memory."""
    rest = url[url.index("://") + 3 :]
    if rest in ("", "/", "/:memory:"):
        return None
    if not rest.startswith("/"):
        raise StoreError(
            "The URL of a SQLite store names no host",
            expected=_SUPPORTED,
            hint="Write three slashes before a relative path and four before an absolute one.",
        )
    try:
        os.fsencode(rest)
        rest.encode()
    except UnicodeEncodeError:
        raise StoreError("The path of the store is no Unicode text", expected=_SUPPORTED) from None
    if "\0" in rest:
        raise StoreError("The path of the store holds a NUL character", expected=_SUPPORTED)
    try:
        return Path(rest[1:]).expanduser()
    except RuntimeError as error:
        raise StoreError(
            "The path of the store begins with the home of nobody known", where=printable(rest[1:], limit=200)
        ) from error


def _prepare(path: Path, create: bool) -> None:
    """Make the empty file, for its owner only, before the database does it for everybody."""
    try:
        if path.is_dir():
            raise StoreError("A folder cannot be a store", where=str(path), hint="Name a file inside it.")
        if path.exists():
            return
    except OSError as error:
        raise StoreError(
            f"This cannot be the path of a store: {error.strerror}", where=printable(str(path), limit=200)
        ) from error
    if not create:
        raise StoreAbsent(
            "There is no store",
            where=str(path),
            hint="Run `speechqa audit` first, or name the store with --store or SPEECHQA_STORE.",
        )
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"The store cannot be made: {error.strerror}",
            where=str(path),
            hint="Make the folder, or name a store in a folder you may write to.",
        ) from error
