"""Stores and documents that earlier states of speechqa made by their own code; tests/golden tells how."""

from __future__ import annotations

import json
import lzma
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "golden"
STORES = tuple(sorted(path.name.removesuffix(".db.xz") for path in GOLDEN.glob("*.db.xz")))
"""Names of the stores in a file: the version of the tables, and which state of it where there are several."""
DUMPS = tuple(sorted(path.name.removesuffix(".sql.xz") for path in GOLDEN.glob("*.sql.xz")))
"""Names of the stores of a server."""
Rows = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]


def store_at(name: str, folder: Path) -> Path:
    """A golden store as a file of its own, which a test may change."""
    path = folder / f"{name}.db"
    path.write_bytes(lzma.decompress((GOLDEN / f"{name}.db.xz").read_bytes()))
    return path


def dump(name: str) -> str:
    """The statements that make a golden store of a server, less what only psql understands."""
    said = lzma.decompress((GOLDEN / f"{name}.sql.xz").read_bytes()).decode()
    return "\n".join(line for line in said.splitlines() if not line.startswith("\\"))


def documents() -> Iterator[tuple[str, bytes]]:
    """Each document with the state of the code that wrote it."""
    for line in lzma.decompress((GOLDEN / "documents.jsonl.xz").read_bytes()).splitlines():
        state, _, body = line.partition(b"\t")
        yield state.decode(), body


def rows_of(path: Path) -> Rows:
    """All rows of a store in a file, by table, past every code of ours."""
    found: Rows = {}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("sqlite_", "call_text"))
        ]
        for name in names:
            cursor = connection.execute(f"SELECT * FROM {name}")
            columns = tuple(column[0] for column in cursor.description)
            found[name] = (columns, cursor.fetchall())
    connection.close()
    return found


def only(rows: Rows, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Some columns of a table, in an order that does not depend on where rows lie."""
    names, found = rows[table]
    places = [names.index(column) for column in columns]
    return sorted((tuple(row[place] for place in places) for row in found), key=repr)


def lost(before: object, after: object, where: str = "") -> Iterator[str]:
    """What stands in a document and not, or otherwise, in what was read of it."""
    if isinstance(before, dict):
        for name, value in before.items():
            if not isinstance(after, dict) or name not in after:
                yield f"{where}.{name}"
            else:
                yield from lost(value, after[name], f"{where}.{name}")
    elif isinstance(before, list):
        if not isinstance(after, list) or len(before) != len(after):
            yield where
        else:
            for one, other in zip(before, after, strict=True):
                yield from lost(one, other, f"{where}[]")
    elif before != after:
        yield where


def as_json(body: bytes) -> Any:
    """A document's JSON."""
    return json.loads(body)
