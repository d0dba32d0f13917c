"""The day that words like "by Thursday" or "תוך שלושה ימים" mean, from the day they were said."""

from __future__ import annotations

import re
from datetime import date, timedelta

from speechqa.core.business_days import Calendar, is_business_day
from speechqa.core.profiles import ProfileName

_ONE_TO_TEN = (
    "one two three four five six seven eight nine ten",
    "אחת שתי שלוש ארבע חמש שש שבע שמונה תשע עשר",
    "אחד שני שלושה ארבעה חמישה שישה שבעה שמונה תשעה עשרה",
)
_NUMBERS = {word: n for words in _ONE_TO_TEN for n, word in enumerate(words.split(), 1)}
_NUMBERS |= {"a": 1, "an": 1, "couple of": 2, "a couple of": 2}
_ELEVEN_ON = (
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "אחת_עשרה שתים_עשרה שלוש_עשרה ארבע_עשרה חמש_עשרה שש_עשרה שבע_עשרה שמונה_עשרה תשע_עשרה",
    "אחד_עשר שנים_עשר שלושה_עשר ארבעה_עשר חמישה_עשר שישה_עשר שבעה_עשר שמונה_עשר תשעה_עשר",
)
_NUMBERS |= {word.replace("_", " "): n for words in _ELEVEN_ON for n, word in enumerate(words.split(), 11)}
_NUMBERS |= {"שתיים עשרה": 12, "שניים עשר": 12}
_TENS = (
    ("twenty thirty forty fifty sixty seventy eighty ninety", _ONE_TO_TEN[:1], (" ", "-")),
    (
        "עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים",
        (*_ONE_TO_TEN[1:], "אחת שתיים", "אחד שניים"),
        (" ו",),
    ),
)
# "Forty eight hours" are not eight: the longer number is tried first.
for _tens, _units, _joins in _TENS:
    for _at, _ten in enumerate(_tens.split(), 2):
        _NUMBERS[_ten] = 10 * _at
        for _words in _units:
            for _n, _word in enumerate(_words.split()[:9], 1):
                _NUMBERS |= {f"{_ten}{_join}{_word}": 10 * _at + _n for _join in _joins}
_MANY = "|".join(
    [r"\d{2,3}", *sorted((word for word, n in _NUMBERS.items() if n > 10), key=len, reverse=True)]
)
_N = "|".join([r"\d{1,3}", *sorted(map(re.escape, _NUMBERS), key=len, reverse=True)])
_DAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_HE = ("שני", "שלישי", "רביעי", "חמישי", "שישי", "שבת", "ראשון")
_HE = "(?<![א-ת])[ולבעדהמ]{0,2}"

_TODAY = re.compile(
    rf"\b(?:today|tonight|this (?:morning|afternoon|evening))\b|{_HE}(?:היום|יום היום|הערב|הלילה)(?![א-ת])"
)
_TOMORROW = re.compile(r"\btomorrow\b|(?<![א-ת])[ולבעדמ]{0,2}מחר(?![א-ת])")
_AFTER_TOMORROW = re.compile(r"\bday after tomorrow\b|(?<![א-ת])[ולבעדמ]{0,2}מחרתיים(?![א-ת])")
_SPANS = (
    (re.compile(rf"\b({_N}) (business|working) days?\b"), "business"),
    (re.compile(rf"\b({_N}) hours?\b"), "hours"),
    (re.compile(rf"\b({_N}) days?\b"), "days"),
    (re.compile(rf"\b({_N}) weeks?\b"), "weeks"),
    (re.compile(rf"({_N}) ימי (?:עסקים|עבודה)"), "business"),
    (re.compile(rf"({_N}) שעות"), "hours"),
    (re.compile(rf"({_N}) ימים"), "days"),
    (re.compile(rf"({_MANY}) יום(?![א-ת])"), "days"),
    (re.compile(rf"({_N}) שבועות"), "weeks"),
)  # fmt: skip
_FIXED = (
    (re.compile("יומיים(?!,? ?[-–]? ?שלושה)"), 2),
    (re.compile("(?:תוך|בעוד|עוד) שבועיים"), 14),
    (re.compile("(?:תוך|בעוד|עוד) שבוע(?![א-ת])(?! ?[-–]? ?שבועיים)"), 7),
    (re.compile("(?:תוך|בעוד|עוד) יום(?! ?[א-ת])"), 1),
)
_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WEEKS_END = re.compile(r"\bend of the (?:business|working|work) week\b|סוף שבוע העבודה")
_MONTHS_END = re.compile(r"\bend of (?:the|this) month\b|(?:סוף|תום) החודש(?! [א-ת]*בא)")
_WEEKDAY_EN = re.compile(rf"\b({'|'.join(_DAYS_EN)})\b")
_WEEKDAY_HE = re.compile(rf"יום ({'|'.join(_DAYS_HE)})(?![א-ת])|(?<![א-ת])[בלעדה]{{0,2}}(שבת)(?![א-ת])")
_VAGUE = re.compile(r"\b(?:next|or|between|to|every|not|before)\b|\d-\d|הבא|הבאה|או|בין|כל|לפני")


_PART = re.compile(r"(?:\b(?:and|hundred)[ -]|(?:^| )ו|מאה |מאתיים )$")
"""What stands before a number that only ends a larger one: "a week and", "a hundred"."""
_CHOICE = re.compile(
    rf"\b(?:{_N}) (?:or|to) (?:{_N})\b|\b(?:hour|day|week)s? or\b|\d ?- ?\d|({_N}) (?:או|עד) ({_N})"
)


def due_day(
    words: str, said_on: str | None, language: str | None = None, profile: ProfileName | None = None
) -> str | None:
    """The last day that a deadline allows.

    Parameters
    ----------
    words : str
        The words that say by when, as they were said.
    said_on : str or None
        Day of the call, `YYYY-MM-DD`, local to it.
    language, profile : str or None
        In Hebrew, and under profile `il` in any language, business days are those of Israel: Sunday to
        Thursday, without its holidays. Elsewhere Monday to Friday, whose holidays are not known.

    Returns
    -------
    str or None
        `YYYY-MM-DD`; None where the day of the call is not known, or the words name none, or several, or
        leave open which one: "next week", "Monday or Tuesday", "by Thursday" said on a Thursday.

    Examples
    --------
    >>> due_day("by tomorrow noon", "2026-11-22"), due_day("within three business days", "2026-11-20")
    ('2026-11-23', '2026-11-25')
    >>> due_day("עד יום חמישי", "2026-11-22", "he"), due_day("תוך 48 שעות", "2026-11-22", "he")
    ('2026-11-26', '2026-11-24')
    >>> due_day("within two business days", "2026-09-20", profile="il")
    '2026-09-23'
    >>> due_day("soon", "2026-11-22") is None
    True
    """
    if said_on is None:
        return None
    start, text = date.fromisoformat(said_on), " ".join(words.lower().split())
    try:
        calendar: Calendar = "israel" if language == "he" or profile == "il" else "elsewhere"
        found = set(_days(text, start, calendar))
    except (OverflowError, ValueError):  # beyond the last day that there is
        return None
    return found.pop().isoformat() if len(found) == 1 else None


def _days(text: str, start: date, calendar: Calendar) -> list[date]:
    written = [date(*map(int, match.groups())) for match in _DATE.finditer(text) if _exists(match)]
    if written:
        return written
    after = _AFTER_TOMORROW.search(text)
    if after:
        return [start + timedelta(2)]
    found = [start] if _TODAY.search(text) else []
    found += [start + timedelta(1)] if _TOMORROW.search(text) else []
    found += [start + timedelta(days) for pattern, days in _FIXED if pattern.search(text)]
    if _CHOICE.search(text):
        return []
    for pattern, unit in _SPANS:
        for match in pattern.finditer(text):
            if _PART.search(text[: match.start()]):
                return []
            number = _NUMBERS.get(match[1]) or int(match[1])
            found.append(_later(start, number, unit, calendar))
    found += [_end_of_week(start, calendar)] if _WEEKS_END.search(text) else []
    found += [_end_of_month(start)] if _MONTHS_END.search(text) else []
    if _VAGUE.search(text) and not found:
        return []
    names = [_DAYS_EN.index(match[1]) for match in _WEEKDAY_EN.finditer(text)]
    names += [_DAYS_HE.index(match[1] or match[2]) for match in _WEEKDAY_HE.finditer(text)]
    for weekday in names:
        ahead = (weekday - start.weekday()) % 7
        if ahead == 0:
            return []
        found.append(start + timedelta(ahead))
    return found


def _later(start: date, number: int, unit: str, calendar: Calendar) -> date:
    if unit == "hours":
        return start + timedelta(-(-number // 24))
    if unit != "business":
        return start + timedelta(number * (7 if unit == "weeks" else 1))
    day = start
    while number:
        day += timedelta(1)
        number -= is_business_day(day, calendar)
    return day


def _end_of_week(start: date, calendar: Calendar) -> date:
    """The last day of business in the week, which begins after the days of rest."""
    last = 3 if calendar == "israel" else 4
    return start + timedelta((last - start.weekday()) % 7)


def _end_of_month(start: date) -> date:
    first = date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return first - timedelta(1)


def _exists(match: re.Match[str]) -> bool:
    try:
        date(*map(int, match.groups()))
    except ValueError:
        return False
    return True
