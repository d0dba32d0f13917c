"""Headerless 8-bit G.711 (ITU-T G.711), the recordings old telephone exchanges leave."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from speechqa.core.source import RawFormat

RAW_RATE_HZ = 8_000
_BLOCK_FRAMES = RAW_RATE_HZ

KNOWN_BEGINNINGS = (
    b"RIFF",
    b"RF64",
    b"RIFX",
    b"OggS",
    b"fLaC",
    b"ID3",
    b"FORM",
    b".snd",
    b"#!AMR",
    b"\x1aE\xdf\xa3",
)
"""First bytes of files that have a header after all."""


@cache
def decoding_table(raw_format: RawFormat) -> NDArray[np.float32]:
    """The 256 samples of a G.711 law, in [-1, 1].

    Examples
    --------
    >>> [round(float(decoding_table("mulaw")[code]) * 32768) for code in (0xFF, 0x00, 0x80)]
    [0, -32124, 32124]
    >>> [round(float(decoding_table("alaw")[code]) * 32768) for code in (0xD5, 0x2A, 0xAA)]
    [8, -32256, 32256]
    """
    code = np.arange(256)
    if raw_format == "mulaw":
        flipped = ~code & 0xFF
        magnitude = (((flipped & 0x0F) << 3) + 0x84 << ((flipped & 0x70) >> 4)) - 0x84
        sign = np.where(flipped & 0x80, -1, 1)
    else:
        flipped = code ^ 0x55
        exponent = (flipped & 0x70) >> 4
        step = (flipped & 0x0F) << 4
        magnitude = np.where(exponent == 0, step + 8, (step + 0x108) << np.maximum(exponent - 1, 0))
        sign = np.where(flipped & 0x80, 1, -1)
    table: NDArray[np.float32] = (sign * magnitude / 32768.0).astype(np.float32)
    table.flags.writeable = False
    return table


def has_header(beginning: bytes) -> bool:
    """Whether a file that was said to be headerless is a common container after all."""
    return beginning.startswith(KNOWN_BEGINNINGS) or beginning[4:8] == b"ftyp"


def raw_blocks(file: BinaryIO, raw_format: RawFormat, channels: int) -> Iterator[NDArray[np.float32]]:
    """Blocks of shape ``(frames, channels)``; a last incomplete frame is left out."""
    table = decoding_table(raw_format)
    while data := file.read(_BLOCK_FRAMES * channels):
        frames = len(data) // channels
        if frames:
            codes = np.frombuffer(data, dtype=np.uint8, count=frames * channels)
            yield table[codes].reshape(frames, channels)
