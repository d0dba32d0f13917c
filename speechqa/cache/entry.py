"""One entry of the cache as bytes: its own digest tells a damaged, cut or foreign one from a sound one."""

from __future__ import annotations

import hashlib
import zlib
from typing import Final

LARGEST: Final = 256 * 1024 * 1024
"""Bytes an entry may hold, packed or not; what claims more is no entry of ours."""

_MAGIC: Final = b"speechqa stage 1\n"
_DIGEST_BYTES: Final = 32
_LEVEL: Final = 1  # frames of a voice hardly pack, and the rest is small


def sealed(name: str, payload: bytes) -> bytes | None:
    """The bytes to keep under a name; None where there are too many.

    Examples
    --------
    >>> opened("a/b", sealed("a/b", b"words"))
    b'words'
    >>> opened("a/c", sealed("a/b", b"words")) is None
    True
    """
    if len(payload) > LARGEST:
        return None
    body = zlib.compress(payload, _LEVEL)
    return _MAGIC + _digest(name, body) + body


def opened(name: str, data: bytes) -> bytes | None:
    """What was kept under a name; None where the bytes are not whole, of another name or of another format.

    An entry that would unpack to more than `LARGEST` counts as missing.
    """
    start = len(_MAGIC) + _DIGEST_BYTES
    body = data[start:]
    if data[:start] != _MAGIC + _digest(name, body):
        return None
    unpacker = zlib.decompressobj()
    try:
        payload = unpacker.decompress(body, LARGEST + 1)
    except zlib.error:
        return None
    whole = unpacker.eof and not unpacker.unused_data and len(payload) <= LARGEST
    return payload if whole else None


def _digest(name: str, body: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + body).digest()
