"""What a call is about, and how the agent leads it: told, never scored; and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, find_signals, load_rubric
from speechqa.criteria.loader import validate_rubric
from tests.support.calls_as_text import RUBRIC, transcript

OPEN = {"en": "a: hello acme support this is bob\n", "he": "a: שלום מדברת נועה מחברת אופק\n"}


def signals(said: str, language: str = "en"):
    made = CallView(transcript=transcript(OPEN[language] + said, language), language=language)
    return find_signals(made, RUBRIC)


@pytest.mark.parametrize(
    ("said", "language", "reason"),
    [
        ("i've been overcharged on my last bill", "en", "billing"),
        ("we've had no hot water since monday", "en", "outage"),
        ("my parcel never arrived", "en", "delivery"),
        ("i'd like to order two of the blue chairs please", "en", "order"),
        ("i want to cancel my membership", "en", "cancellation"),
        ("i need to move my appointment", "en", "appointment"),
        ("i'm locked out and need a new password", "en", "account"),
        ("can i set up a payment plan", "en", "payment"),
        ("are you open on sundays", "en", "information"),
        ("i've a bone to pick with you", "en", "complaint"),
        ("hi it's me again", "en", "other"),
        ("חייבתם אותי פעמיים", "he", "billing"),
        ("אין לי אינטרנט מאתמול", "he", "outage"),
        ("החבילה לא הגיעה", "he", "delivery"),
        ("אני רוצה להזמין מסלול חדש", "he", "order"),
        ("אני רוצה לסגור את המנוי", "he", "cancellation"),
        ("אני צריכה תור לרופא עיניים", "he", "appointment"),
        ("שכחתי את הסיסמה ואני נעול", "he", "account"),
        ("אפשר לפרוס את החוב לתשלומים", "he", "payment"),
        ("עד מתי אתם פתוחים", "he", "information"),
        ("זו בושה מה שקורה אצלכם", "he", "complaint"),
        ("היי זה שוב אני", "he", "other"),
        ("i'm the manager of a shop and want to open a second account", "en", "other"),
        ("אני רוצה לפתוח חשבון לבן שלי", "he", "account"),
        ("ננעלתי מחוץ לחשבון", "he", "account"),
        ("היי אני מנהל של מאפייה", "he", "other"),
    ],
)
def test_a_reason_for_calling_is_told_with_its_words(said, language, reason):
    found = signals(f"c: {said}", language).contact_reason
    assert found.reason == reason
    assert (found.said is None) == (reason == "other")


def test_a_cancelled_appointment_is_no_cancellation():
    assert signals("c: i have to cancel my dentist appointment").contact_reason.reason == "appointment"


def test_a_rubric_can_bring_a_reason_of_its_own(tmp_path: Path):
    (tmp_path / "ours.toml").write_text(
        'name = "ours"\nversion = 1\nextends = "service"\nphrases = ["ours.en.toml"]\n', encoding="utf-8"
    )
    (tmp_path / "ours.en.toml").write_text(
        'language = "en"\n[contact_boats]\nany = ["(boat|boats|canoe)"]\n', encoding="utf-8"
    )
    assert validate_rubric(tmp_path / "ours.toml") == ()
    view = CallView(transcript=transcript("a: hello\nc: it's about the boat", "en"), language="en")
    assert find_signals(view, load_rubric(tmp_path / "ours.toml")).contact_reason.reason == "boats"


def test_what_is_not_known_of_the_customer_is_unknown():
    found = signals("u: my bill is wrong")
    assert found.contact_reason is None
    assert {found.carp.value, found.chunking.value, found.humour.value, found.feel_felt_found.value} == {None}


@pytest.mark.parametrize(
    ("said", "language"),
    [
        (
            "c: this is ridiculous you've charged me twice\na: let me sort this out for you\n"
            "a: that must be really frustrating\na: so tell me which month was it\nc: march\n"
            "a: i've refunded the second one",
            "en",
        ),
        (
            "c: זו חוצפה חייבתם אותי פעמיים\na: אני מטפל בזה עכשיו\na: אני מבין שזה מעצבן\n"
            "a: אז ספר לי באיזה חודש\nc: מרץ\na: זיכיתי אותך",
            "he",
        ),
    ],
)
def test_four_steps_in_their_order_are_carp(said, language):
    found = signals(said, language).carp
    assert found.value is True
    assert found.parts == ("control", "acknowledge", "refocus", "problem_solve")
    assert [one.note for one in found.evidence] == list(found.parts)
    assert found.gaps_s == (None,) * 4


def test_steps_out_of_order_or_missing_are_told():
    said = "c: this is ridiculous you've charged me twice\na: i've refunded it\na: i'm so sorry about that"
    found = signals(said).carp
    assert (found.value, found.in_order, found.parts) == (False, False, ("problem_solve", "acknowledge"))


def test_gaps_between_steps_are_in_seconds():
    lines = (
        ("agent", 0.0, "hello acme"),
        ("customer", 2.0, "this is ridiculous you've charged me twice"),
        ("agent", 6.5, "i'm so sorry about that"),
        ("agent", 30.0, "i've refunded it"),
    )
    turns = tuple(Turn(speaker=who, text=said, start=at, end=at + 1) for who, at, said in lines)
    view = CallView(transcript=Transcript(language="en", engine="i", turns=turns), language="en")
    assert find_signals(view, RUBRIC).carp.gaps_s == (4.5, 23.5)


def test_nobody_upset_is_no_occasion_for_carp():
    found = signals("c: until when are you open\na: until six").carp
    assert (found.value, found.parts, found.in_order) == (False, (), None)


LONG = (
    "a: you open the settings on the phone then you scroll down to where it says network and press it\n"
    "c: yes\na: {check}below that there is a switch for data abroad that you turn on and then you go back\n"
    "c: okay\na: then you turn the phone off and on again and wait until the bars come up on the top right"
)


def test_long_information_in_pieces_with_a_look_back_is_chunked():
    found = signals("c: how do i set it up\n" + LONG.format(check="are you with me so far "))
    assert found.chunking.value is True
    assert "with me" in found.chunking.evidence[0].quote
    told = signals("c: how do i set it up\n" + LONG.format(check="")).chunking
    assert (told.value, told.reason) == (
        False,
        "Told at length with no look at whether it was understood",
    )
    assert signals("c: hello\na: press one").chunking.reason == "Nothing is told at length"


@pytest.mark.parametrize(
    ("said", "language", "parts"),
    [
        (
            "c: the new app scares me\na: i understand how you feel\na: many of our customers felt the same\n"
            "a: and they found that it's quicker",
            "en",
            ("feel", "felt", "found"),
        ),
        ("c: it's a lot\na: other customers thought so too", "en", ("felt",)),
        (
            "c: קשה לי עם האפליקציה\na: אני מבינה אותך\na: הרבה לקוחות הרגישו ככה\na: ובסוף גילו שזה קל",
            "he",
            ("feel", "felt", "found"),
        ),
    ],
)
def test_parts_of_feel_felt_found_are_named(said, language, parts):
    found = signals(said, language).feel_felt_found
    assert (found.parts, found.value) == (parts, len(parts) == 3)


@pytest.mark.parametrize(
    ("said", "language", "joked"),
    [
        ("c: it eats socks\na: it's got good taste then\nc: haha it has", "en", True),
        ("c: is it you again\na: haha i'm afraid so", "en", True),
        ("c: you're useless\na: well aren't you lovely\nc: that's not funny", "en", False),
        (
            "a: hello acme this is bob\nc: haha sorry my son is shouting\na: no worries what can i do",
            "en",
            False,
        ),
        ("c: when are you open\na: until six", "en", False),
        ("c: יודע גם לשטוף כלים\na: רק בסופי שבוע\nc: חחח יופי", "he", True),
        ("c: מתי אתם פתוחים\na: עד שש\nc: זה לא מצחיק", "he", False),
    ],
)
def test_a_joke_is_told_by_laughter(said, language, joked):
    assert signals(said, language).humour.value is joked
