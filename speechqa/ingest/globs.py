"""Globs in a stable order, without holding what they match."""

from __future__ import annotations

import fnmatch
import glob
import os
from collections.abc import Iterator

from speechqa.ingest.walk import sorted_names


def expand(path: str) -> Iterator[str] | None:
    """What a glob matches, sorted; None for a path that exists as it is, or is no glob."""
    if os.path.lexists(path) or not glob.has_magic(path):
        return None
    folder, pattern = os.path.split(path)
    if glob.has_magic(folder) or pattern == "**" or not pattern:
        return sorted_names(glob.iglob(path, recursive=True))  # noqa: PTH207 - hostile names stay text
    return (os.path.join(folder, name) for name in sorted_names(_matching(folder, pattern)))  # noqa: PTH118


def _matching(folder: str, pattern: str) -> Iterator[str]:
    """Names in one folder; `glob` would hold them all."""
    try:
        with os.scandir(folder or os.curdir) as entries:
            for entry in entries:
                # As in a shell, names that begin with a dot are matched by a pattern that does.
                shown = pattern.startswith(".") or not entry.name.startswith(".")
                if shown and fnmatch.fnmatch(entry.name, pattern):
                    yield entry.name
    except OSError:
        return  # as `glob`: what cannot be listed matches nothing
