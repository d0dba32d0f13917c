"""Documents to and from JSON, and the JSON Schema that other programs validate against."""

from __future__ import annotations

from typing import Any

import msgspec

from speechqa.core.analysis import SCHEMA_VERSION, Document

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Document)


def encode(document: Document) -> bytes:
    """The document as one line of UTF-8 JSON; equal documents give equal bytes."""
    return _ENCODER.encode(document)


def decode(data: bytes | str) -> Document:
    """Read a document of any supported schema version.

    Raises
    ------
    ValueError
        If the data is no such document (`msgspec.ValidationError` says where).
    """
    document: Document = _DECODER.decode(data)
    return document


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document."""
    schema = msgspec.json.schema(Document)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"speechqa call document, version {SCHEMA_VERSION}",
        **schema,
    }
