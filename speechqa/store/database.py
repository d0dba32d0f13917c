"""The connection to a store's database: how it is set up, and its transactions."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool, StaticPool

from speechqa.store.trouble import BUSY_S, translating


class Database:
    """A SQLite database with transactions that mean what they say.

    A reading block sees one state of the store throughout; a writing block waits its turn, then has the store
    for itself until it ends. Either is undone when an exception leaves it.

    Notes
    -----
    A file is kept in write-ahead mode with ``synchronous=FULL``: readers never wait for writers, a killed
    process loses nothing that was committed, and neither does a power cut, for each commit reaches the disk
    before it is reported. That costs one or two flushes a call, which took seconds to analyse. Temporary
    tables stay in memory, so that no piece of a conversation is left in a temporary folder. What is deleted
    is overwritten with zeros.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.where = "memory" if path is None else str(path)
        self._pid = os.getpid()
        # One connection cannot hold two transactions, and in memory there is only one connection.
        self._turn = threading.RLock() if path is None else nullcontext()
        pooling: dict[str, Any] = (
            {"poolclass": StaticPool} if path is None else {"poolclass": QueuePool, "pool_size": 2}
        )
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=None if path is None else str(path)),
            connect_args={"timeout": BUSY_S, "check_same_thread": False},
            hide_parameters=True,
            **pooling,
        )
        sa.event.listen(self._engine, "connect", self._set_up)
        sa.event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(writing=True)

    def _set_up(self, connection: Any, _record: object) -> None:
        # The driver's own transactions begin too late: a read before the first write would not be covered.
        connection.isolation_level = None
        for pragma in (
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "temp_store=MEMORY",
            "synchronous=FULL",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def use_write_ahead_log(self) -> None:
        """Switch a new file to write-ahead mode, which it keeps; where that cannot be, nothing is lost."""
        if self.path is None:
            return
        with translating(self.where), self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA journal_mode=WAL").fetchall()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view of the store."""
        with self._transaction(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """The store for one writer, committed at the end."""
        with self._transaction(self._writer) as connection:
            yield connection

    @contextmanager
    def _transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        if self.path is not None and os.getpid() != self._pid:
            # SQLite's connections must not cross a fork; the parent's stay open, unused here.
            self._engine.dispose(close=False)
            self._pid = os.getpid()
        with translating(self.where), self._turn, engine.begin() as connection:
            yield connection

    def compact(self) -> bool:
        """Write the file anew without free pages and empty its log; False while others still read the log."""
        with translating(self.where), self._turn, self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("VACUUM")
            busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def files(self) -> tuple[Path, ...]:
        """The files the store lies in, its log among them; none for one in memory."""
        if self.path is None:
            return ()
        names = (f"{self.path}{ending}" for ending in ("", "-wal", "-shm", "-journal"))
        return tuple(path for path in map(Path, names) if path.exists())

    def close(self) -> None:
        """Give back all connections; the last one folds the write-ahead log into the file."""
        with translating(self.where):
            self._engine.dispose()


def _begin(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
