"""A store in a file of SQLite, or in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool, StaticPool

from speechqa.store.database import Database
from speechqa.store.trouble import BUSY_S, translating

_FAULTS_AT_MOST = 20


class SqliteDatabase(Database):
    """A SQLite database; `path` is None of one in memory.

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
        self.lasting = path is not None
        pooling: dict[str, Any] = (
            {"poolclass": StaticPool} if path is None else {"poolclass": QueuePool, "pool_size": 2}
        )
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=None if path is None else str(path)),
            connect_args={"timeout": BUSY_S, "check_same_thread": False},
            hide_parameters=True,
            **pooling,
        )
        sa.event.listen(engine, "connect", self._set_up)
        sa.event.listen(engine, "begin", _begin)
        super().__init__(engine, engine, engine.execution_options(writing=True))
        if path is None:
            # One connection cannot hold two transactions, and in memory there is only one connection.
            self._turn = threading.RLock()

    def translating(self) -> AbstractContextManager[None]:
        """Raise `StoreError` in place of what SQLite raises."""
        return translating(self.where)

    def _forked(self) -> None:
        if self.path is not None:  # memory goes along
            super()._forked()

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

    def prepare_new(self) -> None:
        """Switch a new file to write-ahead mode, which it keeps; where that cannot be, nothing is lost."""
        if self.path is None:
            return
        with self.translating(), self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA journal_mode=WAL").fetchall()

    def tables(self, connection: sa.Connection) -> set[str]:
        """Names of all tables of the file."""
        return set(connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'table'")))

    def faults(self, connection: sa.Connection) -> Iterator[str]:
        """What SQLite's own checks of the file find."""
        for said in connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS_AT_MOST})").scalars():
            if said != "ok":
                yield f"the file is damaged: {said}"
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_FAULTS_AT_MOST):
            yield f"a row of {row[0]} belongs to nothing in {row[2]}"

    def merge_texts(self, connection: sa.Connection) -> None:
        """Merge every full-text index into one part: deleted words stay in its older parts until then."""
        names = connection.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5(%'")
        ).all()
        for name in names:
            quoted = '"' + str(name).replace('"', '""') + '"'
            connection.exec_driver_sql(f"INSERT INTO {quoted}({quoted}) VALUES ('optimize')")  # noqa: S608

    def compact(self) -> str:
        """Write the file anew without free pages and empty its log, as far as others do not read that."""
        with self.translating(), self._turn, self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return ""

    def files(self) -> tuple[Path, ...]:
        """The files the store lies in, its log among them; none for one in memory."""
        if self.path is None:
            return ()
        names = (f"{self.path}{ending}" for ending in ("", "-wal", "-shm", "-journal"))
        return tuple(path for path in map(Path, names) if path.exists())


def _begin(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
