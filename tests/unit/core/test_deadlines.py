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
        ("within forty eight hours", "en", "24"),
        ("within forty-eight hours", "en", "24"),
        ("in twenty three days", "en", "2026-12-15"),
        ("in fifteen business days", "en", "2026-12-11"),
        ("in a day or two", "en", None),
        ("in a week and three days", "en", None),
        ("in a hundred and twenty hours", "en", None),
        ("תוך ארבעים ושמונה שעות", "he", "24"),
        ("תוך חמישה עשר ימים", "he", "2026-12-07"),
        ("תוך שלושים יום", "he", "2026-12-22"),
        ("תוך 30 יום", "he", "2026-12-22"),
        ("תוך שבוע ושלושה ימים", "he", None),
        ("תוך יומיים שלושה", "he", None),
        ("תוך שבוע שבועיים", "he", None),
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


@pytest.mark.parametrize(
    ("words", "said_on", "language", "profile", "day"),
    [
        ("within two business days", "2026-11-26", "en", "eu", "2026-11-30"),
        ("within two business days", "2026-11-26", "en", "il", "2026-11-30"),
        ("within one business day", "2026-11-26", "en", "il", "2026-11-29"),
        ("within one business day", "2026-11-26", "en", "eu", "2026-11-27"),
        ("תוך 2 ימי עסקים", "2026-09-20", "he", "eu", "2026-09-23"),  # Yom Kippur lies between
        ("within 2 business days", "2026-09-20", "en", "eu", "2026-09-22"),
        ("within 1 business day", "2026-09-10", "en", "il", "2026-09-14"),  # the new year and a Sabbath
        ("by the end of the working week", "2026-11-22", "en", "il", "2026-11-26"),
        ("by the end of the working week", "2026-11-22", "en", "eu", "2026-11-27"),
        ("by the end of the month", "2026-11-22", "en", "il", "2026-11-30"),
        ("עד סוף החודש", "2026-12-05", "he", "il", "2026-12-31"),
        ("by the end of next month", "2026-11-22", "en", "il", None),
        ("by sunday", "2026-11-26", "en", "il", "2026-11-29"),
        ("עד יום ראשון", "2026-11-26", "he", "il", "2026-11-29"),
        ("אחרי החגים", "2026-09-20", "he", "il", None),
    ],
)
def test_days_of_business_go_by_the_profile_and_its_holidays(words, said_on, language, profile, day):
    assert due_day(words, said_on, language, profile) == day
