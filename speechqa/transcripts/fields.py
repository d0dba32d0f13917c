"""Checked access to parsed JSON: every value knows where it lies, every surprise says so."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import msgspec

from speechqa.errors import TranscriptError

MAX_SECONDS = 100 * 3600.0
"""Times past 100 hours are taken for damage: no call lasts so long, and arrays grow with the last time."""

MAX_NAME = 500
"""Longest id or name in characters."""

_SHOWN = 60
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def shown(value: object) -> str:
    """A value for a message: quoted, with control characters escaped, at most 60 characters of it."""
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def refuse(file: str, key: str, found: str, expected: str, *, hint: str | None = None) -> TranscriptError:
    """The error for something in a file that does not fit."""
    name = file if file.isprintable() else ascii(file)
    return TranscriptError(
        "the transcript cannot be read",
        where=f"{name}, {key}" if key else name,
        found=found,
        expected=expected,
        hint=hint,
    )


def load_json(text: str, file: str) -> Node:
    """Parse JSON; NaN and infinities, which Python programs write, are read and refused where they matter."""
    return Node(_in_pieces(text) or _parsed(text, file), "", file)


class _Pieces(list[Any]):
    """A long list as it stands in the file; what is read of it is read one by one and not held."""


def _in_pieces(text: str) -> dict[str, Any] | None:
    """An object whose lists of objects are not parsed yet; None for what is no such JSON."""
    try:
        found = _OBJECT.decode(text)
        return {key: _list_or_value(value) for key, value in found.items()}
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return None  # the whole of it says what is wrong, and where


def _list_or_value(value: msgspec.Raw) -> Any:
    if bytes(memoryview(value)[:1]) == b"[":
        some = _LIST.decode(value)
        if all(bytes(memoryview(one)[:1]) == b"{" for one in some):
            return _Pieces(some)
    return json.loads(bytes(value))


def _parsed(text: str | bytes, file: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise refuse(file, where, error.msg[:_SHOWN], "valid JSON") from error
    except RecursionError as error:
        raise refuse(file, "", "JSON nested too deep", "a transcript") from error
    except ValueError as error:
        raise refuse(file, "", "a number with too many digits", "valid JSON") from error


def clean_text(text: str) -> str:
    """Text without lone surrogates, which JSON can escape but UTF-8 cannot hold."""
    if text.isascii() or not _has_surrogate(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


class Node:
    """A JSON value, the key path it lies at and the file it came from."""

    __slots__ = ("file", "value", "where")

    def __init__(self, value: Any, where: str, file: str) -> None:
        self.value = value
        self.where = where
        self.file = file

    def refuse(self, expected: str) -> TranscriptError:
        """The error that this value is not what was expected."""
        return refuse(self.file, self.where or "top level", shown(self.value), expected)

    def get(self, *keys: str) -> Node | None:
        """The first of `keys` that is there and not null."""
        if not isinstance(self.value, dict):
            raise self.refuse("an object")
        for key in keys:
            value = self.value.get(key)
            if value is not None:
                return Node(value, f"{self.where}.{key}" if self.where else key, self.file)
        return None

    def need(self, *keys: str) -> Node:
        """As `get`, but an error when there is none."""
        node = self.get(*keys)
        if node is None:
            raise refuse(self.file, self.where or "top level", f"no {keys[0]!r}", f"a value for {keys[0]!r}")
        return node

    def items(self) -> Iterator[Node]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            raise self.refuse("a list")
        for index, value in enumerate(self.value):
            where = f"{self.where}[{index}]"
            if isinstance(value, msgspec.Raw):
                yield Node(_parsed(bytes(value), f"{self.file}, {where}"), where, self.file)
            else:
                yield Node(value, where, self.file)

    def text(self) -> str:
        """A string, as it came."""
        if not isinstance(self.value, str):
            raise self.refuse("a string")
        return clean_text(self.value)

    def name(self) -> str:
        """An id or a name: a string, or an integer that stands for one; of bounded length."""
        value = self.value
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            return str(value)
        text = self.text()
        if len(text) > MAX_NAME:
            raise refuse(
                self.file, self.where, f"{len(text)} characters", f"a name of at most {MAX_NAME} characters"
            )
        return text

    def number(self) -> float:
        """A number, or a string that holds one (as AWS writes them); may be NaN or infinite."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self.refuse("a number")
        try:
            return float(value)
        except (ValueError, OverflowError) as error:
            raise self.refuse("a number") from error

    def seconds(self, scale: float = 1.0) -> float:
        """A time in seconds, rounded to 1 ms; `scale` turns the source's unit into seconds."""
        value = self.number() * scale
        if not (math.isfinite(value) and -0.0005 < value <= MAX_SECONDS):
            raise self.refuse(f"a time from 0 to {MAX_SECONDS:.0f} seconds")
        return max(0.0, round(value, 3))

    def probability(self) -> float | None:
        """A confidence in [0, 1]; NaN, which some engines write for unknown, is None."""
        value = self.number()
        if math.isnan(value):
            return None
        if not -1e-6 <= value <= 1.0 + 1e-6:
            raise self.refuse("a confidence from 0 to 1")
        return round(min(1.0, max(0.0, value)), 4)


def times(
    node: Node, *, start: tuple[str, ...] = ("start",), end: tuple[str, ...] = ("end",), scale: float = 1.0
) -> tuple[float | None, float | None]:
    """Start and end of an object; both None unless both are there."""
    first, last = node.get(*start), node.get(*end)
    if first is None or last is None:
        for bound in (first, last):
            if bound is not None:
                bound.seconds(scale)
        return None, None
    begin, finish = first.seconds(scale), last.seconds(scale)
    if finish < begin:
        raise refuse(
            node.file, last.where, f"an end of {finish} s before the start at {begin} s", "start <= end"
        )
    return begin, finish


def optional_text(node: Node, *keys: str) -> str | None:
    """A name at one of `keys`, or None."""
    found = node.get(*keys)
    return None if found is None else found.name()
