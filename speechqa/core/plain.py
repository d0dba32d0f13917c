"""Text from outside made safe to print: no terminal commands, no hidden direction changes."""

from __future__ import annotations

import unicodedata

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_DIRECTIONAL_ISOLATE = "\u2069"
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str, *, limit: int | None = None) -> str:
    r"""Replace what a terminal would obey rather than show.

    Control characters, lone surrogates and characters that change the writing direction become visible
    escapes; a longer text than `limit` is cut with an ellipsis.

    Examples
    --------
    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    shown = "".join(_visible(character) for character in text)
    if limit is not None and len(shown) > limit:
        return shown[: max(0, limit - 1)] + "…"
    return shown


def isolated(text: str) -> str:
    """Wrap text so that its own direction cannot disturb the line around it (Unicode UAX 9 isolates)."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_DIRECTIONAL_ISOLATE}"


def is_right_to_left(text: str) -> bool:
    """Whether the first strong character is written right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Zl", "Zp") or character in _BIDI_CONTROLS:
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return character
