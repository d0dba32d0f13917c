"""The words for numbers in English and Hebrew; data for the grammar in `spoken_numbers`."""

from __future__ import annotations

from typing import Literal, NamedTuple

WordClass = Literal[
    "unit", "weak", "teen", "ten", "tens", "hundred", "hundreds", "thousand", "thousands", "million",
    "repeat", "times", "twice",
]  # fmt: skip


class NumberWord(NamedTuple):
    """What a word says: its class, its value, and whether a Hebrew prefix hangs on it.

    `joined` is the prefix "and", which carries a number on; `prefixed` any other, which starts one.
    """

    kind: WordClass
    value: int
    joined: bool = False
    prefixed: bool = False


def _words(kind: WordClass, table: dict[int, str]) -> dict[str, NumberWord]:
    return {word: NumberWord(kind, value) for value, words in table.items() for word in words.split()}


NUMBER_WORDS: dict[str, NumberWord] = {
    **_words(
        "unit",
        {
            0: "zero nought naught nil אפס אפסים",
            1: "one אחת אחד ",
            2: "two שתיים שתים שניים שנים שתי שני",
            3: "three שלוש שלושה שלש שלשה",
            4: "four ארבע ארבעה",
            5: "five fife חמש חמישה חמשה",
            6: "six שש שישה ששה",
            7: "seven שבע שבעה",
            8: "eight שמונה שמונא",
            9: "nine niner תשע תשעה",
        },
    ),
    # A zero only beside other digits: alone it is an exclamation.
    **_words("weak", {0: "oh o"}),
    **_words(
        "teen",
        {
            10: "ten",
            11: "eleven",
            12: "twelve תריסר",
            13: "thirteen",
            14: "fourteen",
            15: "fifteen",
            16: "sixteen",
            17: "seventeen",
            18: "eighteen",
            19: "nineteen",
        },
    ),
    # Ten, or the second word of a Hebrew teen.
    **_words("ten", {10: "עשר עשרה"}),
    **_words(
        "tens",
        {
            20: "twenty עשרים",
            30: "thirty שלושים שלשים",
            40: "forty fourty ארבעים",
            50: "fifty חמישים חמשים",
            60: "sixty שישים ששים",
            70: "seventy שבעים",
            80: "eighty שמונים",
            90: "ninety תשעים",
        },
    ),
    **_words("hundred", {100: "hundred hundreds מאה מאות"}),
    **_words("hundreds", {200: "מאתיים מאתים"}),
    **_words("thousand", {1000: "thousand thousands אלף אלפים"}),
    **_words("thousands", {2000: "אלפיים"}),
    **_words("million", {1_000_000: "million millions billion מיליון מליון מיליונים"}),
    **_words("repeat", {2: "double דאבל כפול", 3: "triple treble טריפל", 4: "quadruple"}),
    **_words("times", {0: "times פעמים"}),
    **_words("twice", {2: "פעמיים twice"}),
}
"""Every number word by its folded form."""

# Construct forms that stand before "thousand" only.
NUMBER_WORDS.update(
    _words(
        "unit",
        {3: "שלושת", 4: "ארבעת", 5: "חמשת", 6: "ששת", 7: "שבעת", 8: "שמונת", 9: "תשעת"},
    )
)

HOMOPHONES = {"to": 2, "too": 2, "for": 4, "fore": 4, "won": 1, "ate": 8, "tree": 3}
"""Words that recognisers write for digits; taken for digits only between digits, and only as one reading."""

AND = frozenset({"and"})
"""Words that may stand between a hundred and what carries it on."""

_PREFIXES = "בלהמשכד"
_SHORTEST_PREFIXED = 3


def number_word(text: str) -> NumberWord | None:
    """What a folded word says as a number, None for other words.

    Examples
    --------
    >>> number_word("ושלוש")
    NumberWord(kind='unit', value=3, joined=True, prefixed=False)
    """
    found = NUMBER_WORDS.get(text)
    if found is not None or len(text) < _SHORTEST_PREFIXED or not "\u05d0" <= text[0] <= "\u05ea":
        return found
    if text[0] == "ו":
        found = NUMBER_WORDS.get(text[1:])
        if found is not None:
            return found._replace(joined=True)
        inner = number_word(text[1:]) if text[1] in _PREFIXES else None
        return None if inner is None else inner._replace(prefixed=True)
    if text[0] in _PREFIXES:
        found = NUMBER_WORDS.get(text[1:])
        return None if found is None else found._replace(prefixed=True)
    return None
