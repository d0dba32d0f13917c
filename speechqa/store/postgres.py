"""A store in a database of a PostgreSQL server, which a team shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.numeric import IntLoader

from speechqa.core.plain import printable
from speechqa.errors import StoreError
from speechqa.store.columns import escaped
from speechqa.store.database import Database
from speechqa.store.postgres_trouble import translating
from speechqa.store.trouble import BUSY_S

OLDEST = 120000
"""The oldest server that is used, by its own number: 12."""
_LOCK = 0x73706571
"""The upper half of the advisory lock that a writer takes, "speq"; the lower is the number of the schema."""
_SCHEMA = "quote_ident(current_schema())::regnamespace"
_SESSION = (
    # Plans are short-lived and questions small: compiling them takes longer than answering.
    "SET jit = off",
    "SET client_min_messages = warning",
    f"SET lock_timeout = '{BUSY_S}s'",
)
_STRAY = re.compile(r"[^:]+://(?:[^@/]*@[^?]*@|[^@/?]*/[^?]*@|[^@/]*\?[^@/]*=[^@/]*@)")
"""A second @, or one after a slash or a query: `libpq` would take bits of a password for a host or port."""
_TIMEOUT_S = 15
_FREED = "The rows are removed and their space was given up (VACUUM)."
_KEPT = (
    "The rows are removed, but their space was not given up: only the owner of the tables may have that done "
    "(VACUUM)."
)
_BEYOND = (
    "Bytes of them may stay in free space of the server's files until it is used again, in its write-ahead "
    "log, its replicas and its backups: those are in the hands of whoever runs the server."
)


class PostgresDatabase(Database):
    """A database of a PostgreSQL server, named as `libpq` takes it.

    Notes
    -----
    A writer takes an advisory lock of the whole store before it looks at anything and holds it until it
    commits: rows are read afresh after it was waited for, so that two auditors on two machines number the
    journal one after the other. Readers see one state (REPEATABLE READ), wait for nobody and hold up nobody.
    A commit is on the server's disk before it is reported, unless the server was told otherwise.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self.where = shown(conninfo)
        engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=self._connected,
            pool_size=2,
            pool_pre_ping=True,
            hide_parameters=True,
        )
        sa.event.listen(engine, "connect", _set_up)
        super().__init__(
            engine,
            engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True),
            engine.execution_options(isolation_level="READ COMMITTED"),
        )

    def _connected(self) -> Any:
        given = conninfo_to_dict(self._conninfo)
        usual = {"connect_timeout": _TIMEOUT_S, "application_name": "speechqa"}
        missing: dict[str, Any] = {name: value for name, value in usual.items() if name not in given}
        return psycopg.connect(self._conninfo, client_encoding="utf8", **missing)

    def translating(self) -> AbstractContextManager[None]:
        """Raise `StoreError` in place of what the server says."""
        return translating(self.where)

    def _alone(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock(({_LOCK}::bigint << 32) | {_SCHEMA}::oid::bigint)"
        )

    def prepare_new(self) -> None:
        """Look whether the server and the database can hold a store.

        Raises
        ------
        StoreError
            If the server is too old, or the database keeps texts in no Unicode.
        """
        with self.reading() as connection:
            version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if version < OLDEST:
            raise StoreError(
                "The server is too old for a store",
                where=self.where,
                found=f"PostgreSQL {version // 10000}",
                expected=f"at least {OLDEST // 10000}",
            )
        if encoding != "UTF8":
            raise StoreError(
                "The database does not keep Unicode text",
                where=self.where,
                found=str(encoding),
                expected="UTF8",
                hint="Make one that does: createdb --encoding UTF8 --template template0 NAME",
            )

    def tables(self, connection: sa.Connection) -> set[str]:
        """Names of all tables of the schema in use."""
        names = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        return set(connection.exec_driver_sql(names).scalars())

    def faults(self, connection: sa.Connection) -> Iterator[str]:
        """Indexes that were left half made, and guards and sums that somebody switched off."""
        ours = f"IN (SELECT oid FROM pg_class WHERE relnamespace = {_SCHEMA})"  # noqa: S608
        half = f"SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid AND indrelid {ours}"  # noqa: S608
        for name in connection.exec_driver_sql(half).scalars():
            yield f"the index {name} is not whole: REINDEX INDEX {name} mends it"
        off = (
            f"SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgenabled = 'D' AND tgrelid {ours}"  # noqa: S608
        )
        for name, table in connection.exec_driver_sql(off):
            yield f"the trigger {name} of {table} is switched off"

    def compact(self) -> str:
        """Have the server give up the space of deleted rows, and the words waiting to be indexed."""
        with self.reading() as connection:
            names = sorted(self.tables(connection))
        refused: list[object] = []
        with self.translating(), self._engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            driver: Any = alone.connection.driver_connection
            # Whoever does not own a table is not refused: the server warns, and does nothing.
            driver.add_notice_handler(refused.append)
            for name in names:
                alone.exec_driver_sql(f'VACUUM (ANALYZE, INDEX_CLEANUP ON) "{name}"')
            driver.remove_notice_handler(refused.append)
        return f"{_KEPT if refused else _FREED} {_BEYOND}"

    def insert(self, connection: sa.Connection, table: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert whole rows by COPY: a statement a row would take ten times as long."""
        names = ", ".join(f'"{column.name}"' for column in table.c)
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as into:
            for row in rows:
                into.write_row([escaped(value) if isinstance(value, str) else value for value in row])

    def settle(self, connection: sa.Connection, keys: Iterable[sa.Column[Any]]) -> None:
        """After rows came with keys of their own: have new ones count on from there."""
        for key in keys:
            table, name = key.table.name, key.name
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{name}'), "  # noqa: S608 - names of our own
                f"coalesce(max({name}), 0) + 1, false) FROM {table}"
            )


class _WholeNumber(IntLoader):
    """Sums of whole numbers are whole; PostgreSQL gives them as decimals."""

    def load(self, data: Any) -> Any:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else Decimal(text.decode())


def _set_up(connection: Any, _record: object) -> None:
    connection.adapters.register_loader("numeric", _WholeNumber)
    with connection.cursor() as cursor:
        for setting in _SESSION:
            cursor.execute(setting)
    connection.commit()


def conninfo_of(url: str) -> str:
    """A store's URL as `libpq` reads it.

    Raises
    ------
    StoreError
        If it does not; nothing of the URL is repeated, for it may hold a password.
    """
    plain = re.sub(r"^[A-Za-z0-9+]+://", "postgresql://", url, count=1)
    try:
        plain.encode()
        if "\0" in plain or _STRAY.match(plain):
            raise ValueError
        # Whoever forgets USER@ or @HOST has a password where a port would stand, and a port is shown.
        if not re.fullmatch(r"[\d,]*", str(conninfo_to_dict(plain).get("port") or ""), re.ASCII):
            raise ValueError
    except (UnicodeEncodeError, ValueError, psycopg.Error):
        raise StoreError(
            "The URL of the PostgreSQL store cannot be read",
            expected="postgresql://USER@HOST/DATABASE, signs such as @ / % in names written as %40 %2F %25",
            hint="Leave the password out and keep it in ~/.pgpass or PGPASSWORD, as for psql.",
        ) from None
    return plain


def shown(conninfo: str) -> str:
    """A store's URL for people: who, where and which database; no password, whichever way it was given.

    Examples
    --------
    >>> shown("postgresql://dana:hunter2@db.example:5433/calls?password=hunter2&sslmode=require")
    'postgresql://dana@db.example:5433/calls'
    >>> shown("postgresql:///calls?host=/run/postgresql")
    'postgresql:///calls?host=/run/postgresql'
    """
    given = conninfo_to_dict(conninfo)
    user, host, port, name = (
        printable(str(given.get(k) or ""), limit=200) for k in ("user", "host", "port", "dbname")
    )
    who = f"{quote(user)}@" if user else ""
    if host.startswith("/"):
        return f"postgresql://{who}/{quote(name)}?host={host}" + (f"&port={port}" if port else "")
    return f"postgresql://{who}{host}{f':{port}' if port else ''}/{quote(name)}"
