"""Text of others made safe to print: no control sequences, and Hebrew that keeps its place in a line."""

from __future__ import annotations

import re
import unicodedata

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x9b[0-?]*[ -/]*[@-~]")
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Embeddings, overrides and isolates reorder what stands after them; the marks (LRM, RLM, ALM) do not.
_UNSAFE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"


def plain(text: str, *, lines: bool = False) -> str:
    """Text without escape sequences, control characters, direction overrides and lone surrogates.

    Line breaks become blanks, or single newlines with `lines`.

    Examples
    --------
    >>> plain("a\\x1b[31mb\\nc")
    'ab c'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _ESCAPES.sub("", text).replace("\t", " ")
    text = _BREAKS.sub("\n" if lines else " ", text)
    return _SURROGATES.sub("\ufffd", _UNSAFE.sub("", text))


def isolated(text: str) -> str:
    """Text in an isolate of its own direction if it holds right-to-left letters, else as it is.

    A terminal that knows Unicode's bidirectional algorithm then shows the times and names before it in
    place (UAX 9, 2.4).
    """
    if text.isascii() or not any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
