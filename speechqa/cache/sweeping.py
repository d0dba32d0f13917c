"""What lies in the cache's folder: counted, removed, and brought under a limit."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from speechqa.files.unfinished import remove_abandoned

_ENTRY: Final = re.compile(r"[0-9a-f]{40}|\.[0-9a-f]{16}\.part", re.ASCII)
_FOLDER: Final = re.compile(r"[0-9a-f]{2}|[0-9a-f]{40}", re.ASCII)
_ROOM: Final = 0.9
"""Share of the limit that is filled after entries had to go, so that not each new one moves an old one."""


class Figures(NamedTuple):
    """How much lies in a cache: bytes, entries, recordings they are of, and when the oldest was written.

    `oldest` is in seconds since 1970, None where nothing is there.
    """

    size: int = 0
    entries: int = 0
    recordings: int = 0
    oldest: float | None = None


def all_entries(root: Path) -> Iterator[Path]:
    """The files of all recordings, those not finished among them; nothing else that may lie there."""
    for shard in _folders(root):
        for recording in _folders(shard):
            yield from entries_in(recording)


def entries_in(recording: Path) -> Iterator[Path]:
    """The files of one recording."""
    for item in _listed(recording):
        if _ENTRY.fullmatch(item.name) and item.is_file(follow_symlinks=False):
            yield recording / item.name


def remove(entries: Iterable[Path]) -> int:
    """Remove files, and folders that become empty; how many files that were."""
    count = 0
    folder: Path | None = None
    for entry in entries:
        if folder is not None and folder != entry.parent:
            _drop_empty(folder)
        folder = entry.parent
        with suppress(OSError):
            entry.unlink()
            count += not entry.name.endswith(".part")
    if folder is not None:
        _drop_empty(folder)
    return count


def figures_of(entries: Iterable[Path]) -> Figures:
    """Bytes, entries and recordings, and the age of the oldest."""
    size = count = 0
    recordings: set[str] = set()
    oldest: float | None = None
    for entry in entries:
        with suppress(OSError):
            found = entry.stat(follow_symlinks=False)
            size += found.st_size
            count += not entry.name.endswith(".part")
            recordings.add(entry.parent.name)
            oldest = found.st_mtime if oldest is None else min(oldest, found.st_mtime)
    return Figures(size=size, entries=count, recordings=len(recordings), oldest=oldest)


def sweep(root: Path, limit: int, *, longest_days: int | None = None, now: float | None = None) -> None:
    """Remove what was never finished or kept too long, then what was not used for longest, down to a limit.

    Parameters
    ----------
    limit : int
        Bytes from which entries go, until a tenth of it is free.
    longest_days : int, optional
        Days after which an entry goes, counted from when it was written.
    now : float, optional
        Seconds since 1970.
    """
    moment = time.time() if now is None else now
    kept: list[tuple[float, int, Path]] = []
    going: list[Path] = []
    for entry in all_entries(root):
        with suppress(OSError):
            if entry.name.endswith(".part"):
                if remove_abandoned(entry):
                    _drop_empty(entry.parent)
                continue
            found = entry.stat(follow_symlinks=False)
            if longest_days is not None and moment - found.st_mtime > longest_days * 86_400:
                going.append(entry)
            else:
                kept.append((found.st_atime, found.st_size, entry))
    total = sum(size for _, size, _ in kept)
    if total > limit:
        for _, size, entry in sorted(kept):
            if total <= _ROOM * limit:
                break
            going.append(entry)
            total -= size
    remove(going)


def _folders(folder: Path) -> Iterator[Path]:
    for item in _listed(folder):
        if _FOLDER.fullmatch(item.name) and item.is_dir(follow_symlinks=False):
            yield folder / item.name


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _drop_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
        folder.parent.rmdir()
