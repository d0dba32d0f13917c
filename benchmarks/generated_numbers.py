# ruff: noqa: E501 -- what people say stands on a line of its own
"""Generated turns that hold a number to mask, and turns that hold numbers not to be masked.

Every number is made here, by the rules of its kind, and put into a scene: who asks, how it is asked for, how it
is answered, whether in one go, in pieces with somebody's "mhm" between, read back, corrected or misheard.
Written by what people do, not by what masking looks for.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from stdnum import iban, luhn
from stdnum.il import idnr

from benchmarks.number_speech import corrected, digits, groups, misheard, say, write
from benchmarks.ordinary_numbers import NEGATIVES


class Case(NamedTuple):
    """Turns as (party, before, number, after); `kind` is None where nothing may be masked."""

    kind: str | None
    style: str
    language: str
    turns: list[tuple[str, str, str, str]]


KINDS = {
    "card": 20, "id": 16, "iban": 7, "account": 9, "phone": 18, "email": 10, "code": 10, "passport": 5, "licence": 5,
}  # fmt: skip


def card(rng: random.Random) -> str:
    prefix, length = rng.choice(
        [("4", 16), ("4", 16), ("5" + rng.choice("12345"), 16), ("5" + rng.choice("12345"), 16),
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
    return f"{country}{iban.calc_check_digits(f'{country}00{bban}')}{bban}"


def phone(rng: random.Random, language: str) -> tuple[str, list[list[int]]]:
    """A number and the ways people group it."""
    mobile = "05" + rng.choice("02345678") + rng.choice("23456789") + digits(rng, 6)
    kinds = [
        (mobile, [[3, 3, 4], [3, 7], [3, 2, 2, 3], [2, 2, 2, 2, 2], [3, 3, 2, 2], [3, 1, 1, 1, 1, 1, 1, 1]])
    ] * 4
    kinds.append(
        (f"0{rng.choice('23489')}{rng.choice('5678')}{digits(rng, 6)}", [[2, 3, 4], [2, 7], [2, 3, 2, 2]])
    )
    kinds.append((f"077{rng.choice('23456789')}{digits(rng, 6)}", [[3, 3, 4], [3, 7]]))
    if language == "en":
        area = rng.choice(["212", "415", "617", "312", "206", "713", "404"])
        kinds += [
            (
                f"{area}{rng.choice('2345678')}{rng.choice('0234567')}{rng.choice('2345678')}{digits(rng, 4)}",
                [[3, 3, 4], [3, 3, 2, 2]],
            )
        ] * 3
        kinds.append((f"07{rng.choice('4578')}{digits(rng, 8)}", [[5, 3, 3], [5, 6], [3, 4, 4]]))
    return rng.choice(kinds)


def _own_pieces(rng: random.Random) -> tuple[list[str], list[str]]:
    english = [
        rng.choice(
            [
                "dana",
                "yossi",
                "rachel",
                "mike",
                "steve",
                "laura",
                "omer",
                "noa",
                "tom",
                "anna",
                "david",
                "kate",
                "john",
                "priya",
            ]
        ),
        rng.choice(
            ["cohen", "levi", "smith", "jones", "peretz", "katz", "brown", "miller", "friedman", "barak"]
        ),
    ]
    hebrew = [
        rng.choice(["דנה", "יוסי", "רחל", "מיכאל", "נועה", "עומר", "תמר", "אבי", "שירה", "רון"]),
        rng.choice(["כהן", "לוי", "פרץ", "כץ", "ברק", "פרידמן", "מזרחי", "אוחיון"]),
    ]
    return english, hebrew


def email(rng: random.Random, language: str) -> tuple[str, str]:
    """An address as it is said or written, and how."""
    english, hebrew = _own_pieces(rng)
    number = rng.choice(["", "", digits(rng, 2), str(rng.randint(1950, 2010))])
    site = rng.choice(
        [
            "gmail.com",
            "gmail.com",
            "hotmail.com",
            "yahoo.com",
            "outlook.com",
            "walla.co.il",
            "bluebird.org",
            "mail.acme.co.uk",
            "netvision.net.il",
        ]
    )
    if rng.random() < 0.3:
        local = rng.choice(["{0}.{1}", "{0}_{1}", "{0}{1}", "{0}", "{0}-{1}"]).format(*english) + number
        return f"{local}@{site}", "written"
    names = english if language == "en" else rng.choice([english, hebrew])
    dot, at, under = (
        ("dot", "at", "underscore")
        if language == "en"
        else ("נקודה", rng.choice(["שטרודל", "שטרודל", "כרוכית"]), "קו תחתון")
    )
    spoken_site = site
    if language == "he":
        table = {
            "gmail.com": "ג'ימייל.קום",
            "hotmail.com": "הוטמייל.קום",
            "yahoo.com": "יאהו.קום",
            "outlook.com": "אאוטלוק.קום",
            "walla.co.il": rng.choice(["וואלה.קו.איל", "וואלה.קו.IL"]),
            "netvision.net.il": "נטוויזן.נט.איל",
        }
        spoken_site = table.get(site, "ג'ימייל.קום")
    shape = rng.choice(["first", "full", "under", "spelled", "together"])
    if shape == "spelled":
        local = " ".join(english[0]) if language == "en" or rng.random() < 0.5 else " ".join(names[0])
    else:
        local = {
            "first": names[0],
            "full": f"{names[0]} {dot} {names[1]}",
            "under": f"{names[0]} {under} {names[1]}",
            "together": f"{names[0]} {names[1]}",
        }[shape]
    if number:
        local += " " + (say(rng, number, language, clean=True) if rng.random() < 0.7 else number)
    domain = spoken_site.replace(".", f" {dot} ")
    return f"{local} {at} {domain}", shape


ASK = {
    ("card", "en"): ["can I have the card number please?", "what's the long number across the front?", "and your credit card?", "read me the card when you're ready"],
    ("card", "he"): ["מה מספר כרטיס האשראי?", "אפשר את מספר הכרטיס בבקשה?", "תקריא לי את הכרטיס"],
    ("id", "en"): ["what's your ID number?", "can you give me your identity number please?", "and the teudat zehut?"],
    ("id", "he"): ["מה תעודת הזהות שלך?", "מספר תעודת זהות בבקשה?", "אפשר תז?", "מה מספר הזהות?"],
    ("iban", "en"): ["which IBAN should we pay to?", "what's the IBAN?"],
    ("iban", "he"): ["מה האיבן של החשבון?", "מה מספר ה-IBAN?"],
    ("account", "en"): ["what's your account number?", "and the bank account number?", "could I take the account number please?"],
    ("account", "he"): ["מה מספר החשבון?", "מה מספר חשבון הבנק שלך?", "לאיזה מספר חשבון להעביר?"],
    ("phone", "en"): ["what's the best number to reach you?", "can I take a phone number?", "and your mobile?", "what number should we call?", "what is your telephone number please?"],
    ("phone", "he"): ["מה הטלפון שלך?", "לאיזה מספר לחזור אליך?", "מספר נייד בבקשה?", "מה מספר הטלפון?", "באיזה מספר אפשר להשיג אותך?"],
    ("email", "en"): ["what's your email?", "which address should I send it to?", "can I have an email address?"],
    ("email", "he"): ["מה המייל שלך?", "לאיזו כתובת מייל לשלוח?", "מה האימייל?"],
    ("code", "en"): ["what's the code we sent you?", "can you read me the code from the text message?", "and the three digits on the back?", "what is your PIN?", "and the CVV?", "please tell me the verification code", "what are the digits of your password?", "I've just sent a code to your phone, what is it?"],
    ("code", "he"): ["מה הקוד ששלחנו לך?", "מה קוד האימות שקיבלת?", "ושלוש הספרות בגב הכרטיס?", "מה הקוד הסודי?", "ומה ה-CVV?", "שלחתי לך קוד בהודעה, מה הקוד?", "מה הספרות בסיסמה?"],
    ("passport", "en"): ["what's your passport number?", "could you read me the passport?"],
    ("passport", "he"): ["מה מספר הדרכון?", "אפשר את הדרכון בבקשה?"],
    ("licence", "en"): ["what's your driver's license number?", "and the number on your driving licence?", "your licence number please?"],
    ("licence", "he"): ["מה מספר רישיון הנהיגה?", "אפשר מספר רישיון?"],
}  # fmt: skip
NAMED = {
    ("card", "en"): ["my card number is ", "the card is ", "it's on my visa, ", "please charge "],
    ("card", "he"): ["מספר הכרטיס הוא ", "הכרטיס שלי ", "תחייבו את "],
    ("id", "en"): ["my ID number is ", "ID ", "my identity number, it's "],
    ("id", "he"): ["תעודת הזהות שלי ", "מספר זהות ", "תז "],
    ("iban", "en"): ["the IBAN is ", "IBAN "],
    ("iban", "he"): ["ה-IBAN הוא ", "האיבן "],
    ("account", "en"): ["my account number is ", "the bank account is ", "my checking account number is "],
    ("account", "he"): ["מספר החשבון הוא ", "חשבון בנק ", "חשבון מספר "],
    ("phone", "en"): ["my number is ", "call me on ", "my phone is ", "you can reach me at ", "the mobile number is ", ""],
    ("phone", "he"): ["הטלפון שלי ", "המספר שלי הוא ", "תתקשרו אליי ל ", "נייד ", ""],
    ("email", "en"): ["my email is ", "send it to ", "it's ", ""],
    ("email", "he"): ["המייל שלי ", "תשלחי ל ", "הכתובת היא ", ""],
    ("code", "en"): ["the code is ", "the security code is ", "my PIN is ", "cvv ", "the code you sent is "],
    ("code", "he"): ["הקוד הוא ", "קוד האבטחה ", "הקוד שקיבלתי הוא ", "cvv ", "הסיסמה היא "],
    ("passport", "en"): ["my passport number is ", "passport "],
    ("passport", "he"): ["מספר הדרכון ", "הדרכון שלי הוא "],
    ("licence", "en"): ["my driver's license is ", "driving licence number "],
    ("licence", "he"): ["מספר הרישיון הוא ", "רישיון נהיגה "],
}  # fmt: skip
REPLY = {
    "en": [
        "",
        "",
        "sure, ",
        "yes, it's ",
        "okay ",
        "one second. ",
        "yeah so it's ",
        "right, ",
        "let me find it, okay, ",
    ],
    "he": ["", "", "כן, ", "בטח, זה ", "רגע, ", "אוקיי, ", "כן אז זה ", "שנייה, הנה, "],
}
AFTER = {
    "en": [
        "",
        ".",
        " okay?",
        ". Is that right?",
        " thank you",
        ", and I paid 250 dollars",
        ", it is the one ending in the same digits",
    ],
    "he": ["", ".", " בסדר?", ". זה נכון?", " תודה", ", ושילמתי 250 שקל"],
}
MHM = {
    "en": ["mhm", "yes", "okay", "go on", "uh huh", "got it", "right", "yes I'm listening"],
    "he": ["אהה", "כן", "מממ", "אוקיי", "תמשיך", "בסדר", "כן אני רושמת"],
}
BACK = {
    "en": ["so that's ", "let me repeat, ", "", "okay, "],
    "he": ["אז זה ", "אני חוזרת, ", "", "אוקיי, "],
}


def _number(rng: random.Random, kind: str, language: str) -> tuple[str, list[int] | None]:
    if kind == "phone":
        number, ways = phone(rng, language)
        return number, rng.choice(ways)
    if kind == "id":
        return israeli_id(rng), rng.choice([[3, 3, 3], [9], [1] * 9, [2, 2, 2, 3], [1, 4, 4]])
    if kind == "card":
        number = card(rng)
        return number, [4, 6, 5] if len(number) == 15 else rng.choice([[4] * 5, [4] * 5, [2] * 10, [1] * 20])
    if kind == "account":
        return rng.choice("123456789") + digits(rng, rng.choice([5, 5, 7, 8])), rng.choice(
            [[3, 3, 3], [2] * 5, [1] * 9]
        )
    if kind == "code":
        return digits(rng, rng.choice([3, 3, 4, 4, 6, 6])), rng.choice([[3, 3], [2, 2, 2], [1] * 6])
    if kind == "passport":
        return rng.choice(["", "", rng.choice("ABCEKLM"), "".join(rng.choices("ABCDEFG", k=2))]) + digits(
            rng, rng.choice([7, 8])
        ), None
    if kind == "licence":
        return rng.choice(["", "", rng.choice("CDFN")]) + digits(rng, rng.choice([7, 7, 8])), None
    return account(rng), [4] * 8


def put(rng: random.Random, number: str, language: str, sizes: list[int] | None, how: str) -> str:
    """A number, or a piece of one, as it stands in a transcript."""
    if not number.isdigit():
        if how == "written":
            return number if rng.random() < 0.5 else " ".join(groups(rng, number, [4] * 9))
        pieces, word = [], ""
        for char in number + " ":
            if char.isdigit():
                word += char
                continue
            if word:
                pieces.append(say(rng, word, language, sizes=[2] * 20 if len(word) < 4 else None))
                word = ""
            pieces.append(char)
        return " ".join(pieces).strip()
    if how == "written":
        return write(rng, number, sizes)
    said = say(rng, number, language, sizes=sizes)
    return misheard(rng, said, language) if how == "misheard" else said


def _email_case(
    rng: random.Random, language: str, asked: list[tuple[str, str, str, str]], before: str, after: str
) -> Case:
    said, shape = email(rng, language)
    turns = [*asked, ("B", before, said, after)]
    if rng.random() < 0.2:
        turns.append(("A", rng.choice(BACK[language]), said, ""))
    return Case("email", f"email/{shape}", language, turns)


def positive(rng: random.Random) -> Case:
    language = rng.choice(["en", "he"])
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    asked = (kind in ("code",) and rng.random() < 0.7) or rng.random() < 0.6
    ask = ("A", rng.choice(ASK[kind, language]), "", "")
    before = rng.choice(REPLY[language]) if asked else rng.choice(NAMED[kind, language])
    after = rng.choice(AFTER[language])
    if kind == "email":
        return _email_case(rng, language, [ask] if asked else [], before, after)
    number, sizes = _number(rng, kind, language)
    how = rng.choices(
        ["spoken", "written", "misheard"], [60, 30, 10 if asked or kind != "phone" or before else 0]
    )[0]
    layout = rng.choices(["one", "pieces", "echo", "readback", "corrected"], [50, 18, 10, 12, 10])[0]
    if not number.isdigit() or (layout == "corrected" and not (asked or before)):
        layout = rng.choice(["one", "readback"])
    if layout in ("pieces", "echo") and (kind in ("code", "iban") or len(number) < 6):
        layout = "readback"
    style = f"{kind}/{how}/{layout}"
    turns: list[tuple[str, str, str, str]] = [ask] if asked else []
    if layout == "corrected":
        turns.append(("B", before, corrected(rng, number, language), after))
        if rng.random() < 0.3:
            turns.append(("A", rng.choice(BACK[language]), put(rng, number, language, sizes, "spoken"), ""))
    elif layout in ("one", "readback"):
        turns.append(("B", before, put(rng, number, language, sizes, how), after))
        if layout == "readback":
            turns.append(
                (
                    "A",
                    rng.choice(BACK[language]),
                    put(rng, number, language, None, rng.choice(["spoken", "written"])),
                    "",
                )
            )
    else:
        parts = groups(rng, number, sizes if sizes and sizes[0] > 2 else [3, 3, 4, 4, 4, 4])
        for place, part in enumerate(parts):
            turns.append(
                (
                    "B",
                    before if place == 0 else "",
                    put(rng, part, language, None, how if how != "misheard" else "spoken"),
                    "",
                )
            )
            if place < len(parts) - 1:
                if layout == "echo":
                    turns.append(("A", "", put(rng, part, language, None, "spoken"), ""))
                else:
                    turns.append(("A", rng.choice(MHM[language]), "", ""))
    return Case(kind, style, language, turns)


def negative(rng: random.Random) -> Case:
    language = rng.choice(["en", "he"])
    index = rng.randrange(len(NEGATIVES[language]))
    return Case(None, f"{language}/{index}", language, [("B", NEGATIVES[language][index](rng), "", "")])
