"""Generated turns that hold a number to mask, and turns that hold numbers not to be masked.

Every number is made here, by the rules of its kind, and said in many ways: written plain and in groups,
dictated digit by digit, in pairs, with "double" and "oh", in English and in Hebrew, in one turn and across
turns. Nothing here uses the tables of the grammar under test.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from stdnum import iban, luhn
from stdnum.il import idnr

EN_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
EN_TEENS = [
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]  # fmt: skip
EN_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
HE_FEMININE = ["אפס", "אחת", "שתיים", "שלוש", "ארבע", "חמש", "שש", "שבע", "שמונה", "תשע"]
HE_MASCULINE = ["אפס", "אחד", "שניים", "שלושה", "ארבעה", "חמישה", "שישה", "שבעה", "שמונה", "תשעה"]
HE_TENS = ["-", "עשר", "עשרים", "שלושים", "ארבעים", "חמישים", "שישים", "שבעים", "שמונים", "תשעים"]


class Case(NamedTuple):
    """Turns as (party, before, number, after); `kind` is None where nothing may be masked."""

    kind: str | None
    style: str
    language: str
    turns: list[tuple[str, str, str, str]]


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def card(rng: random.Random) -> str:
    prefix, length = rng.choice(
        [("4", 16), ("4", 16), ("4", 13), ("5" + rng.choice("12345"), 16), ("5" + rng.choice("12345"), 16),
         (str(rng.randint(2221, 2720)), 16), ("34", 15), ("37", 15), ("36", 14), ("6011", 16), ("65", 16),
         ("3530", 16), ("6304", 18), ("6759", 19), ("5018", 16)]
    )  # fmt: skip
    body = prefix + digits(rng, length - len(prefix) - 1)
    return body + luhn.calc_check_digit(body)


def israeli_id(rng: random.Random) -> str:
    body = rng.choice("0123") + digits(rng, 7)
    return next(body + last for last in "0123456789" if idnr.is_valid(body + last))


def account(rng: random.Random) -> str:
    country, bban = rng.choice(
        [
            ("IL", digits(rng, 19)),
            ("IL", digits(rng, 19)),
            ("DE", digits(rng, 18)),
            ("GB", "NWBK" + digits(rng, 14)),
        ]
    )
    check = iban.calc_check_digits(f"{country}00{bban}")
    return f"{country}{check}{bban}"


def say_english(rng: random.Random, number: str) -> str:
    style = rng.choice(["digits", "digits", "oh", "double", "pairs", "mixed"])
    words: list[str] = []
    index = 0
    while index < len(number):
        pair = number[index : index + 2]
        zero = "oh" if style == "oh" else "zero"
        if (
            style == "double"
            and len(number[index : index + 3]) == 3
            and len(set(number[index : index + 3])) == 1
        ):
            words.append(f"triple {EN_DIGITS[int(number[index])]}")
            index += 3
        elif style == "double" and len(pair) == 2 and pair[0] == pair[1]:
            words.append(f"double {EN_DIGITS[int(pair[0])]}")
            index += 2
        elif (
            (style == "pairs" or (style == "mixed" and rng.random() < 0.4))
            and len(pair) == 2
            and pair[0] != "0"
        ):
            words.append(_pair_english(rng, int(pair)))
            index += 2
        else:
            words.append(zero if number[index] == "0" else EN_DIGITS[int(number[index])])
            index += 1
    return _pauses(rng, words, ["uh", "and", "then", "um"])


def _pair_english(rng: random.Random, value: int) -> str:
    if value < 20:
        return EN_TEENS[value - 10]
    joint = rng.choice([" ", "-"])
    return EN_TENS[value // 10] + (joint + EN_DIGITS[value % 10] if value % 10 else "")


def say_hebrew(rng: random.Random, number: str) -> str:
    style = rng.choice(["feminine", "feminine", "masculine", "pairs", "double", "mixed"])
    table = HE_MASCULINE if style == "masculine" else HE_FEMININE
    words: list[str] = []
    index = 0
    while index < len(number):
        pair = number[index : index + 2]
        if style == "double" and len(pair) == 2 and pair[0] == pair[1]:
            words.append(f"פעמיים {table[int(pair[0])]}")
            index += 2
        elif (
            (style == "pairs" or (style == "mixed" and rng.random() < 0.4))
            and len(pair) == 2
            and pair[0] != "0"
        ):
            words.append(_pair_hebrew(int(pair)))
            index += 2
        else:
            words.append(table[int(number[index])])
            index += 1
    return _pauses(rng, words, ["אה", "ואז", "אמ"][:2])


def _pair_hebrew(value: int) -> str:
    if value == 10:
        return "עשר"
    if value < 20:
        ones = "שתים" if value == 12 else HE_FEMININE[value - 10]
        return f"{ones} עשרה"
    return HE_TENS[value // 10] + (f" ו{HE_FEMININE[value % 10]}" if value % 10 else "")


def _pauses(rng: random.Random, words: list[str], fillers: list[str]) -> str:
    commas = rng.random() < 0.5
    said = words[0]
    for word in words[1:]:
        # A comma never falls inside what is one number ("forty, five" is something else).
        said += rng.choice([", ", " "]) if commas and rng.random() < 0.4 else " "
        if rng.random() < 0.06:
            said += rng.choice(fillers) + " "
        said += word
    return said


def write(rng: random.Random, number: str) -> str:
    style = rng.choice(["plain", "spaces", "dashes", "singles", "commas", "odd"])
    if style == "plain" or not number.isdigit():
        if number.isdigit() or rng.random() < 0.5:
            return number
        return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    if style in ("singles", "commas"):
        return {"singles": " ", "commas": ", "}[style].join(number)
    mark = {"spaces": " ", "dashes": "-", "odd": rng.choice([" - ", ", ", " "])}[style]
    sizes = [4] * 5 if style != "odd" else [rng.randint(2, 6) for _ in range(10)]
    if len(number) == 15:
        sizes = [4, 6, 5]
    if len(number) == 9:
        sizes = rng.choice([[3, 3, 3], [1, 7, 1], [8, 1], [2, 3, 4], [9]])
    groups, start = [], 0
    for size in sizes:
        if start < len(number):
            groups.append(number[start : start + size])
            start += size
    groups.append(number[start:])
    return mark.join(group for group in groups if group)


def spell(rng: random.Random, number: str, language: str) -> str:
    """An IBAN said aloud: letters one by one, digits as digits are said."""
    say = say_english if language == "en" else say_hebrew
    pieces = re.findall(r"[A-Z]|\d+", number)
    if language == "he" and number.startswith("IL"):
        pieces = ["אי", "אל", *re.findall(r"\d+", number)]
    return " ".join(say(rng, piece) if piece.isdigit() else piece for piece in pieces)


BEFORE = {
    ("card", "en"): ["my card number is ", "sure, it's ", "okay the card is ", "yes, ", "the visa, ", ""],
    ("card", "he"): ["מספר הכרטיס הוא ", "כן, זה ", "הכרטיס שלי ", "בבקשה, ", "ויזה ", ""],
    ("id", "en"): ["my ID number is ", "yes it's ", "the ID is ", "sure, ", ""],
    ("id", "he"): ["תעודת הזהות שלי היא ", "מספר זהות ", "כן, ", "ת\"ז ", "התז שלי ", ""],
    ("short-id", "en"): ["my ID number is ", "the ID is ", "identity number "],
    ("short-id", "he"): ["תעודת זהות ", "מספר הזהות שלי הוא ", "ת.ז. "],
    ("ssn", "en"): ["my social security number is ", "the SSN is ", "my social is "],
    ("iban", "en"): ["the IBAN is ", "send it to ", "my account: "],
    ("iban", "he"): ["ה-IBAN הוא ", "להעביר ל ", "החשבון שלי "],
    ("code", "en"): ["the security code is ", "cvv ", "the three digits on the back are ", "the CVC is "],
    ("code", "he"): ["קוד האבטחה הוא ", "הספרות בגב הכרטיס ", "cvv ", "שלוש ספרות בגב "],
}  # fmt: skip
AFTER = {
    "en": ["", ".", " okay?", ". Is that right?", " thank you"],
    "he": ["", ".", " בסדר?", ". זה נכון?", " תודה"],
}
SHORT = {
    "en": ["mm", "yes", "okay", "go on", "uh huh", "got it"],
    "he": ["כן", "מממ", "אוקיי", "המשך", "בסדר"],
}


def positive(rng: random.Random) -> Case:
    language = rng.choice(["en", "he"])
    kind = rng.choices(
        ["card", "id", "short-id", "iban", "code", "ssn"], [45, 25, 6, 8, 12, 4 if language == "en" else 0]
    )[0]
    number = {
        "card": lambda: card(rng),
        "id": lambda: israeli_id(rng),
        "short-id": lambda: israeli_id(rng).lstrip("0")[-8:] if rng.random() < 0.5 else digits(rng, 7),
        "iban": lambda: account(rng),
        "code": lambda: digits(rng, rng.choice([3, 3, 4])),
        "ssn": lambda: digits(rng, 9),
    }[kind]()
    before, after = rng.choice(BEFORE[kind, language]), rng.choice(AFTER[language])
    written = rng.random() < 0.4
    mask = "id" if kind in ("short-id", "ssn") else kind
    say = say_english if language == "en" else say_hebrew

    def put(part: str) -> str:
        if written:
            return write(rng, part) if len(part) > 4 else part
        return say(rng, part) if part.isdigit() else spell(rng, part, language)

    layout = rng.choice(["one", "one", "asked", "groups", "echo"])
    asked = {"en": "and what is the number please?", "he": "ומה המספר בבקשה?"}[language]
    if (
        kind in ("short-id", "code", "ssn")
        or layout == "one"
        or (layout in ("groups", "echo") and kind == "iban")
    ):
        return Case(
            mask,
            f"{kind}/{'written' if written else 'spoken'}/one",
            language,
            [("B", before, put(number), after)],
        )
    style = f"{kind}/{'written' if written else 'spoken'}/{layout}"
    if layout == "asked":
        return Case(mask, style, language, [("A", asked, "", ""), ("B", before, put(number), after)])
    size = 3 if kind == "id" else 4
    parts = [number[i : i + size] for i in range(0, len(number), size)]
    turns: list[tuple[str, str, str, str]] = []
    for place, part in enumerate(parts):
        turns.append(("B", before if place == 0 else "", put(part), ""))
        if place < len(parts) - 1:
            turns.append(
                ("A", "", put(part), "") if layout == "echo" else ("A", rng.choice(SHORT[language]), "", "")
            )
    return Case(mask, style, language, turns)


def _phone(rng: random.Random) -> str:
    mobile = "05" + rng.choice("02345678") + digits(rng, 7)
    return rng.choice(
        [mobile, f"{mobile[:3]}-{mobile[3:]}", f"{mobile[:3]} {mobile[3:6]} {mobile[6:]}",
         f"+972-{mobile[1:3]}-{mobile[3:]}", f"0{rng.choice('23489')}-{digits(rng, 7)}"]
    )  # fmt: skip


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1950, 2026)
    return rng.choice(
        [f"{day}/{month}/{year}", f"{day:02d}.{month:02d}.{year}", f"{year}-{month:02d}-{day:02d}"]
    )


NEGATIVES: dict[str, list[Callable[[random.Random], str]]] = {
    "en": [
        lambda r: f"that comes to {r.randint(1, 9999)} dollars and {r.randint(1, 99)} cents",
        lambda r: f"it was ${r.randint(1, 999)},{r.randint(100, 999)}.{r.randint(10, 99)} on {_date(r)}",
        lambda r: f"your order number is {digits(r, r.randint(4, 8))}, it arrives on {_date(r)}",
        lambda r: f"the tracking number is {digits(r, 10)}",
        lambda r: f"call me back on {_phone(r)} after {r.randint(1, 12)}:{r.randint(10, 59)}",
        lambda r: f"my phone is {say_english(r, '05' + digits(r, 8))}",
        lambda r: f"I have kids aged {r.randint(1, 9)}, {r.randint(1, 9)} and {r.randint(10, 18)}",
        lambda r: f"flight AB{digits(r, 4)} leaves at {r.randint(10, 23)}:{r.randint(10, 59)}",
        lambda r: f"the order number is {digits(r, 9)} and the account number {digits(r, 9)}",
        lambda r: f"we moved in {r.randint(1990, 2026)}, paid {r.randint(2, 9)} hundred",
        lambda r: f"the reference is {say_english(r, digits(r, 6))} and the balance is two hundred dollars",
        lambda r: f"I waited {r.randint(10, 59)} minutes, then {r.randint(10, 59)} more, three or four times",
        lambda r: f"on the card there is a charge of {r.randint(10, 999)} from {_date(r)}",
        lambda r: f"your card ends in {digits(r, 4)} and the limit is {r.randint(1, 20)},000",
        lambda r: f"ticket {digits(r, 7)} was opened in {r.randint(2019, 2026)}",
        lambda r: f"invoice {digits(r, 10)} for {r.randint(1, 9)},{digits(r, 3)},{digits(r, 3)} shekels",
        lambda _: "one moment please, I will check one or two things for you to see",
        lambda r: f"apartment {r.randint(1, 99)}, {r.randint(1, 999)} main street, zip {digits(r, 5)}",
    ],
    "he": [
        lambda r: f"זה יוצא {r.randint(1, 9999)} שקלים ו{r.randint(1, 99)} אגורות",
        lambda r: f"חויבתי ב-{r.randint(1, 99)},{digits(r, 3)} ש\"ח בתאריך {_date(r)}",
        lambda r: f"מספר ההזמנה הוא {digits(r, r.randint(4, 8))} והיא תגיע ב-{_date(r)}",
        lambda r: f"תתקשרי אליי ל {_phone(r)} אחרי {r.randint(1, 12)}:{r.randint(10, 59)}",
        lambda r: f"הטלפון שלי {say_hebrew(r, '05' + digits(r, 8))}",
        lambda r: f"יש לי שלושה ילדים בני שתיים, חמש ו{r.randint(10, 18)}",
        lambda r: f"מספר האסמכתא {say_hebrew(r, digits(r, 6))} והיתרה מאתיים שקל",
        lambda r: f"חיכיתי {r.randint(10, 59)} דקות ואז עוד {r.randint(10, 59)}, שלוש או ארבע פעמים",
        lambda r: f"בכרטיס יש חיוב של {r.randint(10, 999)} מ-{_date(r)}",
        lambda r: f"הכרטיס מסתיים בספרות {digits(r, 4)} והמסגרת {r.randint(1, 20)},000",
        lambda r: f"פנייה מספר {digits(r, 7)} נפתחה בשנת {r.randint(2019, 2026)}",
        lambda _: "רגע אחד בבקשה, אני אבדוק דבר או שניים",
        lambda r: f"רחוב הרצל {r.randint(1, 120)} דירה {r.randint(1, 60)} מיקוד {digits(r, 7)}",
    ],
}  # fmt: skip


def negative(rng: random.Random) -> Case:
    language = rng.choice(["en", "he"])
    index = rng.randrange(len(NEGATIVES[language]))
    return Case(None, f"{language}/{index}", language, [("B", NEGATIVES[language][index](rng), "", "")])
