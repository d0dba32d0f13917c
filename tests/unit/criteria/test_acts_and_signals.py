"""Speech acts of turns, and what they say of the customer."""

from __future__ import annotations

import random

import pytest

from speechqa.criteria import CallView, annotate, find_signals
from tests.support.calls_as_text import RUBRIC, findings, transcript


def acts(text: str, language: str = "en") -> set[str]:
    return {act.act for act in annotate(transcript(text, language), RUBRIC).turns[-1].acts}


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("a: hi there", {"greet"}, {"goodbye"}),
        ("a: have a good evening", {"goodbye"}, {"greet"}),
        ("a: northside garage dana speaking", {"identify"}, set()),
        ("c: this is ridiculous", set(), {"identify"}),
        ("a: cheers for that", {"thank"}, set()),
        ("a: i do apologise for the trouble", {"apologise"}, set()),
        ("a: sorry", set(), {"apologise"}),
        ("a: bear with me a second", {"hold"}, set()),
        ("c: i was on hold for an hour", set(), {"hold"}),
        ("a: i'll just have a look for you", {"hold"}, set()),
        ("a: shall i put you through", {"offer"}, set()),
        ("a: i'll request that for you", {"promise"}, set()),
        ("a: so where are you going to", {"question"}, set()),
        ("a: do you have a railcard", {"question"}, set()),
        ("c: i know what you mean", set(), {"question"}),
        ("c: leaving from Leeds on monday\na: from leeds on monday", {"clarify"}, set()),
        ("c: the seven twenty please\na: that's seven twenty this morning", {"clarify"}, set()),
        ("c: a call at eight\na: sorry at what time", {"clarify"}, {"apologise"}),
        (
            "c: my fridge is broken since monday\na: so your fridge has been broken since monday",
            {"reflect"},
            set(),
        ),
        ("a: that must be really annoying", {"empathise"}, set()),
        ("a: is there anything else", {"request_more"}, set()),
        ("c: mhm okay", {"backchannel"}, {"thank"}),
    ],
)
def test_acts(text: str, present: set[str], absent: set[str]) -> None:
    found = acts(text)
    assert present <= found
    assert not absent & found


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("a: בוקר טוב", {"greet"}),
        ("a: שמי יעל ממוקד התמיכה", {"identify"}),
        ("a: רק רגע אני בודקת", {"hold"}),
        ("a: יום נעים", {"goodbye"}),
        ("a: מתי זה קרה", {"question"}),
        ("a: אשלח לך את הטופס", {"promise"}),
        ("c: אני צריך תור ליום רביעי\na: ליום רביעי", {"clarify"}),
        ("c: כן כן הבנתי אותך", {"backchannel"}),
    ],
)
def test_hebrew_acts(text: str, present: set[str]) -> None:
    assert present <= acts(text, "he")


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("this is the worst service i have ever had", "en", "complaint"),
        ("nobody has called me back for three weeks", "en", "complaint"),
        ("i'm going to move to another provider", "en", "churn_risk"),
        ("nobody ever calls me back please terminate my contract", "en", "churn_risk"),
        ("you will hear from my lawyer", "en", "public_or_legal_threat"),
        ("i'll post about this on twitter", "en", "public_or_legal_threat"),
        ("you've been so helpful thank you", "en", "satisfaction_expressed"),
        ("השירות שלכם פשוט גרוע", "he", "complaint"),
        ("אני רוצה לנתק את הקו ולעבור לחברה אחרת", "he", "churn_risk"),
        ("אני אפנה להגנת הצרכן", "he", "public_or_legal_threat"),
        ("אתה ממש נהדר שירות מצוין", "he", "satisfaction_expressed"),
    ],
)
def test_signals(said: str, language: str, expected: str) -> None:
    call = transcript(f"a: hello this is bob\nc: {said}", language)
    signals = find_signals(CallView(transcript=call), RUBRIC)
    assert getattr(signals, expected).value is True
    assert getattr(signals, expected).evidence[0].quote in said


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("hi i would like to check the balance on my account please", "en"),
        ("i need to cancel my appointment on friday", "en"),
        ("can you help me with my facebook login", "en"),
        ("i want to open a new bank account", "en"),
        ("אני רוצה לבטל את התור שלי ליום שני", "he"),
        ("אפשר לברר מה היתרה בחשבון", "he"),
        ("אני עובר דירה וצריך לעדכן כתובת", "he"),
    ],
)
def test_plain_requests_are_no_signals(said: str, language: str) -> None:
    signals = find_signals(
        CallView(transcript=transcript(f"a: hello this is bob\nc: {said}", language)), RUBRIC
    )
    assert [signals.complaint.value, signals.churn_risk.value, signals.public_or_legal_threat.value] == [
        False
    ] * 3


def test_wrong_words_flip_few_verdicts() -> None:
    from tests.unit.criteria.test_verdicts_en import BAD, GOOD

    draw = random.Random(7)
    vocabulary = (GOOD + BAD).split()
    flips = total = 0
    for call in (GOOD, BAD):
        before = findings(call)
        for _ in range(12):
            lines = []
            for line in call.strip().splitlines():
                words = line.split()
                noisy = [
                    draw.choice(vocabulary).strip("ac:") if draw.random() < 0.1 else w for w in words[1:]
                ]
                lines.append(" ".join([words[0], *noisy]))
            after = findings("\n".join(lines))
            for name, finding in before.items():
                if finding.verdict.counts and after[name].verdict.counts:
                    total += 1
                    flips += after[name].verdict is not finding.verdict
    assert flips / total < 0.15


@pytest.mark.parametrize(
    ("said", "language", "signal"),
    [
        ("i am with another company and i want to switch over to you", "en", "churn_risk"),
        ("אני מבוטח בחברה אחרת ורוצה לעבור אליכם", "he", "churn_risk"),
        ("my solicitor asked me for a statement", "en", "public_or_legal_threat"),
        ("the press on my washing machine is broken", "en", "public_or_legal_threat"),
        ("קניתי את הדירה דרך עורך דין", "he", "public_or_legal_threat"),
        ("המפקח בא לבדוק את המונה", "he", "public_or_legal_threat"),
    ],
)
def test_words_of_a_signal_in_neutral_talk(said: str, language: str, signal: str) -> None:
    call = transcript(f"a: hello acme\nc: {said}\na: okay", language)
    found = find_signals(CallView(transcript=call, language=language))
    assert getattr(found, signal).value is False
