"""What only looks like the thing, judged by the rubric as it comes: rules and models are not fooled."""

from __future__ import annotations

import pytest

from tests.support.calls_as_text import SERVICE, findings

EN = "a: hello acme support this is bob how can i help\n"
HE = "a: שלום מדברת נועה מחברת אופק במה אפשר לעזור\n"


def needs(language: str, asked: str, answer: str) -> str:
    if language == "en":
        tail = "a: i have changed your plan to the small one\nc: okay\na: thanks for calling bye\nc: bye"
        return f"{EN}c: i need to change something about my phone plan\na: {asked}\nc: {answer}\n{tail}"
    tail = "a: שיניתי לך את החבילה לקטנה יותר\nc: תודה\na: תודה שפנית להתראות\nc: ביי"
    return f"{HE}c: אני צריך לשנות משהו בחבילה שלי\na: {asked}\nc: {answer}\n{tail}"


def closing(language: str, *lines: str) -> str:
    if language == "en":
        start = "c: i want to move my delivery to another day\na: which day suits you best\nc: friday\n"
        start += "a: i have moved your delivery to friday between nine and eleven\nc: great\n"
        return EN + start + "\n".join(lines)
    start = "c: אני רוצה להעביר את המשלוח ליום אחר\na: איזה יום נוח לך\nc: יום חמישי\n"
    start += "a: העברתי את המשלוח ליום חמישי בין תשע לאחת עשרה\nc: מעולה\n"
    return HE + start + "\n".join(lines)


def summary(language: str, *lines: str) -> str:
    if language == "en":
        start = "c: my washing machine is leaking and i need somebody to look at it\n"
        start += "a: where does the water come from\nc: from the door\n"
        return EN + start + "\n".join(lines)
    start = "c: המכונת כביסה שלי נוזלת ואני צריך שמישהו יסתכל\na: מאיפה יוצאים המים\nc: מהדלת\n"
    return HE + start + "\n".join(lines)


def complaint(language: str, line: str) -> str:
    if language == "en":
        return (
            f"{EN}c: you charged me twice and nobody called me back it's really annoying\na: {line}\n"
            "c: twice i said\na: i have refunded the second charge\nc: okay\na: thank you goodbye\nc: bye"
        )
    return (
        f"{HE}c: חייבתם אותי פעמיים ואף אחד לא חזר אליי זה ממש מתסכל\na: {line}\nc: פעמיים אמרתי\n"
        "a: זיכיתי אותך על החיוב השני\nc: בסדר\na: תודה להתראות\nc: ביי"
    )


@pytest.mark.parametrize(
    ("criterion", "language", "call"),
    [
        ("needs_clarification", "en", needs("en", "can i have your account number please", "nine one two")),
        ("needs_clarification", "en", needs("en", "may i have your full name and date of birth", "ann lee")),
        ("needs_clarification", "en", needs("en", "could you spell that for me", "l e e")),
        ("needs_clarification", "en", needs("en", "if i understood correctly okay", "yes")),
        ("needs_clarification", "en", needs("en", "how are you today", "fine")),
        ("needs_clarification", "he", needs("he", "מה מספר תעודת הזהות שלך", "שלוש שתיים אחת")),
        ("needs_clarification", "he", needs("he", "אם הבנתי נכון", "כן")),
        (
            "thanks",
            "en",
            closing(
                "en", "a: can i take a callback number", "c: five five one two", "a: thank you", "c: bye"
            ),
        ),
        ("thanks", "en", closing("en", "c: thank you so much bye", "a: bye now", "c: bye", "a: bye")),
        ("thanks", "en", closing("en", "a: thanks for holding", "c: no problem bye", "a: bye")),
        ("thanks", "en", closing("en", "a: well thanks for nothing bye", "c: bye", "a: bye")),
        ("thanks", "he", closing("he", "a: תודה על ההמתנה להתראות", "c: ביי", "a: ביי")),
        ("thanks", "he", closing("he", "c: תודה רבה לך ביי", "a: ביי", "c: ביי")),
        (
            "expectation_summary",
            "en",
            summary(
                "en", "a: so your machine is leaking from the door", "c: yes", "a: right okay bye", "c: bye"
            ),
        ),
        (
            "expectation_summary",
            "en",
            summary("en", "a: that is five five one two", "c: yes", "a: okay bye", "c: bye"),
        ),
        (
            "expectation_summary",
            "en",
            summary(
                "en", "a: if you do not pay by monday you will be charged", "c: what", "a: bye", "c: bye"
            ),
        ),
        (
            "expectation_summary",
            "en",
            summary("en", "a: a technician will call you soon", "c: okay", "a: bye"),
        ),
        ("apology", "en", complaint("en", "sorry could you say that again")),
        ("apology", "he", complaint("he", "סליחה לא שמעתי אפשר שוב")),
        ("empathy", "en", complaint("en", "calm down please")),
        ("empathy", "he", complaint("he", "תירגע בבקשה")),
    ],
)
def test_what_only_looks_like_it_does_not_pass(criterion: str, language: str, call: str) -> None:
    assert findings(call, language, SERVICE)[criterion].verdict.value == "fail"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("That is really not my problem.", "en"),
        ("I don't care what they told you.", "en"),
        ("Well that's your problem.", "en"),
        ("זו ממש לא הבעיה שלי.", "he"),
        ("לא אכפת לי מה אמרו לך.", "he"),
    ],
)
def test_what_means_one_thing_alone_is_never_taken_back(said, language):
    call = {
        "en": """a: Good morning, Gil from the bank, how can I help?
c: Hi, my card was declined yesterday and nobody called me back.
a: {said}
c: But you promised me last week.
a: I can order a new card, it takes five days.
c: Fine, do it.
a: Done, the card will arrive by Monday.
c: OK thanks.
a: Thank you, goodbye.""",
        "he": """a: בוקר טוב, גיל מהבנק, איך אפשר לעזור?
c: שלום, הכרטיס שלי נדחה אתמול ואף אחד לא חזר אליי.
a: {said}
c: אבל הבטחתם לי בשבוע שעבר.
a: אני יכול להזמין כרטיס חדש, זה לוקח חמישה ימים.
c: בסדר, תעשה.
a: הזמנתי, הכרטיס יגיע עד יום שני.
c: אוקיי תודה.
a: תודה לך ויום טוב.""",
    }[language]
    found = findings(call.format(said=said), language, SERVICE)["no_indifference"]
    assert found.verdict.value == "fail"
    assert said.rstrip(".") in found.evidence[0].quote


def test_it_is_no_indifference_to_deny_it():
    call = """a: Good morning, Gil from the bank, how can I help?
c: Hi, my card was declined yesterday and nobody called me back.
a: I don't want you to think it's not my problem, so I will stay on it myself.
c: But you promised me last week.
a: I don't care how long it takes, we will put it right today.
c: Fine, do it.
a: Done, the card will arrive by Monday.
c: OK thanks.
a: Thank you, goodbye."""
    assert findings(call, "en", SERVICE)["no_indifference"].verdict.value == "pass"
