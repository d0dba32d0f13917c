"""Telephone numbers: which digits are one, and where they stand in written text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache

from speechqa.privacy.cue_words import CueIndex, CueKind
from speechqa.privacy.readings import Found, digits_of_items, readings, split_readings
from speechqa.privacy.runs import PlacedItem, ReadTurn, Run

HOME_REGIONS = ("IL", "GB", "US")
"""Countries whose national numbers are known without a cue; of others those with their country code."""

LONGEST = 15
"""Digits of a telephone number, ITU-T E.164."""

_WRITTEN = re.compile(r"(?<![\w.,/$€£₪])(\+|00)?\(?\d(?:[ \u00a0().\-\u2010-\u2013/]{0,3}\d){6,17}(?![\w%])")
_AMERICAN = {(3, 3, 4), (1, 3, 3, 4), (3, 3, 2, 2)}
_ISRAELI_MOBILE = re.compile(r"(?:0|(?:00)?9720?)(5\d{8})")
_ISRAELI = re.compile(r"0(?:5\d{8}|7\d{8}|[23489]\d{7})")
_SAID_PLUS = re.compile(r"(?:\bplus|פלוס)\s$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(r"\s?[$€£₪%]|[.,:/]\d")


@lru_cache(maxsize=4096)
def is_phone(digits: str, *, international: bool = False) -> bool:
    """Whether digits are a number of a home region, or of any country where they begin with its code.

    Examples
    --------
    >>> is_phone("0521234567"), is_phone("0521"), is_phone("4930123456", international=True)
    (True, False, True)
    """
    if not 7 <= len(digits) <= LONGEST + 2:
        return False
    if _ISRAELI_MOBILE.fullmatch(digits):
        return True
    import phonenumbers

    if digits.startswith("00"):
        international, digits = True, digits[2:]
    tried: list[tuple[str, str | None]]
    if international or digits.startswith("972"):
        tried = [("+" + digits, None)]
    elif digits[0] == "0":
        tried = [(digits, region) for region in HOME_REGIONS[:2]]
    elif len(digits) == 10 or (len(digits) == 11 and digits[0] == "1"):
        tried = [(digits, "US")]
        if digits[:4] in ("1700", "1800", "1599"):
            tried.append((digits, "IL"))
    else:
        return False
    for number, region in tried:
        try:
            read = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(read) or (international and phonenumbers.is_possible_number(read)):
            return True
    return False


@lru_cache(maxsize=4096)
def national(digits: str) -> str | None:
    """The number without country code and without the zero before it; None where it is no phone number.

    Examples
    --------
    >>> national("0521234567") == national("972521234567") == "521234567"
    True
    """
    mobile = _ISRAELI_MOBILE.fullmatch(digits)
    if mobile is not None:
        return mobile[1]
    if not is_phone(digits) and not is_phone(digits, international=True):
        return None
    import phonenumbers

    plain = digits.removeprefix("00")
    for number, region in ((digits, "IL"), (digits, "GB"), (digits, "US"), ("+" + plain, None)):
        try:
            read = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(read):
            return str(read.national_number)
    return None


def _sizes(piece: str) -> tuple[int, ...]:
    return tuple(len(group) for group in re.findall(r"\d+", piece))


def looks_dialled(digits: str) -> bool:
    """Whether digits begin as a number is dialled here and are about as many, misheard or said twice."""
    if digits.startswith("05"):
        return 8 <= len(digits) <= 14
    return digits.startswith(("0", "9725")) and not digits.startswith("000") and 9 <= len(digits) <= 13


def written_phones(text: str) -> Iterator[tuple[int, int, str]]:
    """Numbers that are written as telephone numbers are: start, end and digits.

    What is written without a sign between its groups is not told from any other number and left to
    `is_phone`, unless it begins with a plus.
    """
    for match in _WRITTEN.finditer(text):
        start, end = match.span()
        if _AMOUNT_AFTER.match(text, end):
            continue
        piece = match.group()
        digits = "".join(char for char in piece if char.isdigit())
        if not digits.isascii():
            continue
        plus = match.group(1) is not None or _SAID_PLUS.search(text, max(0, start - 8), start) is not None
        if is_phone(digits, international=plus and match.group(1) != "00"):
            written = digits[0] == "0" or digits.startswith("972") or _sizes(piece) in _AMERICAN
            if not (plus or written):
                continue
            yield start, end, digits


_REACH = 12
_LITTLE = 4
"""Digits said after a whole number that are not another one."""
_OTHER: frozenset[CueKind] = frozenset({"other", "account", "maybe_account", "passport", "licence"})
_MAYBE_PIECES: frozenset[CueKind] = frozenset({"card", "id", "ssn", "iban", "code", "maybe_code"})


def find_phones(
    turns: Sequence[ReadTurn],
    runs: Sequence[Run],
    cues: CueIndex,
    done: Container[PlacedItem],
    *,
    last: bool = False,
) -> list[Found]:
    """Telephone numbers that are known by their own shape, among what is not `done`.

    Digits that follow the cue of a card or an account may be a piece of that, and are taken only the `last`
    time, when nothing else has claimed them.
    """
    elsewhere = _OTHER if last else _OTHER | _MAYBE_PIECES
    found: list[Found] = []
    by_turn: dict[int, list[PlacedItem]] = {}
    for run in runs:
        for item in run.items:
            if item not in done:
                by_turn.setdefault(item.turn, []).append(item)
    used: set[PlacedItem] = set()
    for number, items in by_turn.items():
        if sum(len(item.digits) for item in items) < 7:
            continue
        for start, end, digits in written_phones(turns[number].text):
            inside = tuple(item for item in items if item.start < end and item.end > start)
            if inside and cues.nearest(inside[0].first, _REACH) not in _OTHER:
                found.append(Found("phone", inside, digits))
                used.update(inside)
                _use(cues, inside)
    for run in runs:
        if run.amount or any(item in used or item in done for item in run.items):
            continue
        entry = _spoken(run, cues, elsewhere)
        if entry is not None:
            found.append(entry)
            _use(cues, entry.items)
    return found


def _spoken(run: Run, cues: CueIndex, elsewhere: Container[CueKind]) -> Found | None:
    glued = len(run.items) == 1
    free = cues.nearest(run.first, _REACH) not in elsewhere
    if glued and run.items[0].number.form == "grouped":
        return None
    whole = _first_whole(run.items)
    if whole and free:
        return Found("phone", whole, digits_of_items(whole))
    for items in readings(run.items):
        digits = digits_of_items(items)
        if (is_phone(digits) or looks_dialled(digits)) and free:
            return Found("phone", run.items, digits)
    if glued:
        return None
    for digits in split_readings(run.items):
        if is_phone(digits) and digits[0] == "0" and free:
            return Found("phone", run.items, digits)
    return None


def _first_whole(items: Sequence[PlacedItem]) -> tuple[PlacedItem, ...]:
    """The turns of a run that hold a whole number, where what another adds is too little for one."""
    for place in range(1, len(items)):
        if items[place].turn == items[place - 1].turn:
            continue
        before, rest = tuple(items[:place]), items[place:]
        if _ISRAELI.fullmatch(digits_of_items(before)) and len(digits_of_items(rest)) <= _LITTLE:
            return before
    return ()


def _use(cues: CueIndex, items: Sequence[PlacedItem]) -> None:
    known = cues.before(("phone",), items[0].first) or cues.after(("phone",), items[-1].last)
    if known is not None:
        cues.use(known[0], items[0].first)
