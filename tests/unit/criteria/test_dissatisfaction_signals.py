"""What is complained of and why, amends, managers, flat assent, and behaviour in a call; and look-alikes."""

from __future__ import annotations

import pytest

from speechqa.core.analysis import Signals
from speechqa.criteria import CallView, find_signals
from tests.support.calls_as_text import RUBRIC, transcript

EN, HE = "en", "he"


def signals(text: str, language: str = EN) -> Signals:
    return find_signals(CallView(transcript=transcript(text, language), language=language), RUBRIC)


OPEN = {EN: "a: hello acme this is bob\n", HE: "a: שלום מדברת נועה מחברת אופק\n"}


@pytest.mark.parametrize(
    ("language", "said", "about"),
    [
        (EN, "your driver was so rude to me it's a disgrace", "staff"),
        (EN, "the parcel never came it's a disgrace", "delivery"),
        (EN, "nobody ever rings me back", "waiting"),
        (EN, "you have charged me twice again", "billing"),
        (EN, "this is ridiculous the boiler you fitted is leaking again", "product"),
        (EN, "i'm disgusted why do i have to fill in another form", "policy"),
        (HE, "הטכנאי שלכם צעק עליי זו בושה", "staff"),
        (HE, "המשלוח לא הגיע זה ביזיון", "delivery"),
        (HE, "אף אחד לא חוזר אליי זו בושה", "waiting"),
        (HE, "חייבתם אותי שוב פעמיים זו בושה", "billing"),
        (HE, "זו בושה התנור שלכם שוב מקולקל", "product"),
    ],
)
def test_a_complaint_has_its_subject_in_the_customers_words(language, said, about):
    found = signals(
        f"{OPEN[language]}c: {said}\na: אוקיי" if language == HE else f"{OPEN[EN]}c: {said}\na: ok", language
    )
    assert found.complaint.value is True
    subjects = {one.about: one.said for one in found.complaint_subjects}
    assert about in subjects
    assert subjects[about].speaker == "customer"
    assert subjects[about].quote


def test_nothing_is_complained_of_without_a_complaint():
    found = signals(f"{OPEN[EN]}c: what does the delivery cost\na: five pounds")
    assert (found.complaint_subjects, found.cause, found.churn_reason) == ((), None, None)


@pytest.mark.parametrize(
    ("language", "text", "by"),
    [
        (EN, "c: your engineer was so rude to me it's a disgrace\na: oh", "agent"),
        (EN, "c: could i change the day\na: that's a stupid question you idiot\nc: how dare you", "agent"),
        (EN, "c: nobody ever rings me back\na: oh", "organisation"),
        (HE, "c: הנציג צעק עליי זו בושה\na: הבנתי", "agent"),
        (HE, "c: המשלוח לא הגיע זה ביזיון\na: הבנתי", "organisation"),
    ],
)
def test_who_gave_cause_is_told_apart(language, text, by):
    assert signals(OPEN[language] + text, language).cause.by == by


@pytest.mark.parametrize(
    ("language", "said", "reason", "stage"),
    [
        (EN, "nobody ever listens so i'm off to somebody else", "indifference", 3),
        (EN, "you put the price up again it's a disgrace i'm switching to another provider", "price", 3),
        (EN, "i'm switching to another provider", "unknown", 3),
        (HE, "המחיר קפץ שוב זו בושה אני עובר לחברה אחרת", "price", 3),
    ],
)
def test_a_sign_of_leaving_has_its_reason_and_stage(language, said, reason, stage):
    found = signals(f"{OPEN[language]}c: {said}", language)
    assert found.churn_risk.value is True
    assert (found.churn_reason.reason, found.churn_reason.stage) == (reason, stage)


@pytest.mark.parametrize(
    ("language", "said", "asked"),
    [
        (EN, "put me through to your manager", True),
        (EN, "i spoke to a manager on monday", False),
        (HE, "תני לי מנהל", True),
        (HE, "דיברתי עם המנהל אתמול", False),
    ],
)
def test_a_manager_is_asked_for_not_spoken_of(language, said, asked):
    assert signals(f"{OPEN[language]}c: {said}", language).manager_request.value is asked


def test_amends_are_asked_for_offered_named_and_refused():
    found = signals(
        f"{OPEN[EN]}c: nobody ever rings me back it's a disgrace i want compensation of fifty pounds\n"
        "a: i'm not authorised to give that\na: i can give you twenty pounds off as a goodwill gesture"
    )
    assert found.compensation_asked.value is True
    assert found.compensation_offered.value is True
    assert found.not_in_authority.value is True
    assert [one.quote for one in found.compensation_sums] == ["fifty pounds", "twenty pounds"]


def test_amends_are_asked_for_in_hebrew():
    found = signals(
        f"{OPEN[HE]}c: חיכיתי שבועיים זו בושה אני דורש פיצוי\na: אני מוסיף לך חודש חינם על עוגמת הנפש", HE
    )
    assert (found.compensation_asked.value, found.compensation_offered.value) == (True, True)


@pytest.mark.parametrize("said", ["do you have a student discount", "is there a discount for two"])
def test_a_discount_is_no_amends_where_nothing_is_complained_of(said):
    found = signals(f"{OPEN[EN]}c: {said}\na: yes ten percent off")
    assert (found.compensation_asked.value, found.compensation_offered.value) == (False, False)


@pytest.mark.parametrize(
    ("language", "text", "silent"),
    [
        (EN, "c: can you move it to friday\na: no we can't do that\nc: fine never mind\na: bye", True),
        (EN, "c: can you move it to friday\na: no we can't do that\nc: okay bye\na: bye", True),
        (EN, "c: can you move it to friday\na: no we can't do that\nc: okay\na: bye\nc: bye", True),
        (EN, "c: can you move it to friday\na: i've moved it to friday\nc: great thanks bye\na: bye", False),
        (
            EN,
            "c: two items are missing\na: we can't do that\nc: fine\na: i've refunded them\nc: right",
            False,
        ),
        (
            EN,
            "c: i want to cancel my contract\na: half price for a year\nc: okay then i'll stay\na: bye",
            False,
        ),
        (EN, "c: how do i reset it\na: you hold the button for ten seconds\nc: okay\na: bye", False),
        (EN, "c: i want a manager\na: may i try first\nc: okay my bill is wrong\na: let me see", False),
        (HE, "c: אפשר ביום שישי\na: אי אפשר\nc: טוב עזוב\na: להתראות", True),
    ],
)
def test_who_gives_in_flatly_is_heard(language, text, silent):
    assert signals(OPEN[language] + text, language).silent_dissatisfaction.value is silent


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        (EN, "c: this is a bloody disgrace i'm furious", "angry"),
        (EN, "c: i want it fixed right now and i'm not hanging up until it is", "demanding"),
        (EN, "c: i don't understand\na: it's the blue one\nc: you've lost me", "confused"),
        (EN, "c: nobody rings me back\na: oh\nc: how kind of you as always", "passive_aggressive"),
        (EN, "c: give me a discount or i'll leave you a bad review", "manipulative"),
        (HE, "c: אני רותח זו חוצפה", "angry"),
        (HE, "c: אני לא סוגר את הטלפון עד שזה מסודר", "demanding"),
        (HE, "c: לא הבנתי כלום\na: הכחול\nc: התבלבלתי", "confused"),
        (HE, "c: אם לא אני כותב עליכם ביקורת", "manipulative"),
    ],
)
def test_behaviour_is_told_of_the_call_with_its_words(language, text, kind):
    found = signals(OPEN[language] + text, language)
    assert kind in found.customer_type
    assert all(one.said.quote and one.said.speaker == "customer" for one in found.customer_type_signs)
    assert set(found.customer_type) == {one.kind for one in found.customer_type_signs}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "c: hello could i book a table for two\na: of course\nc: how kind of you thank you"),
        (EN, "c: sorry which one\na: the blue one\nc: oh right thanks"),
        (HE, "c: את ממש מקסימה תודה על השירות\na: תודה"),
        (HE, "c: שלום אפשר לקבוע תור\na: בטח\nc: תודה רבה"),
    ],
)
def test_friendly_customers_are_of_no_type(language, text):
    assert signals(OPEN[language] + text, language).customer_type == ()


@pytest.mark.parametrize(
    ("answer", "courteous"),
    [("i'm sorry let me look at that for you", True), ("you're the rude one learn some manners", False)],
)
def test_courtesy_under_provocation_is_seen(answer, courteous):
    found = signals(f"{OPEN[EN]}c: you stupid cow where is my parcel\na: {answer}\nc: fine")
    assert found.courtesy_under_provocation.value is courteous


def test_what_nobody_heard_is_unknown():
    found = signals("a: hello this is bob")
    names = ("manager_request", "compensation_asked", "silent_dissatisfaction", "courtesy_under_provocation")
    assert all(getattr(found, name).value is None for name in names)
    assert (found.complaint_subjects, found.customer_type_signs, found.compensation_sums) == (
        None,
        None,
        None,
    )


def test_closing_an_account_is_no_matter_of_its_price():
    found = signals(f"{OPEN[HE]}c: זו בושה תסגור לי את החשבון\na: סגרתי", HE)
    assert found.churn_reason.reason != "price"
    dear = signals(f"{OPEN[HE]}c: המחיר קפץ שוב זו בושה תסגור לי את החשבון\na: סגרתי", HE)
    assert dear.churn_reason.reason == "price"


@pytest.mark.parametrize(
    ("said", "threat"),
    [
        ("i work on your wifi and my lawyer's line is down", False),
        ("it's my solicitor's office that has no internet", False),
        ("my lawyer will hear about this", True),
        ("you'll get a letter from my lawyer", True),
    ],
)
def test_what_belongs_to_a_lawyer_threatens_nobody(said, threat):
    assert signals(f"{OPEN[EN]}c: {said}\na: oh").public_or_legal_threat.value is threat
