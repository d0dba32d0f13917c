"""Abuse, the call for a manager, signs of leaving and cancellations: how each is met, and what is none."""

from __future__ import annotations

import pytest

from speechqa.core.finding import Finding
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC, findings, transcript

OPEN = {"en": "a: hello acme this is bob\n", "he": "a: שלום מדברת נועה מחברת אופק\n"}
END = {"en": "\nc: okay\na: bye\nc: bye", "he": "\nc: טוב\na: להתראות\nc: להתראות"}


def judged(criterion: str, said: str, language: str = "en") -> Finding:
    return findings(OPEN[language] + said + END[language], language)[criterion]


def verdict(criterion: str, said: str, language: str = "en") -> str:
    return judged(criterion, said, language).verdict.value


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("c: are you thick or what\na: i want to help but i won't be spoken to like that", "en", "pass"),
        ("c: you stupid cow\na: let me look at the order for you\nc: fine", "en", "pass"),
        ("c: shut up you idiot\na: let me get my supervisor on the line for you", "en", "pass"),
        ("c: you useless lump\na: okay\nc: you are an idiot\na: right it's monday", "en", "fail"),
        ("c: you are an idiot\na: you're the one who's rude learn some manners", "en", "fail"),
        ("c: your website is useless and this bill is a joke\na: i'm sorry", "en", "not_applicable"),
        ("c: your driver called me an idiot\na: i'm so sorry", "en", "not_applicable"),
        ("c: i felt like an idiot standing there\na: i'm sorry", "en", "not_applicable"),
        ("c: יא מטומטם\na: אני רוצה לעזור לך אבל לא מוכן שידברו אליי ככה", "he", "pass"),
        ("c: את אידיוטית\na: בסדר\nc: יא חמור\na: זה ביום שני", "he", "fail"),
        ("c: אתה אידיוט\na: אתה בעצמך אידיוט", "he", "fail"),
        ("c: הרגשתי אידיוט כשעמדתי שם\na: אני מצטערת", "he", "not_applicable"),
        ("c: האתר שלכם דפוק\na: אני מצטערת", "he", "not_applicable"),
    ],
)
def test_abuse_is_met_with_a_calm_limit(said, language, expected):
    found = judged("respectful_boundary", said, language)
    assert found.verdict.value == expected
    assert expected == "not_applicable" or found.evidence


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("c: let me speak to your manager\na: of course i'll get her for you now", "en", "pass"),
        ("c: i want somebody senior\na: my supervisor will call you back today by four", "en", "pass"),
        ("c: who's in charge there\na: will you let me try first\nc: go on then\na: it's done", "en", "pass"),
        ("c: i want your manager\na: i'll put my supervisor mr dale on the line", "en", "pass"),
        ("c: i want your manager\na: i'll put a note to my manager on the account\nc: oh", "en", "fail"),
        ("c: put your boss on\na: she's not available\nc: right", "en", "fail"),
        ("c: i need to speak to a manager\na: a manager will call you soon", "en", "fail"),
        ("c: can i talk to a supervisor\na: they'll tell you the same", "en", "fail"),
        ("c: i spoke to your manager on tuesday\na: right", "en", "not_applicable"),
        ("c: i'm the manager of a hotel\na: lovely", "en", "not_applicable"),
        ("c: my account manager told me it was free\na: i see", "en", "not_applicable"),
        ("c: תן לי את המנהל בסניף\na: אין פה אף אחד", "he", "fail"),
        ("c: אז אתה אחראי על הסניף\na: כן", "he", "not_applicable"),
        ("c: אפשר את אחראית המשמרת בבקשה\na: אין פה אף אחד", "he", "fail"),
        ("c: תני לי מנהל\na: אני מעבירה אותך לאחראית המשמרת", "he", "pass"),
        ("c: אני רוצה לדבר עם המנהל\na: המנהל יחזור אליך היום עד ארבע", "he", "pass"),
        ("c: תעביר אותי למנהל\na: הוא לא זמין", "he", "fail"),
        ("c: דיברתי עם המנהל אתמול\na: הבנתי", "he", "not_applicable"),
    ],
)
def test_who_asks_for_a_manager_gets_one_or_a_time(said, language, expected):
    assert verdict("escalation_handled", said, language) == expected


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        (
            "c: if it's not fixed i'm off to somebody else\na: what made you think of leaving\nc: the price\n"
            "a: i'd hate to lose you after nine years\nc: well",
            "en",
            "pass",
        ),
        (
            "c: i'm switching to another provider\na: may i ask why\nc: it's cheaper\n"
            "a: i can take it down to twenty a month",
            "en",
            "pass",
        ),
        ("c: i'm switching to another provider\na: okay\nc: right", "en", "fail"),
        ("c: i'm switching to another provider\na: may i ask why\nc: it's cheaper\na: i see", "en", "fail"),
        ("c: i am leaving leeds on monday\na: have a good trip", "en", "not_applicable"),
        (
            "c: אני שוקל לעבור לחברה אחרת\na: מה הביא אותך לזה\nc: המחיר\na: ממש לא הייתי רוצה לאבד אותך",
            "he",
            "pass",
        ),
        ("c: אני עובר לחברה אחרת\na: בסדר", "he", "fail"),
        ("c: אני עובר דירה ביום שני\na: בהצלחה", "he", "not_applicable"),
    ],
)
def test_a_sign_of_leaving_is_answered_in_two_ways(said, language, expected):
    assert verdict("retention_response", said, language) == expected


def test_the_time_at_which_a_manager_rings_is_quoted():
    found = judged(
        "escalation_handled",
        "c: i want your supervisor\na: she'll ring you as soon as possible\nc: when\na: by five today",
    )
    assert [one.quote for one in found.evidence][-1] == "by five today"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: i'm switching to another provider\na: be my guest", "en"),
        ("c: i'm going to your competitor\na: may i ask why\nc: the price\na: then go to them", "en"),
        ("c: אני עובר למתחרים\na: אז תעבור אליהם", "he"),
    ],
)
def test_sending_the_customer_to_the_others_is_critical(said, language):
    found = judged("retention_response", said, language)
    assert (found.verdict.value, found.critical) == ("fail", True)


def test_other_failures_of_it_are_not_critical():
    found = judged("retention_response", "c: i'm switching to another provider\na: okay\nc: right")
    assert (found.verdict.value, found.critical) == ("fail", False)


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        (
            "c: i'd like to cancel my subscription\na: i've cancelled it from today and you're welcome back"
            " any time",
            "en",
            "pass",
        ),
        ("c: please close my contract\na: you'd have to send us a letter\nc: a letter", "en", "fail"),
        ("c: i want to cancel my membership\na: after all we've done for you", "en", "fail"),
        ("c: i want to cancel my appointment\na: i've cancelled it bye now", "en", "not_applicable"),
        ("c: cancel my order please\na: i've cancelled it", "en", "not_applicable"),
        (
            "c: i want to cancel my contract\na: i can give you half price for a year\nc: okay then\n"
            "a: anything else\nc: no",
            "en",
            "not_applicable",
        ),
        (
            "c: i want to cancel my contract\na: i've cancelled it it ends on friday i'll send you a free box"
            " for the router\nc: okay thanks\na: thank you for being with us",
            "en",
            "pass",
        ),
        (
            "c: i want to cancel my contract\na: i can give you half price for a year\n"
            "c: okay but i'd still like to cancel my contract\na: that's the procedure",
            "en",
            "fail",
        ),
        (
            "c: אני רוצה לבטל את המנוי\na: אני יכול לתת לך חצי מחיר לשנה\nc: טוב אז אני נשאר\na: מעולה",
            "he",
            "not_applicable",
        ),
        ("c: אני רוצה לבטל את המנוי\na: ביטלתי לך את המנוי ונשמח לראות אותך שוב", "he", "pass"),
        ("c: אני רוצה לסגור את החשבון\na: צריך לשלוח מכתב בפקס", "he", "fail"),
        ("c: אני רוצה לבטל את התור\na: ביטלתי", "he", "not_applicable"),
    ],
)
def test_who_cancels_is_let_go_with_help(said, language, expected):
    assert verdict("gracious_exit", said, language) == expected


CRITERIA = ("respectful_boundary", "escalation_handled", "retention_response", "gracious_exit")


@pytest.mark.parametrize("criterion", CRITERIA)
def test_nothing_is_said_of_a_customer_who_was_heard_badly(criterion):
    words = transcript(OPEN["en"] + "c: well i wanted to ask about this and that thing", "en")
    turns = tuple(
        turn.__class__(speaker=turn.speaker, text=turn.text, words=turn.words) for turn in words.turns
    )
    dim = words.__class__(language="en", engine="imported", turns=turns, mean_confidence=0.55)
    found = {f.criterion: f for f in judge(RUBRIC, CallView(transcript=dim, language="en"))}
    assert found[criterion].verdict.value == "not_assessed"


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_customer_whose_words_are_not_known_is_not_judged_by(criterion):
    assert findings("a: hello acme this is bob\na: bye")[criterion].verdict.value == "not_assessed"
