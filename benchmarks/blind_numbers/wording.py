"""How people say digits and whole numbers, in English and in Hebrew."""

from __future__ import annotations

from random import Random

DIGITS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "he": ["אפס", "אחת", "שתיים", "שלוש", "ארבע", "חמש", "שש", "שבע", "שמונה", "תשע"],
    "he-m": ["אפס", "אחד", "שניים", "שלושה", "ארבעה", "חמישה", "שישה", "שבעה", "שמונה", "תשעה"],
}
TEENS = [
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]  # fmt: skip
TENS = {
    "en": ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    "he": ["-", "-", "עשרים", "שלושים", "ארבעים", "חמישים", "שישים", "שבעים", "שמונים", "תשעים"],
}
THOUSANDS = [
    "-",
    "אלף",
    "אלפיים",
    "שלושת אלפים",
    "ארבעת אלפים",
    "חמשת אלפים",
    "ששת אלפים",
    "שבעת אלפים",
    "שמונת אלפים",
    "תשעת אלפים",
]
TWICE = {"en": {2: ["double"], 3: ["triple"]}, "he": {2: ["כפול", "פעמיים"], 3: ["שלוש פעמים"]}}


class Voice:
    """One speaker's way with numbers: a word for nothing, a gender of the digits."""

    def __init__(self, rng: Random, language: str) -> None:
        self.language = language
        self.gender = rng.choice(["he", "he", "he-m"]) if language == "he" else "en"
        self.zero = rng.choice(["zero", "oh", "o", "oh"]) if language == "en" else "אפס"
        self.rng = rng

    def digit(self, digit: str, gender: str = "") -> str:
        if not digit.isdigit():
            return digit
        return self.zero if digit == "0" else DIGITS[gender or self.gender][int(digit)]

    def said(self, chars: str, form: str) -> list[tuple[str, int]]:
        """Spoken or written pieces of a number, each with how many of its characters it carries.

        Forms: n one numeral, s digits apart, w a word a digit (m and f: by gender), x words and digits
        mixed, d doubled digits named once, p in pairs, t in threes.
        """
        if form == "n":
            return [(char, 1) for char in chars]
        if form in "smfwx":
            gender = {"m": "he-m", "f": "he"}.get(form, "")
            return [
                (
                    char
                    if form == "s" or (form == "x" and self.rng.random() < 0.5)
                    else self.digit(char, gender),
                    1,
                )
                for char in chars
            ]
        if form == "d":
            return self._doubled(chars)
        size = 2 if form == "p" else 3
        groups = [chars[i : i + size] for i in range(0, len(chars), size)]
        return [piece for group in groups for piece in self._group(group)]

    def _doubled(self, chars: str) -> list[tuple[str, int]]:
        pieces, at = [], 0
        while at < len(chars):
            run = next((n for n in (3, 2) if chars[at : at + n] == chars[at] * n), 1)
            word = self.digit(chars[at])
            pieces.append((word if run == 1 else f"{self.rng.choice(TWICE[self.language][run])} {word}", run))
            at += run
        return pieces

    def _group(self, group: str) -> list[tuple[str, int]]:
        if not group.isdigit() or group[0] == "0" or len(group) == 1:
            return [(self.digit(char), 1) for char in group]
        if len(group) == 3 and self.language == "en":
            return [(self.digit(group[0]), 1), *self._group(group[1:])]
        return [(self.whole(int(group), "he"), len(group))]

    def whole(self, number: int, gender: str = "he-m") -> str:
        """A whole number under a million in words."""
        return _english(number) if self.language == "en" else _hebrew(number, gender)


def _english(number: int) -> str:
    if number < 20:
        return DIGITS["en"][number] if number < 10 else TEENS[number - 10]
    if number < 100:
        return TENS["en"][number // 10] + (f" {DIGITS['en'][number % 10]}" if number % 10 else "")
    base, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = f" {_english(number % base)}" if number % base else ""
    return f"{_english(number // base)} {name}{rest}"


def _hebrew(number: int, gender: str) -> str:
    digits, feminine = DIGITS[gender], DIGITS["he"]
    words: list[str] = []
    thousands, rest = divmod(number, 1000)
    if thousands >= 10:
        words.append("עשרת אלפים" if thousands == 10 else f"{_hebrew(thousands, 'he-m')} אלף")
    elif thousands:
        words.append(THOUSANDS[thousands])
    hundreds, rest = divmod(rest, 100)
    if hundreds:
        words.append({1: "מאה", 2: "מאתיים"}.get(hundreds, f"{feminine[hundreds]} מאות"))
    if 10 <= rest < 20:
        ten = "עשרה" if gender == "he" else "עשר"
        unit = (
            {1: "אחת", 2: "שתים"}.get(rest - 10, feminine[rest - 10]) if gender == "he" else digits[rest - 10]
        )
        words.append(("עשר" if gender == "he" else "עשרה") if rest == 10 else f"{unit} {ten}")
    else:
        words.extend([TENS["he"][rest // 10]] if rest >= 20 else [])
        words.extend([digits[rest % 10]] if rest % 10 or number == 0 else [])
    return " ".join([*words[:-1], ("ו" if len(words) > 1 else "") + words[-1]])
