"""Swaps keep the meaning, and verdicts hardly flip by them; `python -m benchmarks.fairness` measures all."""

from __future__ import annotations

import pytest

from benchmarks.fairness.calls import kept_apart
from benchmarks.fairness.english_gender import EnglishGender
from benchmarks.fairness.hebrew_gender import HebrewGender
from benchmarks.fairness.kinds import Swap, swaps
from benchmarks.fairness.measure import Flip, Judge, Judgement, interval
from benchmarks.fairness.names import Renamed, bearers
from benchmarks.fairness.text import Line
from benchmarks.fairness.wording import fillers_added, fillers_dropped
from tests.support.calls_as_text import SERVICE

HEBREW = [
    # whose gender, who speaks, as to a man or by one, as to a woman or by one
    ("agent", "agent", "אני מצטער אני בודק ושולח לך", "אני מצטערת אני בודקת ושולחת לך"),
    ("agent", "customer", "אתה יכול לבדוק תגיד לי מתי", "את יכולה לבדוק תגידי לי מתי"),
    ("customer", "customer", "אני צריך לדעת ואני לא מבין", "אני צריכה לדעת ואני לא מבינה"),
    ("customer", "agent", "מה שאתה אומר אני שולח אליך", "מה שאת אומרת אני שולח אלייך"),
    ("customer", "agent", "כשתקבל תתקשר", "כשתקבלי תתקשרי"),
    ("agent", "agent", "מדבר אילן", "מדברת דבורה"),
]
UNTOUCHED = [
    # the object marker, third persons, things, and what the other party says of itself
    ("customer", "agent", "שלחתי את המספר ואת כל הפרטים"),
    ("agent", "agent", "הטכנאי מגיע והוא בודק את זה"),
    ("agent", "agent", "המערכת תשלח הודעה והשליח יוצא"),
    ("agent", "customer", "אני מבין ואני רוצה לבטל"),
    ("customer", "agent", "אני מבין ואני בודק"),
]


@pytest.mark.parametrize(("party", "speaker", "man", "woman"), HEBREW)
def test_hebrew_is_said_of_and_to_the_other_gender(party: str, speaker: str, man: str, woman: str) -> None:
    to_woman, to_man = (HebrewGender(party, to_woman=to) for to in (True, False))
    said = to_woman([Line(speaker, man)])[0].text
    if "אילן" in man:
        assert said.split()[0] == woman.split(maxsplit=1)[0]
        assert said.split()[1] != "אילן"
        return
    assert said == woman
    assert to_man([Line(speaker, woman)])[0].text == man


@pytest.mark.parametrize(("party", "speaker", "text"), UNTOUCHED)
def test_hebrew_of_somebody_else_is_left(party: str, speaker: str, text: str) -> None:
    lines = [Line(speaker, text)]
    assert HebrewGender(party, to_woman=True)(lines) == lines


def test_english_titles_and_pronouns() -> None:
    lines = [
        Line("agent", "yes sir mr clark he told me and it is his line"),
        Line("customer", "call her back miss"),
    ]
    assert EnglishGender("customer", to_woman=True)(lines)[0].text == (
        "yes ma'am mrs clark he told me and it is his line"
    )
    others = EnglishGender("others", to_woman=True)(lines)
    assert others[0].text == "yes sir mr clark she told me and it is her line"
    assert EnglishGender("others", to_woman=False)(lines)[1].text == "call him back miss"


def test_names_are_replaced_by_names_of_the_group_and_sex() -> None:
    lines = [Line("agent", "this is linda speaking"), Line("customer", "hi linda it's marcus mr quirk's son")]
    said = Renamed("en", "arab")(lines)
    name = said[0].text.split()[2]
    assert name in ("fatima", "layla", "noor", "zainab", "amina", "rania")
    assert said[1].text.split()[1] == name
    assert "marcus" not in said[1].text
    assert bearers(lines, "en") == {"linda": "agent", "marcus": "customer"}


def test_fillers_are_dropped_and_put() -> None:
    turn = [Line("agent", "so um i have uh booked it and you will get a message")]
    assert fillers_dropped("en")(turn)[0].text == "i have booked it and you will get a message"
    assert fillers_dropped("he")([Line("agent", "אז אה אני כאילו בודקת")])[0].text == "אני בודקת"
    assert fillers_dropped("he")([Line("agent", "אה")])[0].text == "אה"
    added = fillers_added("en")(turn)[0].text
    assert len(added.split()) > len(turn[0].text.split())


def test_an_interval_is_wider_where_flips_come_together() -> None:
    low, high = interval([0] * 100, [25] * 100)
    assert low == 0.0
    assert 0.001 < high < 0.002
    apart, together = interval([1] * 10 + [0] * 90, [25] * 100), interval([10] + [0] * 99, [25] * 100)
    assert together[1] - together[0] > 2 * (apart[1] - apart[0])
    assert interval([], []) == (0.0, 1.0)


def test_what_counts_as_a_flip() -> None:
    def flip(before: str, after: str) -> bool:
        return Flip("", "", Judgement(before, 0, ""), Judgement(after, 0, "")).counts

    assert flip("pass", "fail")
    assert flip("not_applicable", "not_assessed")
    assert flip("yes", "no")
    assert not flip("pass", "not_applicable")
    assert not flip("pass", "pass")


def test_verdicts_hardly_flip() -> None:
    calls = list(kept_apart())
    few = [
        *[call for call in calls if call.language == "en"][::28],
        *[c for c in calls if c.language == "he"][::12],
    ]
    judge = Judge(SERVICE)
    found = [judge.measure(swap, few) for swap in swaps()]
    flips = sum(len(call) for one in found for call in one.flips)
    assert {one.swap.kind for one in found if one.changed} == {swap.kind for swap in swaps()}
    assert flips <= 0.01 * sum(one.verdicts for one in found)


def test_a_judge_that_goes_by_who_speaks_is_found_out() -> None:
    # A swap that takes the thanks away flips what it must flip: the measure is not blind.
    def unthankful(lines: object) -> list[Line]:
        return [Line(line.role, line.text.replace("תודה", "")) for line in lines]  # type: ignore[attr-defined]

    calls = [call for call in kept_apart() if call.language == "he"][:4]
    found = Judge(SERVICE).measure(Swap("x", "he", "x", unthankful), calls)
    assert {one.criterion for call in found.flips for one in call} >= {"thanks"}
