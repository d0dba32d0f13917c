"""Bytes of a text file to text: byte order marks, UTF-16, and the Windows encoding of older Hebrew tools."""

from __future__ import annotations

import codecs

from speechqa.errors import TranscriptError
from speechqa.transcripts.fields import refuse

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4096


def decode(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    """Text of a transcript file with line ends as ``\\n``, and notes on how it was read.

    Raises
    ------
    TranscriptError
        If the bytes are in none of the encodings known here.
    """
    text, notes = _decode(data, file)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text, notes


def _decode(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError as error:
                raise _broken(file, error, encoding) from error
    guessed = _unmarked_utf16(data)
    if guessed is not None:
        try:
            return data.decode(guessed), (f"read as {guessed}, which the file does not say",)
        except UnicodeDecodeError as error:
            raise _broken(file, error, guessed) from error
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        hebrew = _windows_hebrew(data)
        if hebrew is None:
            raise _broken(file, error, "utf-8") from error
        return hebrew, ("not UTF-8: read as Windows-1255, the older Hebrew encoding",)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: ASCII in it has a zero in every other byte."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _windows_hebrew(data: bytes) -> str | None:
    """The text as Windows-1255 if most of its letters past ASCII are Hebrew, else None."""
    try:
        text = data.decode("cp1255")
    except UnicodeDecodeError:
        return None
    beyond = [char for char in text if ord(char) > 0x7F and char.isalpha()]
    hebrew = sum("\u05d0" <= char <= "\u05ea" for char in beyond)
    return text if beyond and hebrew >= 0.9 * len(beyond) else None


def _broken(file: str, error: UnicodeDecodeError, encoding: str) -> TranscriptError:
    return refuse(
        file,
        f"byte {error.start}",
        f"0x{error.object[error.start]:02x}, which is not {encoding}",
        "text in UTF-8, UTF-16 or Windows-1255 Hebrew",
        hint="Save the file as UTF-8 and try again",
    )
