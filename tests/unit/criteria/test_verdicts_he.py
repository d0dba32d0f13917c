"""Verdicts on Hebrew calls, and that a man and a woman are judged alike."""

from __future__ import annotations

import pytest

from speechqa.criteria import CallView, find_signals
from tests.support.calls_as_text import RUBRIC, findings, transcript, verdict

GOOD = """
a: שלום, הגעת למוקד השירות של גלים, {speaking} רותם, במה אוכל לעזור?
c: היי, האינטרנט אצלי מתנתק כל ערב ואני כבר ממש {desperate}, אף אחד לא חוזר אליי
a: אוי, אני {understand} אותך לגמרי, זה באמת מתסכל. אני {sorry} שלא חזרו אליך.
c: טוב, תודה
a: {say} לי, זה קורה רק באלחוטי או גם {when} {connected} בכבל?
c: גם בכבל
a: אז ככה, פתחתי לך קריאת שירות, וטכנאי יגיע אליך מחר בין שמונה לעשר. {youcan} להישאר בבית?
c: אחלה, מתאים לי
a: יש עוד משהו שאוכל לעזור בו?
c: לא, זה הכל
a: תודה רבה על הסבלנות ושפנית אלינו, שיהיה לך המשך יום נעים
c: גם לך, ביי
"""
MAN = {
    "speaking": "מדבר", "desperate": "מיואש", "understand": "מבין", "sorry": "מתנצל", "say": "תגיד",
    "when": "כשאתה", "connected": "מחובר", "youcan": "תוכל",
}  # fmt: skip
WOMAN = {
    "speaking": "מדברת", "desperate": "מיואשת", "understand": "מבינה", "sorry": "מתנצלת", "say": "תגידי",
    "when": "כשאת", "connected": "מחוברת", "youcan": "תוכלי",
}  # fmt: skip

TEXT = [
    "greeting", "needs_clarification", "expectation_summary", "thanks", "anything_else", "farewell",
    "apology", "empathy", "no_indifference", "no_insult",
]  # fmt: skip


def test_a_good_call_passes_everything() -> None:
    found = findings(GOOD.format(**MAN), "he")
    assert {name: found[name].verdict.value for name in TEXT} == dict.fromkeys(TEXT, "pass")
    assert found["thanks"].earned == 10


def test_twins_of_a_whole_call_are_judged_alike() -> None:
    man, woman = (findings(GOOD.format(**forms), "he") for forms in (MAN, WOMAN))
    assert {n: (f.verdict, f.earned) for n, f in man.items()} == {
        n: (f.verdict, f.earned) for n, f in woman.items()
    }


OPEN = "a: שלום מדברת נועה מחברת אופק במה אפשר לעזור\n"


def closing(*lines: str) -> str:
    start = OPEN + "c: אני רוצה להעביר את המשלוח ליום אחר\na: איזה יום נוח לך\nc: יום חמישי\n"
    return start + "a: העברתי את המשלוח ליום חמישי בין תשע לאחת עשרה\nc: מעולה\n" + "\n".join(lines)


def needs(line: str, answer: str = "פחות דקות") -> str:
    start = OPEN + "c: אני צריך לשנות משהו בחבילה שלי\n" + line + f"\nc: {answer}\n"
    return start + "a: שיניתי לך את החבילה לקטנה יותר\nc: תודה\na: תודה שפנית להתראות\nc: ביי"


def complaint(line: str) -> str:
    start = OPEN + "c: חייבתם אותי פעמיים ואף אחד לא חזר אליי זה ממש מתסכל\n" + line
    return start + "\na: זיכיתי אותך על החיוב השני\nc: בסדר\na: תודה להתראות\nc: ביי"


def summary(*lines: str) -> str:
    start = (
        OPEN + "c: מכונת הכביסה שלי נוזלת ואני צריך שמישהו יבוא לבדוק אותה\na: מאיפה המים יוצאים\nc: מהדלת\n"
    )
    return start + "\n".join(lines)


@pytest.mark.parametrize(
    ("call", "name", "expected"),
    [
        (closing("a: תודה שהתקשרת יום טוב", "c: ביי"), "thanks", "pass"),
        (closing("a: אני מודה לך על הפנייה להתראות", "c: ביי"), "thanks", "pass"),
        (closing("a: תודה על ההמתנה להתראות", "c: ביי"), "thanks", "fail"),
        (closing("c: תודה רבה להתראות", "a: בבקשה יום טוב"), "thanks", "fail"),
        (
            closing("a: מה מספר הטלפון לחזרה", "c: אפס חמש שבע שתיים", "a: תודה", "c: ביי", "a: ביי"),
            "thanks",
            "fail",
        ),
        (closing("a: תודה על כלום ביי", "c: ביי"), "thanks", "fail"),
        (closing("a: אני מודה שטעיתי ביי", "c: ביי"), "thanks", "fail"),
        (closing("a: במה עוד אוכל לעזור", "c: זהו תודה", "a: שבת שלום"), "anything_else", "pass"),
        (closing("a: ביי", "c: ביי"), "anything_else", "fail"),
        (closing("a: רפואה שלמה", "c: תודה ביי"), "farewell", "pass"),
        (closing("a: שבת שלום", "c: שבת שלום"), "farewell", "pass"),
        (closing("c: ביי", "a: אוקיי"), "farewell", "fail"),
        (needs("a: מה היית רוצה לשנות בחבילה"), "needs_clarification", "pass"),
        (needs("a: כמה דקות אתה צורך בחודש", "חמישים"), "needs_clarification", "pass"),
        (needs("a: גלישה או דקות", "דקות"), "needs_clarification", "pass"),
        (needs("a: אז אתה רוצה לשנות את החבילה", "כן למשהו קטן"), "needs_clarification", "pass"),
        (needs("a: מה מספר הזהות שלך", "שלוש שתיים אחת"), "needs_clarification", "fail"),
        (needs("a: אפשר לקבל את השם המלא", "דנה לוי"), "needs_clarification", "fail"),
        (needs("a: אם הבנתי נכון", "כן"), "needs_clarification", "fail"),
        (needs("a: מה שלומך היום", "בסדר"), "needs_clarification", "fail"),
        (
            summary("a: טכנאי יגיע אליך ביום שלישי עד הצהריים", "c: מצוין", "a: תודה ביי"),
            "expectation_summary",
            "pass",
        ),
        (summary("a: נשלח לך אטם חדש תוך שלושה ימים", "c: בסדר", "a: ביי"), "expectation_summary", "pass"),
        (summary("a: קבעתי לך טכנאי למחר בבוקר", "c: תודה", "a: ביי"), "expectation_summary", "pass"),
        (summary("a: טכנאי יחזור אליך בקרוב", "c: טוב", "a: ביי", "c: ביי"), "expectation_summary", "fail"),
        (summary("a: אז המכונה נוזלת מהדלת", "c: כן", "a: טוב ביי", "c: ביי"), "expectation_summary", "fail"),
        (summary("a: אין מה לעשות", "c: טוב ביי", "a: ביי"), "expectation_summary", "fail"),
        (summary("a: הכל מסודר", "c: טוב", "a: ביי", "c: ביי"), "expectation_summary", "fail"),
        (complaint("a: אני ממש מצטערת על זה"), "apology", "pass"),
        (complaint("a: סליחה על הטעות שלנו"), "apology", "pass"),
        (complaint("a: סליחה"), "apology", "fail"),
        (complaint("a: סליחה לא שמעתי אפשר לחזור"), "apology", "fail"),
        (complaint("a: לצערי ככה זה"), "apology", "fail"),
        (complaint("a: מצטער אבל אי אפשר"), "apology", "fail"),
        (complaint("a: אתה צודק לגמרי"), "empathy", "pass"),
        (complaint("a: זה באמת מעצבן"), "empathy", "pass"),
        (complaint("a: אני לא מבין מה אתה רוצה"), "empathy", "fail"),
        (complaint("a: תירגעי בבקשה"), "empathy", "fail"),
        (complaint("a: למה אתה צועק"), "empathy", "fail"),
        (complaint("a: כל הכבוד לך באמת"), "empathy", "fail"),
        (complaint("a: זו לא בעיה שלי"), "no_indifference", "fail"),
        (complaint("a: תסתדרי לבד"), "no_indifference", "fail"),
        (complaint("a: אין בעיה אני אבדוק"), "no_indifference", "pass"),
        (complaint("a: אתה סתם חצוף"), "no_insult", "fail"),
        (complaint("a: את מטומטמת"), "no_insult", "fail"),
        (complaint("a: זו הייתה שאלה מצוינת"), "no_insult", "pass"),
    ],
)
def test_verdict(call: str, name: str, expected: str) -> None:
    assert verdict(call, name, "he") == expected


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("a: אני מתנצל על זה", "a: אני מתנצלת על זה"),
        ("a: אני מבין אותך", "a: אני מבינה אותך"),
        ("a: אתה צודק", "a: את צודקת"),
        ("a: תירגע", "a: תירגעי"),
        ("a: אל תצעק עליי", "a: אל תצעקי עליי"),
        ("a: אתה נשמע כועס", "a: את נשמעת כועסת"),
        ("a: אתה אידיוט", "a: את אידיוטית"),
        ("a: תסתדר לבד", "a: תסתדרי לבד"),
        ("a: אתה יכול לפרט מה קרה", "a: את יכולה לפרט מה קרה"),
        ("a: תמתין רגע על הקו", "a: תמתיני רגע על הקו"),
        ("a: מה אתה רוצה ממני", "a: מה את רוצה ממני"),
        ("a: אני ממש מצטער לשמוע", "a: אני ממש מצטערת לשמוע"),
        ("a: הייתי מרגיש אותו דבר במקומך", "a: הייתי מרגישה אותו דבר במקומך"),
    ],
)
def test_twins_of_a_line_are_judged_alike(man: str, woman: str) -> None:
    left, right = findings(complaint(man), "he"), findings(complaint(woman), "he")
    assert {n: (f.verdict, f.earned) for n, f in left.items()} == {
        n: (f.verdict, f.earned) for n, f in right.items()
    }


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("אני כועס ומאוכזב", "אני כועסת ומאוכזבת"),
        ("אני עוזב אתכם", "אני עוזבת אתכם"),
        ("אני רוצה להתנתק ועובר למתחרים", "אני רוצה להתנתק ועוברת למתחרים"),
        ("אני מאוד מרוצה", "אני מאוד מרוצה"),
        ("אתה ממש אלוף", "את ממש אלופה"),
        ("אני לא מרוצה בכלל", "אני לא מרוצה בכלל"),
    ],
)
def test_twins_of_a_customer_give_the_same_signals(man: str, woman: str) -> None:
    def of(said: str) -> list[bool | None]:
        call = transcript(OPEN + f"c: {said}", "he")
        signals = find_signals(CallView(transcript=call), RUBRIC)
        return [signals.complaint.value, signals.churn_risk.value, signals.satisfaction_expressed.value]

    assert of(man) == of(woman)
    assert any(of(man))


def test_points_and_plain_spelling_are_the_same() -> None:
    plain = closing("a: תודה על השירות ויום טוב", "c: ביי")
    pointed = plain.replace("תודה על", "תּוֹדָה עַל")
    assert findings(plain, "he")["thanks"].verdict == findings(pointed, "he")["thanks"].verdict
