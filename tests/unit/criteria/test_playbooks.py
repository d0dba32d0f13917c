"""The ready-made rubrics of three trades, on calls as people hold them and on what only looks alike."""

# ruff: noqa: E501 - a call stands together, not broken up at the margin

from __future__ import annotations

from functools import cache

import pytest
from msgspec.structs import replace

from speechqa.core.rubric import Rubric
from speechqa.criteria import load_rubric, validate_rubric
from speechqa.criteria.sources import built_in
from speechqa.reports.language import language as language_of
from tests.support.calls_as_text import SERVICE, findings
from tests.support.told_sentences import sentences_of_findings, untold

TRADES = ("service-cellular", "service-banking", "service-delivery")
END = {"en": "c: okay thanks bye\na: bye now", "he": "c: טוב תודה ביי\na: ביי יום טוב"}


@cache
def rubric(trade: str) -> Rubric:
    return replace(load_rubric(f"service-{trade}"), turn_model=False)


@cache
def due(trade: str, language: str, call: str) -> dict[str, str]:
    """Verdicts of what the trade adds, by criterion."""
    whole = f"a: hello acme this is dan\n{call.strip()}\n{END[language]}"
    if language == "he":
        whole = f"a: שלום חברת אלף מדבר דן\n{call.strip()}\n{END[language]}"
    found = findings(whole, language, rubric(trade), complete=True)
    return {c.id: found[c.id].verdict.value for c in rubric(trade).criteria if c.situations}


def told(trade: str, language: str, call: str) -> set[str]:
    """The situations in which something is due."""
    verdicts = due(trade, language, call)
    return {
        situation.id
        for criterion in rubric(trade).criteria
        if verdicts.get(criterion.id) in ("pass", "fail")
        for situation in criterion.situations
    }


@pytest.mark.parametrize("name", TRADES)
def test_each_adds_to_the_default_rubric_and_is_in_order(name) -> None:
    made = load_rubric(name)
    assert name in built_in()
    assert [c.id for c in made.criteria][: len(SERVICE.criteria)] == [c.id for c in SERVICE.criteria]
    assert {s for c in made.criteria for s in c.situations} == set(made.situations)
    new = {"service-charged-twice", name}
    assert [p for p in validate_rubric(name) if any(part in p.file for part in new)] == []


@pytest.mark.parametrize(
    ("trade", "language", "call", "met"),
    [
        ("cellular", "en", "c: oh god my mobile got snatched on the bus\na: right i'm barring that number this second\n"
         "a: when did you have it last\nc: twenty minutes ago\na: a replacement sim can be picked up in any branch",
         {"lost_device_block", "lost_device_last_use", "lost_device_replacement"}),
        ("cellular", "en", "c: my daughter's left her phone on the train\na: shall i block the sim for you\nc: please\n"
         "a: done nobody can use it\na: were there any calls since then that aren't yours\nc: no\na: we'll post a new sim",
         {"lost_device_block", "lost_device_last_use", "lost_device_replacement"}),
        ("cellular", "he", "c: גנבו לי את הפלאפון בים\na: אני חוסמת את הקו כבר עכשיו\na: מתי ראית אותו בפעם האחרונה\n"
         "c: לפני שעה\na: סים חלופי אפשר לקבל בסניף עוד היום",
         {"lost_device_block", "lost_device_last_use", "lost_device_replacement"}),
        ("cellular", "en", "c: there's nothing no internet at all since lunch\na: yes we've got an outage in your area a cable's been cut\n"
         "c: when's it back\na: should be fixed by six and we'll text you when it is",
         {"outage_known_or_not", "outage_next_news"}),
        ("cellular", "he", "c: מהבוקר אין לי קליטה בכלל\na: יש תקלה אזורית והצוות מטפל בזה\nc: עד מתי\n"
         "a: אין עדיין צפי נעדכן אותך בהודעה ברגע שיחזור", {"outage_known_or_not", "outage_next_news"}),
        ("cellular", "en", "c: you've billed me double this month\na: let me pull up your bill\na: yes i see it twice\n"
         "a: i'm crediting the second one now", {"double_charge_checked", "double_charge_settled"}),
        ("banking", "he", "c: ירד לי פעמיים אותו חיוב\na: באיזה תאריך\nc: בעשירי\na: הזיכוי ייכנס תוך שלושה ימי עסקים",
         {"double_charge_checked", "double_charge_settled"}),
        ("banking", "en", "c: i can't find my credit card anywhere\na: okay let's get that frozen straight away i've stopped it\n"
         "a: what was the last purchase you made\nc: petrol on sunday\na: a new card will be with you in five days",
         {"lost_card_block", "lost_card_last_use", "lost_card_replacement", "no_secret_asked"}),
        ("banking", "he", "c: נגנב לי הארנק\na: קודם כל אני מבטל את הכרטיס\na: יש עסקאות מאז שלא מוכרות לך\nc: לא\n"
         "a: כרטיס חדש יגיע הביתה תוך חמישה ימים",
         {"lost_card_block", "lost_card_last_use", "lost_card_replacement", "no_secret_asked"}),
        ("banking", "en", "c: there's a payment on here that wasn't me\na: what date is it\nc: the third\n"
         "a: i've blocked the card and i'm raising a dispute for it",
         {"fraud_charges_gone_through", "fraud_card_secured", "fraud_disputed", "no_secret_asked"}),
        ("banking", "he", "c: מישהו השתמש בכרטיס שלי בחוץ לארץ\na: איזה סכום\nc: אלפיים שקל\na: חסמתי את הכרטיס\n"
         "a: ופתחתי הכחשת עסקה", {"fraud_charges_gone_through", "fraud_card_secured", "fraud_disputed", "no_secret_asked"}),
        ("delivery", "en", "c: my parcel hasn't turned up\na: have you got the tracking number\nc: yes nine nine two\n"
         "a: i'll ring the driver and he'll bring it round before eight tonight", {"parcel_traced", "parcel_next_step"}),
        ("delivery", "he", "c: החבילה שלי לא הגיעה\na: מה מספר המשלוח\nc: שבע שש חמש\na: אני פותחת בדיקה ותקבל תשובה עד מחר",
         {"parcel_traced", "parcel_next_step"}),
        ("delivery", "en", "c: tracking says it was handed to a neighbour but nobody here has it\na: let me look at the photo\n"
         "a: did you try number nine\nc: yes\na: i've opened an investigation you'll hear by friday",
         {"parcel_traced", "parcel_next_step", "parcel_place_searched"}),
        ("delivery", "he", "c: השליח השאיר את זה אצל שכן ואף אחד לא יודע כלום\na: אני בודק את הצילום של השליח\n"
         "a: אני מתקשר לשליח עכשיו הוא יביא לך אותה עד שש",
         {"parcel_traced", "parcel_next_step", "parcel_place_searched"}),
        ("delivery", "en", "c: the box came and the vase is smashed\na: can you send us a photo of it\nc: sure\n"
         "a: i'll send a replacement out today", {"damage_recorded", "damage_made_good"}),
        ("delivery", "he", "c: קיבלתי את המשלוח והכול שבור\na: תוכלי לצלם\nc: כן\na: אני שולח לך חדש מחר",
         {"damage_recorded", "damage_made_good"}),
    ],
)  # fmt: skip
def test_a_response_that_is_due_is_found(trade, language, call, met) -> None:
    verdicts = due(trade, language, call)
    assert {name for name, verdict in verdicts.items() if verdict == "pass"} == met
    assert "fail" not in verdicts.values()


@pytest.mark.parametrize(
    ("trade", "language", "call", "missed"),
    [
        ("cellular", "en", "c: somebody nicked my phone\na: oh that's a shame\nc: yeah\na: we have the new iphone on offer",
         {"lost_device_block", "lost_device_last_use"}),
        ("cellular", "he", "c: איבדתי את הטלפון\na: אי אפשר לחסום בטלפון תיגש לסניף\nc: אוקיי",
         {"lost_device_block", "lost_device_last_use", "lost_device_replacement"}),
        ("cellular", "en", "c: my broadband is down\na: can't say really\nc: well when will it be back\na: no way to tell",
         {"outage_known_or_not", "outage_next_news"}),
        ("banking", "en", "c: you charged me twice\na: that can't be\nc: it is\na: well i can't refund that",
         {"double_charge_checked", "double_charge_settled"}),
        ("banking", "he", "c: יש חיוב שלא עשיתי\na: מה הסיסמה שלך\nc: ארבע ארבע\na: תחכה שיירד",
         {"fraud_charges_gone_through", "fraud_card_secured", "fraud_disputed", "no_secret_asked"}),
        ("banking", "en", "c: my card's been stolen\na: what's your pin\nc: one two three four\na: okay it's blocked",
         {"lost_card_last_use", "lost_card_replacement", "no_secret_asked"}),
        ("delivery", "en", "c: where is my parcel\na: it says delivered at noon\nc: it wasn't\na: well it says so",
         {"parcel_next_step"}),
        ("delivery", "he", "c: החבילה הגיעה קרועה\na: טוב זה קורה\nc: ומה עכשיו\na: אין החזר על זה",
         {"damage_recorded", "damage_made_good"}),
    ],
)  # fmt: skip
def test_a_response_that_is_missing_fails(trade, language, call, missed) -> None:
    verdicts = due(trade, language, call)
    assert {name for name, verdict in verdicts.items() if verdict == "fail"} == missed


@pytest.mark.parametrize(
    ("trade", "language", "call"),
    [
        ("cellular", "en", "c: i lost my charger i want to buy another one\na: okay"),
        ("cellular", "en", "c: what happens if my phone gets stolen am i insured\na: yes you are covered"),
        ("cellular", "en", "c: i nearly lost my phone this morning anyway i want a bigger plan\na: sure"),
        ("cellular", "en", "c: do i pay twice a month or once\na: once"),
        ("cellular", "en", "c: i lost all the photos on my phone\na: let's look"),
        ("cellular", "en", "c: your customer service is great\na: thank you"),
        ("cellular", "he", "c: אם הטלפון ייגנב לי יש ביטוח\na: כן"),
        ("cellular", "he", "c: אני משלם פעמיים בשנה נכון\na: נכון"),
        ("cellular", "he", "c: אני רוצה לבטל את האינטרנט\na: אוקיי"),
        ("banking", "en", "c: will i be charged twice if i pay early\na: no just once"),
        ("banking", "en", "c: i can't make it to my appointment on tuesday\na: let me move it"),
        ("banking", "en", "c: i lost my pin letter\na: i can send a new one"),
        ("banking", "en", "c: i can't make the payment on friday\na: let me see"),
        ("banking", "he", "c: מה קורה אם אני מאבד את הכרטיס בחוץ לארץ\na: מתקשרים אלינו"),
        ("banking", "he", "c: שכחתי את הקוד של הכרטיס\na: אפשר לשחזר באפליקציה"),
        ("delivery", "en", "c: can you leave the parcel with my neighbour tomorrow\na: of course"),
        ("delivery", "en", "c: i want to place an order\na: go ahead"),
        ("delivery", "en", "c: my parcel arrived fine i just want to say thanks\na: lovely"),
        ("delivery", "he", "c: אפשר להשאיר את החבילה אצל השכן\na: בטח"),
        ("delivery", "he", "c: יש לכם חבילת גלישה לחו\"ל\na: כן"),
        ("delivery", "he", "c: אני רוצה לעשות הזמנה\na: בשמחה"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_situation_asks_for_nothing(trade, language, call) -> None:
    assert told(trade, language, call) == set()


@pytest.mark.parametrize(
    ("trade", "language", "call"),
    [
        ("cellular", "en", "c: i lost my phone\na: oh no when did you last have it\nc: hang on i found it\na: brilliant"),
        ("banking", "en", "c: there's a charge i don't recognise\na: what does it say\nc: oh that was me sorry\na: no problem"),
        ("banking", "he", "c: יש לי חיוב שאני לא מכירה\na: איזה סכום\nc: אה רגע נזכרתי זה הבן שלי\na: מצוין"),
        ("delivery", "he", "c: החבילה לא הגיעה\na: אני בודק\nc: רגע מצאתי אותה\na: איזה יופי"),
    ],
)  # fmt: skip
def test_a_situation_that_resolves_itself_asks_for_nothing(trade, language, call) -> None:
    assert told(trade, language, call) == set()


def test_a_line_that_is_blocked_already_need_not_be_blocked_again() -> None:
    call = "c: my phone was stolen i've already blocked the sim\na: good where was it taken\na: a new sim is on its way"
    verdicts = due("cellular", "en", call)
    assert verdicts["lost_device_block"] == "not_applicable"
    assert verdicts["lost_device_replacement"] == "pass"


def test_a_block_after_much_else_passes_with_fewer_points() -> None:
    talk = "\n".join(
        f"a: and what is question {n}\nc: answer"
        for n in ("one", "two", "six", "four", "ten", "nine", "five")
    )
    late = f"c: my purse was stolen\n{talk}\na: i've cancelled the card"
    whole = f"a: hello acme this is dan\n{late}\n{END['en']}"
    found = findings(whole, "en", rubric("banking"), complete=True)["lost_card_block"]
    assert (found.verdict.value, found.earned, found.possible) == ("pass", 6, 8)
    assert {part.id: part.verdict.value for part in found.components} == {
        "blocked": "pass",
        "at_once": "fail",
    }


@pytest.mark.parametrize("trade", ["cellular", "banking", "delivery"])
def test_names_and_reasons_are_told_in_hebrew(trade) -> None:
    hebrew = language_of("he")
    added = [criterion for criterion in rubric(trade).criteria if criterion.situations]
    names = {one.id for one in added} | {part.id for one in added for part in one.components}
    names |= {situation.id for situation in rubric(trade).situations}
    assert {name for name in names if name.replace("_", " ") not in hebrew.labels} == set()
    said = "c: i lost my phone and my card you charged me twice and the parcel never came the vase is broken"
    for answer in ("oh dear", "i've blocked the card and the line when was it lost"):
        found = findings(f"a: hello acme\n{said}\na: {answer}\n{END['en']}", "en", rubric(trade))
        due_here = [found[criterion.id] for criterion in added]
        assert untold(filter(None, sentences_of_findings(due_here))) == []
        told = " ".join(hebrew.told(finding.reason) for finding in due_here)
        assert not any(letter.isascii() and letter.isalpha() for letter in told), told
