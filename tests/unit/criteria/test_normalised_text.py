"""Normalisation: one spelling for what is said the same, and the way back to the original."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.criteria import hebrew
from speechqa.criteria.normalise import content_keys, language_of, quote, tokenize
from speechqa.criteria.patterns import PatternError, variants


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@given(st.text(max_size=200))
def test_a_quote_is_always_verbatim(text: str) -> None:
    tokens = tokenize(text)
    assert all(0 <= t.start < t.end <= len(text) for t in tokens)
    assert all(a.start <= b.start for a, b in pairwise(tokens))
    if tokens:
        assert quote(text, tokens, 0, len(tokens) - 1) in text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I'm sorry", "im sorry"),
        ("We can't do that", "we can not do that"),
        ("You’re right!", "you are RIGHT"),
        ("um, i i think", "I think"),
        ("OK. Thank you", "okay thankyou"),
        ("[noise] yes <unk>", "yeah"),
        ("apologize", "apologise"),
        ("שָׁלוֹם!", "שלום"),
        ("שנייה", "שניה"),
        ("אהה, תודה תודה", "תודה"),
    ],
)
def test_said_the_same(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_numbers_and_masks_are_numbers() -> None:
    assert [t.number for t in tokenize("seven 7 5pm **** [PHONE_NUMBER] שבע")] == [True] * 6
    assert content_keys(tokenize("seven")) == content_keys(tokenize("7")) == content_keys(tokenize("שבע"))


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("מצטער", "מצטערת"), ("יכול", "יכולה"), ("תבדוק", "תבדקי"), ("תרצה", "תרצי"), ("אתה", "את"),
        ("בוא", "בואי"), ("מרוצים", "מרוצות"), ("שקרן", "שקרנית"), ("תגיד", "תגידי"),
        ("כועס", "כועסת"),
    ],
)  # fmt: skip
def test_twins_are_found_both_ways(man: str, woman: str) -> None:
    man, woman = hebrew.fold(man), hebrew.fold(woman)
    assert woman in set(hebrew.twins(man))
    assert man in set(hebrew.twins(woman))


@pytest.mark.parametrize("word", ["שלום", "כן", "מודה", "כמה", "שאלה", "הנה"])
def test_no_prefix_comes_off_a_whole_word(word: str) -> None:
    assert not list(hebrew.without_prefix(hebrew.fold(word)))


def test_language_is_told_or_not() -> None:
    assert language_of(["hello can i help you with that"]) == "en"
    assert language_of(["שלום במה אפשר לעזור ok"]) == "he"
    assert language_of(["guten tag wie geht es ihnen heute"]) is None
    assert language_of(["привет"]) is None
    assert language_of(["123"]) is None


@given(st.text(alphabet="ab ()[]|*^$_#@", max_size=30))
def test_any_text_is_a_pattern_or_says_why_not(text: str) -> None:
    try:
        found = variants(text)
    except PatternError:
        return
    assert all(found)
