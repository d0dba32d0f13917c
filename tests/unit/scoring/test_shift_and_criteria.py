"""Criteria over an agent's calls and the course of a shift, on figures worked out by hand."""

import pytest

from benchmarks.year_shift import shift_of
from speechqa.core.finding import Tally, Verdict
from speechqa.core.totals import CriterionTotals
from speechqa.scoring.per_criterion import LEAST_FOR_HALF, per_criterion
from speechqa.scoring.shift import over_shifts
from tests.support.stores import call, finding


def judged(n, verdict, day="2026-10-05", points=5):
    earned = points if verdict is Verdict.PASS else 0
    return call(f"c{n:02d}", started_at=day, findings=(finding("thanks", verdict, earned, points),))


def of(passed, failed):
    return {"thanks": CriterionTotals(category="courtesy", passed=passed, failed=failed)}


def test_a_criterion_is_passed_of_assessed_and_what_was_not_assessed_counts_nowhere():
    verdicts = [Verdict.PASS] * 7 + [Verdict.FAIL] * 3 + [Verdict.NOT_APPLICABLE] * 4 + [Verdict.NOT_ASSESSED]
    calls = [judged(n, verdict) for n, verdict in enumerate(verdicts)]
    (found,) = per_criterion(calls, [], minimum_calls=10)
    assert (found.passed, found.assessed, found.rate) == (7, 10, 0.7)
    # Wilson 1927, 7 of 10.
    assert (found.interval.low, found.interval.high) == (0.3968, 0.8922)
    assert found.verdicts == {"pass": 7, "fail": 3, "not_applicable": 4, "not_assessed": 1}
    assert found.tally == Tally(earned=35, possible=50)
    (few,) = per_criterion(calls, [], minimum_calls=11)
    assert (few.rate, few.interval, few.passed, few.assessed) == (None, None, 7, 10)
    assert few.withheld == "10 of the 11 calls that a figure needs"


def test_others_lie_in_their_middle_half_and_only_where_they_are_many():
    calls = [judged(n, Verdict.PASS) for n in range(5)]
    others = [of(share, 10 - share) for share in (1, 2, 3, 4, 5, 6, 7, 8, 9)]
    (found,) = per_criterion(calls, others, minimum_calls=5)
    assert (found.middle_half, found.peers) == ((0.3, 0.7), 9)
    (few,) = per_criterion(calls, others[: LEAST_FOR_HALF - 1], minimum_calls=5)
    assert (few.middle_half, few.peers) == (None, LEAST_FOR_HALF - 1)
    seldom = [*others[: LEAST_FOR_HALF - 1], *[of(1, 0)] * 9]
    assert per_criterion(calls, seldom, minimum_calls=5)[0].middle_half is None


def test_a_criterion_moves_only_where_chance_is_unlikely():
    late = [judged(20 + n, Verdict.PASS, "2026-10-20") for n in range(10)]
    early = [judged(n, Verdict.FAIL, "2026-10-01") for n in range(10)]
    (found,) = per_criterion([*late, *early], [], minimum_calls=5)
    assert (found.course.direction, found.course.since) == ("better", "2026-10-20")
    (few,) = per_criterion([*late[:4], *early[:4]], [], minimum_calls=5)
    assert few.course.direction is None
    assert few.course.withheld


def day_of_calls(day, verdicts, start=8):
    return [
        call(
            f"{day}-{n:02d}",
            started_at=f"{day}T{start + n // 4:02d}:{n % 4 * 15:02d}:00",
            findings=(finding("thanks", verdict, 5 if verdict is Verdict.PASS else 0),),
        )
        for n, verdict in enumerate(verdicts)
    ]


def logged(calls):
    return [(one.call_id, one.metadata.started_at) for one in calls]


TIRED = [Verdict.PASS] * 6 + [Verdict.FAIL] * 2


def test_nothing_is_said_of_shifts_unless_somebody_says_that_no_call_is_missing():
    calls = day_of_calls("2026-10-05", TIRED)
    found = over_shifts(calls, logged(calls), minimum_calls=1, complete=False)
    assert found.withheld == "it is not known that the log of calls is complete"
    assert (found.parts, found.halves) == ((), ())


def test_a_shift_is_cut_into_quarters_that_add_up():
    days = [day_of_calls(f"2026-10-{day:02d}", TIRED) for day in range(5, 15)]
    calls = [one for day in days for one in day]
    found = over_shifts(calls, logged(calls), minimum_calls=5, complete=True)
    assert (found.shifts, found.longest, found.left_out) == (10, 8, 0)
    assert [(p.first, p.last, p.calls) for p in found.parts] == [
        (1, 2, 20),
        (3, 4, 20),
        (5, 6, 20),
        (7, 8, 20),
    ]
    assert [p.tallies["courtesy"].earned for p in found.parts] == [100, 100, 100, 0]
    (courtesy, nothing) = found.halves
    assert (courtesy.direction, courtesy.change) == ("worse", -0.5)
    assert nothing.change is None


def test_patience_is_told_by_its_own_criteria():
    calls = [
        call(
            f"p{day}-{n}",
            started_at=f"2026-10-{day:02d}T{8 + n:02d}:00:00",
            findings=(
                finding("thanks", Verdict.PASS, 5),
                finding("no_arguing", Verdict.FAIL if n > 5 else Verdict.PASS, 0 if n > 5 else 5),
            ),
        )
        for day in range(5, 15)
        for n in range(8)
    ]
    found = over_shifts(calls, logged(calls), minimum_calls=5, complete=True)
    assert (found.patience.direction, found.patience.change) == ("worse", -0.5)
    assert [part.patience for part in found.parts] == [Tally(earned=100, possible=100)] * 3 + [
        Tally(earned=0, possible=100)
    ]
    without = over_shifts(
        [one for day in range(5, 15) for one in day_of_calls(f"2026-10-{day:02d}", TIRED)],
        logged([one for day in range(5, 15) for one in day_of_calls(f"2026-10-{day:02d}", TIRED)]),
        minimum_calls=5,
        complete=True,
    )
    assert without.patience.change is None


def test_a_tired_year_is_told_and_a_steady_one_is_not():
    assert shift_of(1, tired=True).patience.direction == "worse"
    assert shift_of(2, tired=False).patience.direction == "no clear change"
    assert shift_of(1, tired=True, complete=False).patience is None


def test_calls_that_count_nowhere_are_numbered_all_the_same():
    calls = day_of_calls("2026-10-05", TIRED)
    found = over_shifts(calls[4:], logged(calls), minimum_calls=1, complete=True)
    assert [p.calls for p in found.parts] == [0, 0, 2, 2]
    assert [p.first for p in found.parts] == [0, 0, 5, 7]
    assert found.parts[0].withheld
    assert found.parts[0].tallies == {}


def test_a_night_shift_is_one_and_a_break_makes_two():
    night = [
        call(f"n{n}", started_at=start, findings=(finding("thanks", Verdict.PASS, 5),))
        for n, start in enumerate(
            ("2026-10-05T22:00:00", "2026-10-05T23:30:00", "2026-10-06T00:30:00", "2026-10-06T04:00:00")
        )
    ]
    assert over_shifts(night, logged(night), minimum_calls=1, complete=True).longest == 4
    split = [*day_of_calls("2026-10-05", TIRED, 0), *day_of_calls("2026-10-05", TIRED, 12)]
    assert over_shifts(split, logged(split), minimum_calls=1, complete=True).shifts == 2


@pytest.mark.parametrize(
    ("started_at", "left_out", "undated"), [("2026-10-05", 1, 0), (None, 0, 1), ("no day", 0, 1)]
)
def test_a_call_without_a_time_is_told(started_at, left_out, undated):
    calls = day_of_calls("2026-10-05", TIRED)
    found = over_shifts(calls, [*logged(calls), ("x", started_at)], minimum_calls=1, complete=True)
    assert (found.left_out, found.undated) == (left_out, undated)
    assert bool(found.withheld) == bool(left_out)


def test_clocks_of_several_zones_stand_beside_each_other():
    calls = day_of_calls("2026-10-05", TIRED)
    log = [(name, f"{start}+02:00" if n % 2 else start) for n, (name, start) in enumerate(logged(calls))]
    assert over_shifts(calls, log, minimum_calls=1, complete=True).longest == 8
