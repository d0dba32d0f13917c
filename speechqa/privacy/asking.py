"""Questions for so many digits: "the three numbers next to the signature", "שש ספרות על המסך"."""

from __future__ import annotations

from collections.abc import Sequence

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
_DIGITS = frozenset(["digit", "digits", "numbers", "ספרות", "הספרות", "מספרים", "המספרים"])
_LAST = frozenset(["last", "final", "ending", "ends", "אחרונות", "האחרונות", "אחרונים", "האחרונים"])
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
        if tokens[place].text not in _DIGITS:
            continue
        for count in range(place - 1, max(-1, place - 1 - _NEAR), -1):
            known = _COUNTS.get(tokens[count].text)
            if known is not None:
                around = tokens[max(0, count - _NEAR) : place + 1 + _NEAR]
                return None if any(token.text in _LAST for token in around) else known
    return None
