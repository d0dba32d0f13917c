"""Hebrew: one spelling, the two genders of a word, and prefixes taken off by lexicon only.

Blind stripping of one-letter prefixes breaks words ("שלום", "כן", "מודה"), so a prefix comes off only where
what remains is a word the rubric uses and the whole is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LETTERS = re.compile("[\u05d0-\u05ea]")
_MARKS = re.compile("[\u0591-\u05bd\u05bf\u05c1-\u05c7'’‘`´׳״\"]")
_FINALS = str.maketrans("ךםןףץ", "כמנפצ")
_PREFIX = re.compile("^(ו?(?:לכש|כש|מש|ש)?[בכלמה]?ה?)")
_LAST_PREFIX = 4
_LAWYER = re.compile('[והלמבכש]*עו["״]ד')
# Nouns and past forms of pi'el: their first vowel letter is often left out ("שירות", "קיבלתי").
_PIEL = re.compile("^.י[^וי](?:ו[^וי]|[^וי](?:תי|נו|תמ)$)")
_TWO_LETTERS_AFTER = ("ו", "ש", "כש", "וש")


def is_hebrew(text: str) -> bool:
    """Whether the text has a Hebrew letter."""
    return _LETTERS.search(text) is not None


def fold(raw: str) -> str:
    """Without points and quotation marks, final letters as plain ones, doubled vowel letters as one.

    Examples
    --------
    >>> fold("שנייה") == fold("שניה"), fold("ש״ח") == "שח"
    (True, True)
    """
    if _LAWYER.fullmatch(raw):
        # Without its mark the abbreviation of "lawyer" would be the word "more".
        return "עורכדינ"
    word = _MARKS.sub("", unicodedata.normalize("NFKC", raw).lower()).translate(_FINALS)
    word = re.sub("ייי*", "י", word)
    word = re.sub("ווו*", "ו", word)
    # Stretched letters of chat and of eager transcribers: "תודההה".
    return word if word in ("אממ", "אמממ") else re.sub(r"(.)\1{2,}", r"\1", word)


def _set(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


FILLERS = _set("אה אהה אממ אממם אההה הממ אהמ")

DIGITS = {
    fold(word): str(value)
    for value, words in enumerate(
        (
            "אפס", "אחד אחת", "שניים שתיים שני שתי שנים", "שלושה שלוש שלושת", "ארבעה ארבע ארבעת",
            "חמישה חמש חמשת", "שישה שש ששה", "שבעה שבע שבעת", "שמונה", "תשעה תשע", "עשרה עשר עשרת",
        )
    )
    for word in words.split()
}  # fmt: skip
_NOT_ALWAYS_NUMBERS = _set("אחת שני שתי שנים")
NUMBERS = (frozenset(DIGITS) - _NOT_ALWAYS_NUMBERS) | _set(
    "עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים מאה מאתיים מאות אלף אלפיים אלפים"
)

WHOLE = _set(
    "כמה למה שלי שלך שלו שלה שלנו שלכם שלהם מאוד מאד בית הנה האם כולם מהר מאה שנה הרבה אותה אותו אותי "
    "לכן כאן כאשר שוב שלום מודה כן כל לי לך לו לה לנו לכם להם בו בה ביום היום מחר אתמול לפני אחרי מול בין "
    "מבין מבינה שיש שאלה שאלות שעה שעות שבוע שבועות שקל שקלים הוא היא הם הן היה הייתה היו להיות לתת לבד "
    "מילה מספר מנהל מקום משהו מישהו משנה בסדר בעיה ביקור בוקר ערב לילה שירות שליח שיחה הבנתי הכל הכול "
    "השם כרטיס כתובת כבר כך ככה לא לאן לאט מי מה מתי מזה מהם מכאן מספיק ממש מאיפה בדיוק בטח בבקשה בקשה"
)

# What would be left of them are words too: "אוי", "וואלה".
_NO_PREFIX = WHOLE | _set("בוא בואי שואל שואלת")

FUNCTION = WHOLE | _set(
    "אני אתה את אתם אתן אנחנו אנו זה זאת זו אלה אלו של על עם אל אם או אבל כי גם רק עוד יותר פחות אז פה שם "
    "יש אין אולי טוב טובה סבבה אוקיי אוקי אוקיה נכון תודה רבה סליחה היי הי ביי להתראות נהדר מצוין מעולה "
    "יופי אחלה ברור רוצה רוצים צריך צריכה צריכים יכול יכולה יכולים אפשר אשמח תוכל תוכלי לעזור דבר דברים "
    "עכשיו איך איפה איזה איזו למשל אותך אותם אחד אחת ככה בעצם פשוט ה ו ב ל מ ש כ"
)


def without_gender(word: str) -> str:
    """The word with the endings of gender and number off; for comparison, not a lemma."""
    for ending in ("ית", "ות", "ימ", "תי"):
        if word.endswith(ending) and len(word) >= 5:
            return word[:-2]
    if len(word) >= 4 and word[-1] in "התי":
        return word[:-1]
    return word


def key(word: str) -> str:
    """What an echo is told by: one prefix letter off a long word, gender off, vowel letters out."""
    if len(word) >= 5 and word[0] in "הובלמש":
        word = word[1:]
    word = without_gender(word)
    return word[0] + re.sub("[וי]", "", word[1:]) if word else ""


def twins(word: str) -> Iterator[str]:
    """Spellings under which the same word may meet us: the other gender, vowel letters left out.

    More is generated than exists; what does not exist is never said.

    Examples
    --------
    >>> set(twins(fold("תבדוק"))) >= {fold("תבדקי")}, set(twins(fold("מצטער"))) >= {fold("מצטערת")}
    (True, True)
    """
    yield word
    if word in _PAIRS:
        yield _PAIRS[word]
    if len(word) >= 3 and word not in _FIXED:
        yield from (form for form in _generated(word) if form not in _NO_TWIN)


def _generated(word: str) -> Iterator[str]:
    size = len(word)
    yield from _second_person(word)
    if size >= 4 and word[-1] == "ה" and word[0] != "ת":
        yield word[:-1]
    if size >= 5 and word[-1] == "ת" and (word[0] == "מ" or word[1] == "ו"):  # מתנצלת, כועסת
        yield word[:-1]
    if size >= 5 and word.endswith("ית"):
        yield word[:-2]
        yield word[:-1]  # עצבנית / עצבני
    if size >= 5 and word[-1] == "י" and word[0] != "ת":
        yield word + "ת"
    if word[-1] not in "התוי":
        yield word + "ה"
        yield word + "ת"
        yield word + "ית"
    if word.endswith("ימ") and size >= 5:
        yield word[:-2] + "ות"
    if word.endswith("ות") and size >= 5:
        yield word[:-2] + "ימ"


def _second_person(word: str) -> Iterator[str]:
    """Future and imperative forms, addressed to the other gender."""
    size = len(word)
    if word[-1] == "ה" and word[0] in "תאי" and size >= 4:  # תרצה / תרצי
        yield word[:-1] + "י"
    if word[-1] == "י" and word[0] == "ת" and size >= 4:
        yield word[:-1]
        yield word[:-1] + "ה"
        if size >= 5:  # תבדקי / תבדוק
            yield word[:-2] + "ו" + word[-2]
    if word[0] == "ת" and word[-1] not in "היתו" and size >= 4:
        yield word + "י"
        if word[-2] == "ו" and size >= 5:
            yield word[:-2] + word[-1] + "י"


def other_gender(word: str) -> str:
    """The word of the other gender where it is no ending that tells them apart; else the word."""
    return _PAIRS.get(word, word)


def spellings(word: str) -> Iterator[str]:
    """The word with the vowel letter left out that spelling without points may leave out."""
    short = word[0] + word[2:]
    if _PIEL.match(word) and word not in _FIXED and short not in _NO_SHORT:
        yield short


def without_prefix(word: str) -> Iterator[str]:
    """What may remain once one-letter prefixes come off; the caller keeps what is a word it knows."""
    longest = _PREFIX.match(word)
    if longest is None or word in _NO_PREFIX:
        return
    for size in range(1, min(len(longest.group()), _LAST_PREFIX) + 1):
        left = len(word) - size
        # Two letters may be anything ("לאחר מכן"), but for what "and" and "that" stand before.
        if _PREFIX.fullmatch(word[:size]) and (left > 2 or (left == 2 and word[:size] in _TWO_LETTERS_AFTER)):
            yield word[size:]


_HOMOPHONES = str.maketrans("קטעחסו", "כתאכשב")


def homophone(word: str) -> str:
    """One key for the letters that recognisers of Hebrew confuse."""
    return word.translate(_HOMOPHONES)


_PAIRED = """
אתה=את הוא=היא שלו=שלה אותו=אותה לו=לה אחי=אחותי אדוני=גברתי אדון=גברת בוא=בואי תן=תני
חכה=חכי קח=קחי שב=שבי לך=לכי שים=שימי זה=זאת גבר=אישה איש=אישה בן=בת תגיד=תגידי שתוק=שתקי סתום=סתמי
אחד=אחת גר=גרה מסכים=מסכימה שני=שתי שניים=שתיים הזה=הזאת איזה=איזו עשה=עשי דע=דעי צא=צאי חמודי=חמודה
המתן=המתיני האזן=האזיני הקלד=הקלידי הדלק=הדליקי הפעל=הפעילי הוסף=הוסיפי הרם=הרימי
"""


def _pairs() -> dict[str, str]:
    both = _PAIRED.split()
    table: dict[str, str] = {}
    for pair in both:
        man, woman = (fold(word) for word in pair.split("="))
        table[man] = woman
        table.setdefault(woman, man)
    return table


_PAIRS = _pairs()
# Words whose generated endings would be other words: "שלום" and "שלומית", "שעה" and "שע".
_FIXED = (WHOLE - _set("מבין מבינה מנהל")) | _set(
    "תודה רבה שנייה זונה בושה חרפה סיכום משפטית שעה דקה בקשה תלונה סליחה כבוד יום שבת חג מיד לילה בעיה תקלה"
)

# Everyday words that generated forms of others fall on; they stand for themselves. "עוול" (wrong) folds to
# "עול", whose feminine would be "עולה" (costs); "שקר" (lie) gives "שקרה" (that happened), "בהמה" (beast)
# "בהם" (in them).
_NO_TWIN = _set("""
עולה עולים עולות שקרה שקרת כלב בהם בכם לכם חוץ לאט מאי מרץ סיבה שלום הרבה עדיין עניין מחשב אור אורה דין לקבל
ליד מספר בליד בשמח לאחרת בטובה בראשית ותור לסיבה לשמח לחזר לשנים בחזר בקרה בקורה הלא החוץ האחת שבת ושבת ושבה
שבי כבא
""")
# "ביטוח" (insurance) without its vowel letter is "sure", "בירור" (inquiry) "clear", "רישום" "written down".
_NO_SHORT = _set("בטוח ברור רשום")
