"""Whoever changes what figures are made of, in the file itself, is found by `damage`."""

from __future__ import annotations

import pytest

from speechqa.assembly.reviews import ReviewRow, record_reviews
from speechqa.core.finding import Verdict
from speechqa.protocols import CallFilter
from speechqa.store.sql import SqlStore
from speechqa.store.sqlite import SqliteDatabase
from tests.support.stores import call, finding, put

HARMS = {
    "UPDATE week_scores SET earned = earned + 1": "sums by week in week_scores",
    "UPDATE week_calls SET milliseconds = milliseconds + 1": "sums by week in week_calls",
    "UPDATE week_criteria SET critical = critical + 1": "sums by week in week_criteria",
    "DELETE FROM week_criteria": "sums by week in week_criteria",
    "INSERT INTO week_scores SELECT 'a9', team, week, rubric, rubric_digest, category, draft, calls, earned, "
    "possible, earned_earned, earned_possible, possible_possible FROM week_scores": "sums by week",
    "UPDATE record_verdicts SET verdict = 'pass', earned = 5": "verdicts of record",
    "DELETE FROM record_verdicts": "verdicts of record",
    "INSERT INTO record_verdicts SELECT call, 'greeting', category, source, verdict, earned, possible, "
    "critical FROM record_verdicts": "verdicts of record",
    "UPDATE calls SET local_week = '2026-W01'": "whose call it is",
    "UPDATE calls SET agent_name = 'Dana'": "whose call it is",
    "UPDATE summaries SET body = CAST(replace(CAST(body AS TEXT), '\"a1\"', '\"a2\"') AS BLOB)": "whose call",
    "UPDATE summaries SET body = CAST('{' AS BLOB)": "whose call",
}


@pytest.fixture
def database():
    opened = SqliteDatabase(None)
    store = SqlStore(opened)
    for number in range(3):
        document = call(
            f"c{number}",
            agent_id="a1",
            team="blue",
            started_at="2026-10-05",
            findings=(finding("thanks", Verdict.FAIL, 0, 5), finding("greeting", Verdict.PASS, 5, 5)),
        )
        put(store, document)
    record_reviews(store, [ReviewRow("c1", "thanks", "fail", "they did not")], by="Omer")
    yield opened
    opened.close()


@pytest.mark.parametrize("harm", HARMS)
def test_what_figures_are_made_of_cannot_be_changed_unseen(database, harm):
    store = SqlStore(database)
    assert not [*store.damage()]
    with database.writing() as connection:
        connection.exec_driver_sql(harm)
    assert any(HARMS[harm] in said for said in store.damage())


def test_calls_that_went_leave_sums_that_are_right(database):
    store = SqlStore(database)
    put(store, call("c1", agent_id="a2", started_at=None, findings=(finding("thanks", Verdict.PASS, 5, 5),)))
    store.forget(["c0"], lambda calls, rows: {"calls": len(calls)}, actor="Omer")
    assert not [said for said in store.damage() if "sums" in said or "record" in said]
    assert store.count(CallFilter()) == 2
