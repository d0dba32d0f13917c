"""A private table on disk for what may be too much to hold: it has no name, and is gone with its owner."""

from __future__ import annotations

import sqlite3

_CACHE_KB = 8192
"""What of it lies in memory; below that nothing reaches the disk at all."""


def private_table(columns: str) -> sqlite3.Connection:
    """A connection to a database of its own with the one table `held`.

    The file has no name from the start, so that nobody else reads it and a killed process leaves nothing. It
    is no store: nothing in it outlives the connection.

    Parameters
    ----------
    columns : str
        The table's columns, the first its key, in SQL.

    Examples
    --------
    >>> table = private_table("name TEXT PRIMARY KEY, size INTEGER")
    >>> _ = table.execute("INSERT INTO held VALUES ('a', 1)")
    >>> table.execute("SELECT size FROM held WHERE name = 'a'").fetchone()
    (1,)
    """
    table = sqlite3.connect("", isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KB}", "temp_store=FILE"):
        table.execute(f"PRAGMA {pragma}")
    table.execute(f"CREATE TABLE held ({columns}) WITHOUT ROWID")
    return table
