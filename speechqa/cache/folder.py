"""The cache as a folder: one file a stage, in a folder a recording, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
import time
from pathlib import Path
from typing import Final

from speechqa.cache.entry import LARGEST, opened, sealed
from speechqa.cache.sweeping import Figures, all_entries, entries_in, figures_of, remove, sweep
from speechqa.files.unfinished import hold

INSIDE: Final = "stages-1"
"""The folder within the one that was named: nothing beside it is ever read, written or removed."""

_HASTE: Final = 100
"""All entries are looked over after each hundredth of the limit that a process has written."""

_TRIED: Final = 1 << 16
"""Bytes that are written to see whether there is room."""


class FolderCache:
    """Keeps what stages found, by recording; trouble is never an error, an entry is then missing.

    Parameters
    ----------
    folder : Path
        Where it lies; made when first written to, for its owner alone.
    limit : int
        Bytes it may hold; those least recently used go first.
    longest_days : int, optional
        Entries written longer ago than this go at the next look over all of them.

    Notes
    -----
    Several processes may share it, and it may be deleted while they run. Names of its files are digests.
    """

    def __init__(self, folder: Path, limit: int, *, longest_days: int | None = None) -> None:
        self._root = folder / INSIDE
        self._limit = limit
        self._longest_days = longest_days
        self._unseen = 0
        self._ready = False
        self.trouble: str | None = None

    @property
    def folder(self) -> Path:
        """Where the entries lie."""
        return self._root

    def read(self, recording: str, key: str) -> bytes | None:
        """What was kept of a recording under a key; None where nothing sound is there."""
        name, path = self._place(recording, key)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_size > LARGEST:
                return None
            with os.fdopen(os.dup(handle), "rb") as file:
                payload = opened(name, file.read())
            if payload is not None:
                # When it was last used; when it was written stays.
                os.utime(handle, ns=(time.time_ns(), found.st_mtime_ns))
        except (OSError, MemoryError):
            return None
        finally:
            os.close(handle)
        return payload

    def write(self, recording: str, key: str, payload: bytes) -> None:
        """Keep something of a recording under a key, in the place of what was there."""
        if self.trouble is not None:
            return
        name, path = self._place(recording, key)
        data = sealed(name, payload)
        if data is None or len(data) > self._limit:
            return
        try:
            if not self._ready:
                self.prepare()
            if self.trouble is None:
                _put(self._root, path, data)
                self._written(len(data))
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def prepare(self) -> None:
        """Make the folder and try to write; `trouble` says why it cannot be used, where it cannot."""
        if self.trouble is not None:
            return
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = self._root.lstat()
            if not stat.S_ISDIR(found.st_mode):
                self.trouble = "it is no folder"
            elif found.st_uid != os.geteuid():
                self.trouble = "it is another user's"
            elif stat.S_IMODE(found.st_mode) & 0o077:
                self._root.chmod(0o700)
            if self.trouble is None:
                with tempfile.TemporaryFile(dir=self._root) as file:
                    file.write(bytes(_TRIED))
        except OSError as error:
            self.trouble = error.strerror or str(error)
        self._ready = self.trouble is None

    def forget(self, recording: str) -> int:
        """Remove all that is kept of a recording; how many entries that were."""
        return remove(entries_in(self._recording(recording)))

    def holds(self, recording: str) -> bool:
        """Whether anything is kept of a recording."""
        return any(True for _ in entries_in(self._recording(recording)))

    def clear(self) -> int:
        """Remove all entries; how many that were."""
        return remove(all_entries(self._root))

    def tidy(self) -> None:
        """Bring the cache under its limit, and remove what was kept too long or never finished."""
        sweep(self._root, self._limit, longest_days=self._longest_days)
        self._unseen = 0

    def figures(self) -> Figures:
        """How much lies in it."""
        return figures_of(all_entries(self._root))

    def _written(self, count: int) -> None:
        self._unseen += count
        if self._unseen * _HASTE >= self._limit:
            self.tidy()

    def _recording(self, recording: str) -> Path:
        name = _named("recording", recording)
        return self._root / name[:2] / name

    def _place(self, recording: str, key: str) -> tuple[str, Path]:
        path = self._recording(recording) / _named("stage", key)
        return f"{path.parent.name}/{path.name}", path


def _named(kind: str, what: str) -> str:
    return hashlib.sha256(f"speechqa {kind} {what}".encode("utf-8", "backslashreplace")).hexdigest()[:40]


def _put(root: Path, path: Path, data: bytes) -> None:
    """Write a file whole, for its owner alone; a folder that is removed meanwhile is made once more."""
    for _ in range(2):
        part = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            for folder in (root, path.parent.parent, path.parent):
                folder.mkdir(exist_ok=True, mode=0o700)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                if not hold(handle, part):
                    continue  # taken for a dead process's in the moment before it was held
                file.write(data)
                file.flush()
                part.replace(path)
        except FileNotFoundError:
            continue
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return
