"""Whether identity is proved before what is on record is told; masked numbers prove as spoken ones do."""

from __future__ import annotations

import pytest

from tests.support.calls_as_text import findings

OPEN = {"en": "a: hello acme bank this is bob\n", "he": "a: שלום מדברת נועה מבנק אופק\n"}
CLOSE = {"en": "\na: okay bye\nc: bye", "he": "\na: יום טוב\nc: ביי"}


def check(said: str, language: str = "en", **view: object):
    return findings(OPEN[language] + said + CLOSE[language], language, **view)["identity_check"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        (
            "c: what's my balance\na: what's your date of birth please\nc: third of may eighty two\n"
            "a: you have four hundred pounds in it",
            "en",
        ),
        (
            "c: what's my balance\na: your account number and postcode please\nc: it's [account] and b one\n"
            "a: your balance is four hundred",
            "en",
        ),
        (
            "c: my date of birth is the third of may eighty two what do i owe\na: you owe ninety pounds",
            "en",
        ),
        (
            "c: when is my scan\na: can you read me the code i just texted\nc: [code]\n"
            "a: your scan is on tuesday at nine",
            "en",
        ),
        (
            "c: מה היתרה שלי\na: מה תאריך הלידה\nc: שלושה במאי שמונים ושתיים\na: היתרה שלך היא ארבע מאות שקל",
            "he",
        ),
        (
            "c: כמה אני חייב\na: תעודת זהות ושם אמצעי בבקשה\nc: [id] יוסף\na: יש לך חוב של תשעים שקל",
            "he",
        ),
    ],
)
def test_what_is_told_after_a_check_was_checked(said, language):
    found = check(said, language)
    assert found.verdict.value == "pass"
    assert found.evidence[0].note == "the check"
    assert found.evidence[-1].note == "what is told"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: what's my balance\na: what's the name\nc: walter pines\na: you have four hundred in it", "en"),
        (
            "c: when is my husband's appointment\na: what's his name\nc: bo ek\na: he is down for tuesday",
            "en",
        ),
        (
            "c: what do i owe\na: name\nc: walter pines\na: you owe ninety pounds what's your date of birth\n"
            "c: third of may eighty two",
            "en",
        ),
        (
            "c: what's my balance\na: your date of birth\nc: i don't remember\na: you have ninety in it",
            "en",
        ),
        ("c: מה היתרה שלי\na: על איזה שם\nc: שרה מלמד\na: היתרה שלך היא ארבע מאות שקל", "he"),
        ("c: מתי התור של בעלי\na: מה השם שלו\nc: אבי מלמד\na: הוא רשום ליום שלישי בתשע", "he"),
    ],
)
def test_what_is_told_without_one_or_before_it_is_not(said, language):
    found = check(said, language)
    assert found.verdict.value == "fail"
    assert found.evidence[0].note == "what is told"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: until when are you open\na: until six on weekdays", "en"),
        ("c: how much is the big plan\na: it's forty pounds a month", "en"),
        ("c: i'd like an appointment\na: i've booked you in for tuesday at nine", "en"),
        ("c: my bill is ninety pounds\na: ninety pounds is your bill right", "en"),
        ("c: עד מתי אתם פתוחים\na: עד שש בימי חול", "he"),
        ("c: רוצה תור לעיניים\na: קבעתי לך ליום שלישי בתשע", "he"),
    ],
)
def test_what_is_on_no_record_needs_no_check(said, language):
    assert check(said, language).verdict.value == "not_applicable"


def test_a_check_may_lie_in_a_lost_beginning():
    said = "c: and what's my balance it's walter pines\na: your balance is four hundred"
    assert check(said, missing_start=True).verdict.value == "not_assessed"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "a: שלום מדברת נועה מבנק אופק זו הגברת כהן\nc: כן\na: היתרה שלך היא ארבע מאות שקל",
            "he",
        ),
        ("a: שלום מבנק אופק אני מדברת עם דנה כהן\nc: מדברת\na: יש לך חוב של תשעים שקל", "he"),
        ("a: hello is that mrs pines\nc: yes\na: acme bank here you are four hundred overdrawn", "en"),
        ("a: hello am i speaking with walter pines\nc: speaking\na: you owe us ninety pounds", "en"),
    ],
)
def test_where_we_call_a_name_confirmed_proves_nothing(text, language):
    assert findings(text + CLOSE[language], language)["identity_check"].verdict.value == "fail"


def test_who_is_not_at_home_is_told_nothing():
    text = "a: hello is that mrs pines\nc: no she's out\na: i'll ring back later"
    assert findings(text + CLOSE["en"])["identity_check"].verdict.value == "not_applicable"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: did my wife pay the bill\na: yes she paid ninety pounds on tuesday", "en"),
        ("c: רציתי לדעת אם אשתי שילמה את החשבון\na: כן היא שילמה תשעים שקל ביום שלישי", "he"),
        ("c: are my blood results back\na: yes your cholesterol is a bit high", "en"),
        ("c: it's walter pines are my results back\na: the biopsy came back benign", "en"),
        ("c: רציתי לדעת אם יש תוצאות של הבדיקה שלי\na: כן הבדיקה יצאה תקינה", "he"),
        ("c: מה עם התוצאות שלי זו דנה כהן\na: הסוכר קצת גבוה", "he"),
    ],
)
def test_what_a_spouse_did_and_medical_results_are_personal(said, language):
    assert check(said, language).verdict.value == "fail"
