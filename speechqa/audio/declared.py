"""How long a file says it is, where it says so at all, and where its header is plainly wrong."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

_UNKNOWN_LENGTH = 0x7FFFF000
"""Writers to a pipe put this much or more where they cannot know the length."""

_TRAILING_BYTES = 4096
"""Bytes after the sound that are not worth a thought."""

_MOST_CHUNKS = 64
_LONGEST_OGG_PAGE = 65_307

ESTIMATED_FORMATS = frozenset(
    {"aac", "amr", "amrnb", "amrwb", "ac3", "eac3", "g722", "g726", "g726le", "g729", "gsm", "sln", "loas"}
)
"""Formats without a length: FFmpeg divides the file's size by a bit rate, which is no declaration."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes say beyond what FFmpeg passes on.

    `pcm_seconds` is the length a WAV header declares for uncompressed sound, None where it declares none;
    `corrected` holds header bytes to show FFmpeg instead, by offset.
    """

    is_wav: bool = False
    pcm_seconds: float | None = None
    corrected: Mapping[int, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_header(file: BinaryIO) -> Header:
    """Look at the chunks of a WAV file; any other file gives an empty `Header`."""
    file.seek(0)
    start = file.read(12)
    if start[:4] not in (b"RIFF", b"RF64") or start[8:12] != b"WAVE":
        return Header()
    end = os.fstat(file.fileno()).st_size
    byte_rate, large_size, position = 0, None, 12
    for _ in range(_MOST_CHUNKS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            break
        name, size = head[:4], struct.unpack("<I", head[4:])[0]
        if name == b"ds64":
            body = file.read(16)
            large_size = struct.unpack("<Q", body[8:16])[0] if len(body) == 16 else None
        elif name == b"fmt ":
            byte_rate = _pcm_byte_rate(file.read(16))
        elif name == b"data":
            if size == 0xFFFFFFFF and large_size is not None:
                size = large_size
            return _data_chunk(file, position + 8, size, end, byte_rate)
        position += 8 + size + size % 2
    return Header(is_wav=True)


def _pcm_byte_rate(body: bytes) -> int:
    """Bytes a second of uncompressed sound, 0 for a codec whose bytes do not tell the time."""
    if len(body) < 16:
        return 0
    code, channels, rate, _, block, bits = struct.unpack("<HHIIHH", body)
    if code not in (1, 3, 6, 7, 0xFFFE):
        return 0
    return int(rate * (block or channels * bits // 8))


def _data_chunk(file: BinaryIO, offset: int, size: int, end: int, byte_rate: int) -> Header:
    there = end - offset
    if size == 0 or (size >= _UNKNOWN_LENGTH and size > there):
        note = "The header gives no length; all sound up to the end of the file was read."
        return Header(is_wav=True, notes=(note,) if there else ())
    seconds = size / byte_rate if byte_rate else None
    if there - size > _TRAILING_BYTES and not _is_chunk(file, offset + size, end):
        note = "The header gives a shorter length than the file has; all sound up to its end was read."
        return Header(
            is_wav=True, pcm_seconds=seconds, corrected={offset - 4: b"\xff\xff\xff\xff"}, notes=(note,)
        )
    return Header(is_wav=True, pcm_seconds=seconds)


def _is_chunk(file: BinaryIO, offset: int, end: int) -> bool:
    """Whether a RIFF chunk starts here, padded to an even offset or not."""
    for start in (offset, offset + offset % 2):
        file.seek(start)
        head = file.read(8)
        if len(head) == 8 and all(32 <= byte < 127 for byte in head[:4]):
            size = struct.unpack("<I", head[4:])[0]
            if start + 8 + size <= end + 1:
                return True
    return False


def declares_length(file: BinaryIO, format_name: str) -> bool:
    """Whether the length FFmpeg gives for a format was written in the file rather than estimated."""
    if format_name in ESTIMATED_FORMATS:
        return False
    if format_name == "mp3":
        return _has_mp3_length(file)
    if format_name == "flac":
        file.seek(0)
        start = file.read(26)
        total = int.from_bytes(start[21:26], "big") & 0xF_FFFF_FFFF
        return start[:4] != b"fLaC" or total > 0
    return True


def _has_mp3_length(file: BinaryIO) -> bool:
    """Whether the first frame is a Xing, Info or VBRI header."""
    file.seek(0)
    start = file.read(10)
    skip = 0
    if start[:3] == b"ID3" and len(start) == 10:
        size = start[6:10]
        skip = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    file.seek(skip)
    first = file.read(4096)
    return any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))


@dataclass(frozen=True, slots=True)
class OggEnd:
    """How an Ogg file ends (RFC 3533).

    `cut` where the page that ends it is missing; it says nowhere how long it would have been. `granule` is
    the position that a last, incomplete page promises for its own end, in the codec's samples.
    """

    cut: bool
    granule: int | None = None


def read_ogg_end(file: BinaryIO) -> OggEnd:
    """Look at the last page header of an Ogg file."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 2 * _LONGEST_OGG_PAGE))
    tail = file.read()
    last = tail.rfind(b"OggS")
    if last < 0 or len(tail) < last + 27:
        return OggEnd(cut=True)
    lengths = tail[last + 27 : last + 27 + tail[last + 26]]
    is_whole = len(tail) >= last + 27 + tail[last + 26] + sum(lengths)
    if is_whole:
        return OggEnd(cut=not tail[last + 5] & 0x04)
    granule = struct.unpack("<q", tail[last + 6 : last + 14])[0]
    return OggEnd(cut=True, granule=granule if granule > 0 else None)
