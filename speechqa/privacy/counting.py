"""Numbers that count something: a unit or a plural follows them."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.privacy.number_words import number_word
from speechqa.privacy.phrases import word_set
from speechqa.privacy.tokens import Token

UNITS = word_set(
    """
    dollar dollars shekel shekels nis ils euro euros pound pounds quid cent cents percent bucks minute
    minutes hour hours day days week weeks month months year years gb mb gigabyte gigabytes gig gigs
    megabytes megabits megs km miles meters metres kilos kilo kilograms grams watts kilowatt kilowatts
    square seconds items units people pieces times agorot שקל שקלים שח דולר דולרים אירו יורו אגורות אחוז
    אחוזים דקה דקות שעה שעות יום ימים שבוע שבועות חודש חודשים שנה שנים גיגה מגה קמ קילומטר קילו גרם מטר
    קילוואט וואט שניות יחידות אנשים
    """
)
_RATES = word_set(
    """
    per each apiece monthly לחודש לשנה ליום לשבוע לשעה
    """
)
_SHORTEST_PLURAL = 4
_NO_PLURAL = word_set(
    """
    this thanks does says that's let's here's there's what's always yours perhaps ours plus comes looks
    works goes guys seems shows keeps gives needs expires arrives starts ends שלום היום עכשיו להיות לראות
    לעשות כזאת אחרות אחרונות אחרונים ספרות מספרים הספרות המספרים קיים מסוים מאיים
    """
)
_PLURALS_HE = ("ים", "ות")


def is_counted(tokens: Sequence[Token], last: int) -> bool:
    """Whether a number that ends with token `last` counts what follows: "350 shekels", "three purchases".

    Examples
    --------
    >>> from speechqa.privacy.tokens import tokenize
    >>> is_counted(tokenize("350 parcels"), 0), is_counted(tokenize("350, thanks"), 0)
    (True, False)
    """
    if last + 1 >= len(tokens) or not tokens[last + 1].tight:
        return False
    word = tokens[last + 1].text
    if word in UNITS or word in _RATES:
        return True
    if len(word) < _SHORTEST_PLURAL or word in _NO_PLURAL or _is_number(word):
        return False
    return word.endswith(_PLURALS_HE) or (word.isascii() and word.endswith("s") and not word.endswith("ss"))


def _is_number(word: str) -> bool:
    """Whether a word is a number, or one in the plural as recognisers write it ("three sevens")."""
    return number_word(word) is not None or number_word(word.removesuffix("s")) is not None
