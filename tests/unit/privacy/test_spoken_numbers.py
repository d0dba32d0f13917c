from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.privacy.spoken_numbers import number_items, spoken_digits
from speechqa.privacy.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("four five three two", "4532"),
        ("forty five thirty-two", "4532"),
        ("double seven triple oh", "77000"),
        ("twelve hundred", "1200"),
        ("four hundred and five", "405"),
        ("two thousand three hundred and one", "2301"),
        ("twenty, five", "205"),
        ("nineteen eighty four", "1984"),
        ("nine oh two", "902"),
        ("4-5 three 22", "45322"),
        ("double 7", "77"),
        ("ארבע חמש שלוש שתיים", "4532"),
        ("ארבעה חמישה שלושה שניים", "4532"),
        ("ארבעים וחמש שלושים ושתיים", "4532"),
        ("שלוש עשרה אחת עשרה שתים עשרה", "131112"),
        ("שלושה עשר", "13"),
        ("מאה עשרים ושלוש", "123"),
        ("מאתיים וחמש", "205"),
        ("פעמיים שבע", "77"),
        ("שלוש פעמים אפס", "000"),
        ("אלפיים עשרים ואחת", "2021"),
        ("שלושת אלפים", "3000"),
        ("אַרְבַּע חָמֵשׁ", "45"),
        ("٤٥٣", "453"),
        ("hello there", ""),
    ],
)
def test_words_become_the_digits_they_mean(text: str, digits: str) -> None:
    assert spoken_digits(text) == digits


def test_a_compound_tells_its_other_reading() -> None:
    text = "fifty four"
    (item,) = number_items(text, tokenize(text))
    assert (item.digits, item.split) == ("54", "504")


def test_a_homophone_counts_only_between_digits() -> None:
    text = "five for six"
    assert [item.doubtful for item in number_items(text, tokenize(text))] == [False, True, False]
    assert spoken_digits("it is for you") == ""


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1,234.50", "amount"),
        ("$45", "amount"),
        ("45 ₪", "amount"),
        ("12.5", "amount"),
        ("12/05/2024", "date"),
        ("05/27", "date"),
        ("2024-05-12", "date"),
        ("10:30", "time"),
        ("054-1234567", "phone"),
        ("+972541234567", "phone"),
        ("123-45-6789", "ssn"),
        ("4111-1111-1111-1111", "grouped"),
        ("12345678-2", "grouped"),
        ("123456782", "plain"),
    ],
)
def test_the_form_of_a_written_number(text: str, form: str) -> None:
    (item,) = number_items(text, tokenize(text))
    assert item.form == form


@given(st.integers(min_value=0, max_value=10**12))
def test_written_digits_stay_as_they_are(value: int) -> None:
    assert spoken_digits(str(value)) == str(value)


@given(st.text(max_size=200))
def test_items_are_in_order_and_hold_digits(text: str) -> None:
    tokens = tokenize(text)
    items = number_items(text, tokens)
    assert all(item.first <= item.last < len(tokens) for item in items)
    assert all(a.last < b.first for a, b in pairwise(items))
    assert all(item.digits.isascii() and item.digits.isdigit() for item in items)
