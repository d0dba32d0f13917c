"""Documents to and from JSON, and the JSON Schema that other programs validate against."""

from __future__ import annotations

from typing import Any

import msgspec

from speechqa.core.analysis import SCHEMA_VERSION, Document

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Document)


class NewerDocument(ValueError):
    """The document is of a schema version that only a newer speechqa reads."""

    def __init__(self, version: int) -> None:
        super().__init__(
            f"it is of schema version {version}, and this speechqa reads versions up to {SCHEMA_VERSION}: "
            "upgrade speechqa"
        )


class _Version(msgspec.Struct):
    schema_version: int = SCHEMA_VERSION


_VERSION = msgspec.json.Decoder(_Version)


def encode(document: Document) -> bytes:
    """The document as one line of UTF-8 JSON; equal documents give equal bytes."""
    return _ENCODER.encode(document)


def decode(data: bytes | str) -> Document:
    """Read a document of any supported schema version.

    What a document of an earlier speechqa does not have is read as not known; nothing of what it has is left
    out.

    Raises
    ------
    NewerDocument
        If it is of a newer schema version: part of it would be left out unseen, or mean something else.
    ValueError
        If the data is no such document (`msgspec.ValidationError` says where).
    """
    try:
        document: Document = _DECODER.decode(data)
    except msgspec.ValidationError:
        _require_known(_VERSION.decode(data).schema_version)
        raise
    _require_known(document.schema_version)
    return document


def _require_known(version: int) -> None:
    if version > SCHEMA_VERSION:
        raise NewerDocument(version)
    if version < 1:
        raise ValueError(f"it is of schema version {version}, and the first is 1")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document."""
    schema = msgspec.json.schema(Document)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"speechqa call document, version {SCHEMA_VERSION}",
        **schema,
    }
