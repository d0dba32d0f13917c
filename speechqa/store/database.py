"""What a store asks of its database: transactions that mean what they say, and the upkeep of its bytes.

`speechqa.store.sqlite` and `speechqa.store.postgres` are the two there are; few others know which they have.
"""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from speechqa.errors import StoreError


class Database(ABC):
    """A database with transactions.

    A reading block sees one state of the store throughout; a writing block waits its turn, then has the store
    for itself until it ends, whichever process or machine the others are on, so that no chain of a log forks.
    Either is undone when an exception leaves it.

    Attributes
    ----------
    where : str
        What people call it, without any password.
    lasting : bool
        Whether it is still there once it is closed.
    """

    where: str
    lasting: bool = True

    def __init__(self, engine: sa.Engine, reading: sa.Engine, writing: sa.Engine) -> None:
        self._engine, self._reader, self._writer = engine, reading, writing
        self._pid = os.getpid()
        self._turn: threading.RLock | nullcontext[None] = nullcontext()

    @abstractmethod
    def translating(self) -> AbstractContextManager[None]:
        """Raise `StoreError` in place of what the database raises."""

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view of the store."""
        with self._transaction(self._reader) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """The store for one writer, committed at the end."""
        with self._transaction(self._writer) as connection:
            self._alone(connection)
            yield connection

    @contextmanager
    def _transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        if os.getpid() != self._pid:
            self._forked()
        with self.translating(), self._turn, engine.begin() as connection:
            try:
                yield connection
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                # What we wrote reads back: this was changed since. Its words are not for telling.
                raise StoreError(
                    "The store is damaged: a row of it cannot be read",
                    where=self.where,
                    found=type(error).__name__,
                    hint="`speechqa verify` finds what is changed. Copy the store, and restore a backup.",
                ) from error

    def _forked(self) -> None:
        """Connections must not cross a fork; the parent's stay open, unused here."""
        self._engine.dispose(close=False)
        self._pid = os.getpid()

    def _alone(self, connection: sa.Connection) -> None:  # noqa: B027 - most need nothing
        """Wait until nobody else writes, where beginning has not done so."""

    def prepare_new(self) -> None:  # noqa: B027 - most need nothing
        """What a new store needs before its tables are made."""

    @abstractmethod
    def tables(self, connection: sa.Connection) -> set[str]:
        """Names of all tables that lie where the store's lie."""

    @abstractmethod
    def faults(self, connection: sa.Connection) -> Iterator[str]:
        """What the database itself finds wrong with what it keeps, in words."""

    @abstractmethod
    def compact(self) -> str:
        """Leave nothing of deleted rows where that is in reach; what is not, in words, empty if nothing."""

    def merge_texts(self, connection: sa.Connection) -> None:  # noqa: B027 - most need nothing
        """Have deleted words leave the full text's index, where deleting a row does not do it."""

    def files(self) -> tuple[Path, ...]:
        """The files the store lies in, as far as they can be read from here."""
        return ()

    def insert(self, connection: sa.Connection, table: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert whole rows, many at once, values in the order of the table's columns."""
        names = [column.name for column in table.c]
        connection.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in rows])

    def settle(self, connection: sa.Connection, keys: Any) -> None:  # noqa: B027 - most need nothing
        """After rows came with keys of their own: have new ones count on from there."""

    def close(self) -> None:
        """Give back all connections."""
        with self.translating():
            self._engine.dispose()
