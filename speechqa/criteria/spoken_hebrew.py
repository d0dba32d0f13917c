"""Hebrew as many of its speakers say it: words of Arabic and Russian by their Hebrew ones, and fillers.

A phrase is written once; whoever says "טייב" or "ספסיבה" says it too, and is judged the same. The quote is
always what was written.
"""

from __future__ import annotations

from speechqa.criteria.hebrew import fold

_FORMS = """
טייב=טוב סורי=סליחה מבסוט=מרוצה מבסוטה=מרוצה מבסוטים=מרוצים חלאס=מספיק שוקרן=תודה שוקראן=תודה תפדל=בבקשה
תפדלי=בבקשה מרחבא=שלום סלאמאת=להתראות סלמאת=להתראות שוויה=רגע ספסיבה=תודה ספאסיבה=תודה פוז'לוסטה=בבקשה
פז'לוסטה=בבקשה דוואי=קדימה דבאי=קדימה נורמלנו=בסדר חרשו=בסדר חרשוא=בסדר פריוויט=שלום פריבט=שלום
וואללה=וואלה ואללה=וואלה מדאם=גברת
"""


def _pairs() -> dict[str, str]:
    both = (pair.split("=") for pair in _FORMS.split())
    return {fold(form): fold(word) for form, word in both}


FORMS = _pairs()
"""A word as it is said, and the Hebrew one that it stands for; both folded."""

_SOFT = frozenset(map(fold, ("כאילו", "יעני")))
_CALLS = fold("יא")
_QUALITY = fold("טיב")
_TOOK_IN, _UNDERSTOOD, _OBJECT = map(fold, ("קלטתי", "הבנתי", "את"))
_COMPARES = (
    "נשמע נשמעת נשמעים נראה נראית נראים מרגיש מרגישה מרגישים הרגשתי תרגיש תרגישי להרגיש מתנהג מתנהגת מתנהגים "
    "התנהג התנהגה התנהגו תתנהגו עושה עושים עושות תעשה תעשי תעשו אלי אליי אליו אליה אלינו איתי איתנו "
    "ממני אותי כמו זה"
)
_AS_IF = frozenset(map(fold, _COMPARES.split()))
"""Behind one of them it compares: "מתייחסים אליי כאילו"."""
_HOW_DO_THEY_SAY = (fold("איך"), fold("אומרים"))
_ASKED = frozenset(map(fold, ("אז", "יודע", "יודעת", "יודעים")))
_THAT = "ש"


def standard(raw: str) -> str:
    """A written Hebrew word, folded, by its Hebrew one where it is borrowed.

    Examples
    --------
    >>> standard("טייב") == "טוב", standard("טיב") == "טיב"  # "quality", which folds as the former does
    (True, True)
    """
    word = fold(raw)
    return word if word == _QUALITY and "יי" not in raw else FORMS.get(word, word)


def understood(word: str, after: str) -> str:
    """A word, "קלטתי" as "I understood"; but "קלטתי את ההזמנה" says that it was put into a system."""
    return _UNDERSTOOD if word == _TOOK_IN and after != _OBJECT else word


def fills(before: str, word: str, after: str) -> int:
    """How many words from this one on only fill a pause: 0, 1, or 2 ("איך אומרים").

    "כאילו" says something where it compares: "נשמע כאילו", "כאילו שאכפת".

    Parameters
    ----------
    before, word, after : str
        As folded; empty at either end of what is said. The last word of a turn fills nothing.

    Examples
    --------
    >>> fills("", "כאילו", "אני"), fills("נשמע", "כאילו", "אני"), fills("זה", fold("איך"), fold("אומרים"))
    (1, 0, 2)
    """
    if not after:
        return 0
    if word == _CALLS or (word in _SOFT and before not in _AS_IF and after[0] != _THAT):
        return 1
    return 2 if (word, after) == _HOW_DO_THEY_SAY and before not in _ASKED else 0
