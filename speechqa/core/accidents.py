"""What befalls a program from outside, in words: no room on a disk, no memory, a package not there."""

from __future__ import annotations

import errno
from typing import Final

from speechqa.core.plain import printable
from speechqa.errors import EngineUnavailable, MemoryShort, NoRoom, SpeechQAError

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
_NO_FOLDER: Final = "No usable temporary directory"
_TEMPORARY: Final = "a folder for temporary files"


def accident(error: BaseException) -> SpeechQAError | None:
    """The error that says what happened and what to do; None for what is a fault of the program.

    Parameters
    ----------
    error : BaseException
        What was raised; an error of ours is none of these.

    Examples
    --------
    >>> accident(OSError(errno.ENOSPC, "No space left on device")).exit_code
    3
    >>> accident(ModuleNotFoundError("No module named 'soxr'", name="soxr")).message
    "The package soxr is not installed or does not load; found No module named 'soxr'"
    >>> accident(ValueError("a fault")) is None
    True
    """
    if isinstance(error, SpeechQAError):
        return None
    if isinstance(error, MemoryError):
        return MemoryShort(
            "There was not enough memory for this call", hint="Run with --workers 1, or with a smaller model"
        )
    if isinstance(error, ImportError) and not (error.name or "").startswith("speechqa"):
        name = (error.name or "that is needed").partition(".")[0]
        return EngineUnavailable(
            f"The package {name} is not installed or does not load",
            found=printable(str(error), limit=200),
            hint="Install it, or speechqa again with its pins; `speechqa doctor` tells what works",
        )
    if isinstance(error, OSError) and (error.errno in _NO_ROOM or _NO_FOLDER in str(error)):
        place = error.filename if isinstance(error.filename, str) else _TEMPORARY
        return NoRoom(
            "There is no room to write",
            where=printable(place, limit=200),
            found=printable(error.strerror or str(error), limit=200),
            hint="Make room there, or set TMPDIR to another folder; what is finished is kept",
        )
    if type(error).__module__ == "sqlite3":
        # The store speaks for itself: what comes here is a table for this run alone.
        return NoRoom(
            "What is too much to hold cannot be kept on disk for this run",
            where=_TEMPORARY,
            found=printable(str(error), limit=200),
            hint="Make room there, or set SQLITE_TMPDIR to another folder; what is finished is kept",
        )
    return None
