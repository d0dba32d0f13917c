"""Text as it is searched."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from speechqa.store.projection import start_of
from speechqa.store.search import BETWEEN_TURNS, match_expression, normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("שָׁלוֹם", "שלום"),
        ("שלום", "שלומ"),
        ("\ufb2a\u05dcום", "שלום"),
        ("אֲנִי מִצְטַעֵר", "אני מצטער"),
        ("דו״ח", 'דו"ח'),
        ("ג׳ירפה", "ג'ירפה"),
        ("don't", "don’t"),
        ("Straße", "STRASSE"),
        ("naïve café", "naive cafe"),
        ("ﬁne", "fine"),
        ("\u200fשלום\u200e", "שלום"),
        ("בית־ספר", "בית ספר"),
        ("one,two", "one two"),
    ],
)
def test_spellings_that_are_searched_as_one(one, other):
    assert normalised(one) == normalised(other) != ""


@pytest.mark.parametrize("text", ["", "?!", "\0", "😀", "\ue000", "__", '"', "*"])
def test_what_holds_no_word(text):
    assert normalised(text) == ""


@given(st.text())
def test_normalising_twice_changes_nothing_and_leaves_only_words(text):
    once = normalised(text)
    assert normalised(once) == once
    assert BETWEEN_TURNS not in once
    assert regex.fullmatch(r"([\p{L}\p{N}]+( [\p{L}\p{N}]+)*)?", once)


@given(st.text(min_size=1).filter(normalised))
def test_a_phrase_is_one_quoted_string_whatever_it_holds(phrase):
    expression = match_expression(phrase, None)
    assert expression.startswith('"')
    assert expression.endswith('"')
    assert expression.count('"') == 2


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("2026-11-20T09:14:00+02:00", "2026-11-20", 9),
        ("2026-11-20 23:59", "2026-11-20", 23),
        ("20261120T0914", "2026-11-20", 9),
        ("2026-11-20", "2026-11-20", None),
        (" 2026-11-20T00:00Z ", "2026-11-20", 0),
        ("0001-01-01T00:00:00+14:00", "0001-01-01", 0),
        ("9999-12-31T23:59:59-14:00", "9999-12-31", 23),
        ("20.11.2026", None, None),
        ("2026-13-01", None, None),
        ("", None, None),
        (None, None, None),
        ("٢٠٢٦-١١-٢٠", None, None),
    ],
)
def test_when_a_call_began(text, day, hour):
    start = start_of(text)
    assert (start.day, start.hour) == (day, hour)
    assert (start.moment is None) == (day is None)
