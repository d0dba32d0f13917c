"""The grammar of dictated numbers in English and Hebrew: words and written digits to the digits they mean.

A number is read the way people dictate it: "four five three two", "forty five thirty two", "double seven",
"twelve hundred", "ארבע חמש", "ארבעים וחמש", "שלוש עשרה", "פעמיים אפס", and any mixture with written digits. A
run of such numbers is then their digits one after the other.
"""

from __future__ import annotations

from typing import NamedTuple

from speechqa.privacy.number_words import AND, HOMOPHONES, NumberWord, number_word
from speechqa.privacy.tokens import Token, tokenize
from speechqa.privacy.written_numbers import Form, digits_of, written_form

_MOST_REPEATS = 5


class NumberItem(NamedTuple):
    """One number of a text.

    Attributes
    ----------
    first, last : int
        Index of its first and last token.
    digits : str
        Its digits, ASCII, leading zeros kept.
    form : Form
        How it was given.
    starts : bool
        Whether a prefix or a loose sign shows that a new number starts here.
    doubtful : bool
        Whether it is a word that recognisers write for a digit (`to`, `for`).
    weak : bool
        Whether it is an "oh", which is a zero among digits and else an exclamation.
    split : str or None
        Its digits when its words were two numbers: "forty five" as 40 and 5. None when there is no such
        reading.
    """

    first: int
    last: int
    digits: str
    form: Form
    starts: bool = False
    doubtful: bool = False
    weak: bool = False
    split: str | None = None


class _Value(NamedTuple):
    value: int
    last: int
    form: Form
    split: str | None = None


def number_items(text: str, tokens: list[Token]) -> list[NumberItem]:
    """All numbers of a text, in order; `tokens` are those of `tokenize`. Linear in the length."""
    return _Reader(text, tokens).items()


def spoken_digits(text: str) -> str:
    """The digits of all numbers in a text, one after the other.

    Examples
    --------
    >>> spoken_digits("forty five thirty two, double seven oh one")
    '45327701'
    >>> spoken_digits("ארבעים וחמש, שלוש עשרה, פעמיים אפס")
    '451300'
    """
    return "".join(item.digits for item in number_items(text, tokenize(text)) if not item.doubtful)


class _Reader:
    """Reads numbers off a list of tokens; every method returns None where its number is not."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._words: list[NumberWord | None] = [
            number_word(token.text) if token.kind == "word" else None for token in tokens
        ]

    def items(self) -> list[NumberItem]:
        found: list[NumberItem] = []
        index, count = 0, len(self._tokens)
        while index < count:
            item = self._item(index, after_number=bool(found) and found[-1].last == index - 1)
            if item is None:
                index += 1
            else:
                found.append(item)
                index = item.last + 1
        return found

    def _item(self, index: int, *, after_number: bool) -> NumberItem | None:
        token, word = self._tokens[index], self._words[index]
        if token.kind == "digits":
            form = written_form(self._text, token.start, token.end)
            return NumberItem(index, index, digits_of(token.text), form)
        if word is None:
            value = HOMOPHONES.get(token.text)
            if value is None or not (token.tight and after_number and self._is_number(index + 1)):
                return None
            return NumberItem(index, index, str(value), "digit", doubtful=True)
        if word.kind == "weak":
            beside = after_number or self._is_number(index + 1)
            alone = len(token.text) > 1  # "oh" may stand apart from the other digits, "o" may not
            return NumberItem(index, index, "0", "digit", weak=True) if beside or alone else None
        return self._repeated(index) or self._number(index, word)

    def _number(self, index: int, word: NumberWord) -> NumberItem | None:
        number = self._thousands(index) or self._hundreds(index) or self._small(index)
        if number is None:
            return None
        if self._word(number.last + 1, "million", tight=False):
            return NumberItem(index, number.last + 1, str(number.value), "amount")
        digits = str(number.value)
        return NumberItem(index, number.last, digits, number.form, starts=word.prefixed, split=number.split)

    def _is_number(self, index: int) -> bool:
        if index >= len(self._tokens):
            return False
        word = self._words[index]
        return self._tokens[index].kind == "digits" or (word is not None and word.kind != "times")

    def _word(self, index: int, *kinds: str, tight: bool = True) -> NumberWord | None:
        """The number word at `index` if it is of one of these kinds and carries the number before it on."""
        if index >= len(self._words):
            return None
        word = self._words[index]
        if word is None or word.kind not in kinds or (tight and not self._tokens[index].tight):
            return None
        return None if tight and word.prefixed else word

    def _digit(self, index: int) -> str | None:
        """What may be repeated: a digit or a number under 100, spoken or written."""
        if index >= len(self._tokens):
            return None
        token = self._tokens[index]
        if token.kind == "digits":
            return digits_of(token.text) if len(token.text) == 1 else None
        word = self._word(index, "unit", "weak", tight=False)
        return None if word is None else str(word.value)

    def _repeated(self, index: int) -> NumberItem | None:
        word = self._words[index]
        if word is None:
            return None
        starts = word.prefixed
        if word.kind in ("repeat", "twice"):
            digit = self._digit(index + 1)
            return (
                None
                if digit is None
                else NumberItem(index, index + 1, digit * word.value, "repeat", starts=starts)
            )
        if word.kind != "unit":
            return None
        if self._word(index + 1, "twice") and self._digit(index + 2) is None:
            return NumberItem(index, index + 1, str(word.value) * 2, "repeat", starts=starts)
        if 2 <= word.value <= _MOST_REPEATS and self._word(index + 1, "times"):
            digit = self._digit(index + 2)
            if digit is not None:
                return NumberItem(index, index + 2, digit * word.value, "repeat", starts=starts)
        return None

    def _small(self, index: int, *, tight: bool = False) -> _Value | None:
        """A number under 100."""
        word = self._word(index, "unit", "teen", "ten", "tens", tight=tight)
        if word is None:
            return None
        if word.kind == "unit":
            mark = self._word(index + 1, "ten") if word.value else None
            if mark is not None and not mark.joined:
                return _Value(10 + word.value, index + 1, "tens", f"{word.value}10")
            return _Value(word.value, index, "digit")
        if word.kind == "tens":
            unit = self._word(index + 1, "unit")
            if unit is not None and unit.value and not self._word(index + 2, "ten", "hundred", "thousand"):
                value = word.value + unit.value
                return _Value(value, index + 1, "tens", f"{word.value}{unit.value}")
        return _Value(word.value, index, "tens")

    def _rest(self, index: int, *, hundreds: bool) -> _Value | None:
        """What carries a hundred or a thousand on, after an optional "and"."""
        if index < len(self._tokens) and self._tokens[index].text in AND and self._tokens[index].tight:
            index += 1
        rest = self._hundreds(index, tight=True) if hundreds else None
        return rest or self._small(index, tight=True)

    def _hundreds(self, index: int, *, tight: bool = False) -> _Value | None:
        """A number from 100 to 9,999 built on hundreds."""
        word = self._word(index, "hundred", "hundreds", tight=tight)
        if word is not None:
            base, last = word.value, index
        else:
            front = self._small(index, tight=tight)
            if front is None or not front.value or not self._word(front.last + 1, "hundred"):
                return None
            base, last = front.value * 100, front.last + 1
        rest = self._rest(last + 1, hundreds=False)
        if rest is None or not rest.value or self._word(rest.last + 1, "hundred", "thousand"):
            return _Value(base, last, "quantity")
        return _Value(base + rest.value, rest.last, "quantity")

    def _thousands(self, index: int) -> _Value | None:
        """A number from 1,000 built on thousands."""
        word = self._word(index, "thousand", "thousands", tight=False)
        if word is not None:
            base, last = word.value, index
        else:
            front = self._hundreds(index) or self._small(index)
            if front is None or not front.value or not self._word(front.last + 1, "thousand"):
                return None
            base, last = front.value * 1000, front.last + 1
        rest = self._rest(last + 1, hundreds=True)
        if rest is None or not rest.value or rest.value >= 1000:
            return _Value(base, last, "quantity")
        return _Value(base + rest.value, rest.last, "quantity")
