"""Questions for so many digits: "the three numbers next to the signature", "שש ספרות על המסך"."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.privacy.phrases import bare_forms
from speechqa.privacy.tokens import Token

_COUNTS = {
    word: count
    for count, words in {
        3: "3 three שלוש שלושה שלושת",
        4: "4 four ארבע ארבעה ארבעת",
        5: "5 five חמש חמישה חמשת",
        6: "6 six שש שישה ששת",
        7: "7 seven שבע שבעה שבעת",
        8: "8 eight שמונה שמונת",
    }.items()
    for word in words.split()
}
_DIGITS = frozenset(["digit", "digits", "numbers", "figures", "ספרות", "מספרים", "ספרתי"])
_LAST = frozenset(["last", "final", "ending", "ends", "אחרונות", "אחרונים"])
_NEAR = 2


def asked_digits(tokens: Sequence[Token]) -> int | None:
    """How many digits a turn asks for; None where it asks for none, or for the last ones of a number.

    Examples
    --------
    >>> from speechqa.privacy.tokens import tokenize
    >>> asked_digits(tokenize("three little digits?")), asked_digits(tokenize("the last four digits?"))
    (3, None)
    """
    for place in range(len(tokens) - 1, 0, -1):
        count = _counted_at(tokens, place)
        if count is not None:
            around = tokens[max(0, count[0] - _NEAR) : place + 1 + _NEAR]
            return None if any(_is_one_of(token, _LAST) for token in around) else count[1]
    return None


def counts_said(tokens: Sequence[Token]) -> set[int]:
    """All counts of digits that are named: "the three digits are"."""
    found = (_counted_at(tokens, place) for place in range(1, len(tokens)))
    return {count[1] for count in found if count is not None}


def _counted_at(tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
    """Where "three" stands before "digits" at `place`, and what it says."""
    if not _is_one_of(tokens[place], _DIGITS):
        return None
    for near in range(place - 1, max(-1, place - 1 - _NEAR), -1):
        for form in bare_forms(tokens[near].text):
            if form in _COUNTS:
                return near, _COUNTS[form]
    return None


def _is_one_of(token: Token, words: frozenset[str]) -> bool:
    return any(form in words for form in bare_forms(token.text))
