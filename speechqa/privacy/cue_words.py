"""Words that announce a number: a card, an ID, a security code, or something that need not be masked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

from speechqa.privacy.phrases import Phrases
from speechqa.privacy.tokens import Token

CueKind = Literal[
    "card", "id", "ssn", "iban", "code", "maybe_code", "phone", "account", "maybe_account", "passport",
    "licence", "other", "maybe_message", "person",
]  # fmt: skip

REACH: dict[CueKind, int] = {
    "card": 40,
    "id": 25,
    "ssn": 25,
    "iban": 40,
    "code": 16,
    "maybe_code": 16,
    "maybe_message": 10,
    "phone": 25,
    "account": 20,
    "maybe_account": 8,
    "passport": 25,
    "licence": 25,
    "other": 4,
    "person": 0,
}
"""How many words a cue announces ahead, both parties' counted."""

ELSEWHERE: tuple[CueKind, ...] = ("other", "phone", "account", "maybe_account", "passport", "licence")
"""Cues that, right before a number, say that it is not what an earlier cue announced."""

_IN_THE_WAY = 4
"""Words between such a cue and the number."""

REACH_BACK = 6
"""How many words after a number a cue may still name it ("... is my ID number")."""

_PHRASES: dict[CueKind, tuple[str, ...]] = {
    "card": (
        "card", "cards", "visa", "mastercard", "master card", "amex", "american express", "diners",
        "isracard", "credit card", "debit", "debit card", "long number", "כרטיס", "כרטיסי", "אשראי",
        "ויזה", "מאסטרקארד", "מסטרקארד", "מאסטר קארד", "ישראכרט", "אמקס", "אמריקן אקספרס", "דיינרס",
        "לאומי קארד", "כאל", "מקס",
    ),
    "id": (
        "id", "i d", "id number", "identity number", "identity card", "identification number",
        "id card", "national id", "nine digits", "check digit", "identification", "teudat zehut",
        "תעודת זהות", "תעודת הזהות",
        "תעודות זהות", "מספר זהות", "מספר הזהות", "תז", "ת ז", "תעודת", "לצורך זיהוי", "תשע ספרות",
        "תשע הספרות",
        "ספרת ביקורת", "ספרת הביקורת", "מספר אישי", "המספר האישי",
    ),
    "ssn": (
        "social security", "social security number", "ssn", "social",
    ),
    "iban": (
        "iban", "i ban", "איבן", "אייבן", "איי בן",
    ),
    "code": (
        "cvv", "c v v", "cvc", "c v c", "csc", "cvv2", "security code", "security number",
        "verification code", "card verification", "digits on the back", "number on the back",
        "numbers on the back", "code on the back", "on the back", "pin", "pin code", "pin number",
        "passcode", "pass code", "one time code", "one time password", "one time pin", "otp", "o t p",
        "code we sent", "code i sent", "code we just sent", "code i just sent", "code we texted",
        "code you received", "code you got", "code that we sent", "code that i sent",
        "code in the message", "code in the text", "code from the text", "code from the message",
        "access code", "confirmation code", "authentication code", "authorization code", "login code",
        "secret code", "sms code", "text code", "code by text", "code to your phone", "code to your mobile",
        "code to your cell",
        "code to the phone", "code to my phone", "קוד לטלפון", "קוד לנייד",
        "code by sms", "password", "memorable number", "three digit number", "four digit number",
        "3 digit number", "4 digit number", "digits on the front", "security digits", "on the reverse",
        "signature strip",
        "next to the signature", "by the signature", "back of the card", "three digit code",
        "four digit code",
        "six digit code", "ספרות מלפנים", "הספרות מלפנים", "ספרות בחזית",
        "ספרות שמאחור", "מספרים מאחור", "מספרים שמאחור", "ליד החתימה", "גב הכרטיס", "קוד ביקורת",
        "ספרות ביטחון",
        "one time number", "temporary password", "temporary code", "סיסמה זמנית", "קוד זמני",
        "קוד אבטחה", "קוד האבטחה", "קוד הביטחון", "קוד ביטחון", "סי וי וי", "הסי וי וי", "ססמה", "ססמא",
        "ספרות בגב", "הספרות בגב",
        "הספרות מאחור", "ספרות מאחור", "בגב הכרטיס", "מאחורי הכרטיס", "מאחורה", "קוד סודי",
        "הקוד הסודי", "קוד אימות", "קוד האימות", "קוד חד פעמי", "הקוד החד פעמי", "סיסמה חד פעמית",
        "הקוד ששלחנו", "הקוד ששלחתי", "הקוד שנשלח", "קוד שנשלח", "הקוד שקיבלת", "קוד שקיבלת",
        "הקוד שהגיע", "קוד שהגיע", "הקוד שקיבלתי", "קיבלתי קוד", "קוד בהודעה", "קוד בסמס", "סיסמה",
        "סיסמא", "הסיסמה", "הסיסמא", "קוד כניסה", "קוד הכניסה", "קוד גישה", "קוד זיהוי", "קוד הזיהוי",
        "פין", "פין קוד", "קוד פין", "קוד הפין",
    ),
    "maybe_code": ("code", "קוד", "הקוד"),
    "maybe_message": (
        "text say", "text says", "message say", "message says", "sms say", "sms says", "last sms",
        "last text",
        "כתוב בהודעה", "כתוב בסמס", "הודעה שקיבלת", "מסרון", "אס אם אס", "סמס",
    ),
    "phone": (
        "phone", "phone number", "telephone", "telephone number", "mobile", "mobile number", "cell",
        "cell phone", "cell number", "cellphone", "call me at", "call me on", "call me back on",
        "call me back at", "call you on", "call you at", "call you back on", "call you back at",
        "reach me at", "reach me on", "reach you at", "reach you on", "text me at", "text me on",
        "ring me on", "contact number", "callback number", "call back number", "my number", "your number",
        "best number", "a number", "which number", "what number", "number to call", "whatsapp", "fax",
        "landline", "area code", "country code", "home number", "work number",
        "טלפון", "הטלפון", "מספר טלפון", "נייד", "סלולרי",
        "סלולר", "פלאפון", "פלפון", "וואטסאפ", "ווטסאפ", "פקס", "המספר שלי", "המספר שלך", "המספר שלו",
        "המספר שלה", "מספר שלי", "מספר ליצירת קשר", "איזה מספר", "באיזה מספר", "תתקשר אליי", "תתקשר אלי",
        "תתקשרי אליי", "תתקשרי אלי", "תתקשרו אליי", "תתקשרו אלי", "לחזור אליי", "לחזור אלי", "לחזור אליך",
        "חזרו אליי", "להשיג אותי", "להשיג אותך", "קו נייח", "טלפון בבית",
    ),
    "account": (
        "account number", "account no", "bank account", "bank account number", "checking account",
        "current account", "savings account", "routing number", "sort code", "מספר חשבון", "מספר החשבון",
        "חשבון בנק", "חשבון הבנק", "חשבון עוש", "חשבון בבנק", "מספר חשבון בנק",
    ),
    "maybe_account": (
        "account", "direct debit", "standing order", "חשבון", "החשבון", "הוראת קבע", "הוראת הקבע",
    ),
    "passport": (
        "passport", "passport number", "דרכון", "הדרכון", "מספר דרכון", "מספר הדרכון",
    ),
    "licence": (
        "driver's license", "driver's licence", "drivers license", "drivers licence", "driver license",
        "driver licence", "driving license", "driving licence", "license number", "licence number",
        "license no", "licence no", "רישיון נהיגה", "רשיון נהיגה", "רישיון הנהיגה", "רשיון הנהיגה",
        "מספר רישיון", "מספר רשיון", "מספר הרישיון", "מספר הרשיון", "רישיון", "רשיון", "הרישיון", "הרשיון",
    ),
    "other": (
        "promo code", "discount code", "coupon code", "coupon", "voucher", "voucher code", "error code",
        "error", "dress code", "postal code", "post code", "product code", "code of conduct",
        "bar code", "barcode", "qr code", "source code", "item number", "model", "model number",
        "part number", "room number", "meeting id", "conference id", "device id", "claim",
        "claim number", "claim id", "request number", "order", "order number", "order id", "reference",
        "reference number", "tracking", "tracking number", "invoice", "account id", "ticket",
        "ticket number", "ticket id", "booking", "confirmation number", "policy", "policy number",
        "case number", "case id", "customer number", "customer id", "employee id", "user id",
        "member number", "zip", "zip code", "postcode", "serial", "serial number", "imei", "flight",
        "transaction", "transaction id", "price", "total", "balance", "extension", "קוד קופון", "קופון",
        "קוד הנחה", "קוד מבצע", "קוד שגיאה", "שגיאה", "קוד מוצר", "קוד פריט", "ברקוד", "מקט", "דגם",
        "טיסה", "הזמנה", "מספר הזמנה", "ההזמנה", "אסמכתא", "מספר אסמכתא", "חשבונית", "מעקב", "משלוח",
        "חבילה", "מספר לקוח", "לקוח", "מיקוד", "פנייה", "קריאה", "פוליסה", "חוזה", "סכום", "מחיר",
        "יתרה", "סריאלי", "שלוחה", "עסקה",
    ),
    # Whose number it is: no word for a number at all, though one stands in it.
    "person": (
        "policy holder", "policy holder's", "policy owner", "policy owner's", "account holder",
        "account holder's", "account owner", "account owner's", "בעל הפוליסה", "בעלת הפוליסה",
        "בעל החשבון", "בעלת החשבון", "בעל החוזה", "בעלת החוזה", "בעל הקו", "בעלת הקו",
    ),
}  # fmt: skip

_TABLE = Phrases(_PHRASES)
_MOST_CUES = 12
_ASIDE_WITHIN = 6
"""Words between a cue and what only says more of it."""
_PURPOSES = frozenset(["for", "of", "to", "who", "whoever", "לצורך", "עבור", "בשביל", "של", "לפתיחת"])
_NEXT_QUESTIONS = frozenset(["and", "what", "what's", "number", "מה", "ומה", "וגם", "מספר", "ומספר"])


class Cue(NamedTuple):
    """A cue at words `first` to `last`, counted over the whole call."""

    first: int
    last: int
    kind: CueKind


def find_cues(tokens: Sequence[Token], offset: int) -> list[Cue]:
    """The cues of one text, the longest phrase at every place; `offset` is the count of words before it."""
    found: list[Cue] = []
    for phrase in _TABLE.found(tokens):
        if phrase.kind == "person":
            continue
        cue = Cue(offset + phrase.first, offset + phrase.last, phrase.kind)
        if not found or not _is_aside(tokens, found[-1], cue, offset):
            found.append(cue)
    return found


def _is_aside(tokens: Sequence[Token], asked: Cue, cue: Cue, offset: int) -> bool:
    """Whether a cue only says more of the one before it, which is what the number will be.

    A telephone may be where a code was sent ("the code I sent to your phone"); a package, an order or a case
    what a person's number is needed for ("the phone of whoever gets the package").
    """
    if cue.first - asked.last > _ASIDE_WITHIN:
        return False
    between = {token.text for token in tokens[asked.last + 1 - offset : cue.first - offset]}
    if cue.kind == "phone" and asked.kind in ("code", "maybe_code"):
        return "to" in between or tokens[cue.first - offset].text[0] in "לב"
    personal = asked.kind in ("id", "phone") and cue.kind == "other" and cue.first == cue.last
    return personal and bool(between & _PURPOSES) and not between & _NEXT_QUESTIONS


class CueIndex:
    """All cues of a call in order, with those marked that have announced their number."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = cues
        self._lasts = [cue.last for cue in cues]
        self._firsts = [cue.first for cue in cues]
        self._used: dict[int, int] = {}

    def before(self, kinds: tuple[CueKind, ...], position: int) -> tuple[Cue, int] | None:
        """The nearest unused cue of these kinds that reaches a number at `position`, and the words between.

        A nearer cue for something that need not be masked stands in the way of those farther back.
        """
        index = bisect_left(self._lasts, position) - 1
        for nearest in range(index, max(-1, index - _MOST_CUES), -1):
            cue = self._cues[nearest]
            distance = position - cue.last
            if self._used.get(nearest, position) < position or distance > REACH[cue.kind]:
                continue
            if cue.kind in kinds:
                return cue, distance
            if cue.kind in ELSEWHERE and distance <= _IN_THE_WAY:
                return None
        return None

    def after(self, kinds: tuple[CueKind, ...], position: int) -> tuple[Cue, int] | None:
        """The next cue if it is unused, of these kinds and within `REACH_BACK` words after `position`."""
        index = bisect_right(self._firsts, position)
        if index < len(self._cues) and index not in self._used:
            cue = self._cues[index]
            if cue.kind in kinds and cue.first - position <= REACH_BACK:
                return cue, cue.first - position
        return None

    def nearest(self, position: int, reach: int) -> CueKind | None:
        """The kind of the last cue before `position`, used or not, where it is within `reach` words."""
        index = bisect_left(self._lasts, position) - 1
        if index < 0 or position - self._lasts[index] > reach:
            return None
        return self._cues[index].kind

    def near(self, kind: CueKind, first: int, last: int) -> bool:
        """Whether a cue of this kind, used or not, reaches the words `first` to `last`."""
        low = bisect_left(self._lasts, first - REACH[kind])
        high = bisect_right(self._firsts, last + 2 * REACH_BACK)
        return any(cue.kind == kind for cue in self._cues[low:high])

    def use(self, cue: Cue, position: int) -> None:
        """Mark a cue as having announced the number at `position`; it still announces what stands before.

        A number read back is often clearer than the one that was dictated, and is then found first.
        """
        index = bisect_left(self._firsts, cue.first)
        if index < len(self._cues) and self._cues[index] == cue:
            self._used[index] = min(position, self._used.get(index, position))
