"""What sounds like a complaint and is none, bitter praise that is one, and a manager who speaks already."""

from __future__ import annotations

import pytest

from speechqa.core.analysis import Signals
from speechqa.criteria import CallView, find_signals
from tests.support.calls_as_text import RUBRIC, findings, transcript

OPEN = {"en": "a: hello acme this is bob\n", "he": "a: שלום מדברת נועה מאופק\n"}


def signals(said: str, language: str) -> Signals:
    text = f"{OPEN[language]}c: {said}\na: okay"
    return find_signals(CallView(transcript=transcript(text, language), language=language), RUBRIC)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "is it the same thing but cheaper"),
        ("en", "and another thing what are your hours"),
        ("he", "כלומר זה אותו דבר רק יותר זול"),
        ("he", "זה בעצם אותו דבר"),
        ("he", "השירות שלכם מעולה אין לי שום תלונה"),
        ("he", "אין לי על מה להתלונן הכול מצוין"),
        ("en", "can't complain it's all great"),
        ("en", "you've been lovely not a single complaint from me"),
        ("he", "כל הכבוד לכם עזרתם לי מאוד שאפו"),
    ],
)
def test_a_comparison_and_praise_complain_of_nothing(language, said):
    found = signals(said, language)
    assert found.complaint.value is False


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the same thing keeps happening"),
        ("en", "same problem again"),
        ("he", "שוב אותו דבר"),
        ("he", "כל הכבוד לכם הזמנתי לפני חודש ועדיין לא הגיע שאפו"),
        ("he", "כל הכבוד לכם שבועיים אני מחכה שאפו באמת"),
        ("he", "יופי לכם כבר שבועיים אני בלי אינטרנט"),
    ],
)
def test_bitter_praise_and_what_comes_again_complain(language, said):
    found = signals(said, language)
    assert found.complaint.value is True
    assert found.satisfaction_expressed.value is False


def test_who_praises_in_earnest_is_satisfied():
    assert signals("כל הכבוד לכם עזרתם לי מאוד שאפו", "he").satisfaction_expressed.value is True


@pytest.mark.parametrize(
    ("language", "opening", "verdict"),
    [
        ("en", "a: hello this is the duty manager how can i help", "pass"),
        ("en", "a: hello this is bob how can i help", "fail"),
        ("he", "a: שלום מדברת אחראית המשמרת במה אפשר לעזור", "pass"),
        ("he", "a: שלום מדבר דני במה אפשר לעזור", "fail"),
    ],
)
def test_who_speaks_with_a_manager_has_one(language, opening, verdict):
    wish = {
        "en": "c: i want to speak to a manager\na: what happened\nc: my bill is wrong\na: let me see\nc: bye",
        "he": "c: אני רוצה לדבר עם מנהל\na: מה קרה\nc: החשבון שגוי\na: אני רואה\nc: ביי",
    }
    found = findings(f"{opening}\n{wish[language]}", language)["escalation_handled"]
    assert found.verdict.value == verdict
