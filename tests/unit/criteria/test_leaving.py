"""How a call ends: taken leave of in words, by courtesies alone, broken off, or stopped in the middle."""

from __future__ import annotations

import pytest

from tests.support.calls_as_text import findings, verdict

BOOKED = {
    "en": "a: good morning acme heating bob speaking\nc: hi my boiler has stopped working since last night\n"
    "a: what colour is the light on the front\nc: it is flashing red\n"
    "a: right i have booked an engineer for you tomorrow between nine and eleven\nc: oh great\n",
    "he": "a: בוקר טוב חימום הצפון מדברת נועה\nc: היי הדוד שלי הפסיק לעבוד מאתמול בלילה\n"
    "a: איזו נורה דולקת מקדימה\nc: אדומה מהבהבת\na: קבעתי לך טכנאי למחר בין תשע לאחת עשרה\nc: מעולה\n",
}
CLOSING = ("satisfaction_question", "anything_else", "thanks", "farewell")
SHORT = {"pass": "P", "fail": "F", "not_applicable": "N", "not_assessed": "U"}


def closing(end: str, language: str = "en") -> str:
    """Verdicts on the four closing criteria of a call that ends so, one letter each."""
    found = findings(BOOKED[language] + end, language)
    return "".join(SHORT[found[name].verdict.value] for name in CLOSING)


@pytest.mark.parametrize(
    ("language", "end", "expected"),
    [
        ("en", "c: okay thanks\na: no problem", "FFFF"),
        ("en", "c: right okay\na: alright then", "FFFF"),
        ("en", "c: much appreciated\na: you bet\nc: bye", "FFFF"),
        ("en", "a: putting you through to the engineers now", "FFFF"),
        ("en", "c: thanks\na: thanks for choosing acme", "FFPF"),
        ("he", "c: תודה\na: אין בעיה", "FFFF"),
        ("he", "a: מעביר אותך עכשיו לטכנאים\nc: תודה", "FFFF"),
    ],
)
def test_courtesies_alone_close_a_call(language: str, end: str, expected: str) -> None:
    assert closing(end, language) == expected


@pytest.mark.parametrize(
    ("language", "end"),
    [
        ("en", "a: and can i take a mobile number\nc: oh seven seven"),
        ("en", "a: the engineer will ring you before he sets"),
        ("en", "c: and what if he does not come"),
        ("en", "a: let me just check that for you\nc: thanks"),
        ("en", "c: thank you\na: and is it the same address as before\nc: yes\na: okay"),
        ("en", "c: hang on there is someone at the door"),
        ("he", "a: ומה מספר הטלפון שלך\nc: אפס חמש שתיים"),
        ("he", "a: רגע אני בודקת\nc: תודה"),
        ("he", "c: ואם הוא לא מגיע"),
    ],
)
def test_what_stops_in_the_middle_is_not_assessed(language: str, end: str) -> None:
    assert closing(end, language) == "UUUU"


@pytest.mark.parametrize(
    ("language", "end"),
    [
        ("en", "a: you will just have to wait\nc: forget it i am done with you people"),
        ("en", "a: that is the policy i can not change it\nc: unbelievable"),
        ("he", "a: אין מה לעשות ככה זה\nc: עזבי אותי אני עובר לחברה אחרת"),
        ("he", "a: אין מה לעשות ככה זה\nc: עזוב אותי אני עוברת לחברה אחרת"),
    ],
)
def test_a_customer_who_breaks_off_leaves_nothing_to_judge(language: str, end: str) -> None:
    assert closing(end, language) == "NNNN"


def test_given_up_and_let_rest_is_the_agents_end() -> None:
    end = (
        "a: you would have to write in\nc: oh forget it\na: so shall i cancel thursday or not\nc: no\na: okay"
    )
    assert closing(end) == "FFFF"
    assert closing(end.rsplit("\n", 2)[0]) == "UUUU"


@pytest.mark.parametrize(
    ("language", "end", "expected"),
    [
        ("en", "c: i best get on\na: of course i will let you go\nc: bye", "FFFP"),
        ("en", "a: all the luck in the world with the move\nc: same to you", "FFFP"),
        ("en", "c: thanks\na: enjoy the wedding", "FFFP"),
        ("en", "a: glad you told us about it\nc: me too\na: alright have a good evening", "FFPP"),
        ("en", "c: thank you\na: no thank you\nc: bye", "FFPF"),
        ("en", "a: are you happy with that\nc: yes\na: so i have booked it\nc: good\na: bye", "FFFP"),
        ("en", "c: i will let you get on\na: alright my darling ta-ta", "FFFP"),
        ("en", "a: thank you for bearing with me have a good evening\nc: bye", "FFPP"),
        ("en", "a: need a hand with other bits\nc: no that is everything\na: take care", "FPFP"),
        ("en", "a: a tenner a month is that fair do you think\nc: yes that is fair\na: bye", "PFFP"),
        ("en", "a: so tomorrow at nine agreed\nc: agreed\na: bye", "FFFP"),
        ("he", "c: אין עליך\na: תהנה מהחום\nc: ביי", "FFFP"),
        ("he", "c: אין עליך\na: תהני מהחום\nc: ביי", "FFFP"),
        ("he", "c: תודה\na: בשמחה שנשמע רק בשורות טובות\nc: אמן", "FFFP"),
        ("he", "a: אני שמחה שהתקשרת\nc: גם אני\na: יום טוב", "FFPP"),
        ("he", "a: צריך משהו אחר\nc: לא זה הכל\na: ביי", "FPFP"),
        ("he", "a: הכל ברור\nc: ברור\na: ביי", "FFFP"),
    ],
)
def test_leave_is_told_by_what_is_answered_and_where_it_stands(
    language: str, end: str, expected: str
) -> None:
    assert closing(end, language) == expected


def test_no_nothing_to_a_question_about_the_matter_closes_nothing() -> None:
    assert closing("a: did the display say a code\nc: no nothing\na: okay") == "UUUU"


def test_a_closing_by_courtesies_is_less_sure_and_not_held_against_a_cut_recording() -> None:
    call = BOOKED["en"] + "c: okay thanks\na: no problem"
    said = findings(BOOKED["en"] + "c: okay thanks bye\na: no problem")["farewell"]
    implied = findings(call)["farewell"]
    assert implied.confidence < said.confidence
    assert findings(call, complete=False)["farewell"].verdict.value == "not_assessed"


@pytest.mark.parametrize(
    ("language", "first", "expected"),
    [
        ("en", "hello rosa at blue wave pools", "pass"),
        ("en", "hi there you've got sean", "pass"),
        ("en", "hello my name's sean", "pass"),
        ("en", "hello customer service", "fail"),
        ("en", "hello what can i do for you", "fail"),
        ("en", "thank you for holding acme support sean speaking", "fail"),
        ("he", "ערב טוב פיצה נאפולי", "pass"),
        ("he", "אהלן זה יוסי מהמוסך", "pass"),
        ("he", "שלום במה אפשר לעזור", "fail"),
        ("he", "היי תמיכה טכנית", "fail"),
    ],
)
def test_a_house_is_named_however_it_is_put(language: str, first: str, expected: str) -> None:
    asked = {"en": "i want to ask about my invoice", "he": "אני רוצה לשאול על החשבון"}[language]
    assert verdict(f"a: {first}\nc: {asked}\na: okay", "greeting", language) == expected
