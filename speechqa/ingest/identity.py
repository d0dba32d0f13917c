"""Which call a recording is: the digest of its bytes, so that one file under two names is one call."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from speechqa.core.source import CallSource, combined_digest, printable_path


def identity(source: CallSource) -> str | None:
    """SHA-256 of the file's bytes, or over the files' hexadecimal digests, the agent's file first.

    Equal to `Recording.sha256` of the decoded call. None where a file is absent or cannot be read: decoding
    says why.
    """
    digests = []
    for file in source.ordered_files:
        digest = file_digest(file.path)
        if digest is None:
            return None
        digests.append(digest)
    return combined_digest(digests)


def file_digest(path: str) -> str | None:
    """SHA-256 of a file in hexadecimal, None where it is absent, no plain file, or cannot be read."""
    try:
        # A pipe would wait for ever and a device never end.
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return None
        with open(path, "rb") as file:  # noqa: PTH123 - hostile names stay text
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


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

    Of each call only its digests and path are kept. Sources that cannot be read come through with the
    identity None. The same path twice with the same said of it is not worth a report and is passed over.
    """
    first: dict[bytes, tuple[str, bytes]] = {}
    for source in sources:
        found = identity(source)
        if found is None:
            yield None, source
            continue
        key = bytes.fromhex(found)
        if key not in first:
            first[key] = (source.path, _said_of(source))
            yield found, source
            continue
        path, said = first[key]
        same = os.path.abspath(path) == os.path.abspath(source.path)  # noqa: PTH100
        if not same or said != _said_of(source):
            yield Duplicate(identity=found, source=source, first_path=printable_path(path), contrary=same)


def _said_of(source: CallSource) -> bytes:
    """A digest of all that is known of a call but its files."""
    known = [getattr(source, name) for name in source.__struct_fields__ if name != "files"]
    known += [(file.role, file.offset_s) for file in source.files]
    # Not JSON: a path may hold bytes that are no text.
    return hashlib.blake2b(repr(known).encode("utf-8", "backslashreplace"), digest_size=8).digest()
