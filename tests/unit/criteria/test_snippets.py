"""Short calls with the verdict a fair supervisor gives, one file a criterion, each in both languages.

`held` calls were kept apart until the detector was done; `later` ones were written after it, and the phrases
revised on them. Hebrew is written in one gender; the women's form of
every call must be judged alike.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.calls_as_text import RUBRIC, SERVICE, findings, verdict

SNIPPETS = Path(__file__).parent / "snippets"
OPEN = {
    "en": "a: hello acme support this is bob how can i help",
    "he": "a: שלום מדברת נועה מחברת אופק במה אפשר לעזור",
}
CLOSE = {
    "en": "a: anything else i can do for you\nc: no that's all\na: thank you for calling goodbye\nc: bye",
    "he": "a: אפשר לעזור בעוד משהו\nc: לא זה הכל תודה\na: תודה שפנית אלינו יום טוב\nc: ביי",
}
WOMEN = """
אתה=את צריך=צריכה יכול=יכולה מתנצל=מתנצלת תוכל=תוכלי תשאיר=תשאירי תקשיב=תקשיבי תבין=תביני צודק=צודקת
חמוד=חמודה מבין=מבינה מטפל=מטפלת תתווכח=תתווכחי מעביר=מעבירה שומע=שומעת נציג=נציגה בוא=בואי תנסה=תנסי
מכיר=מכירה יודע=יודעת בודק=בודקת תלחץ=תלחצי תיכנס=תיכנסי חושב=חושבת תירגע=תירגעי שולח=שולחת
כועס=כועסת רותח=רותחת עצבני=עצבנית מאוכזב=מאוכזבת קורא=קוראת קובע=קובעת אמור=אמורה בטוח=בטוחה
מתקשר=מתקשרת פגוע=פגועה מרגיש=מרגישה מכניס=מכניסה שואל=שואלת עוזב=עוזבת זורק=זורקת מפסיק=מפסיקה תגיד=תגידי
"""


def calls() -> list[tuple[str, str, str, str, str]]:
    """Criterion, language, half, expected verdict and the call."""
    found = []
    for path in sorted(SNIPPETS.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("== ")[1:]:
            head, _, body = block.partition("\n")
            language, half, expected = head.split()
            call = body.strip().replace("{open}", OPEN[language]).replace("{close}", CLOSE[language])
            found.append((path.stem, language, half, expected, call))
    return found


def as_said_by_women(call: str) -> str:
    """The call with the listed words in their other gender."""
    for pair in WOMEN.split():
        man, woman = pair.split("=")
        call = re.sub(rf"(?<!\w){man}(?!\w)", woman, call)
    return call


@pytest.mark.parametrize(("criterion", "language", "half", "expected", "call"), calls())
def test_a_call_is_judged_as_a_supervisor_would(
    criterion: str, language: str, half: str, expected: str, call: str
) -> None:
    del half
    assert verdict(call, criterion, language) == expected


@pytest.mark.parametrize(
    ("criterion", "call"), [(c, call) for c, language, _, _, call in calls() if language == "he"]
)
def test_the_other_gender_is_judged_alike(criterion: str, call: str) -> None:
    for rubric in (RUBRIC, SERVICE):
        man, woman = (findings(said, "he", rubric)[criterion] for said in (call, as_said_by_women(call)))
        assert (man.verdict, man.earned) == (woman.verdict, woman.earned)
