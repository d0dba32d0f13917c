"""What a call says of other calls: promises done or not, and signs of leaving; and what is neither."""

import pytest

from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, find_signals

EN, HE = "en", "he"


def signals(language, *turns):
    said = tuple(Turn(speaker=who, text=text) for who, text in turns)
    return find_signals(
        CallView(transcript=Transcript(language=language, engine="i", turns=said), language=language)
    )


def news(language, text, who="customer"):
    found = signals(language, ("agent", "hello"), ("customer", "hi"), (who, text))
    return [(one.done, one.deed) for one in found.promise_news]


def stages(language, text):
    found = signals(language, ("agent", "hello"), ("customer", text))
    return [one.stage for one in found.stage_signs if one.kind != "churn_risk"]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (EN, "well nobody called me back", (False, "call")),
        (EN, "the engineer didn't turn up on tuesday", (False, "visit")),
        (EN, "i still haven't had the refund", (False, "money")),
        (EN, "that replacement router never arrived", (False, "goods")),
        (EN, "i never got the email", (False, "word")),
        (EN, "you promised to look into it and nothing happened", (False, None)),
        (EN, "thanks for calling me back", (True, "call")),
        (EN, "the technician came yesterday", (True, "visit")),
        (EN, "the refund came through on friday", (True, "money")),
        (EN, "the new router arrived yesterday", (True, "goods")),
        (EN, "i got the letter yesterday", (True, "word")),
        (HE, "אף אחד לא חזר אליי", (False, "call")),
        (HE, "הטכנאי לא הגיע אתמול", (False, "visit")),
        (HE, "עדיין לא קיבלתי את הזיכוי", (False, "money")),
        (HE, "החבילה לא הגיעה", (False, "goods")),
        (HE, "לא קיבלתי את המייל", (False, "word")),
        (HE, "הבטחתם לי שזה יסתדר ושום דבר", (False, None)),
        (HE, "תודה שחזרת אליי", (True, "call")),
        (HE, "הטכנאי היה פה אתמול", (True, "visit")),
        (HE, "ההחזר נכנס", (True, "money")),
        (HE, "קיבלתי את הראוטר", (True, "goods")),
        (HE, "המייל הגיע", (True, "word")),
    ],
)
def test_what_became_of_something_is_heard(language, text, found):
    assert news(language, text) == [found]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "if the engineer doesn't come i'll ring again"),
        (EN, "has the technician been yet"),
        (EN, "the parcel came but it was broken"),
        (EN, "i didn't call you back sorry"),
        (EN, "my neighbour said her refund never came"),
        (EN, "i'll tell you when the router arrives"),
        (EN, "can i get my money back"),
        (HE, "אם הטכנאי לא יגיע אני אתקשר שוב"),
        (HE, "מתי הטכנאי מגיע"),
        (HE, "החבילה הגיעה שבורה"),
        (HE, "אני רוצה את הכסף בחזרה"),
    ],
)
def test_what_only_looks_like_it_is_none(language, text):
    assert news(language, text) == []


def test_an_agent_is_heard_only_where_they_ring_as_was_promised():
    assert news(EN, "i'm calling you back as i promised", who="agent") == [(True, "call")]
    assert news(HE, "אני חוזרת אליך כמו שהבטחתי", who="agent") == [(True, "call")]
    assert news(EN, "the refund came through on friday", who="agent") == []


def test_a_line_that_says_both_says_neither():
    assert news(EN, "the technician came yesterday and on monday the technician never came") == []


@pytest.mark.parametrize(
    ("language", "text", "stage"),
    [
        (EN, "nobody listens to me there", 2),
        (EN, "you treat me like an idiot", 2),
        (EN, "i'm so disappointed in you", 2),
        (EN, "you just take me for granted", 2),
        (EN, "what's the exit fee", 3),
        (EN, "i've had a quote from another company", 3),
        (EN, "i've made up my mind", 3),
        (EN, "i've moved most of my lines to a different company", 4),
        (EN, "i've already switched to another provider", 5),
        (EN, "okay i'll stay with you", 1),
        (HE, "אף אחד לא מקשיב לי", 2),
        (HE, "אתם מדברים אליי כאילו אני ילדה", 2),
        (HE, "אני מאוכזבת מכם", 2),
        (HE, "אתם לוקחים אותי כמובן מאליו", 2),
        (HE, "כמה עולה לצאת מהחוזה", 3),
        (HE, "קיבלתי הצעה מחברה אחרת", 3),
        (HE, "החלטתי לעזוב סופית", 3),
        (HE, "העברתי את רוב הקווים לחברה אחרת", 4),
        (HE, "כבר עברתי לחברה אחרת", 5),
        (HE, "טוב אני נשארת אצלכם", 1),
    ],
)
def test_signs_of_how_near_a_customer_is_to_leaving(language, text, stage):
    assert stages(language, text) == [stage]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "i'm not disappointed at all"),
        (EN, "i'm staying at a hotel until friday"),
        (EN, "what's the hotel's cancellation fee"),
        (EN, "we moved to a new flat"),
        (EN, "i'd like to switch over to you from another company"),
        (EN, "my son is leaving school"),
        (HE, "לא התאכזבתי בכלל"),
        (HE, "אני נשארת על הקו"),
        (HE, "עברנו לדירה אחרת"),
        (HE, "הבן שלי רוצה לעזוב את הלימודים"),
    ],
)
def test_what_only_looks_like_leaving_is_no_sign(language, text):
    found = signals(language, ("agent", "hello"), ("customer", text))
    assert found.stage_signs == ()


def test_when_the_customer_is_not_known_nothing_is_said_of_them():
    found = signals(EN, ("agent", "hello"), ("agent", "nobody called me back"))
    assert (found.promise_news, found.stage_signs) == (None, None)


@pytest.mark.parametrize(
    ("language", "text", "deed"),
    [
        (EN, "i'll call you back tomorrow about the refund", "call"),
        (EN, "i'll send a technician on tuesday", "visit"),
        (EN, "we'll send the refund within five days", "money"),
        (EN, "i'll send you a new router tomorrow", "goods"),
        (EN, "i'll email you the contract tomorrow", "word"),
        (HE, "אני אחזור אליך מחר", "call"),
        (HE, "נשלח אליך טכנאי תוך שלושה ימי עסקים", "visit"),
        (HE, "נחזיר לך את הכסף תוך שלושה ימי עסקים", "money"),
        (HE, "אשלח לך ראוטר מחר", "goods"),
        (HE, "נשלח לך מייל מחר", "word"),
    ],
)
def test_what_a_promise_is_of(language, text, deed):
    found = signals(language, ("agent", "hello"), ("customer", "hi"), ("agent", text), ("customer", "ok"))
    assert [one.deed for one in found.promises] == [deed]


def test_a_hebrew_deadline_in_business_days_is_quoted_whole():
    found = signals(HE, ("agent", "שלום"), ("customer", "היי"), ("agent", "אחזור אליך תוך שלושה ימי עסקים"))
    assert found.promises[0].when.quote == "תוך שלושה ימי עסקים"
