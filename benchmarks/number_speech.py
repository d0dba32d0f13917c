# ruff: noqa: E501 -- what people say stands on a line of its own
"""How people say and write digits, for `generated_numbers`: nothing here knows what masking looks for.

A number is first cut into groups as people breathe, each group is then said digit by digit, in tens, in
hundreds or with a repetition, in either gender, and what comes between groups, hesitation, mishearing by the
recogniser and corrections are put in afterwards.
"""

from __future__ import annotations

import random
from typing import NamedTuple

EN_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
EN_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
EN_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
HE_UNITS_F = ["אפס", "אחת", "שתיים", "שלוש", "ארבע", "חמש", "שש", "שבע", "שמונה", "תשע"]
HE_UNITS_M = ["אפס", "אחד", "שניים", "שלושה", "ארבעה", "חמישה", "שישה", "שבעה", "שמונה", "תשעה"]
HE_TENS = ["-", "עשר", "עשרים", "שלושים", "ארבעים", "חמישים", "שישים", "שבעים", "שמונים", "תשעים"]
HE_HUNDREDS = ["-", "מאה", "מאתיים", "שלוש מאות", "ארבע מאות", "חמש מאות", "שש מאות", "שבע מאות", "שמונה מאות", "תשע מאות"]  # fmt: skip

MISHEARD = {
    "en": {"two": ["to", "too"], "four": ["for"], "eight": ["ate"], "one": ["won"], "three": ["tree", "free"],
           "six": ["sex", "sticks"], "nine": ["nein", "mine"], "five": ["fife", "hive"], "seven": ["sevens"]},
    "he": {"שבע": ["שווה", "סבא"], "שש": ["ששש", "יש"], "ארבע": ["ערבה"], "תשע": ["טשע"], "שלוש": ["שלש"],
           "חמש": ["חמס"], "שמונה": ["שמנה"], "אחת": ["אחד"], "שתיים": ["שתים"]},
}  # fmt: skip
HESITATION = {
    "en": ["uh", "um", "and", "then", "and then", "er", "let me see", "okay", "so"],
    "he": ["אה", "אמ", "ואז", "רגע", "אז", "אוקיי"],
}
CORRECTION = {
    "en": ["no sorry", "sorry", "no wait", "I mean", "no"],
    "he": ["לא סליחה", "סליחה", "לא רגע", "לא", "כלומר"],
}


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


class Manner(NamedTuple):
    """How one person says numbers in one call."""

    language: str
    table: list[str]
    zero: str
    tens: float
    hundreds: float
    doubles: float
    comma: float
    hesitate: float


def manner(rng: random.Random, language: str) -> Manner:
    if language == "en":
        table, zero = EN_UNITS, rng.choice(["zero", "zero", "oh", "oh", "o"])
    else:
        table, zero = rng.choice([HE_UNITS_F, HE_UNITS_F, HE_UNITS_M]), "אפס"
    return Manner(
        language,
        table,
        zero,
        tens=rng.choice([0, 0, 0.3, 1]),
        hundreds=rng.choice([0, 0, 0, 0.3]),
        doubles=rng.choice([0, 0.5, 1]),
        comma=rng.choice([0, 0, 0.3]),
        hesitate=rng.choice([0, 0, 0.08]),
    )


def groups(rng: random.Random, number: str, sizes: list[int] | None = None) -> list[str]:
    """The number cut as it is breathed."""
    cut: list[str] = []
    sizes = list(
        sizes or rng.choice([[3] * 12, [4] * 10, [2] * 20, [1] * 40, [rng.randint(2, 5) for _ in range(20)]])
    )
    rest = number
    while rest:
        size = sizes.pop(0) if sizes else 3
        cut.append(rest[:size])
        rest = rest[size:]
    if len(cut) > 1 and len(cut[-1]) == 1 and len(cut[-2]) > 1 and rng.random() < 0.7:
        cut[-2:] = [cut[-2] + cut[-1]]
    return cut


def say_group(rng: random.Random, group: str, how: Manner) -> list[str]:
    """The words of one group."""
    words: list[str] = []
    index = 0
    while index < len(group):
        left = group[index:]
        if len(left) >= 2 and left[0] == left[1] and rng.random() < how.doubles:
            three = len(left) >= 3 and left[2] == left[0]
            if how.language == "en":
                words.append(f"{'triple' if three else 'double'} {_digit(left[0], how)}")
            elif three:
                words.append(f"שלוש פעמים {_digit(left[0], how)}")
            else:
                words.append(
                    rng.choice(
                        [f"פעמיים {_digit(left[0], how)}", f"{_digit(left[0], how)} {_digit(left[0], how)}"]
                    )
                )
            index += 3 if three else 2
        elif len(left) == 3 and left[0] != "0" and rng.random() < how.hundreds:
            words.append(_hundreds(rng, left, how))
            index += 3
        elif len(left) >= 2 and len(left) % 2 == 0 and left[0] != "0" and rng.random() < how.tens:
            words.append(_tens(int(left[:2]), how))
            index += 2
        else:
            words.append(_digit(left[0], how))
            index += 1
    return words


def say(
    rng: random.Random, number: str, language: str, *, sizes: list[int] | None = None, clean: bool = False
) -> str:
    """A number as one person says it in one go."""
    how = manner(rng, language)
    words: list[str] = []
    for group in groups(rng, number, sizes):
        if words and rng.random() < how.comma:
            words[-1] += ","
        words += say_group(rng, group, how)
    if clean:
        return " ".join(words)
    said: list[str] = []
    for place, word in enumerate(words):
        if place and rng.random() < how.hesitate:
            said.append(rng.choice(HESITATION[language]))
        said.append(word)
    return " ".join(said)


def misheard(rng: random.Random, said: str, language: str) -> str:
    """The same with one digit written down as another word."""
    words = said.split()
    places = [i for i, word in enumerate(words) if 0 < i < len(words) - 1 and word in MISHEARD[language]]
    if places:
        place = rng.choice(places)
        words[place] = rng.choice(MISHEARD[language][words[place]])
    return " ".join(words)


def corrected(rng: random.Random, number: str, language: str) -> str:
    """A number in which the speaker gets a digit wrong and puts it right."""
    place = rng.randint(1, len(number) - 1)
    wrong = rng.choice([digit for digit in "0123456789" if digit != number[place]])
    how = manner(rng, language)._replace(tens=0, hundreds=0, doubles=0)
    front = [_digit(digit, how) for digit in number[:place]]
    back = [_digit(digit, how) for digit in number[place + 1 :]]
    right, slip = _digit(number[place], how), _digit(wrong, how)
    sorry = rng.choice(CORRECTION[language])
    not_word = {"en": "not", "he": "לא"}[language]
    middle = [slip, sorry, right] if rng.random() < 0.5 else [slip, sorry, right, not_word, slip]
    return " ".join([*front, *middle, *back])


def write(rng: random.Random, number: str, sizes: list[int] | None = None) -> str:
    """Digits as a recogniser or an agent types them."""
    style = rng.choice(["plain", "groups", "groups", "singles"])
    if style == "plain":
        return number
    if style == "singles":
        return rng.choice([" ", ", "]).join(number)
    return rng.choice([" ", "-", " ", ", "]).join(groups(rng, number, sizes or [3, 3, 4, 4, 4, 4, 4]))


def _digit(digit: str, how: Manner) -> str:
    return how.zero if digit == "0" else how.table[int(digit)]


def _tens(value: int, how: Manner) -> str:
    if how.language == "en":
        if value < 20:
            return EN_TEENS[value - 10]
        return EN_TENS[value // 10] + (f" {EN_UNITS[value % 10]}" if value % 10 else "")
    if value == 10:
        return "עשר"
    if value < 20:
        return ("שתים" if value == 12 else HE_UNITS_F[value - 10]) + " עשרה"
    return HE_TENS[value // 10] + (f" ו{how.table[value % 10]}" if value % 10 else "")


def _hundreds(rng: random.Random, group: str, how: Manner) -> str:
    rest = int(group[1:])
    if how.language == "en":
        tail = EN_UNITS[rest] if rest < 10 else _tens(rest, how)
        return f"{EN_UNITS[int(group[0])]} hundred" + (rng.choice([" and ", " "]) + tail if rest else "")
    if not rest:
        return HE_HUNDREDS[int(group[0])]
    if rest < 10:
        return f"{HE_HUNDREDS[int(group[0])]} ו{how.table[rest]}"
    if rest < 20 or rest % 10 == 0:
        return f"{HE_HUNDREDS[int(group[0])]} ו{_tens(rest, how)}"
    return f"{HE_HUNDREDS[int(group[0])]} {_tens(rest, how)}"
