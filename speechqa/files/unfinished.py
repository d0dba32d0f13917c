"""Files and folders that are still being made, held by a lock that ends with the process that makes them.

Whoever finds one that nobody holds knows that its maker is dead, however it ended, and removes it: it may
hold what was said on a call, and nothing knows of which.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from speechqa.core.plain import printable
from speechqa.errors import UsageError

_FILE: Final = ".speechqa-"
_FOLDER: Final = "speechqa-work-"
_ENDING: Final = ".part"
_OURS: Final = re.compile(r"\.speechqa-[a-z0-9_]{8}\.part|speechqa-work-[a-z0-9_]{8}", re.ASCII)
_ABANDONED_S: Final = 3600.0
"""Where files cannot be locked, one that was not written to for so long is taken for a dead process's."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that is being made: its place, and the file open for reading and writing."""

    path: Path
    file: BinaryIO


@contextmanager
def part_beside(target: Path) -> Iterator[Part]:
    """A file to be put in the place of `target` once it is whole; gone at the end where it was not.

    It is readable by its owner alone. Whoever makes the first one in a folder should `sweep` it: not each,
    for a folder of pages has thousands.

    Raises
    ------
    OSError
        If it cannot be made there.
    """
    handle, path = _new_file(target.parent)
    with os.fdopen(handle, "w+b") as file:
        try:
            yield Part(path, file)
        finally:
            path.unlink(missing_ok=True)


def require_plain(target: Path) -> None:
    """Refuse to put a file in the place of a device, pipe or socket: `/dev/null` would be gone for everybody.

    Raises
    ------
    UsageError
        If something other than a file or a folder is there, links followed.
    """
    try:
        mode = target.stat().st_mode
    except OSError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise UsageError(
            "That is a device, pipe or socket, and is not replaced",
            where=printable(str(target)),
            expected="a file's name",
        )


@contextmanager
def work_folder(parent: Path | None = None) -> Iterator[Path]:
    """A folder of this process alone; gone at the end, or when the next is made in the same place.

    Parameters
    ----------
    parent : Path, optional
        Where it is made: on the disk where what is made in it will stand. Else among the temporary folders.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    if parent is None:
        sweep_work()
    else:
        sweep(parent)
    handle, path = _new_folder(parent)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def _new_file(folder: Path) -> tuple[int, Path]:
    while True:
        handle, name = tempfile.mkstemp(dir=folder, prefix=_FILE, suffix=_ENDING)
        if hold(handle, Path(name)):
            return handle, Path(name)
        os.close(handle)  # taken for abandoned in the moment before it was held


def _new_folder(parent: Path | None) -> tuple[int, Path]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=parent))
        with suppress(FileNotFoundError):
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            if hold(handle, path):
                return handle, path
            os.close(handle)


def sweep_work() -> None:
    """Remove the folders that dead processes left among the temporary ones."""
    with suppress(OSError):  # no folder for temporary files: whoever needs one says so
        sweep(Path(tempfile.gettempdir()))


def sweep(folder: Path) -> None:
    """Remove the unfinished files and folders that dead processes left in a folder."""
    try:
        with os.scandir(folder) as entries:
            found = [entry.name for entry in entries if _OURS.fullmatch(entry.name)]
    except OSError:
        return
    for name in found:
        remove_abandoned(folder / name)


def hold(handle: int, path: Path) -> bool:
    """Hold an open file or folder until it is closed; False where it was removed before it was held."""
    with suppress(OSError):  # no locks there: it is told by its age
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def remove_abandoned(path: Path) -> bool:
    """Remove an unfinished file or folder of ours that no process holds any more; whether it was removed."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        found = os.fstat(handle)
        if found.st_uid != os.geteuid() or not _abandoned(handle, found.st_mtime):
            return False
        if stat.S_ISDIR(found.st_mode):
            shutil.rmtree(path, ignore_errors=True)
        elif stat.S_ISREG(found.st_mode):
            path.unlink()
        return not path.exists()
    except OSError:
        return False
    finally:
        os.close(handle)


def _abandoned(handle: int, written: float) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return time.time() - written > _ABANDONED_S
    return True
