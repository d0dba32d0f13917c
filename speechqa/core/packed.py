"""What an inspection pack says of itself: its manifest."""

from __future__ import annotations

from typing import Literal

from speechqa.core.segment import Timeline
from speechqa.core.value import Value

PACK_FORMAT = "speechqa pack 1"


class PackedFile(Value, frozen=True, kw_only=True):
    """A file of a pack: its path inside, its SHA-256, its size in bytes, and what it is."""

    path: str
    sha256: str
    size: int
    what: str


class PackedCall(Value, frozen=True, kw_only=True):
    """A call in a pack.

    Attributes
    ----------
    folder : str
        Where its files lie.
    document_sha256 : str
        Digest of the document as the store keeps it.
    recording_sha256 : tuple of str
        Digests of the files it was recorded in; none where it was judged from a transcript.
    audio : str
        `bleeped` for a copy without the masked numbers, `original` for the very files, else `none`.
    bleeped : Timeline
        Stretches that a tone covers, in seconds.
    remarks : tuple of str
        What a reader should know, as why there is no audio.
    """

    call_id: str
    folder: str
    document_sha256: str
    recording_sha256: tuple[str, ...] = ()
    audio: Literal["bleeped", "original", "none"] = "none"
    bleeped: Timeline = ()
    remarks: tuple[str, ...] = ()


class PackManifest(Value, frozen=True, kw_only=True):
    """What a pack holds, who made it when (UTC in ISO 8601) and why."""

    format: str
    speechqa: str
    at: str
    by: str
    reason: str
    calls: tuple[PackedCall, ...]
    files: tuple[PackedFile, ...]
