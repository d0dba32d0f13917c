"""What lies in folders, here or elsewhere: asked once a folder, however many names are looked for in it."""

from __future__ import annotations

import glob
import os
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from speechqa.errors import RecordingNotFound
from speechqa.ingest.globs import expand
from speechqa.ingest.walk import Folder, sorted_names
from speechqa.places.opening import filesystem, tried
from speechqa.places.urls import is_url

_KEPT = 2
"""Folders elsewhere whose names are held: the one being gone through, and one of transcripts."""

_ASKED_SINGLY = 16
"""Names of one folder that are asked for one by one before it is listed."""

_FILE, _FOLDER = "0", "1"


class Listings:
    """Answers what is a file, what a folder, and what lies in it; addresses are asked through fsspec.

    Of a folder elsewhere its names are held, about a hundred bytes each, for storage lists it whole.
    """

    def __init__(self) -> None:
        self._names: OrderedDict[str, dict[str, str]] = OrderedDict()
        self._asked: dict[str, int] = {}

    def is_folder(self, path: str) -> bool:
        """Whether a folder is there.

        Raises
        ------
        RecordingError
            If an address cannot be asked.
        """
        if not is_url(path):
            return os.path.isdir(path)  # noqa: PTH112 - hostile names stay text
        return bool(tried(path, lambda: filesystem(path).isdir(path)))

    def is_file(self, path: str) -> bool:
        """Whether a file is there; raises as `is_folder` does."""
        if not is_url(path):
            return os.path.isfile(path)  # noqa: PTH113
        folder, _, name = path.rpartition("/")
        if folder in self._names:
            return self._names[folder].get(name) == _FILE
        # One name is asked for by itself; many in one folder are had sooner by a list of it.
        self._asked[folder] = self._asked.get(folder, 0) + 1
        if self._asked[folder] > _ASKED_SINGLY:
            self._asked.clear()
            return self._of(folder).get(name) == _FILE
        return bool(tried(path, lambda: filesystem(path).isfile(path)))

    def exists(self, path: str) -> bool:
        """Whether anything is there, be it a broken link; raises as `is_folder` does."""
        return self.is_file(path) if is_url(path) else os.path.lexists(path)

    def folder(self, path: str) -> Folder | RemoteFolder:
        """What lies in a folder, in a stable order."""
        return RemoteFolder(path, self._of(path)) if is_url(path) else Folder(path)

    def expand_or_keep(self, path: str) -> Iterator[str]:
        """What a glob matches, sorted; the path itself where it is none or matches nothing."""
        found, matched = self.expand(path), False
        for match in found or ():
            matched = True
            yield match
        if not matched:
            yield path

    def expand(self, path: str) -> Iterator[str] | None:
        """What a glob matches, sorted; None for a path that exists as it is, or is no glob.

        Raises
        ------
        RecordingError
            If an address cannot be asked.
        """
        if not is_url(path):
            return expand(path)
        if not glob.has_magic(path):
            return None
        place = filesystem(path)
        if tried(path, lambda: place.exists(path)):
            return None
        base = before_magic(path)
        stripped = str(place._strip_protocol(base)).rstrip("/")
        names = tried(path, lambda: [str(name) for name in place.glob(path)])
        within = (name.removeprefix(stripped).lstrip("/") for name in names if name.startswith(stripped))
        return sorted_names(f"{base.rstrip('/')}/{name}" for name in within if name)

    def _of(self, folder: str) -> dict[str, str]:
        known = folder.rstrip("/") if not folder.endswith("://") else folder
        if known in self._names:
            self._names.move_to_end(known)
            return self._names[known]
        try:
            names = tried(folder, lambda: _listed(filesystem(folder), folder))
        except RecordingNotFound:
            names = {}
        self._names[known] = names
        while len(self._names) > _KEPT:
            self._names.popitem(last=False)
        return names


class RemoteFolder:
    """One folder elsewhere, as `walk.Folder` has one here; there are no links."""

    skipped_links = 0

    def __init__(self, path: str, names: dict[str, str]) -> None:
        self._path, self._names = path.rstrip("/"), names

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        """Addresses with whether each is a folder."""
        for marked in sorted_names(mark + name for name, mark in self._names.items()):
            yield f"{self._path}/{marked[1:]}", marked[0] == _FOLDER


def _listed(place: Any, folder: str) -> dict[str, str]:
    own = str(place._strip_protocol(folder)).rstrip("/")
    names: dict[str, str] = {}
    for entry in place.ls(folder, detail=True):
        path = str(entry["name"]).rstrip("/")
        name = path.rpartition("/")[2]
        # Some storages have an object that stands for the folder itself.
        if name and name not in (".", "..") and path != own:
            names[name] = _FOLDER if entry["type"] == "directory" else _FILE
    return names


def before_magic(pattern: str) -> str:
    """The folder of an address that a glob begins in; a path without one as it is.

    Examples
    --------
    >>> before_magic("s3://bucket/2026-*/a.wav"), before_magic("s3://bucket/a.wav")
    ('s3://bucket', 's3://bucket/a.wav')
    """
    if not (is_url(pattern) and glob.has_magic(pattern)):
        return pattern
    protocol, _, rest = pattern.partition("://")
    plain = []
    for part in rest.split("/")[:-1]:
        if glob.has_magic(part):
            break
        plain.append(part)
    return f"{protocol}://{'/'.join(plain)}"
