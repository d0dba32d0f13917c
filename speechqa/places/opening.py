"""Reading what lies behind an address: tried again where the way failed, spooled to a file without a name."""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, BinaryIO, TypeVar

from speechqa.core.plain import printable
from speechqa.errors import (
    EmptyRecording,
    EngineUnavailable,
    RecordingNotFound,
    UnreadableRecording,
    UsageError,
)
from speechqa.places.urls import PACKAGES, checked_url, protocol_of, shown_url

_TRIES = 3
_PAUSES_S = (0.5, 2.0)
_BLOCK = 2**20
_FOR_GOOD = (
    FileNotFoundError,
    PermissionError,
    IsADirectoryError,
    NotADirectoryError,
    ImportError,
    ValueError,
)
_Result = TypeVar("_Result")
pause: Callable[[float], None] = time.sleep
"""Waits so many seconds between tries."""


def filesystem(url: str) -> Any:
    """The file system of fsspec behind an address, one a protocol and process; nothing is cached on disk.

    Raises
    ------
    UsageError
        If the address may not be followed, or the package for its protocol is not installed.
    EngineUnavailable
        If fsspec is not installed.
    """
    return _filesystem(protocol_of(checked_url(url)))


@cache
def _filesystem(protocol: str) -> Any:
    try:
        import fsspec
    except ImportError as error:
        raise EngineUnavailable(
            "Recordings elsewhere need fsspec", hint="pip install 'speechqa[cluster]'"
        ) from error
    try:
        # What is listed may change between two runs in one process.
        return fsspec.filesystem(protocol, use_listings_cache=False, skip_instance_cache=True)
    except ImportError as error:
        package = PACKAGES[protocol]
        raise UsageError(
            f"Recordings at {protocol}:// need the package {package}",
            expected=f"{package} installed here, and on every node of a cluster",
            hint=f"pip install {package}",
        ) from error


def tried(url: str, action: Callable[[], _Result]) -> _Result:
    """What an action on an address gives, tried up to three times where the way there failed.

    Raises
    ------
    RecordingNotFound
        If nothing is there.
    UnreadableRecording
        If it may not be read, or could not be.
    """
    for number in range(_TRIES):
        try:
            return action()
        except (UsageError, EngineUnavailable):
            raise
        except _FOR_GOOD as error:
            raise _told(url, error) from error
        except Exception as error:  # each storage has errors of its own, not all of them an OSError
            if number == _TRIES - 1:
                raise _told(url, error) from error
            pause(_PAUSES_S[number])
    raise AssertionError("unreachable")


@contextmanager
def opened(url: str) -> Iterator[BinaryIO]:
    """All bytes behind an address in a file without a name, which is gone when it is closed.

    Raises
    ------
    RecordingNotFound, UnreadableRecording, EmptyRecording
        If there is nothing, it cannot be read, or it has no bytes.
    """
    with tempfile.TemporaryFile(prefix="speechqa-") as file:
        copy(url, file)
        if file.tell() == 0:
            raise EmptyRecording("The file is empty", where=shown_url(url), found="0 bytes")
        file.seek(0)
        yield file


def copy(url: str, target: BinaryIO) -> None:
    """Write all bytes behind an address into a file that is open for writing; raises as `tried` does."""
    place = filesystem(url)

    def begin_anew() -> None:
        target.seek(0)
        target.truncate()
        for block in _blocks(place, url):
            target.write(block)

    tried(url, begin_anew)


def digest(url: str) -> str:
    """SHA-256 of the bytes behind an address, in hexadecimal, held block by block; raises as `tried` does."""
    place = filesystem(url)

    def whole() -> str:
        sha256 = hashlib.sha256()
        for block in _blocks(place, url):
            sha256.update(block)
        return sha256.hexdigest()

    return tried(url, whole)


def content(url: str, most: int) -> bytes:
    """The first bytes behind an address, at most so many; raises as `tried` does."""
    place = filesystem(url)

    def beginning() -> bytes:
        with place.open(url, "rb", block_size=_BLOCK) as file:
            return bytes(file.read(most))

    return tried(url, beginning)


def _blocks(place: Any, url: str) -> Iterator[bytes]:
    # One after the other and none twice: what was read already need not be held.
    with place.open(url, "rb", block_size=4 * _BLOCK, cache_type="readahead") as file:
        while block := file.read(_BLOCK):
            yield block


def _told(url: str, error: Exception) -> RecordingNotFound | UnreadableRecording:
    where = shown_url(url)
    if isinstance(error, FileNotFoundError):
        return RecordingNotFound(
            "There is no such recording", where=where, hint="Check the address and the manifest"
        )
    if isinstance(error, PermissionError):
        return UnreadableRecording(
            "The recording may not be read",
            where=where,
            hint="Give whoever runs this the right to list and read there, on every node of a cluster",
        )
    said = re.sub(r"\?\S*", "", (str(error).strip().splitlines() or [""])[0])
    return UnreadableRecording(
        "The recording could not be fetched",
        where=where,
        found=printable(f"{type(error).__name__}: {said}" if said else type(error).__name__, limit=200),
        hint="Check the address, the network, the credentials, and the space for temporary files (TMPDIR)",
    )
