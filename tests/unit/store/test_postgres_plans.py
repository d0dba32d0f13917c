"""How a PostgreSQL server answers: by an index, whatever it takes for granted of tables this small."""

from __future__ import annotations

import pytest

from speechqa.protocols import CallFilter
from speechqa.review.sampling import STRATA
from speechqa.store.candidates import candidates_of
from speechqa.store.opening import database_of
from speechqa.store.queries import counted, matching
from tests.unit.store.test_store_speed import ASKED, BESIDE


@pytest.fixture(scope="module")
def database(postgres_server):
    with postgres_server.database() as url:
        opened = database_of(url, create=False)
        yield opened
        opened.close()


def steps(connection, wanted, *, off=("seqscan",)) -> str:
    """The plan of a question where ways that are off, as reading whole tables, are the last resort."""
    for way in off:
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    asked = wanted.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked}", asked.params).scalars())


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"agent_id": "a"}, "calls_by_agent"),
        ({"customer_id": "k"}, "calls_by_customer"),
        ({"team": "t"}, "calls_by_team"),
        ({"date_from": "2026-01-01", "date_to": "2026-01-31"}, "calls_by_"),  # by day or by moment
        ({"status": "failed"}, "calls_by_status"),
        ({"sort": "risk"}, "calls_by_risk"),
        ({"criterion": "thanks", "verdict": "fail"}, "verdicts_by_criterion"),
        ({"signal": "complaint"}, "signals_by_name"),
        ({"tags": {"topic": "billing"}}, "call_tags_by_value"),
        ({"number_digests": ("d",)}, "masked_numbers_by_digest"),
    ],
)
def test_questions_use_their_index(database, query, index):
    with database.reading() as connection:
        assert index in steps(connection, matching(CallFilter(**query)))


@pytest.mark.parametrize("phrase", ["hello", "hello there", "שלום", "שלום לכם"])
@pytest.mark.parametrize("by", [None, "agent"])
def test_words_are_looked_up_in_their_index(database, phrase, by):
    # Of an empty table any key is as good: without those the words' own index is left.
    off = ("seqscan", "indexscan", "indexonlyscan")
    with database.reading() as connection:
        found = steps(connection, matching(CallFilter(phrase=phrase, phrase_by=by)), off=off)
    assert "Bitmap Index Scan on call_text_words" in found


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "start"),
        ({"agent_id": "a"}, "agent"),
        ({"customer_id": "k"}, "customer"),
        ({"team": "t"}, "team"),
    ],
)
def test_the_newest_are_read_in_order_from_the_index_alone(database, query, index):
    with database.reading() as connection:
        found = steps(connection, matching(CallFilter(limit=5, **query)))
    assert f"Index Only Scan using calls_by_{index}" in found
    assert "Sort" not in found


@pytest.mark.parametrize("name", sorted(ASKED))
def test_no_question_opens_documents_or_summaries(database, name):
    query = CallFilter(**{name: ASKED[name], **BESIDE.get(name, {})})
    with database.reading() as connection:
        for wanted in (matching(query), counted(query), candidates_of(query, STRATA)):
            plan = steps(connection, wanted)
            assert "documents" not in plan
            assert "summaries" not in plan
            assert "Seq Scan on call_text" not in plan
