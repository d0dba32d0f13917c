"""Recordings of single voices from paths: files as they are named, folders and globs as for calls."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from speechqa.core.value import Value
from speechqa.ingest.kinds import MANIFEST_NAMES, is_recording_name
from speechqa.ingest.listings import Listings
from speechqa.places.urls import local_path


class VoiceFiles(Value, frozen=True, kw_only=True):
    """Files in the order asked for; `ignored` counts those in folders that are no recordings."""

    paths: tuple[str, ...]
    ignored: int = 0


def voice_files(asked: Iterable[str]) -> VoiceFiles:
    """The recordings behind what was asked for.

    A file that is named is always taken, twice where it is named twice; in a folder and those within it,
    files with a media extension or none, in the order of their names. A folder that cannot be read, and a
    glob that matches nothing, stay as they are: reading them says what is wrong.

    Parameters
    ----------
    asked : iterable of str
        Files, folders, globs and addresses; what exists is never read as a glob.

    Raises
    ------
    UsageError, RecordingError
        If an address is none that is followed, or cannot be asked.
    """
    paths: list[str] = []
    ignored = 0
    listings = Listings()
    for path in asked:
        for named in listings.expand_or_keep(local_path(path)):
            if not listings.is_folder(named):
                paths.append(named)
                continue
            for found in _walk(named, listings):
                name = os.path.basename(found)  # noqa: PTH119
                if found == named or is_recording_name(name):
                    paths.append(found)
                elif name not in MANIFEST_NAMES:
                    ignored += 1
    return VoiceFiles(paths=tuple(paths), ignored=ignored)


def _walk(folder: str, listings: Listings) -> Iterator[str]:
    """Files of a folder and the folders in it; the folder itself where it cannot be read."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        within = []
        try:
            for entry, is_folder in listings.folder(current):
                if not is_folder:
                    yield entry
                elif not os.path.basename(entry).startswith("."):  # noqa: PTH119
                    within.append(entry)
        except OSError:
            yield current
        waiting.extend(reversed(within))
