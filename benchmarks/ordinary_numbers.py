# ruff: noqa: E501 -- what people say stands on a line of its own
"""What people say with numbers in it that nobody has to hide; for `generated_numbers`."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.number_speech import digits, say


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1950, 2026)
    return rng.choice(
        [f"{day}/{month}/{year}", f"{day:02d}.{month:02d}.{year}", f"{year}-{month:02d}-{day:02d}"]
    )


MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
NEGATIVES: dict[str, list[Callable[[random.Random], str]]] = {
    "en": [
        lambda r: f"that comes to {r.randint(1, 9999)} dollars and {r.randint(1, 99)} cents",
        lambda r: f"it was ${r.randint(1, 999)},{r.randint(100, 999)}.{r.randint(10, 99)} on {_date(r)}",
        lambda r: f"the total is {say(r, str(r.randint(100, 999)), 'en')} dollars for {r.randint(2, 40)} items",
        lambda r: f"I ordered {r.randint(2, 30)} boxes, {r.randint(2, 30)} came and {r.randint(2, 9)} were broken",
        lambda r: f"your order number is {digits(r, r.randint(4, 8))}, it arrives on {_date(r)}",
        lambda r: f"the tracking number is {digits(r, 10)}",
        lambda r: f"I have kids aged {r.randint(1, 9)}, {r.randint(1, 9)} and {r.randint(10, 18)}",
        lambda r: f"flight AB{digits(r, 4)} leaves at {r.randint(10, 23)}:{r.randint(10, 59)} from gate {r.randint(1, 60)}",
        lambda r: f"take bus {r.randint(1, 480)} or line {r.randint(1, 480)} at {r.randint(1, 12)} {r.randint(10, 59)}",
        lambda r: f"we moved in {r.randint(1990, 2026)}, paid {r.randint(2, 9)} hundred thousand",
        lambda r: f"the reference is {say(r, digits(r, 6), 'en')} and the balance is two hundred dollars",
        lambda r: f"I waited {r.randint(10, 59)} minutes, then {r.randint(10, 59)} more, three or four times",
        lambda r: f"on the card there is a charge of {r.randint(10, 999)} from {_date(r)}",
        lambda r: f"your card ends in {digits(r, 4)} and the limit is {r.randint(1, 20)},000",
        lambda r: f"invoice {digits(r, 10)} for {r.randint(1, 9)},{digits(r, 3)},{digits(r, 3)} shekels",
        lambda _: "one moment please, I will check one or two things for you to see",
        lambda r: f"apartment {r.randint(1, 99)}, {r.randint(1, 999)} main street, zip {digits(r, 5)}",
        lambda r: f"I was born on the {r.randint(1, 28)}th of {r.choice(MONTHS)} {r.randint(1950, 2005)}",
        lambda r: f"we're open from {r.randint(7, 10)} to {r.randint(16, 22)}, fridays {r.randint(7, 10)}:00 to {r.randint(12, 15)}:30",
        lambda r: f"it's {r.randint(5, 60)} percent off until {r.choice(MONTHS)} {r.randint(1, 28)}, so {r.randint(20, 900)}.{digits(r, 2)}",
        lambda r: f"is that the galaxy S{r.randint(9, 25)} or the iphone {r.randint(8, 17)} pro with {r.choice(['128', '256', '512'])} gigabytes",
        lambda r: f"my phone is a pixel {r.randint(3, 9)} and the bill was {r.randint(20, 300)}, not {r.randint(20, 300)}",
        lambda r: f"the account has {r.randint(2, 9)} lines and was opened {r.randint(2, 20)} years ago in {r.randint(2000, 2025)}",
        lambda r: f"the model is WX-{digits(r, 4)} and it weighs {r.randint(2, 80)} kilos, {r.randint(30, 99)} by {r.randint(30, 99)} by {r.randint(30, 99)}",
        lambda r: f"what's the code for the discount? it's SAVE{r.randint(10, 50)}, you get {r.randint(10, 50)} percent",
        lambda r: f"room {r.randint(100, 999)}, two nights, {r.randint(2, 5)} guests, breakfast at {r.randint(6, 9)} thirty",
        lambda r: f"the passport office is open {r.randint(8, 9)} to {r.randint(14, 17)} and a passport costs {r.randint(50, 200)} dollars",
        lambda r: f"look it up at our website dot com, page {r.randint(2, 90)}",
        lambda r: f"she has a driving licence since {r.randint(1980, 2024)} and {r.randint(1, 4)} cars",
        lambda r: f"say {say(r, str(r.randint(1000, 9999)), 'en')} shekels in {r.randint(3, 36)} payments of {r.randint(50, 900)}",
        lambda r: f"the game ended {r.randint(0, 5)} {r.randint(0, 5)} and {r.randint(10, 90)} thousand people watched it",
        lambda r: f"between {r.randint(100, 400)} and {r.randint(401, 900)} megabits, I measured {r.randint(5, 99)}, {r.randint(5, 99)}, {r.randint(5, 99)}",
    ],
    "he": [
        lambda r: f"זה יוצא {r.randint(1, 9999)} שקלים ו{r.randint(1, 99)} אגורות",
        lambda r: f"חויבתי ב-{r.randint(1, 99)},{digits(r, 3)} ש\"ח בתאריך {_date(r)}",
        lambda r: f"הסכום הוא {say(r, str(r.randint(100, 999)), 'he')} שקל על {r.randint(2, 40)} פריטים",
        lambda r: f"הזמנתי {r.randint(2, 30)} קופסאות, הגיעו {r.randint(2, 30)} ו{r.randint(2, 9)} שבורות",
        lambda r: f"מספר ההזמנה הוא {digits(r, r.randint(4, 8))} והיא תגיע ב-{_date(r)}",
        lambda r: f"יש לי שלושה ילדים בני שתיים, חמש ו{r.randint(10, 18)}",
        lambda r: f"מספר האסמכתא {say(r, digits(r, 6), 'he')} והיתרה מאתיים שקל",
        lambda r: f"חיכיתי {r.randint(10, 59)} דקות ואז עוד {r.randint(10, 59)}, שלוש או ארבע פעמים",
        lambda r: f"בכרטיס יש חיוב של {r.randint(10, 999)} מ-{_date(r)}",
        lambda r: f"הכרטיס מסתיים בספרות {digits(r, 4)} והמסגרת {r.randint(1, 20)},000",
        lambda r: f"פנייה מספר {digits(r, 7)} נפתחה בשנת {r.randint(2019, 2026)}",
        lambda _: "רגע אחד בבקשה, אני אבדוק דבר או שניים",
        lambda r: f"רחוב הרצל {r.randint(1, 120)} דירה {r.randint(1, 60)} מיקוד {digits(r, 7)}",
        lambda r: f"טיסה LY{digits(r, 3)} יוצאת ב-{r.randint(10, 23)}:{r.randint(10, 59)} משער {r.randint(1, 60)}",
        lambda r: f"קח את קו {r.randint(1, 480)} או אוטובוס {r.randint(1, 480)} בשעה {r.randint(1, 12)}",
        lambda r: f"אנחנו פתוחים מ-{r.randint(7, 10)} עד {r.randint(16, 22)}, ביום שישי עד {r.randint(12, 15)}:30",
        lambda r: f"יש {r.randint(5, 60)} אחוז הנחה עד ה-{r.randint(1, 28)} בחודש, יוצא {r.randint(20, 900)}.{digits(r, 2)}",
        lambda r: f"זה גלקסי S{r.randint(9, 25)} או אייפון {r.randint(8, 17)} עם {r.choice(['128', '256', '512'])} גיגה",
        lambda r: f"נולדתי ב-{r.randint(1, 28)} במאי {r.randint(1950, 2005)} ואני לקוח כבר {r.randint(2, 30)} שנה",
        lambda r: f"החשבון הגיע ל-{r.randint(100, 900)} במקום {r.randint(100, 900)}, ובחודש שעבר {r.randint(100, 900)}",
        lambda r: f"הטלפון שלי הוא אייפון {r.randint(8, 17)} והחשבונית על {r.randint(50, 900)} שקל",
        lambda r: f"הדרכון עולה {r.randint(100, 400)} שקל ומחכים {r.randint(2, 9)} שבועות",
        lambda r: f"יש לי רישיון מאז {r.randint(1980, 2024)} ושני רכבים",
        lambda r: f"אפשר ב-{r.randint(3, 36)} תשלומים של {r.randint(50, 900)}, סך הכול {say(r, str(r.randint(1000, 9999)), 'he')} שקל",
        lambda r: f"מה הקוד להנחה? קוד קופון {r.randint(1000, 9999)}, נותן {r.randint(10, 50)} אחוז",
        lambda r: f"מדדתי {r.randint(5, 99)}, {r.randint(5, 99)} ו-{r.randint(5, 99)} מגה, מתוך {r.choice([100, 500, 1000])}",
        lambda r: f"הקוד במדף {r.randint(1, 9)} קומה {r.randint(1, 20)}, מידה {r.randint(36, 46)}",
    ],
}  # fmt: skip
