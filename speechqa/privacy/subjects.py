"""What the talk around a number is about: data for `weighing`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from speechqa.privacy.phrases import Phrases
from speechqa.privacy.tokens import Token

Subject = Literal[
    "code", "message", "sent", "read", "back", "card", "short", "digits", "last", "asked", "plain",
    "elsewhere",
]  # fmt: skip
"""What is talked of: codes and what they come by, cards, digits; `asked` and `plain` are ordinary things."""

_SAID: dict[Subject, str] = {
    # One line a phrase would be long: phrases are parted by commas.
    "code": """
        passphrase, key fob, fob, code, codes, passcode, pass code, password, pin, otp, one time,
        one-time, authenticator, authentication, authenticate, verify, verifies, verified, verifying,
        verification, security, token, two factor, two step, access number, login, log in, logging in,
        unlock, confirm it's you, really you, cvv, cvc, cv, csc, c v v, c v c, prove it's you,
        telephone banking, banking number, invalid, not valid, not accepted, doesn't match, not matching,
        not going through, you're in, that matches, it matches, didn't work, doesn't work, letting me in,
        let me in, expired, קוד, קודים, סיסמה, סיסמא, ססמה, ססמא, אימות, אבטחה, ביטחון, בטחון, פין, טוקן,
        חד פעמי, חד פעמית, לאמת, אימתנו, אימתתי, מאמת, מאמתת, אומת, מאומת, מאומתת, זה אתה, זאת את, שזו את,
        סי וי וי, הסי וי וי, ביקורת, לא תקין, שגוי, לא תקף, לא מזהה, לא מקבל, לא עבד, לא עובד, תואם,
        נכנסת, כניסה, להתחבר, התחברות
    """,
    "message": """
        ping, buzzed, buzzes, automated call, voice call, text, texts, texted, sms, message, messages,
        notification, inbox, app, popped up, pop up, on your screen, screen, whatsapp, email, mail,
        came through, come through, הודעה, הודעות, בהודעה, סמס, אסמס, אס אם אס, מסרון, אפליקציה, התראה,
        מסך, קפץ, קפצה, ווטסאפ, וואטסאפ, מייל
    """,
    "sent": """
        sent, send, sending, pushed, pushing, push, received, receive, arrived, arrive, arrives, got it,
        emailed, texting, typed, typing, type in, put in, putting in, entered, entering, keyed in, שלחתי,
        שלחנו, שולחת, שולח, שולחים, אשלח, נשלח, נשלחה, שלח, שלחו, שלחתם, קיבלת, קיבלתי, תקבל, תקבלי, הגיע,
        הגיעה, תגיע, יגיע, הקלדתי, הקשתי, הזנתי, הכנסתי
    """,
    "read": """
        read it, read me, read out, read that, read those, what does it say, what it says,
        what do you see, what can you see, what you see, what are you seeing, numbers can you see,
        numbers are you seeing, numbers do you see, what it shows, what comes up, what's in it, shows,
        what you need, what you needed, what you want, what you wanted, what you asked for,
        what you're after, is that it, is this it, is that the one, is this the one, זה מה שאתה צריך,
        זה מה שאת צריכה, זה מה שצריך, זה מה שביקשת, לזה התכוונת, זה המספר שביקשת,
        תקריא, תקריאי, להקריא, הקריאי, מה כתוב, מה רשום, מה מופיע, מה אתה רואה, מה את רואה, אתה רואה,
        את רואה
    """,
    "back": """
        the back, its back, on back, back side, backside, reverse, the other side, other side, flip,
        turn it over, turn it around, turn over, turn the card, card over, flip it, signature, strip,
        behind it, behind the card, behind your card, the rear, the front, מאחור, מאחורה, מאחוריו,
        מאחורי הכרטיס, בגב, גב הכרטיס, תהפוך, תהפכי, להפוך, הופך, הופכת, הפוך, צד השני, צד שני, חתימה,
        הפס, פס, מקדימה, מלפנים
    """,
    "card": """
        card, cards, visa, mastercard, amex, expiry, expires, expiration, the date, valid until,
        long number, כרטיס, אשראי, ויזה, תוקף, מאסטרקארד, ישראכרט, מספר הארוך, המספר הארוך
    """,
    "short": "little, small, short, tiny, קטן, קטנה, קטנים, קטנות, קצר, קצרים",
    "digits": "digit, digits, numbers, figures, ספרה, ספרות, מספרים",
    "last": """
        last two, last three, last four, last 3, last 4, last digits, final four, ending in, ends in,
        ends with, ending, ends, אחרונות, אחרונים, מסתיים, מסתיימת, שנגמר, נגמר, נגמרת
    """,
    # Questions that begin something else, and what numbers of other kinds belong to.
    "asked": """
        how much, how many, how old, how long, how far, how fast, how big, what year, which year,
        what time, when, since when, כמה, בכמה, מתי, באיזו שנה, איזו שנה, בן כמה, בת כמה, איזו שעה,
        באיזו שעה
    """,
    "plain": """
        price, prices, cost, costs, paid, pay, paying, payment, payments, charge, charges, charged, bill,
        billed, invoice, refund, refunded, balance, amount, total, fee, fees, fine, salary, rent, loan,
        owe, worth, discount, coupon, promo, voucher, points, limit, house, street, address, apartment,
        flat, floor, building, room, gate, seat, row, bus, route, flight, train, platform, zip, postcode,
        postal, branch, extension, model, size, serial, barcode, item, error, meter, reading, mileage,
        kilometers, usage, plan, package, parcel, tracking, shipment, order, orders, ordered, reference,
        ticket, case, claim, complaint, policy, booking, reservation, request, contract, customer number,
        member number, membership, licence plate, license plate, plate, queue, line number, page, channel,
        version, weight, height, weigh, temperature, age, born, birth, birthday, anniversary, error code,
        promo code, discount code, coupon code, postal code, post code, zip code, product code, item code,
        dress code, bar code, country code, tracking code, reference code, building code, joined, year,
        years, speed, modem, router, warranty, entry code, gate code, door code, arrives at, delivery,
        מחיר, מחירים, עלה, עולה, עלות, שילמתי, שילמת, שילמנו, לשלם, משלם, משלמת, תשלום, תשלומים, חיוב,
        חיובים, חויבתי, חויב, חייבתם, חייב, חשבונית, זיכוי, החזר, יתרה, סכום, עמלה, קנס, דוח, משכורת,
        שכירות, הלוואה, משכנתא, הנחה, קופון, מבצע, נקודות, מסגרת, בית, רחוב, כתובת, דירה, קומה, בניין,
        חדר, שער, מושב, שורה, אוטובוס, איזה קו, טיסה, רכבת, רציף, מיקוד, סניף, שלוחה, דגם, מידה, סריאלי,
        ברקוד, פריט, מקט, שגיאה, תקלה, מונה, מד, קריאת מונה, צריכה, קילומטר, קילומטראז, תוכנית, תכנית,
        חבילה, משלוח, מעקב, הזמנה, הזמנתי, הזמנת, אסמכתא, פנייה, פניה, קריאה, תלונה, תביעה, פוליסה, חוזה,
        מספר לקוח, לקוח, חבר, מועדון, רכב, לוחית, רישוי, תור, עמוד, ערוץ, גרסה, משקל, גובה, שוקל, שוקלת,
        טמפרטורה, גיל, נולד, נולדה, לידה, הצטרפתי, הצטרפת, שנה, שנים, מהירות, נתב, מודם, ראוטר, אחריות,
        קוד קופון, קוד הנחה, קוד שגיאה, קוד תקלה, קוד מוצר, קוד פריט, קוד מבצע, קוד לקוח,
        קוד כניסה לבניין, קוד לבניין, שליח
    """,
    # What has its own cue and check: neither a code nor ordinary.
    "elsewhere": """
        phone number, telephone number, mobile number, area code, account number, id number, identity,
        teudat zehut, מספר טלפון, קידומת, מספר חשבון, תעודת זהות, זהות
    """,
}  # fmt: skip


class Mention(NamedTuple):
    """A subject named by words `first` to `last`, counted over the call, in a turn."""

    first: int
    last: int
    turn: int
    subject: Subject


_TABLE: Phrases[Subject] = Phrases(
    {
        subject: [" ".join(phrase.split()) for phrase in said.replace("\n", " ").split(",") if phrase.strip()]
        for subject, said in _SAID.items()
    }
)


def mentions(tokens: Sequence[Token], offset: int, turn: int) -> list[Mention]:
    """What a turn names, in order; `offset` is the count of words before it.

    Examples
    --------
    >>> from speechqa.privacy.tokens import tokenize
    >>> [mention.subject for mention in mentions(tokenize("the three little digits on the back"), 0, 0)]
    ['short', 'digits', 'back']
    """
    return [
        Mention(offset + phrase.first, offset + phrase.last, turn, phrase.kind)
        for phrase in _TABLE.found(tokens)
    ]
