"""A store copied into another, on this machine or a server's."""

from __future__ import annotations

from contextlib import closing

from speechqa.errors import UsageError
from speechqa.store.copying import Copied, Tell, copy, resumes
from speechqa.store.opening import database_of, open_store, shown_url


def copy_store(source_url: str, target_url: str, *, by: str, reason: str, tell: Tell) -> Copied:
    """Copy a store whole; who did it is written down in the source's log of accesses, and so in the copy's.

    Raises
    ------
    UsageError
        If either is in memory, where nothing lasts.
    StoreError
        If either cannot be used, the target is not empty, or the copy differs at the end.
    """
    with (
        open_store(source_url, create=False) as store,
        closing(database_of(target_url, create=True)) as target,
    ):
        if not (target.lasting and store.database.lasting):
            raise UsageError(
                "A store in memory is gone when the command ends",
                expected="two stores that last",
                hint="Name a file (sqlite:///calls.db) or a database (postgresql://USER@HOST/DATABASE).",
            )
        if not resumes(target):
            told = {"to": shown_url(target_url)}
            store.log("store copy", actor=by, reason=reason, details=told)
        return copy(store.database, target, tell)
