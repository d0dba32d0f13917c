"""Which call a recording is: the digest of its bytes, so that one file under two names is one call."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from speechqa.core.source import CallSource, combined_digest, printable_path
from speechqa.errors import SpeechQAError
from speechqa.ingest.private_table import private_table
from speechqa.places.opening import digest
from speechqa.places.urls import is_url

_READ_AT_ONCE = 8
"""Recordings elsewhere that are read at once; block by block, so that few bytes are held."""


def identity(source: CallSource) -> str | None:
    """SHA-256 of the file's bytes, or over the files' hexadecimal digests, the agent's file first.

    Equal to `Recording.sha256` of the decoded call. None where a file is absent or cannot be read: decoding
    says why.
    """
    digests = []
    for file in source.ordered_files:
        found = file_digest(file.path)
        if found is None:
            return None
        digests.append(found)
    return combined_digest(digests)


def file_digest(path: str) -> str | None:
    """SHA-256 of a file in hexadecimal, None where it is absent, no plain file, or cannot be read.

    What lies behind an address is read block by block.
    """
    try:
        if is_url(path):
            return digest(path)
        # A pipe would wait for ever and a device never end.
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return None
        with open(path, "rb") as file:  # noqa: PTH123 - hostile names stay text
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError, SpeechQAError):
        return None


def identified(sources: Iterable[CallSource]) -> Iterator[tuple[CallSource, str | None]]:
    """Sources in their order, each with its identity.

    Storage elsewhere answers slowly, but many at once: of recordings there a few are read ahead of time.
    """
    waiting: deque[tuple[CallSource, Future[str | None] | None]] = deque()
    pool = ThreadPoolExecutor(_READ_AT_ONCE)

    def first() -> tuple[CallSource, str | None]:
        source, found = waiting.popleft()
        return source, identity(source) if found is None else found.result()

    try:
        for source in sources:
            elsewhere = any(is_url(file.path) for file in source.files)
            waiting.append((source, pool.submit(identity, source) if elsewhere else None))
            while waiting and (waiting[0][1] is None or len(waiting) > 2 * _READ_AT_ONCE):
                yield first()
        while waiting:
            yield first()
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A source with the bytes of one before it: that one is analysed, this one only reported.

    `first_path` is where the bytes were met first; `contrary` says that it is the same path with something
    else said of it, as by two rows of a manifest.
    """

    identity: str
    source: CallSource
    first_path: str
    contrary: bool = False


def deduplicate(sources: Iterable[CallSource]) -> Iterator[tuple[str | None, CallSource] | Duplicate]:
    """Give every call once, with its identity; the first source in the order given holds.

    Of each call only its digests and path are kept, on disk. Sources that cannot be read come through with
    the identity None. The same path twice with the same said of it is not worth a report and is passed over.
    """
    first = private_table("digest BLOB PRIMARY KEY, path BLOB, said BLOB")
    with closing(first):
        for source, found in identified(sources):
            if found is None:
                yield None, source
                continue
            key, path, said = bytes.fromhex(found), os.fsencode(source.path), _said_of(source)
            if first.execute("INSERT OR IGNORE INTO held VALUES (?, ?, ?)", (key, path, said)).rowcount:
                yield found, source
                continue
            known = first.execute("SELECT path, said FROM held WHERE digest = ?", (key,)).fetchone()
            before = os.fsdecode(known[0])
            same = os.path.abspath(before) == os.path.abspath(source.path)  # noqa: PTH100
            if not same or known[1] != said:
                yield Duplicate(
                    identity=found, source=source, first_path=printable_path(before), contrary=same
                )


def _said_of(source: CallSource) -> bytes:
    """A digest of all that is known of a call but its files."""
    known = [getattr(source, name) for name in source.__struct_fields__ if name != "files"]
    known += [(file.role, file.offset_s) for file in source.files]
    # Not JSON: a path may hold bytes that are no text.
    return hashlib.blake2b(repr(known).encode("utf-8", "backslashreplace"), digest_size=8).digest()
