"""What sounds like leaving and is none, and staying or an end of need in few words; both languages."""

from __future__ import annotations

import pytest

from speechqa.core.analysis import Signals
from speechqa.criteria import CallView, find_signals
from tests.support.calls_as_text import RUBRIC, SERVICE, findings, transcript, verdict

OPEN = {"en": "a: hello acme this is bob\n", "he": "a: שלום מדברת נועה מאופק\n"}


def signals(text: str, language: str) -> Signals:
    return find_signals(
        CallView(transcript=transcript(OPEN[language] + text, language), language=language), RUBRIC
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("he", "c: רציתי לדעת מתי אתם סוגרים\na: בשש"),
        ("he", "c: באיזו שעה החנות סוגרת היום\na: בשש"),
        ("en", "c: i wanted to know what time you close\na: at six"),
        ("he", "c: גנבו לי את הכרטיס\na: לבטל אותו\nc: כן תבטלי אותו\na: ביטלתי"),
        ("he", "c: איבדתי את הארנק עם האשראי\na: אז לחסום\nc: כן תבטל אותו בבקשה\na: ביטלתי"),
        ("en", "c: my card's been stolen\na: shall i cancel it\nc: yes cancel it please\na: done"),
        ("en", "c: i've lost my purse this is a disgrace\na: oh\nc: cancel my card please\na: done"),
    ],
)
def test_closing_time_and_a_lost_card_end_no_contract(language, text):
    assert verdict(OPEN[language] + text, "gracious_exit", language) == "not_applicable"
    assert signals(text, language).churn_risk.value is False


def test_a_contract_named_beside_a_stolen_card_is_ended():
    text = OPEN["en"] + "c: my card was stolen and i want to cancel my account\na: i've closed it\nc: bye"
    assert verdict(text, "gracious_exit") != "not_applicable"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "i left you two years ago but i'm back"),
        ("en", "we left you last year and now we have come back"),
        ("he", "עזבתי אתכם לפני שנתיים ועכשיו חזרתי"),
        ("he", "עזבנו אתכם מזמן אבל אנחנו שוב אצלכם"),
    ],
)
def test_who_is_back_does_not_leave(language, said):
    found = signals(f"c: {said}\na: okay", language)
    assert (found.churn_risk.value, found.complaint.value) == (False, False)


def test_a_bare_no_is_no_sign_of_leaving():
    ends = (
        "c: i'd like to cancel my contract please\na: is there a reason\nc: no.\na: sorry to see you go bye"
    )
    assert signals(ends, "en").churn_risk.value is False
    tells = "c: it just isn't for me at that price\na: any other reason\nc: no.\na: we'd hate to lose you"
    assert [one.quote for one in signals(tells, "en").churn_risk.evidence] == [
        "it just isn't for me at that price"
    ]


@pytest.mark.parametrize(
    "said", ["אני עוברת לגור בחוץ לארץ", "אנחנו עוברים לחוץ לארץ", "אני טס ללמוד בחוץ לארץ"]
)
def test_who_moves_abroad_needs_it_no_more(said):
    found = signals(f"c: זה יקר לי מדי\nc: אני רוצה לבטל את המנוי {said}\na: ביטלתי בהצלחה", "he")
    assert found.churn_risk.value is False


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "i'll stay then"),
        ("en", "okay i'll stay"),
        ("en", "all right we're staying then"),
        ("he", "אני נשאר"),
        ("he", "טוב אני נשארת"),
        ("he", "אז אני אשאר בינתיים"),
    ],
)
def test_who_stays_after_all_says_so_in_few_words(language, said):
    ends = {
        "en": "c: i want to cancel my contract\na: why is that\n",
        "he": "c: אני רוצה לבטל את המנוי\na: למה\n",
    }
    assert verdict(f"{OPEN[language]}{ends[language]}c: {said}\na: okay", "gracious_exit", language) == (
        "not_applicable"
    )


STOLEN = """
a: harrow bank lost and stolen this is leanne
c: hello my purse has been stolen on the bus and my card was in it
a: oh no are you all right
c: i am yes just shaken i need the card cancelled
a: of course can i take your name and date of birth
c: june tarrant fourth of may seventy one
a: thank you june so that is the debit card ending in oh nine
c: that's it cancel it please
a: that's cancelled now and nobody can use it a new one will be with you by friday
c: oh thank you
a: you are welcome take care of yourself goodbye
c: bye
"""


def test_a_stolen_card_ends_no_contract_however_kindly_it_is_stopped():
    """Read a second time it was a customer who leaves and is let go with a friendly word."""
    assert findings(STOLEN, rubric=SERVICE)["gracious_exit"].verdict == "not_applicable"
