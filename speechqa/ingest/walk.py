"""Folders read in a stable order without holding their names, however many they are."""

from __future__ import annotations

import heapq
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO

from speechqa.errors import ConfigurationError

RUN_NAMES = 100_000
"""Names sorted at once; a larger folder is sorted in runs on disk and merged."""


def sorted_names(names: Iterable[str], *, run_names: int = RUN_NAMES) -> Iterator[str]:
    """Names in the order of their bytes, holding at most `run_names` of them.

    Raises
    ------
    ConfigurationError
        If there is no room for them on disk.

    Examples
    --------
    >>> list(sorted_names(["b", "c", "a"], run_names=2))
    ['a', 'b', 'c']
    """
    with ExitStack() as files:
        runs: list[IO[bytes]] = []
        held: list[bytes] = []
        for name in names:
            held.append(os.fsencode(name))
            if len(held) >= run_names:
                runs.append(_run(held, files))
                held = []
        held.sort()
        merged = heapq.merge(*(_read(run) for run in runs), held) if runs else held
        for raw in merged:
            yield os.fsdecode(raw)


def _run(held: list[bytes], files: ExitStack) -> IO[bytes]:
    held.sort()
    try:
        run = files.enter_context(tempfile.TemporaryFile(prefix="speechqa-"))  # noqa: SIM115
        # A file name may hold any byte but this one.
        run.write(b"\0".join(held))
        run.seek(0)
    except OSError as error:
        # Not the folder's fault: taken for that, a million calls would be one that failed.
        raise ConfigurationError(
            "The names of a large folder cannot be sorted on disk",
            where="the folder for temporary files",
            found=error.strerror or str(error),
            expected="room for the names",
            hint="Make room there, or set TMPDIR to another folder",
        ) from None
    return run


def _read(run: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := run.read(65_536):
        *whole, rest = (rest + block).split(b"\0")
        yield from whole
    yield rest


class Folder:
    """One folder's entries, sorted; folders that are links are not entered, so no walk goes in circles.

    Parameters
    ----------
    path : str
        The folder.

    Attributes
    ----------
    skipped_links : int
        Links to folders that were passed over, counted while iterating.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.skipped_links = 0

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        """Paths with whether each is a folder.

        Raises
        ------
        OSError
            If the folder cannot be listed.
        """
        with os.scandir(self.path) as entries:
            for marked in sorted_names(_mark(entry) + entry.name for entry in entries):
                mark, name = marked[0], marked[1:]
                if mark == _LINK:
                    self.skipped_links += 1
                else:
                    yield os.path.join(self.path, name), mark == _FOLDER  # noqa: PTH118


_FILE, _FOLDER, _LINK = "0", "1", "2"


def _mark(entry: os.DirEntry[str]) -> str:
    """Sorts files before folders."""
    if entry.is_dir(follow_symlinks=False):
        return _FOLDER
    try:
        return _LINK if entry.is_dir() else _FILE
    except OSError:
        # A link that leads in circles costs its own name, never the folder: decoding says what is wrong.
        return _FILE
