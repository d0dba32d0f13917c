"""Words that announce a number: a card, an ID, a security code, or something that need not be masked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

from speechqa.privacy.tokens import Token

CueKind = Literal["card", "id", "ssn", "iban", "code", "other"]

REACH: dict[CueKind, int] = {"card": 40, "id": 25, "ssn": 25, "iban": 40, "code": 16, "other": 4}
"""How many words a cue announces ahead, both parties' counted."""

REACH_BACK = 6
"""How many words after a number a cue may still name it ("... is my ID number")."""

_PHRASES: dict[CueKind, tuple[str, ...]] = {
    "card": (
        "card", "cards", "visa", "mastercard", "master card", "amex", "american express", "diners",
        "isracard", "credit card", "debit", "debit card", "long number", "כרטיס", "כרטיסי", "אשראי",
        "ויזה", "מאסטרקארד", "מסטרקארד", "מאסטר קארד", "ישראכרט", "אמקס", "אמריקן אקספרס", "דיינרס",
        "לאומי קארד", "כאל", "מקס",
    ),
    "id": (
        "id", "i d", "id number", "identity number", "identity card", "identification number",
        "id card", "national id", "identification", "teudat zehut", "תעודת זהות", "תעודת הזהות",
        "תעודות זהות", "מספר זהות", "מספר הזהות", "תז", "ת ז", "תעודת",
    ),
    "ssn": (
        "social security", "social security number", "ssn", "social",
    ),
    "iban": (
        "iban", "i ban", "איבן", "אייבן", "איי בן",
    ),
    "code": (
        "cvv", "c v v", "cvc", "c v c", "csc", "cvv2", "security code", "security number",
        "verification code", "card verification", "digits on the back", "number on the back",
        "numbers on the back", "code on the back", "on the back", "pin", "pin code", "pin number",
        "passcode", "one time code", "otp", "code we sent", "code i sent", "קוד אבטחה", "קוד האבטחה",
        "קוד הביטחון", "קוד ביטחון", "סי וי וי", "ספרות בגב", "הספרות בגב", "הספרות מאחור",
        "ספרות מאחור", "בגב הכרטיס", "מאחורי הכרטיס", "קוד סודי", "הקוד הסודי", "קוד אימות",
        "קוד האימות", "קוד חד פעמי", "הקוד ששלחנו", "הקוד ששלחתי",
    ),
    "other": (
        "order", "order number", "order id", "reference", "reference number", "tracking",
        "tracking number", "invoice", "account", "account number", "account id", "ticket",
        "ticket number", "ticket id", "booking", "confirmation number", "policy", "policy number",
        "case number", "case id", "customer number", "customer id", "employee id", "user id",
        "member number", "phone", "phone number", "telephone", "mobile", "cell", "cell phone",
        "call me at", "zip", "zip code", "postcode", "serial", "serial number", "imei", "flight",
        "transaction", "transaction id", "price", "total", "balance", "extension", "הזמנה",
        "מספר הזמנה", "ההזמנה", "אסמכתא", "מספר אסמכתא", "חשבונית", "מעקב", "משלוח", "חבילה", "טלפון",
        "הטלפון", "נייד", "סלולרי", "פלאפון", "מספר לקוח", "לקוח", "מיקוד", "פנייה", "קריאה", "פוליסה",
        "חוזה", "חשבון", "מספר חשבון", "סכום", "מחיר", "יתרה", "סריאלי", "שלוחה", "עסקה",
    ),
}  # fmt: skip

_LONGEST = max(len(phrase.split()) for phrases in _PHRASES.values() for phrase in phrases)
_BY_PHRASE: dict[str, CueKind] = {phrase: kind for kind, phrases in _PHRASES.items() for phrase in phrases}
_FIRST_WORDS = frozenset(phrase.split()[0] for phrase in _BY_PHRASE)
_PREFIXES = "והבלשמכ"
_MOST_PREFIXES = 2
_MOST_CUES = 12


class Cue(NamedTuple):
    """A cue at words `first` to `last`, counted over the whole call."""

    first: int
    last: int
    kind: CueKind


def find_cues(tokens: Sequence[Token], offset: int) -> list[Cue]:
    """The cues of one text, the longest phrase at every place; `offset` is the count of words before it."""
    found: list[Cue] = []
    index = 0
    while index < len(tokens):
        cue = _cue_at(tokens, index, offset) if tokens[index].kind == "word" else None
        if cue is None:
            index += 1
        else:
            found.append(cue)
            index = cue.last - offset + 1
    return found


def _cue_at(tokens: Sequence[Token], index: int, offset: int) -> Cue | None:
    for first in _bare_forms(tokens[index].text):
        if first not in _FIRST_WORDS:
            continue
        for length in range(min(_LONGEST, len(tokens) - index), 0, -1):
            words = [first, *(token.text for token in tokens[index + 1 : index + length])]
            kind = _BY_PHRASE.get(" ".join(words))
            if kind is not None:
                return Cue(offset + index, offset + index + length - 1, kind)
    return None


def _bare_forms(word: str) -> list[str]:
    """The word and, for Hebrew, the word without its prefixes (and, the, in, to, that, from, as)."""
    forms = [word]
    if word and "\u05d0" <= word[0] <= "\u05ea":
        for _ in range(_MOST_PREFIXES):
            if len(forms[-1]) < 4 or forms[-1][0] not in _PREFIXES:
                break
            forms.append(forms[-1][1:])
    return forms


class CueIndex:
    """All cues of a call in order, with those marked that have announced their number."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = cues
        self._lasts = [cue.last for cue in cues]
        self._firsts = [cue.first for cue in cues]
        self._used: set[int] = set()

    def before(self, kinds: tuple[CueKind, ...], position: int) -> tuple[Cue, int] | None:
        """The nearest unused cue of these kinds that reaches a number at `position`, and the words between.

        A nearer cue for something that need not be masked stands in the way of those farther back.
        """
        index = bisect_left(self._lasts, position) - 1
        for nearest in range(index, max(-1, index - _MOST_CUES), -1):
            cue = self._cues[nearest]
            distance = position - cue.last
            if nearest in self._used or distance > REACH[cue.kind]:
                continue
            if cue.kind in kinds:
                return cue, distance
            if cue.kind == "other":
                return None
        return None

    def after(self, kinds: tuple[CueKind, ...], position: int) -> tuple[Cue, int] | None:
        """The next cue if it is unused, of these kinds and within `REACH_BACK` words after `position`."""
        index = bisect_right(self._firsts, position)
        if index < len(self._cues) and index not in self._used:
            cue = self._cues[index]
            if cue.kind in kinds and cue.first - position <= REACH_BACK:
                return cue, cue.first - position
        return None

    def near(self, kind: CueKind, first: int, last: int) -> bool:
        """Whether a cue of this kind, used or not, reaches the words `first` to `last`."""
        low = bisect_left(self._lasts, first - REACH[kind])
        high = bisect_right(self._firsts, last + 2 * REACH_BACK)
        return any(cue.kind == kind for cue in self._cues[low:high])

    def use(self, cue: Cue) -> None:
        """Mark a cue as having announced its number."""
        index = bisect_left(self._firsts, cue.first)
        if index < len(self._cues) and self._cues[index] == cue:
            self._used.add(index)
