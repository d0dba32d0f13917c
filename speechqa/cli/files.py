"""Files that a person names: whole or absent, and never written over unasked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from speechqa.core.plain import printable
from speechqa.errors import ReportError, UsageError
from speechqa.files.unfinished import part_beside, require_plain, sweep

_USERS: ContextVar[int | None] = ContextVar("the user's umask", default=None)


@contextmanager
def owner_only() -> Iterator[None]:
    """Whatever is written meanwhile, by us or by a package, is its owner's alone."""
    before = os.umask(0o077)
    kept = _USERS.set(before)
    try:
        yield
    finally:
        _USERS.reset(kept)
        os.umask(before)


@contextmanager
def as_the_user_has_it() -> Iterator[None]:
    """The user's own umask again: models and rubrics hold nothing of anybody and are shared."""
    users = _USERS.get()
    ours = None if users is None else os.umask(users)
    try:
        yield
    finally:
        if ours is not None:
            os.umask(ours)


def require_free(path: Path, *, force: bool) -> None:
    """Refuse a place where something is already, before any work.

    Raises
    ------
    UsageError
        If there is a folder, or a file and nobody said to write over it.
    """
    if path.is_dir():
        raise UsageError("That is a folder", where=printable(str(path)), expected="a file's name")
    if not force and os.path.lexists(path):
        raise UsageError(
            "There is a file already, and it is not written over",
            where=printable(str(path)),
            hint="Name another one, or add --force",
        )


def write_bytes(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file; raises as `new_file`."""
    with new_file(path, force=force) as temporary:
        temporary.write_bytes(content)


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[Path]:
    """A file to write beside the one that is wanted; it takes its place once it is whole.

    It is readable by its owner alone, for it quotes what customers said.

    Raises
    ------
    UsageError
        If a file is there by now, and nobody said to write over it, or what is there is none.
    ReportError
        If it cannot be written.
    """
    require_plain(path)
    try:
        sweep(path.parent)
        with part_beside(path) as part:
            yield part.path
            if force:
                part.path.replace(path)
            else:
                _put_where_nothing_is(part.path, path)
    except OSError as error:
        raise ReportError(
            "The file cannot be written",
            where=printable(str(path)),
            found=error.strerror or str(error),
            hint="Name a place you may write to",
        ) from error


def _put_where_nothing_is(temporary: Path, path: Path) -> None:
    """A link fails where a file came up meanwhile; where there are no links, look once more."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        require_free(path, force=False)
        raise
    except OSError:
        require_free(path, force=False)
        temporary.replace(path)
