"""Paths that were given already, however many."""

from __future__ import annotations

import hashlib
import os

from speechqa.ingest.private_table import private_table


class Given:
    """A set of paths by where they lead, eight bytes each, on disk once they are many.

    Examples
    --------
    >>> given = Given()
    >>> given.add("calls/a.wav"), given.add("calls/../calls/a.wav"), "b.wav" in given
    (True, False, False)
    """

    def __init__(self) -> None:
        self._table = private_table("path BLOB PRIMARY KEY")
        self._any = False

    def add(self, path: str) -> bool:
        """Take a path in; False where it is here already."""
        self._any = True
        return bool(self._table.execute("INSERT OR IGNORE INTO held VALUES (?)", (_key(path),)).rowcount)

    def __contains__(self, path: str) -> bool:
        found = (
            self._any and self._table.execute("SELECT 1 FROM held WHERE path = ?", (_key(path),)).fetchone()
        )
        return bool(found)

    def close(self) -> None:
        """Forget all; it is of no use after."""
        self._table.close()


def _key(path: str) -> bytes:
    absolute = os.path.abspath(path)  # noqa: PTH100 - hostile names stay text
    return hashlib.blake2b(os.fsencode(absolute), digest_size=8).digest()
