"""Handing a customer on: why, to whom, and whether the story goes with them; and what is no transfer."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from speechqa.core.transcript import Turn
from speechqa.criteria import CallView, judge
from tests.support.calls_as_text import RUBRIC, findings, transcript

OPEN = {"en": "a: hello acme support this is bob\n", "he": "a: שלום מדברת נועה מחברת אופק\n"}


def transfer(said: str, language: str = "en"):
    return findings(OPEN[language] + said, language)["transfer_etiquette"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        (
            "c: i've been charged twice\na: only the billing team can reverse it i'll put you through\n"
            "a: that's the billing team and i've left them a note",
            "en",
        ),
        (
            "c: can it be mended under the guarantee\na: our repairs desk holds the parts list"
            " let me pass you across to marcus there\nc: okay",
            "en",
        ),
        (
            "c: i want to speak about my claim\na: what you need is a claims handler shall i put you through"
            " to one\nc: yes please\na: i've told her about the flood already",
            "en",
        ),
        (
            "c: חייבו אותי פעמיים\na: את הזיכוי רק במחלקת חיובים יכולים לאשר אני מעביר אותך אליהם\nc: טוב",
            "he",
        ),
        (
            "c: הסים לא נקלט\na: אין לי גישה לזה מכאן אז אני מחברת אותך לדני מהתמיכה\nc: שלא אצטרך להסביר\n"
            "a: כתבתי לו הכול",
            "he",
        ),
    ],
)
def test_who_hears_why_and_to_whom_is_handed_on_well(said, language):
    found = transfer(said, language)
    assert found.verdict.value == "pass"
    assert len(found.evidence) >= 1


@pytest.mark.parametrize(
    ("said", "language", "reason"),
    [
        ("c: i've been charged twice\na: hold on transferring you\nc: hello", "en", "why or to whom"),
        ("c: my bill is wrong\na: i'm putting you through to billing\nc: oh", "en", "not told why"),
        (
            "c: i've been charged twice\na: that's a billing matter i'll put you through to billing\n"
            "a: hello billing what's it about\nc: i've just explained all that to your colleague",
            "en",
            "tell it again",
        ),
        (
            "c: i need a copy\na: only registry can do those i'll put you through to registry you'll have to "
            "explain it to them\nc: fine",
            "en",
            "tell it again",
        ),
        ("c: חייבו אותי פעמיים\na: רגע מעבירה אותך\nc: לאן", "he", "why or to whom"),
        (
            "c: חייבו אותי פעמיים\na: זה שייך לגבייה אני מעביר אותך לגבייה\na: גבייה שלום\n"
            "c: שוב להסביר הכול מההתחלה",
            "he",
            "tell it again",
        ),
    ],
)
def test_who_is_handed_on_without_a_word_or_tells_it_twice_is_not(said, language, reason):
    found = transfer(said, language)
    assert found.verdict.value == "fail"
    assert reason in found.reason
    assert found.evidence


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: who do i ask\na: that's the council you can ring them on the number on your bill", "en"),
        ("c: can you put me through\na: i'm afraid i can't put you through to them from here", "en"),
        ("c: i want the money back\na: i'll transfer you the money today", "en"),
        ("c: can i have the bigger plan\na: i'll move you over to the family plan", "en"),
        ("c: they passed me around all morning\na: i'm sorry they passed you around", "en"),
        ("c: what now\na: shall i put you through to sales\nc: no don't bother", "en"),
        ("c: put it in my wife's name\na: i'm transferring the contract to her now\nc: thanks", "en"),
        ("c: send it to my son\na: i'm transferring it now it will be there tomorrow\nc: great", "en"),
        ("c: מי מטפל בזה\na: זה העירייה תתקשר אליהם למוקד", "he"),
        ("c: תעבירי אותי\na: אני לא יכולה להעביר אותך משם", "he"),
        ("c: מתי הכסף\na: אני מעביר לך את הכסף היום", "he"),
        ("c: אפשר חבילה גדולה יותר\na: אני מעבירה אותך למסלול משפחתי", "he"),
    ],
)
def test_what_only_looks_like_a_transfer_is_none(said, language):
    assert transfer(said, language).verdict.value == "not_applicable"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: can you put me through to sales please\na: of course putting you through now", "en"),
        ("c: could i talk to the billing team\na: connecting you now", "en"),
        ("c: i want to speak to your manager\na: i'll put my supervisor on the line one moment", "en"),
        ("c: תעביר אותי למחלקת מכירות בבקשה\na: בטח מעביר אותך", "he"),
        ("c: את יכולה להעביר אותי לגבייה\na: כן מעבירה אותך", "he"),
        ("c: אפשר לדבר עם מחלקת הגבייה\na: כן רגע מעבירה אותך", "he"),
    ],
)
def test_who_asks_to_be_put_through_knows_why_and_to_whom(said, language):
    found = transfer(said, language)
    assert found.verdict.value == "pass"
    assert [one.speaker for one in found.evidence] == ["customer", "agent"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("c: my bill is wrong and don't transfer me to another department\na: transferring you now", "en"),
        ("c: they passed me to three people already\na: transferring you now", "en"),
        ("c: אל תעבירי אותי לאף אחד רק תתקני\na: רגע מעבירה אותך", "he"),
    ],
)
def test_who_does_not_want_to_be_put_through_has_not_asked_for_it(said, language):
    assert transfer(said, language).verdict.value == "fail"


def test_nothing_is_said_of_a_transfer_where_the_agent_was_heard_badly():
    words = transcript(OPEN["en"] + "c: hello there\na: right let me have a look at that for you", "en")
    dim = replace(words, mean_confidence=0.55)
    found = judge(RUBRIC, CallView(transcript=dim, language="en"))
    assert {f.criterion: f for f in found}["transfer_etiquette"].verdict.value == "not_assessed"


def test_what_the_next_agent_says_does_not_make_good_the_first_ones_silence():
    said = (
        ("A", "agent", "hello acme support this is bob"),
        ("B", "customer", "my bill is wrong"),
        ("A", "agent", "putting you through now"),
        ("C", "agent", "billing team here we look after the bills what is it about"),
        ("B", "customer", "my bill"),
    )
    turns = tuple(Turn(party=party, speaker=who, text=text) for party, who, text in said)
    view = CallView(transcript=replace(transcript("a: x"), turns=turns), language="en")
    found = {f.criterion: f for f in judge(RUBRIC, view)}["transfer_etiquette"]
    assert found.verdict.value == "fail"
