"""What is promised, as a signal: who, the words, and by when."""

from __future__ import annotations

import pytest

from speechqa.core.analysis import Promise
from speechqa.criteria import CallView, find_signals
from tests.support.calls_as_text import RUBRIC, transcript


def promised(text: str, language: str | None = "en") -> tuple[Promise, ...] | None:
    return find_signals(CallView(transcript=transcript(text, language), language=language), RUBRIC).promises


@pytest.mark.parametrize(
    ("language", "line", "what", "when"),
    [
        ("en", "i'll email you the form by Thursday", "i'll email you the form by Thursday", "by Thursday"),
        ("en", "someone will call you back", "someone will call you back", None),
        ("he", "אני אחזור אליך תוך 48 שעות", "אני אחזור אליך תוך 48 שעות", "תוך 48 שעות"),
        (
            "he",
            "אני אחזור אליך תוך ארבעים ושמונה שעות",
            "אני אחזור אליך תוך ארבעים ושמונה שעות",
            "תוך ארבעים ושמונה שעות",
        ),
        (
            "he",
            "נזכה אותך תוך חמישה עשר ימי עסקים",
            "נזכה אותך תוך חמישה עשר ימי עסקים",
            "תוך חמישה עשר ימי עסקים",
        ),
    ],
)
def test_a_promise_is_told_with_the_words_that_say_by_when(language, line, what, when) -> None:
    said = "c: the boiler is broken\n" if language == "en" else "c: הדוד שלי מקולקל\n"
    (promise,) = promised(f"{said}a: {line}\nc: okay", language) or ()
    assert (promise.who, promise.what.quote, promise.what.turn) == ("agent", what, 1)
    assert (promise.when.quote if promise.when else None) == when


def test_no_promise_is_known_to_be_none_and_no_text_is_not_known() -> None:
    assert promised("c: the boiler is broken\na: that is fixed now\nc: okay") == ()
    assert promised("c: the boiler is broken\nc: nobody comes") is None
    assert promised("a: אני אחזור אליך מחר", "fr") is None


def test_promises_are_known_where_only_the_customer_is_not() -> None:
    text = "u: the boiler is broken\na: a technician will come on monday\nu: okay"
    assert len(promised(text) or ()) == 1


def test_what_is_said_twice_in_one_turn_is_told_once() -> None:
    text = "c: the bill is wrong\na: i'll send you the bill tomorrow i'll send you the bill tomorrow\nc: fine"
    assert len(promised(text) or ()) == 1
