"""Text from outside made safe to print: no terminal commands, no hidden direction changes."""

from __future__ import annotations

import re
import unicodedata

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_DIRECTIONAL_ISOLATE = "\u2069"
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x9b[0-?]*[ -/]*[@-~]")
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Embeddings, overrides and isolates reorder what stands after them; the marks (LRM, RLM, ALM) do not.
_UNSAFE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_OBEYED = re.compile(r"[\x7f-\x9f\u2028-\u202e\ufeff]")
_ISOLATES = re.compile(r"[\u2066-\u2068]")
_ISOLATING = re.compile(r"[\u2066-\u2069]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def printable(text: str, *, limit: int | None = None) -> str:
    r"""Replace what a terminal would obey rather than show.

    Control characters, lone surrogates and characters that change the writing direction become visible
    escapes, so that names and messages show what they hold; a text longer than `limit` is cut with an
    ellipsis.

    Examples
    --------
    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    shown = "".join(_visible(character) for character in text)
    if limit is not None and len(shown) > limit:
        return shown[: max(0, limit - 1)] + "…"
    return shown


def cleaned(text: str, *, lines: bool = False) -> str:
    """Leave out what a terminal or a player would obey, where text is to be read and escapes would disturb.

    Escape sequences, control characters and direction overrides go, lone surrogates become U+FFFD. Line
    breaks become blanks, or single newlines with `lines`.

    Examples
    --------
    >>> cleaned("a\\x1b[31mb\\nc")
    'ab c'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _ESCAPES.sub("", text).replace("\t", " ")
    text = _BREAKS.sub("\n" if lines else " ", text)
    return _SURROGATES.sub("\ufffd", _UNSAFE.sub("", text))


def unobeyed(text: str) -> str:
    r"""Text on its way to a terminal, with what none of our own words hold written out as JSON writes it.

    The last guard, behind `printable` and `cleaned`, and the only one of JSON, which writes C1 controls and
    changes of direction as they are: a document means the same with them as ``\u009b``. Escape sequences
    that begin with ESC stay, for colours are some; so do isolates that are closed in their line.

    Examples
    --------
    >>> unobeyed('{"call_id":"a\x9b2Jb"}')
    '{"call_id":"a\\u009b2Jb"}'
    """
    if text.isascii() and "\x7f" not in text:
        return text
    if text.count(_POP_DIRECTIONAL_ISOLATE) or _ISOLATES.search(text):
        lines = text.split("\n")
        text = "\n".join(line if _is_closed(line) else _ISOLATING.sub(_as_json, line) for line in lines)
    return _OBEYED.sub(_as_json, text)


def _is_closed(line: str) -> bool:
    return len(_ISOLATES.findall(line)) == line.count(_POP_DIRECTIONAL_ISOLATE)


def _as_json(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def isolated(text: str) -> str:
    """Text in an isolate of its own direction if it holds right-to-left letters, else as it is.

    A terminal that knows Unicode's bidirectional algorithm then shows the times and names around it in
    place (UAX 9, 2.4).
    """
    if text.isascii() or not any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        return text
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
