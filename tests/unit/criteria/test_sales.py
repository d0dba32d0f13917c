"""What must be said before a sale is confirmed; and what is no sale."""

from __future__ import annotations

import pytest

from tests.support.calls_as_text import findings

OPEN = {"en": "a: hello acme support this is bob\n", "he": "a: שלום מדברת נועה מחברת אופק\n"}
CLOSE = {"en": "\na: okay bye\nc: bye", "he": "\na: יום טוב\nc: ביי"}


def sale(said: str, language: str = "en"):
    return findings(OPEN[language] + said + CLOSE[language], language)["fair_disclosure"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        (
            "c: i want faster broadband\na: it's forty pounds a month and it's a two year contract\n"
            "c: okay i'll take it\na: that's ordered",
            "en",
        ),
        (
            "c: what would the cover cost\na: six dollars a month you can cancel any time\nc: sign me up\n"
            "a: you're covered now",
            "en",
        ),
        ("c: can i get the red kettle\na: it's thirty pounds\nc: go ahead\na: it's on order", "en"),
        (
            "c: אני רוצה אינטרנט מהיר יותר\na: זה מאה שקל לחודש עם התחייבות לשנה\nc: סגור תזמיני\na: הוזמן",
            "he",
        ),
        ("c: כמה עולה הביטוח\na: שלושים שקל לחודש בלי התחייבות\nc: בוא נעשה את זה\na: נרשם", "he"),
    ],
)
def test_price_and_terms_before_the_sale_are_fair(said, language):
    found = sale(said, language)
    assert found.verdict.value == "pass"
    assert found.evidence[0].note == "price"


@pytest.mark.parametrize(
    ("said", "language", "reason"),
    [
        (
            "c: i want the new phone\na: done that's ordered\nc: how much is it\na: twenty pounds a month",
            "en",
            "A price is said only once",
        ),
        (
            "c: i'd like the film channels\na: ten pounds a month shall i add them\nc: yes go ahead\n"
            "a: that's you on it and it's an eighteen month contract",
            "en",
            "A condition is said only once",
        ),
        (
            "c: how much is the cover\na: it's really good value everybody takes it\nc: okay sign me up\n"
            "a: that's active now",
            "en",
            "no price is said",
        ),
        (
            "c: רוצה את ערוצי הספורט\na: ארבעים שקל לחודש \nc: כן תוסיפי\na: הוספתי לך ויש התחייבות לשנה",
            "he",
            "A condition is said only once",
        ),
        ("c: כמה זה עולה\na: תלוי בצריכה תסמוך עליי\nc: טוב בוא ננסה\na: נרשמת", "he", "no price is said"),
    ],
)
def test_what_is_said_only_afterwards_is_not(said, language, reason):
    found = sale(said, language)
    assert found.verdict.value == "fail"
    assert reason in found.reason
    assert found.evidence[0].note == "confirmed"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: i was charged twice\na: i've refunded the twenty pounds\nc: great i'll take that", "en"),
        ("c: cancel my membership please\na: that's closed and the last payment was ten pounds", "en"),
        ("c: what does the big plan cost\na: forty pounds a month\nc: no i'll leave it thanks", "en"),
        ("c: when is the engineer coming\na: tuesday between eight and one\nc: okay go ahead", "en"),
        ("c: חויבתי פעמיים\na: זיכיתי אותך בעשרים שקל\nc: סגור תודה", "he"),
        ("c: חסרים לי שני פריטים בהזמנה\na: סליחה אני שולחת לך אותם עכשיו\nc: תודה", "he"),
        ("c: כמה עולה המסלול הגדול\na: מאה שקל לחודש\nc: לא תודה אני אשאר ככה", "he"),
        ("c: השער תקוע\na: אני מעבירה אותך לטכנאי\nc: טוב", "he"),
    ],
)
def test_what_only_looks_like_a_sale_is_none(said, language):
    assert sale(said, language).verdict.value == "not_applicable"


@pytest.mark.parametrize(
    "said", ["i've changed you to it", "i'm moving you onto the big one", "you've been switched to it"]
)
def test_who_is_changed_to_it_has_bought_it(said):
    found = sale(f"c: i'd like the bigger plan\na: it's forty pounds a month\nc: okay\na: {said}")
    assert found.verdict.value == "pass"


def test_a_plan_changed_in_hebrew_is_a_sale():
    text = "c: אני רוצה את המסלול הגדול\na: הוא עולה ארבעים שקל לחודש\nc: בסדר\na: שיניתי לך אותו"
    assert sale(text, "he").verdict.value == "pass"


def test_a_term_said_before_and_said_again_was_said():
    text = (
        "c: i want the bigger plan how much is it\na: it's forty pounds a month and you'd be with us a year\n"
        "c: okay go ahead\na: i've upgraded you "
    )
    found = sale(text + "and as i said the contract is for a year")
    assert found.verdict.value == "pass"
    assert [one.note for one in found.evidence] == ["price", "condition", "confirmed"]
    assert sale(text + "and the contract is for two years").verdict.value == "fail"
