"""A document as bytes that can be trusted to come back."""

from __future__ import annotations

import hashlib
import zlib

import msgspec

from speechqa.core.analysis import Document
from speechqa.core.codec import NewerDocument, decode, encode
from speechqa.errors import DocumentRefused, StoreError


def packed(document: Document) -> tuple[bytes, str]:
    """The compressed encoding of a document and the SHA-256 of the encoding.

    Raises
    ------
    DocumentRefused
        If the document has no encoding that reads back: text that is no Unicode, or numbers that JSON lacks.
    """
    try:
        data = encode(document)
        decode(data)
    except (UnicodeError, msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise DocumentRefused(
            "The document cannot be kept, for it would not read back",
            where=f"call {document.call_id!a}",
            found=f"{type(error).__name__}: {str(error)[:200]!a}",
            expected="Unicode text and finite numbers",
            hint="Rename the file if its name is no Unicode text; else report this document.",
        ) from error
    return zlib.compress(data, 3), hashlib.sha256(data).hexdigest()


def unpacked(body: bytes, digest: str, where: str) -> Document:
    """The document that was packed.

    Raises
    ------
    StoreError
        If the bytes are not the ones that were kept, or a newer speechqa kept them.
    """
    try:
        data = zlib.decompress(body)
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError("its digest is another")
        return decode(data)
    except NewerDocument as error:
        raise StoreError(
            "A kept document was made by a newer speechqa",
            where=where,
            found=str(error),
            hint="Upgrade speechqa; the store is as it was.",
        ) from error
    except (zlib.error, ValueError) as error:
        raise StoreError(
            "A kept document is damaged",
            where=where,
            found=str(error)[:200],
            hint="Restore a backup of the store, or analyse the recording anew into another store.",
        ) from error
