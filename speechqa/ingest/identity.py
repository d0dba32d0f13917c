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
        digest = _file_digest(file.path)
        if digest is None:
            return None
        digests.append(digest)
    return combined_digest(digests)


def _file_digest(path: str) -> str | None:
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
    """A source with the bytes of one before it: that one is analysed, this one only reported."""

    identity: str
    source: CallSource
    first_path: str


def deduplicate(sources: Iterable[CallSource]) -> Iterator[tuple[str | None, CallSource] | Duplicate]:
    """Give every call once, with its identity; the first source in the order given holds.

    Of each call only its digest and path are kept. Sources that cannot be read come through with the identity
    None. The same path twice is not worth a report and is passed over.
    """
    first: dict[bytes, str] = {}
    for source in sources:
        found = identity(source)
        if found is None:
            yield None, source
            continue
        key = bytes.fromhex(found)
        if key not in first:
            first[key] = source.path
            yield found, source
        elif os.path.abspath(first[key]) != os.path.abspath(source.path):  # noqa: PTH100
            yield Duplicate(identity=found, source=source, first_path=printable_path(first[key]))
