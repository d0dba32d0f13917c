"""Files that hold what was said: whole or absent, for their owner only, never over another by accident."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from speechqa.core.plain import printable
from speechqa.errors import CallNotFound, ReportError, UsageError
from speechqa.files.unfinished import part_beside, require_plain, sweep
from speechqa.protocols import Store

_NAMED = 5
"""Calls that were purged, as a message names them."""


@contextmanager
def saved(target: Path, *, force: bool = False, swept: bool = False) -> Iterator[BinaryIO]:
    """A file to write and read; it gets its name when the block ends well, and is gone when not.

    Parameters
    ----------
    force : bool
        Write over a file that is there.
    swept : bool
        The folder was looked through for what dead processes left: one of pages has thousands of files.

    Raises
    ------
    UsageError
        If the file is there and `force` is not given, or is none.
    ReportError
        If it cannot be written.
    """
    where = printable(str(target))
    if target.is_dir():
        raise UsageError("A folder cannot be written over", where=where, expected="the name of a file")
    if target.exists() and not force:
        raise UsageError(
            "The file is there already", where=where, hint="Name another, or write over it with --force."
        )
    require_plain(target)
    try:
        if not swept:
            sweep(target.parent)
        with part_beside(target) as part:
            yield part.file
            part.file.flush()
            part.path.replace(target)
    except OSError as error:
        raise _cannot(where, error) from error


def require_not_purged(store: Store, call_ids: Sequence[str], made: Iterable[Path]) -> None:
    """Remove what was just made of calls, if one of them was purged meanwhile.

    A purge looks for files before it removes calls and once more behind that; what comes into its place later
    is found here. So nothing made of a call outlives it, however the two commands fall together.

    Raises
    ------
    CallNotFound
        If one was.
    """
    gone = store.gone(call_ids)
    if not gone:
        return
    for path in made:
        path.unlink(missing_ok=True)
    raise CallNotFound(
        "A call was purged while this was made of it, so it was removed again",
        found=", ".join(printable(one, limit=60) for one in sorted(gone)[:_NAMED]),
        hint="Make it again without that call, where others were in it.",
    )


def digest_so_far(file: BinaryIO) -> str:
    """SHA-256 of all that was written to an open file."""
    file.flush()
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def safe_stem(call_id: str) -> str:
    """A file name's stem for a call, of letters, digits, hyphens and underscores whatever the id holds.

    Examples
    --------
    >>> safe_stem("../a b")
    'a-b'
    >>> safe_stem("שלום")
    'call'
    """
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in call_id)[:60]
    return kept.strip("-") or "call"


def _cannot(where: str, error: OSError) -> ReportError:
    return ReportError(
        "The file cannot be written",
        where=where,
        found=error.strerror or str(error),
        hint="Name a file in a folder you may write to with --output.",
    )
