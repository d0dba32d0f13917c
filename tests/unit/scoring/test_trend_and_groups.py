"""Trends over weeks, intervals from sums, and figures that are withheld."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.core.figures import Contacts, PointSums, Pooled
from speechqa.core.finding import Tally
from speechqa.scoring.contacts import resolution
from speechqa.scoring.groups import by_week, group_figure
from speechqa.scoring.intervals import ratio_interval, sums_interval
from speechqa.scoring.trend import trend

tallies = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
    lambda pair: Tally(earned=min(pair), possible=max(pair))
)


def summed(calls) -> PointSums:
    total = PointSums()
    for call in calls:
        e, p = call.earned, call.possible
        total += PointSums(
            calls=int(p > 0), earned=e, possible=p, earned_earned=e * e, earned_possible=e * p,
            possible_possible=p * p,
        )  # fmt: skip
    return total


@given(st.lists(tallies, max_size=30))
def test_an_interval_from_sums_is_the_one_from_calls(calls):
    assert sums_interval(summed(calls)) == ratio_interval(calls)


def weeks(*rates: float):
    return [(f"2026-W{10 + n}", rate) for n, rate in enumerate(rates)]


def test_four_weeks_show_nothing_and_five_rising_ones_do():
    assert trend(weeks(0.1, 0.2, 0.3, 0.4)).direction == "too_few_weeks"
    found = trend(weeks(0.1, 0.2, 0.3, 0.4, 0.5))
    assert (found.direction, found.p) == ("up", 0.0167)  # 2 of 5! orders
    assert trend(weeks(0.5, 0.4, 0.3, 0.2, 0.1)).direction == "down"


def test_weeks_that_do_not_move_or_go_up_and_down_show_nothing():
    assert trend(weeks(*[0.5] * 8)).p == 1.0
    assert trend(weeks(0.5, 0.6, 0.5, 0.6, 0.5, 0.6)).direction == "none_shown"


def test_a_trend_does_not_depend_on_the_order_and_bridges_years_and_gaps():
    course = [("2025-W51", 0.1), ("2025-W52", 0.2), ("2026-W01", 0.3), ("2026-W02", 0.4), ("2026-W12", 1.4)]
    assert trend(course) == trend(course[::-1])
    assert trend(course).slope == 0.1


def test_p_agrees_with_scipy():
    kendalltau = pytest.importorskip("scipy.stats").kendalltau
    for rates in ((3, 1, 2, 5, 4, 7, 6), (1, 2, 3, 4, 9, 8, 7, 6, 5)):
        expected = kendalltau(range(len(rates)), rates, method="exact").pvalue
        assert trend(weeks(*(rate / 10 for rate in rates))).p == pytest.approx(expected, abs=1e-4)


def pooled(calls: int, **more) -> Pooled:
    sums = PointSums(calls=calls, earned=calls, possible=2 * calls, earned_earned=calls,
                     earned_possible=2 * calls, possible_possible=4 * calls)  # fmt: skip
    return Pooled(rubric="r@1", rubric_digest="d", calls=calls, seconds=60.0 * calls, timed_calls=calls,
                  scores={"courtesy": sums}, **more)  # fmt: skip


def test_figures_below_the_minimum_are_withheld_all_of_them():
    few, enough = (group_figure(pooled(n), minimum_calls=5) for n in (4, 5))
    assert (few.tallies, few.intervals, few.handling_s) == ({}, {}, None)
    assert few.withheld == "4 of the 5 calls that a figure needs"
    assert (enough.tallies["courtesy"].rate, enough.handling_s, enough.withheld) == (0.5, 60.0, "")


def test_weeks_with_too_few_calls_are_in_no_trend():
    sums = [pooled(9 if n else 1, agent_id="a", week=f"2026-W{n + 10}") for n in range(6)]
    (found,) = by_week([*sums, pooled(9, agent_id="a", week="")], minimum_calls=5)
    assert len(found.weeks) == 6
    assert found.trends["courtesy"].weeks == 5


def test_a_resolution_of_few_contacts_is_withheld():
    few = resolution(Contacts(first=4, resolved=4, unknown=2, edge=1), days=7, minimum=5)
    assert (few.rate, few.interval, few.first, few.unknown, few.edge) == (None, None, 4, 2, 1)
    assert resolution(Contacts(first=10, resolved=7), days=7, minimum=5).rate == 0.7
    assert resolution(Contacts(), days=7, minimum=0).rate is None
