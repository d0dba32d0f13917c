"""What a number written in digits is: plain, grouped, an amount, a date, a time, a phone number."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Form = Literal[
    "digit", "tens", "quantity", "repeat", "plain", "grouped", "amount", "date", "time", "phone", "ssn"
]
"""How a number was given; the first four are spoken."""

BREAKING: frozenset[Form] = frozenset({"amount", "date", "time", "phone"})
"""Forms that are never a part of a longer dictated number."""

_SEPARATORS = re.compile(r"[.,:/\-\u2010-\u2013]")
_CURRENCY = frozenset("$€£₪¥%")
_PHONE_PAIRS = {(3, 7), (2, 7), (4, 6), (4, 7)}
_PHONE_TRIPLES = {(3, 3, 4), (3, 4, 3), (2, 3, 4), (2, 4, 3), (1, 3, 6)}


def digits_of(text: str) -> str:
    """The decimal digits of a text, those of any script as ASCII."""
    if text.isascii():
        return "".join(char for char in text if char.isdigit())
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def written_form(text: str, start: int, end: int) -> Form:
    """The form of the written number at ``text[start:end]``, judged by its shape and what touches it."""
    if start > 0 and text[start - 1] == "+":
        return "phone"
    if _touches_currency(text, start, end):
        return "amount"
    token = text[start:end]
    parts = _SEPARATORS.split(token)
    return "plain" if len(parts) == 1 else _parted_form(token, parts)


def _parted_form(token: str, parts: list[str]) -> Form:
    marks = {char for char in token if not char.isdecimal()}
    sizes = tuple(len(part) for part in parts)
    if _is_date(parts, sizes, marks):
        return "date"
    if marks == {":"} and max(sizes) <= 2 and len(sizes) <= 3:
        return "time"
    if _is_amount(sizes, marks):
        return "amount"
    if marks <= set("-\u2010\u2011\u2012\u2013"):
        if sizes == (3, 2, 4):
            return "ssn"
        if parts[0].startswith("0") and (sizes in _PHONE_PAIRS or sizes in _PHONE_TRIPLES):
            return "phone"
    return "grouped"


def _touches_currency(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 2) : start].rstrip()
    after = text[end : end + 2].lstrip()
    return (before[-1:] or " ") in _CURRENCY or (after[:1] or " ") in _CURRENCY


def _is_date(parts: list[str], sizes: tuple[int, ...], marks: set[str]) -> bool:
    if len(marks) != 1 or ":" in marks or "," in marks:
        return False
    if len(parts) == 2:
        return marks == {"/"} and sizes[0] <= 2 and sizes[1] in (2, 4) and 1 <= int(parts[0]) <= 31
    if len(parts) != 3:
        return False
    if sizes[0] == 4 and max(sizes[1:]) <= 2:
        day, month = int(parts[2]), int(parts[1])
    elif max(sizes[:2]) <= 2 and sizes[2] in (2, 4):
        day, month = int(parts[0]), int(parts[1])
    else:
        return False
    return 1 <= min(day, month) <= 12 and 1 <= max(day, month) <= 31


def _is_amount(sizes: tuple[int, ...], marks: set[str]) -> bool:
    """Thousands with commas or points, with or without decimals, and plain decimals."""
    if not marks <= {",", "."}:
        return False
    if len(sizes) == 2 and marks == {"."}:
        return True
    if sizes[0] > 3:
        return False
    if all(size == 3 for size in sizes[1:]):
        return True
    return len(marks) == 2 and all(size == 3 for size in sizes[1:-1]) and sizes[-1] <= 2
