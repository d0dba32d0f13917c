"""Progress by week and the place among other agents, on figures worked out by hand."""

from hypothesis import given
from hypothesis import strategies as st

from speechqa.core.finding import Tally, Verdict
from speechqa.core.totals import CriterionTotals
from speechqa.scoring.examples import examples
from speechqa.scoring.peers import place
from speechqa.scoring.progress import progress
from tests.support.stores import call, finding


def dated(day, earned, possible=10, n=0):
    verdict = Verdict.PASS if earned else Verdict.FAIL
    return call(f"{day}-{n}", started_at=day, findings=(finding("thanks", verdict, earned, possible),))


def of(passed, failed=0, points=1, category="courtesy"):
    return CriterionTotals(
        category=category,
        passed=passed,
        failed=failed,
        points=Tally(earned=passed * points, possible=(passed + failed) * points),
    )


def quarter(own, others, minimum=1):
    return place(own, others, minimum_calls=minimum)[0]


def test_weeks_run_from_monday_and_add_up():
    found = progress(
        [dated("2026-10-04", 2), dated("2026-10-05", 4, 20), dated("2026-10-11", 6), dated(None, 1)],
        minimum_calls=1,
    )
    assert [(w.week, w.first, w.calls) for w in found.weeks] == [
        ("2026-W40", "2026-09-28", 1),
        ("2026-W41", "2026-10-05", 2),
    ]
    assert found.weeks[1].tallies["courtesy"] == Tally(earned=10, possible=30)
    assert found.undated == 1


def test_weeks_from_sunday_have_the_number_of_their_monday():
    days = ("2026-10-03", "2026-10-04", "2026-10-05", "2026-10-11")
    found = progress([dated(day, 2) for day in days], minimum_calls=1, week_start="sunday")
    assert [(w.week, w.first, w.calls) for w in found.weeks] == [
        ("2026-W40", "2026-09-27", 1),
        ("2026-W41", "2026-10-04", 2),
        ("2026-W42", "2026-10-11", 1),
    ]


def test_a_change_is_told_where_the_interval_leaves_zero_out():
    bad = [dated("2026-10-01", n % 3, n=n) for n in range(12)]
    good = [dated("2026-10-20", 8 + n % 3, n=n) for n in range(12)]
    (trend, empty) = progress([*good, *bad], minimum_calls=5).trends
    assert (trend.direction, trend.change, trend.since) == ("better", 0.8, "2026-10-20")
    assert 0 < trend.low < 0.8 < trend.high <= 1
    assert empty.withheld
    (same, _) = progress(
        [*bad, *[dated("2026-10-20", n % 3, n=n) for n in range(12)]], minimum_calls=5
    ).trends
    assert same.direction == "no clear change"
    (few, _) = progress([*good[:4], *bad[:4]], minimum_calls=5).trends
    assert few.change is None
    assert few.earlier == Tally()


def test_only_criteria_assessed_for_both_are_compared():
    own = {"easy": of(9, 1), "hard": of(1, 9)}
    # Never assessed on the hard one: level with them on the easy one.
    assert quarter(own, [{"easy": of(9, 1)}] * 4).quarter == 2
    assert quarter(own, [{"easy": of(9, 1)}] * 4).criteria == ("easy",)
    # Assessed too seldom counts as not at all.
    seldom = {"easy": of(9, 1), "hard": of(2)}
    assert quarter(own, [seldom] * 4, minimum=5).quarter == 2
    assert quarter(own, [seldom] * 4, minimum=1).quarter == 4


def test_a_place_needs_others():
    assert quarter({"easy": of(5)}, [{"easy": of(5)}] * 3).quarter is None
    assert "3 other agents" in quarter({"easy": of(5)}, [{"easy": of(5)}] * 3).withheld
    assert quarter({"easy": of(5)}, [{"other": of(5)}] * 9).peers == 0
    assert quarter({}, [{"easy": of(5)}] * 9).quarter is None


@given(st.lists(st.integers(0, 20), min_size=5, max_size=12), st.data())
def test_who_does_better_never_stands_lower(rates, data):
    others = [{"c": of(r, 20 - r)} for r in rates]
    low, high = sorted((data.draw(st.integers(0, 20)), data.draw(st.integers(0, 20))))
    worse, better = (quarter({"c": of(r, 20 - r)}, others).quarter for r in (low, high))
    assert better <= worse
    assert quarter({"c": of(20)}, [{"c": of(r, 21 - r)} for r in rates]).quarter == 1


def test_examples_are_the_surest_and_then_the_newest():
    def one(name, earned, confidence, day):
        from speechqa.core.finding import Evidence

        said = (Evidence(speaker="agent", quote=name),) if name != "silent" else ()
        verdict = Verdict.PASS if earned else Verdict.FAIL
        found = finding("thanks", verdict, earned, 5, confidence=confidence, evidence=said)
        return call(name, started_at=day, findings=(found, finding("summary", Verdict.NOT_ASSESSED)))

    calls = [
        one("silent", 5, 1.0, "2026-10-09"),
        one("old", 5, 0.9, "2026-10-01"),
        one("new", 5, 0.9, "2026-10-02"),
        one("unsure", 5, 0.2, "2026-10-03"),
        one("part", 3, 0.9, "2026-10-03"),
        one("none", 0, 0.1, "2026-10-03"),
    ]
    (found,) = examples(calls)
    assert [e.call_id for e in found.best] == ["new", "old"]
    assert [e.call_id for e in found.weakest] == ["none", "part"]
