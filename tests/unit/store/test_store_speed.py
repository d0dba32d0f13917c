"""How questions are answered: by an index, so that a year of calls is no slower than a day."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects import sqlite

from speechqa.protocols import CallFilter
from speechqa.review.sampling import STRATA
from speechqa.store import open_store
from speechqa.store.candidates import candidates_of
from speechqa.store.figures import contacts
from speechqa.store.queries import counted, matching
from speechqa.store.totals import agent_summaries


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "calls USING COVERING INDEX calls_by_start"),
        ({"agent_id": "a"}, "calls USING COVERING INDEX calls_by_agent"),
        ({"customer_id": "k"}, "calls USING COVERING INDEX calls_by_customer"),
        ({"date_from": "2026-01-01", "date_to": "2026-01-31"}, "calls USING INDEX calls_by_date"),
        ({"status": "failed"}, "calls USING INDEX calls_by_status"),
        ({"criterion": "thanks", "verdict": "fail"}, "verdicts USING COVERING INDEX verdicts_by_criterion"),
        ({"signal": "complaint"}, "signals USING COVERING INDEX signals_by_name"),
        ({"category": "courtesy", "score_below": 0.5}, "scores USING COVERING INDEX"),
        ({"phrase": "hello"}, "call_text VIRTUAL TABLE INDEX"),
    ],
)
def test_questions_use_their_index(query, index):
    wanted = matching(CallFilter(**query)).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    with open_store("sqlite://") as store, store._database.reading() as connection:
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {wanted}")]
    assert any(index in step for step in steps), steps
    assert not [step for step in steps if step == "SCAN calls"]


ASKED = {
    "agent_id": "a", "customer_id": "k", "date_from": "2026-01-01", "date_to": "2026-02-01", "hour_from": 9,
    "hour_to": 10, "category": "courtesy", "score_below": 0.5, "score_above": 0.1, "criterion": "thanks",
    "verdict": "fail", "signal": "complaint", "phrase": "שלום לכם", "status": "done", "team": "t",
    "language": "he", "draft": False, "phrase_by": "agent", "interruptions_from": 2, "agent_name": "Dana",
    "direction": "inbound", "tags": {"topic": "billing"}, "longer": 10.0, "shorter": 99.0,
    "silence_from": 5.0, "promise_due": "2026-02-01", "promise_by": "agent", "sort": "score", "listen": True,
    "number_digests": ("d",), "limit": 5, "offset": 1,
}  # fmt: skip
BESIDE = {"phrase_by": {"phrase": "hello"}, "offset": {"limit": 5}}


def test_every_condition_is_looked_at():
    assert set(ASKED) == set(CallFilter.__struct_fields__)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_no_question_opens_documents_summaries_or_texts(name):
    query = CallFilter(**{name: ASKED[name], **BESIDE.get(name, {})})
    with open_store("sqlite://") as store, store._database.reading() as connection:
        for wanted in (matching(query), counted(query), candidates_of(query, STRATA)):
            text = wanted.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            for _, _, _, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}".replace("%", "%%")):
                assert "documents" not in step, step
                assert "summaries" not in step, step
                # The full text answers by its index of words (M), never by reading every text.
                assert "call_text" not in step or "VIRTUAL TABLE INDEX 0:M" in step, step


def test_totals_over_all_calls_are_added_up_without_sorting():
    with open_store("sqlite://") as store, store._database.reading() as connection:
        asked: list[str] = []
        driver = connection.connection.driver_connection
        driver.set_trace_callback(asked.append)
        agent_summaries(connection, CallFilter())
        driver.set_trace_callback(None)
        for table in ("verdicts", "scores"):
            (statement,) = [text for text in asked if f"FROM {table}" in text]
            steps = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
            assert steps == [f"SCAN {table} USING COVERING INDEX {table}_by_agent"]


@pytest.mark.parametrize("about", [None, "topic"])
@pytest.mark.parametrize("query", [{}, {"team": "t"}])
def test_first_contacts_look_at_each_call_once(about, query):
    with open_store("sqlite://") as store, store._database.reading() as connection:
        asked: list[str] = []
        driver = connection.connection.driver_connection
        driver.set_trace_callback(asked.append)
        contacts(connection, CallFilter(**query), days=7, about=about, part="agent")
        driver.set_trace_callback(None)
        (windowed,) = [text for text in asked if "lead(" in text]
        steps = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {windowed}")]
    if about is None:
        # Each customer's calls lie side by side in their index, in order.
        assert any("calls_by_customer" in step for step in steps), steps
    assert not [step for step in steps if "AUTOMATIC" in step or "MATERIALIZE" in step], steps
