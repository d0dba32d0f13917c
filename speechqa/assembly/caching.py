"""The cache of stages on this machine: opened, looked at, and rid of recordings that are purged."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from speechqa.cache.places import FOLDER, CachePlace, cache_place
from speechqa.config import retention_days
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.errors import ConfigurationError, SpeechQAError

if TYPE_CHECKING:
    from speechqa.cache.folder import FolderCache


class CacheState(Value, frozen=True, kw_only=True):
    """Where the cache lies and what is in it; `folder` is None where it is turned off.

    `size` and `limit` are in bytes; `oldest` is when its oldest entry was written, ISO 8601 in UTC; `trouble`
    is why it cannot be used.
    """

    folder: str | None
    limit: int
    size: int = 0
    entries: int = 0
    recordings: int = 0
    oldest: str | None = None
    trouble: str | None = None


def stage_cache() -> FolderCache | None:
    """This process's cache as the environment says; None where it is turned off.

    Raises
    ------
    ConfigurationError
        If what the environment says of its size, or of retention, cannot be read.
    """
    return _cache_at(cache_place(os.environ), retention_days(os.environ))


@cache
def _cache_at(place: CachePlace, longest_days: int | None) -> FolderCache | None:
    from speechqa.cache.folder import FolderCache

    if place.folder is None:
        return None
    return FolderCache(place.folder, place.limit, longest_days=longest_days)


def tidy_cache() -> None:
    """Bring the cache under its limit, and remove what has lain there for too long."""
    opened = stage_cache()
    if opened is not None:
        opened.tidy()


def trouble_words() -> tuple[str, ...]:
    """That the cache cannot be written, and why; nothing where it can."""
    opened = stage_cache()
    if opened is None:
        return ()
    opened.prepare()
    if opened.trouble is None:
        return ()
    return (
        f"What was heard is not kept for another time: the cache in {printable(str(opened.folder))} "
        f"cannot be written ({opened.trouble}). Results are the same. {FOLDER} names another, or is off.",
    )


def cache_state() -> CacheState:
    """Where the cache lies and what is in it."""
    opened, limit = stage_cache(), cache_place(os.environ).limit
    if opened is None:
        return CacheState(folder=None, limit=limit)
    opened.prepare()
    found = opened.figures()
    oldest = None if found.oldest is None else datetime.fromtimestamp(found.oldest, UTC)
    return CacheState(
        folder=str(opened.folder),
        limit=limit,
        size=found.size,
        entries=found.entries,
        recordings=found.recordings,
        oldest=None if oldest is None else oldest.isoformat(timespec="seconds"),
        trouble=opened.trouble,
    )


def clear_cache() -> int:
    """Remove all entries; how many those were.

    Raises
    ------
    ConfigurationError
        If some of them cannot be removed.
    """
    opened = stage_cache()
    if opened is None:
        return 0
    count = opened.clear()
    left = opened.figures().entries
    if left:
        raise ConfigurationError(
            "Some of the cache could not be removed",
            where=printable(str(opened.folder)),
            found=f"{left} entries are still there",
            hint="Another program may be writing them: run it again, or look at who owns the folder.",
        )
    return count


def forget_recordings(identities: Iterable[str]) -> tuple[int, tuple[str, ...]]:
    """Remove what the cache holds of recordings: how many entries went, and what could not be removed.

    It is looked for afterwards: nothing that is named here may stay unnoticed.
    """
    try:
        opened = stage_cache()
    except SpeechQAError as error:
        return 0, (f"The cache was not searched for them: {error.message}",)
    if opened is None:
        return 0, ()
    gone, left = 0, 0
    for identity in identities:
        gone += opened.forget(identity)
        left += opened.holds(identity)
    if not left:
        return gone, ()
    where = printable(str(opened.folder))
    return gone, (f"The cache in {where} still holds stages of {left} of them: `speechqa cache clear`",)


def held_recordings(identities: Iterable[str]) -> int:
    """Of how many recordings the cache holds anything."""
    opened = stage_cache()
    return 0 if opened is None else sum(map(opened.holds, identities))
