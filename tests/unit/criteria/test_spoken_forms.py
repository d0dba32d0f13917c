"""Words as they are spoken: one reading for a dialect and the standard, and none where a word is another."""

from __future__ import annotations

import pytest

from speechqa.core.finding import Verdict
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, judge
from speechqa.criteria.normalise import quote, tokenize
from tests.support.calls_as_text import SERVICE

SAME = [
    ("i cannae find it", "i can not find it"),
    ("thanks for callin", "thanks for calling"),
    ("thanks for callin' love", "thanks for calling love"),
    ("there's nowt else", "there is nothing else"),
    ("is there owt else", "is there anything else"),
    ("tank you very much", "thank you very much"),
    ("tanks for dat", "thanks for that"),
    ("sanks a lot", "thanks a lot"),
    ("i dinnae ken", "i do not know"),
    ("y'all have a good day", "you have a good day"),
    ("it ain't workin", "it is not working"),
    ("i'm fixin' to leave", "i am going to leave"),
    ("i'ma call", "i am going to call"),
    ("ey up", "hello"),
    ("ta love", "thanks love"),
    ("ta-ra", "bye"),
    ("ta ta", "bye"),
    ("wery vell", "very well"),
    ("no tank you", "no thank you"),
    ("it is in ma bag", "it is in my bag"),
    ("okay ta", "okay thanks"),
    ("perfect tanks", "perfect thanks"),
    ("ta i will wait", "thanks i will wait"),
    ("the wi-fi and the wi fi", "the wifi and the wifi"),
    ("i 've told you it 's late and ve do n't know", "i've told you it's late and we don't know"),
    ("טייב תודה", "טוב תודה"),
    ("אני כאילו לא מבינה", "אני לא מבינה"),
    ("כאילו יעני זה לא עובד", "זה לא עובד"),
    ("זה איך אומרים דחוף", "זה דחוף"),
    ("תודה יא חביבי", "תודה חביבי"),
    ("סורי על ההמתנה", "סליחה על ההמתנה"),
    ("קלטתי תודה", "הבנתי תודה"),
]
AS_THEY_ARE = [
    "the tank is full", "two tanks of oil", "the train again", "a cabin in berlin",
    "this is ken from the bank", "this is kevin", "it is plain and certain", "a paraffin heater", "i sank it",
    "the tank you sold me", "tanks are filled on monday", "we have two tanks for oil", "my ta will call",
    "i have ta check", "the code is ta four", "ta is the code",
    "ty will call you", "two hundred k", "i am ma wei", "thank you mr ma that is all",
    "אתמ עושימ כאילו נתקעתי", "אל תרגיש כאילו נתקעת", "מתיחסימ אלי כאילו נתקעתי",
    "קלטתי את ההזמנה", "טיב השירות",
    "זה נשמע כאילו נתקעת", "כאילו שאכפת לכמ", "אז איכ אומרימ תודה",
]  # fmt: skip


def _words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(("spoken", "standard"), SAME)
def test_what_is_spoken_otherwise_is_read_the_same(spoken: str, standard: str) -> None:
    assert _words(spoken) == _words(standard)


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_a_word_of_its_own_stays_what_it_is(text: str) -> None:
    assert _words(text) == text.split()


def test_the_quote_is_what_was_written() -> None:
    text = "Tank you for callin', ey up!"
    tokens = tokenize(text)
    assert quote(text, tokens, 0, len(tokens) - 1) == text
    assert quote(text, tokens, 4, 4) == "ey up!"


TALK = (
    ("agent", "{hello} this is anna at the bank"),
    ("customer", "i would like to know my balance please"),
    ("agent", "it is four hundred pounds"),
    ("customer", "great"),
    ("agent", "is there {anything} else i can help you with"),
    ("customer", "no that is all"),
    ("agent", "{thanks} for {calling} {bye}"),
    ("customer", "bye"),
)
STANDARD = {
    "hello": "hello",
    "anything": "anything",
    "thanks": "thank you",
    "calling": "calling",
    "bye": "goodbye",
}


@pytest.mark.parametrize(
    "spoken",
    [
        {"hello": "ey up", "anything": "owt", "thanks": "ta", "bye": "ta-ra"},
        {"thanks": "tank you", "calling": "callin", "anything": "anyting"},
        {"thanks": "sank you", "anything": "anysing"},
        {"hello": "good mornin'", "calling": "callin'", "anything": "anythin"},
    ],
)
def test_courtesy_counts_in_every_dialect(spoken: dict[str, str]) -> None:
    def found(words: dict[str, str]) -> dict[str, Verdict]:
        turns = tuple(Turn(speaker=who, text=text.format_map(words)) for who, text in TALK)
        view = CallView(transcript=Transcript(language="en", engine="imported", turns=turns), language="en")
        return {one.criterion: one.verdict for one in judge(SERVICE, view)}

    plain = found(STANDARD)
    assert {plain[one] for one in ("greeting", "thanks", "anything_else", "farewell")} == {Verdict.PASS}
    assert found(STANDARD | spoken) == plain
