"""Whether an identified customer is called by name or known, and who is not identified at all."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from speechqa.core.transcript import Turn
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC, findings, transcript

OPEN = {"en": "a: hello acme support this is bob\n", "he": "a: שלום מדברת נועה מחברת אופק\n"}
CLOSE = {"en": "\na: okay bye\nc: bye", "he": "\na: יום טוב\nc: ביי"}


def personal(said: str, language: str = "en"):
    return findings(OPEN[language] + said + CLOSE[language], language)["personal_treatment"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: hi it's farida osmani about my gate\na: right farida let me look", "en"),
        ("c: my gate's stuck\na: what's the name\nc: okonkwo\na: it's open now mrs okonkwo", "en"),
        ("c: my gate's stuck\na: and your name is\nc: walter pines\na: okay walter", "en"),
        ("c: my gate's stuck\na: i can see you rang us on tuesday about it", "en"),
        ("c: my gate's stuck\na: what's your account number\nc: four four one\na: how's the new baby", "en"),
        (
            "c: the gate by the pool sticks i'm andrea voss\na: open\na: bless you andrea i do hope so",
            "en",
        ),
        ("c: it's stuck\na: the name\nc: ted ramsden\na: hm\na: i'll see to it so bear with us ted", "en"),
        ("c: it's stuck\na: i want to sort this out with you mr dacosta but please listen", "en"),
        ("c: שלום מדברת רינת מזרחי השער תקוע\na: רינת אני בודקת", "he"),
        ("c: היי זאת רונה מהבוקר\na: יאללה רונה השער שלך נפתח", "he"),
        ("c: השער תקוע\na: ברור רוני העברתי את זה", "he"),
        ("c: השער תקוע\na: על שם מי\nc: אבו ריא\na: תודה מר ריא זה נפתח", "he"),
        ("c: השער תקוע\na: אני רואה שהתקשרת אתמול בעניין", "he"),
        ("c: השער תקוע\na: את איתנו כבר תשע שנים וזה לא בסדר", "he"),
    ],
)
def test_a_name_or_what_is_known_is_personal(said, language):
    found = personal(said, language)
    assert found.verdict.value == "pass"
    assert found.evidence


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: my gate's stuck\na: what's your account number\nc: four four one nine\na: it's open now", "en"),
        ("c: my gate's stuck\na: what's the name\nc: walter pines\na: is that walter pines\nc: yes", "en"),
        ("c: my account is [account] and the gate's stuck\na: right it's open now", "en"),
        ("c: השער תקוע\na: מה מספר הלקוח\nc: ארבע ארבע אחת תשע\na: זה נפתח", "he"),
        ("c: השער תקוע\na: מה שמך\nc: שרה מלמד\na: נפתח לך השער", "he"),
    ],
)
def test_who_is_identified_and_stays_a_number_is_not(said, language):
    found = personal(said, language)
    assert found.verdict.value == "fail"
    assert found.evidence[0].note == "who the customer is"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: until when are you open\na: until six", "en"),
        ("c: the gate's stuck\na: right sir i'll send mister brown from repairs", "en"),
        ("c: the gate's stuck\na: have you ever called us before about it", "en"),
        ("c: it's brown water since sunday\na: brown since sunday oh dear", "en"),
        ("c: you said he'd call me back and i just want my refund\na: it's refunded now", "en"),
        ("c: you're useless\na: and you are rude\nc: i'll break your legs", "en"),
        ("c: it's stuck\na: i'll ask the caretaker to go with ted\nc: right", "en"),
        ("c: what is your manager called\na: oh that's kind it's lisa", "en"),
        ("c: i'd like to buy a phone\na: the new phone is two hundred pounds", "en"),
        ("c: עד מתי פתוח\na: עד שש אדוני", "he"),
        ("c: אני רוצה להעביר את המנוי על שם אשתי\na: העברתי", "he"),
        ("c: כן\na: זו הגברת כהן\nc: כן\na: המכתב נשלח", "he"),
        ("c: אני טסה ליוון מחר\na: נהדר ליוון יש חבילה", "he"),
    ],
)
def test_who_is_not_identified_is_left_out(said, language):
    assert personal(said, language).verdict.value == "not_applicable"


def test_two_agents_are_not_judged_for_one_another():
    said = (
        ("A", "agent", "hello acme support this is bob what's your account number"),
        ("B", "customer", "four four one nine two"),
        ("A", "agent", "i'll put you through to billing they do the bills"),
        ("C", "agent", "billing here it's all sorted now"),
        ("B", "customer", "thanks bye"),
        ("C", "agent", "bye"),
    )
    turns = tuple(Turn(party=party, speaker=who, text=text) for party, who, text in said)
    view = CallView(transcript=replace(transcript("a: x"), turns=turns), language="en")
    found = {f.criterion: f for f in judge(RUBRIC, view)}["personal_treatment"]
    assert found.verdict.value == "not_assessed"
