"""A whole store copied into another, of whatever kind; what stopped goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from speechqa.core.value import Value
from speechqa.errors import StoreError
from speechqa.store.checking import damage
from speechqa.store.database import Database
from speechqa.store.projection import INDEX_VERSION
from speechqa.store.schema import TEXT_TABLE, call_text, metadata, store_info
from speechqa.store.upkeep import INDEX_KEY, UNFINISHED, set_info
from speechqa.store.versions import LATEST, migrate, version_of

_MARK: Final = "copy"
"""What the place a copy has reached is called in the information about the store that is being made."""
_KEPT_BY_TRIGGERS: Final = tuple(str(table.name) for table in metadata.sorted_tables if "week" in table.c)
"""Sums by week, which come with the rows they are sums of."""
_HEADS: Final = ("journal head", "access_log head")
_SPAN: Final = {"documents": 100, TEXT_TABLE: 100}
_USUAL_SPAN: Final = 500
"""How far the keys of rows that are copied in one transaction lie apart at most."""

Tell = Callable[[str, int], None]
"""Told of each table and how many of its rows are there."""


class Mark(Value, frozen=True, kw_only=True):
    """How far a copy has come: what it is a copy of, the table it is at, and the last key it has of that."""

    source: str
    table: str
    after: int


class Copied(Value, frozen=True, kw_only=True):
    """What a copy holds.

    Attributes
    ----------
    rows : mapping of str to int
        Rows by table, every one compared with the source's.
    resumed : bool
        Whether it went on with one that was stopped.
    damage : tuple of str
        What is wrong with the copy; the same is then wrong with what it is a copy of.
    """

    rows: dict[str, int]
    resumed: bool
    damage: tuple[str, ...] = ()


def resumes(target: Database) -> bool:
    """Whether a store holds the beginning of a copy.

    Raises
    ------
    StoreError
        If it holds anything else, or is of another version.
    """
    with target.reading() as connection:
        version = version_of(connection, target)
        if version is None:
            return False
        if version != LATEST:
            raise _full(target, f"a store of version {version}")
        if _mark(connection) is not None:
            return True
        for table in _tables():
            if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
                raise _full(target, f"rows in {table.name}")
    return False


def copy(source: Database, target: Database, tell: Tell) -> Copied:
    """Copy everything: documents of all versions, journal, log of accesses, corrections, and the index.

    Parameters
    ----------
    source : Database
        An open store that is up to date.
    target : Database
        An empty database or store, or one that holds the beginning of this very copy.

    Raises
    ------
    StoreError
        If the target holds anything else, the source changed since the copy began, or the two differ.

    Notes
    -----
    The source is read as it is at one moment. Until the end nothing but a copy opens the target; then every
    row of every table is compared, and the copy is looked through as `verify` does.
    """
    resumed = resumes(target)
    with source.reading() as reading:
        state = _state(reading)
        mark = _begun(target, state) if not resumed else _agreed(target, state)
        tables = _tables()
        for table in tables[[table.name for table in tables].index(mark.table) :]:
            if table.name != mark.table:
                mark = _moved(
                    target, mark, Mark(source=state, table=str(table.name), after=_before(reading, table))
                )
            mark = _copied(reading, target, table, mark, tell)
        with target.writing() as connection:
            target.settle(connection, [table.c.id for table in tables if "id" in table.c])
            _copy_heads(reading, connection)
        rows = _compared(reading, target, tell)
    found = tuple(damage(target))
    target.compact()
    with target.writing() as connection:
        connection.execute(sa.delete(store_info).where(store_info.c.key == _MARK))
        set_info(connection, INDEX_KEY, str(INDEX_VERSION))
    return Copied(rows=rows, resumed=resumed, damage=found)


def _tables() -> list[Any]:
    """What is copied, in an order in which nothing refers to what is not there yet."""
    left = (store_info.name, *_KEPT_BY_TRIGGERS)
    return [*(table for table in metadata.sorted_tables if table.name not in left), call_text]


def _key(table: Any) -> Any:
    """The whole number by which a table's rows are read in pieces."""
    return next(table.c[name] for name in ("id", "call", "rowid") if name in table.c)


def _before(connection: sa.Connection, table: Any) -> int:
    first = connection.scalar(sa.select(sa.func.min(_key(table))).select_from(table))
    return 0 if first is None else int(first) - 1


def _copied(reading: sa.Connection, target: Database, table: Any, mark: Mark, tell: Tell) -> Mark:
    key, done = _key(table), 0
    span = _SPAN.get(table.name, _USUAL_SPAN)
    while True:
        first = reading.scalar(sa.select(sa.func.min(key)).select_from(table).where(key > mark.after))
        if first is None:
            return mark
        last = int(first) + span - 1
        wanted = sa.select(*table.c).select_from(table).where(key >= first, key <= last).order_by(key)
        rows = [tuple(row) for row in reading.execute(wanted)]
        after = Mark(source=mark.source, table=str(table.name), after=last)
        mark = _moved(target, mark, after, table=table, rows=rows)
        done += len(rows)
        tell(table.name, done)


def _moved(
    target: Database, before: Mark, after: Mark, *, table: Any = None, rows: Sequence[tuple[Any, ...]] = ()
) -> Mark:
    """Insert rows and move the mark in one transaction."""
    with target.writing() as connection:
        if _mark(connection) != before:
            raise StoreError(
                "Another copy into the same store is at work",
                where=target.where,
                hint="Let it end; what it has copied is not lost.",
            )
        if rows:
            target.insert(connection, table, rows)
        set_info(connection, _MARK, msgspec.json.encode(after).decode())
    return after


def _begun(target: Database, state: str) -> Mark:
    target.prepare_new()
    mark = Mark(source=state, table=str(_tables()[0].name), after=-1)
    with target.writing() as connection:
        if version_of(connection, target) is None:
            migrate(connection)
        set_info(connection, INDEX_KEY, UNFINISHED)
        set_info(connection, _MARK, msgspec.json.encode(mark).decode())
    return mark


def _agreed(target: Database, state: str) -> Mark:
    with target.reading() as connection:
        mark = _mark(connection)
    if mark is None or mark.source != state:
        raise StoreError(
            "The store that is copied is not the one the copy was begun of, or it changed since",
            where=target.where,
            hint="Remove the unfinished copy and copy anew, while nobody works with the store.",
        )
    return mark


def _state(connection: sa.Connection) -> str:
    """A digest of all that can grow or change in a store without its being copied anew."""
    heads = sa.select(store_info.c.value).where(store_info.c.key.in_(_HEADS)).order_by(store_info.c.key)
    told: list[Any] = list(connection.scalars(heads))
    for table in _tables():
        key = _key(table)
        counted = sa.select(sa.func.count(), sa.func.max(key)).select_from(table)
        told.append(list(connection.execute(counted).one()))
    current = metadata.tables["documents"].c
    told.append(connection.scalar(sa.select(sa.func.sum(current.id)).where(current.current)))
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def _copy_heads(reading: sa.Connection, connection: sa.Connection) -> None:
    for head in _HEADS:
        value = reading.scalar(sa.select(store_info.c.value).where(store_info.c.key == head))
        if value is not None:
            set_info(connection, head, value)


def _compared(reading: sa.Connection, target: Database, tell: Tell) -> dict[str, int]:
    """Rows by table, after every row was compared.

    Raises
    ------
    StoreError
        If any differs.
    """
    counted: dict[str, int] = {}
    with target.reading() as connection:
        for table in (*_tables(), *(metadata.tables[name] for name in _KEPT_BY_TRIGGERS)):
            digests = [_digest(each, table) for each in (reading, connection)]
            if digests[0] != digests[1]:
                raise StoreError(
                    f"The copy differs from the store in {table.name}",
                    where=target.where,
                    found=f"{digests[1][0]} rows",
                    expected=f"{digests[0][0]} rows, all alike",
                    hint="Remove the copy, look at the store with `speechqa verify`, and copy anew.",
                )
            counted[str(table.name)] = digests[0][0]
            tell(f"{table.name} compared", digests[0][0])
    return counted


def _digest(connection: sa.Connection, table: Any) -> tuple[int, str]:
    """How many rows a table has and a digest of them all."""
    columns = list(table.c)
    order = list(table.primary_key) if isinstance(table, sa.Table) else [_key(table)]
    wanted = sa.select(*columns).select_from(table).order_by(*order)
    if table.name in _KEPT_BY_TRIGGERS:
        # What calls left behind is nought: the sums of a copy never had it.
        wanted = wanted.where(sa.or_(*(column != 0 for column in columns if not column.primary_key)))
    digest, count = hashlib.sha256(), 0
    for row in connection.execute(wanted.execution_options(yield_per=_USUAL_SPAN)):
        digest.update(msgspec.json.encode(tuple(row)))
        count += 1
    return count, digest.hexdigest()


def _mark(connection: sa.Connection) -> Mark | None:
    written = connection.scalar(sa.select(store_info.c.value).where(store_info.c.key == _MARK))
    return None if written is None else msgspec.json.decode(written, type=Mark)


def _full(target: Database, found: str) -> StoreError:
    return StoreError(
        "The store to copy into is not empty",
        where=target.where,
        found=found,
        expected="an empty database, an empty store, or the beginning of this very copy",
        hint="Name another one; nothing in this one was changed.",
    )
