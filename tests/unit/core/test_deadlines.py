"""The day that words mean; 2026-11-22 is a Sunday."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.core.deadlines import due_day


@pytest.mark.parametrize(
    ("words", "language", "day"),
    [
        ("today", "en", "22"),
        ("this evening", "en", "22"),
        ("by tomorrow noon", "en", "23"),
        ("the day after tomorrow", "en", "24"),
        ("within 24 hours", "en", "23"),
        ("in a couple of days", "en", "24"),
        ("in three days", "en", "25"),
        ("within two weeks", "en", "2026-12-06"),
        ("by Thursday", "en", "26"),
        ("on 2026-12-01", "en", "2026-12-01"),
        ("within 5 business days", "en", "27"),
        ("תוך 5 ימי עסקים", "he", "29"),
        ("היום", "he", "22"),
        ("עד מחר", "he", "23"),
        ("מחרתיים", "he", "24"),
        ("תוך יומיים", "he", "24"),
        ("תוך שלושה ימים", "he", "25"),
        ("בעוד שבוע", "he", "29"),
        ("עד יום חמישי בערב", "he", "26"),
        ("תוך 48 שעות", "he", "24"),
        ("soon", "en", None),
        ("next week", "en", None),
        ("monday or tuesday", "en", None),
        ("by sunday", "en", None),
        ("in 2 or 3 days", "en", None),
        ("on 2026-02-31", "en", None),
        ("in 999 weeks", "en", "2046-01-14"),
        ("בהקדם", "he", None),
        ("", None, None),
    ],
)
def test_days(words, language, day):
    found = due_day(words, "2026-11-22", language)
    assert found == (f"2026-11-{day}" if day and len(day) == 2 else day)


def test_without_the_day_of_the_call_nothing_is_known():
    assert due_day("tomorrow", None) is None


@given(st.text(), st.dates())
def test_any_words_give_a_day_not_before_or_none(words, day):
    found = due_day(words + " tomorrow", day.isoformat())
    assert found is None or len(found) == 10


def test_the_end_of_time():
    assert due_day("tomorrow", "9999-12-31") is None
