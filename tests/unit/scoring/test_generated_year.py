"""A generated year in each language: what was planted is found and nothing else; a gap leaves it untold."""

from datetime import timedelta

import pytest

from benchmarks.year import found_in, promises_in, steps_in, year_of


@pytest.mark.parametrize("seed", [2, 7, 28])
def test_what_was_planted_is_found_and_nothing_else(seed):
    year = year_of(seed)
    found = found_in(year)
    assert promises_in(found) == year.promises
    assert steps_in(found) == year.steps
    assert len(year.steps) > 2
    assert {outcome for *_, outcome in year.promises} >= {"kept", "broken"}
    assert all(made.later for one in found.calls for made in one.promises if made.outcome != "open")


def test_with_days_missing_from_the_log_it_is_not_assessed():
    year = year_of(2)
    middle = year.calls[len(year.calls) // 2].day
    found = found_in(year, without=(middle, middle + timedelta(days=9)))
    assert found.churn.stage is None
    assert "no call of anybody from" in found.churn.withheld
    assert found.change.begun is None
    assert found.repeat.first is None
    crossing = [
        made.outcome
        for one in found.calls
        for made in one.promises
        if (one.started_at or "")[:10] < middle.isoformat() and made.outcome != "not_assessed"
    ]
    settled_before = {
        made.later[-1].started_at[:10] < middle.isoformat()
        for one in found.calls
        for made in one.promises
        if made.outcome in ("kept", "broken") and one.started_at[:10] < middle.isoformat()
    }
    assert "open" not in crossing
    assert settled_before <= {True}
