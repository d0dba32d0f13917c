"""Chains of digests over the rows of a log: a row that is changed, dropped or moved breaks them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec
import sqlalchemy as sa

from speechqa.store.database import Database
from speechqa.store.schema import store_info

_AT_ONCE = 500
START = "0" * 64
"""What stands before the first row."""


def digest_of(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def link(before: str, values: Sequence[str | int | None]) -> str:
    """The chain at a row, from the chain before it and what the row says."""
    return digest_of(before + msgspec.json.encode(list(values)).decode())


def head(connection: sa.Connection, log: str) -> tuple[int, str]:
    """How many rows a log has, and the chain at the last of them, as written down beside it."""
    said = connection.scalar(sa.select(store_info.c.value).where(store_info.c.key == f"{log} head"))
    if said is None:
        return 0, START
    count, _, chain = str(said).partition(" ")
    return int(count), chain


def move_head(connection: sa.Connection, log: str, count: int, chain: str) -> None:
    """Write down the head of a log; without it nobody would miss rows at the end."""
    key, value = f"{log} head", f"{count} {chain}"
    written = connection.execute(
        sa.update(store_info).where(store_info.c.key == key).values(value=value)
    ).rowcount
    if not written:
        connection.execute(sa.insert(store_info).values(key=key, value=value))


def broken(database: Database, log: sa.Table, columns: Sequence[str], called: str) -> Iterator[str]:
    """What is wrong with the rows of a log, in words; nothing where each stands as it was written.

    Parameters
    ----------
    columns : sequence of str
        What a row's link was made of, in order, its `id` first.
    called : str
        What people call the log.

    Notes
    -----
    Rows from before a log was chained have no link and are let be, but none may follow one that has.
    """
    with database.reading() as connection:
        last, end = head(connection, log.name)
        before, number = START, 0
        for row in connection.execute(
            sa.select(log).order_by(log.c.id).execution_options(yield_per=_AT_ONCE)
        ):
            number += 1
            if row.id != number:
                yield f"entry {number} of {called} is missing"
                return
            if row.chain is None and before == START:
                continue
            before = link(before, [row._mapping[name] for name in columns])
            if before != row.chain:
                yield f"entry {number} of {called} was changed, moved or put in"
                return
        # While no row is chained yet there is no head either; from then on it counts all rows.
        if (0 if before == START else number, before) != (last, end):
            yield f"{called} has {number} entries, and was left with {last}"
