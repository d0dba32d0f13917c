"""Stores that every earlier version made by its own code are brought to the present, and lose nothing."""

from __future__ import annotations

import os
import signal
import zlib
from contextlib import closing

import pytest
import sqlalchemy as sa

from speechqa.core.codec import decode, encode
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from speechqa.store.copying import copy
from speechqa.store.opening import database_of
from speechqa.store.versions import LATEST, VERSIONS, migrate, version_of
from tests.support.golden import DUMPS, STORES, as_json, dump, lost, only, rows_of, store_at

KEPT = ("documents", "call_names", "call_paths", "access_log", "role_corrections", "journal")
"""What no version may change."""
INDEXED = ("calls", "scores", "verdicts", "promises", "call_tags", "masked_numbers")
"""What is made again from documents, and must then say the same."""
GROWS = ("signals",)
"""What may then say more."""
EVERYTHING = CallFilter()


def url_of(path):
    return f"sqlite:///{path}"


def shape(path):
    """Tables and indexes as they were made, names of triggers; spelling of names and blanks aside."""
    with closing(database_of(url_of(path), create=False)) as database, database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {
            (kind, name, "" if kind == "trigger" else "".join(sql.replace('"', "").split()))
            for kind, name, sql in rows
        }


def unchanged(before, after, tables):
    for table in tables:
        if table in before:
            columns = before[table][0]
            assert only(after, table, columns) == only(before, table, columns), table
    for table in GROWS:
        columns = before[table][0]
        assert set(only(after, table, columns)) >= set(only(before, table, columns)), table


def asked(store):
    """What a store answers about itself; nothing of it depends on the kind of database."""
    calls = [summary.call_id for summary in store.find(EVERYTHING)]
    return {
        "calls": calls,
        "documents": {
            (name, kept.number): encode(store.get(name, version=kept.number))
            for name in calls
            for kept in store.history(name)
        },
        "said": [one.call_id for one in store.find(CallFilter(phrase="city library"))],
        "failed": [one.call_id for one in store.failures()],
        "agents": store.agents(EVERYTHING),
        "accesses": list(store.accesses()),
        "notes": list(store.notes()),
        "roles": store.role_corrections(store.identity("en-library-mono")),
    }


def test_every_version_that_was_left_behind_has_a_golden_store():
    assert {name.partition("-")[0] for name in STORES} >= set(VERSIONS[:-1]), "python tests/golden/make.py"


@pytest.mark.parametrize("name", STORES)
def test_a_store_of_any_version_is_brought_to_the_present_whole(name, tmp_path):
    path = store_at(name, tmp_path)
    before = rows_of(path)
    assert before["speechqa_version"][1] == [(name.partition("-")[0],)]
    with open_store(url_of(path)) as store:
        after = rows_of(path)
        unchanged(before, after, (*KEPT, *INDEXED))
        for (body,) in only(before, "documents", ("body",)):
            raw = zlib.decompress(body)
            assert not list(lost(as_json(raw), as_json(encode(decode(raw)))))
        assert not [*store.damage()]
        found = asked(store)
        assert found["calls"][:2] == ["he-oven-complaint", "en-library-mono"]
        assert found["said"] == ["en-library-mono"]
        assert found["failed"] == found["calls"][2:]
        assert len(found["accesses"]) == len(before["access_log"][1])
        scores = only(before, "scores", ("earned", "possible"))
        totals = [one for agent in found["agents"] for one in (agent.audited, agent.draft)]
        summed = [tally for one in totals for tally in one.scores.values()]
        assert sum(one.earned for one in summed) == sum(earned for earned, _ in scores)
        assert sum(one.possible for one in summed) == sum(possible for _, possible in scores)
        # What a new store defends, this one does, and what is new is kept in it.
        store.log("view", call="he-oven-complaint", actor="Dana")
        assert len(list(store.accesses("he-oven-complaint"))) >= 2
        holds = [note.number for note in found["notes"] if note.kind == "legal_hold"]
        store.forget(
            ["en-library-mono"],
            lambda calls, rows: {"calls": len(calls)},
            actor="Dana",
            last_hold=max(holds, default=0),
        )
        assert [one.call_id for one in store.find(EVERYTHING)] == [*found["calls"][:1], *found["calls"][2:]]
        assert not [said for said in store.damage() if "erased" not in said]
    new = tmp_path / "new.db"
    open_store(url_of(new)).close()
    assert shape(path) == shape(new)


@pytest.mark.parametrize("name", STORES)
def test_back_to_its_version_and_forward_again_nothing_is_lost(name, tmp_path):
    path = store_at(name, tmp_path)
    before = rows_of(path)
    with open_store(url_of(path)) as store:
        answers = asked(store)
    with closing(database_of(url_of(path), create=False)) as database:
        with database.writing() as connection:
            migrate(connection, name.partition("-")[0])
        back = rows_of(path)
        assert set(back) == set(before)
        unchanged(before, back, (*KEPT, *INDEXED))
    with open_store(url_of(path)) as store:
        assert asked(store) == answers
        assert not [*store.damage()]


@pytest.mark.parametrize("name", DUMPS)
def test_a_store_of_a_server_is_brought_to_the_present_whole(name, postgres_server):
    with postgres_server.database(empty=True) as url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(dump(name))
        with closing(database_of(url, create=False)) as database:
            with database.reading() as connection:
                assert version_of(connection, database) == name.partition("-")[0]
                kept = connection.exec_driver_sql("SELECT number, digest FROM documents ORDER BY id").all()
            with open_store(url) as store:
                found = asked(store)
                assert not [*store.damage()]
            with database.reading() as connection:
                assert version_of(connection, database) == LATEST
                again = connection.exec_driver_sql("SELECT number, digest FROM documents ORDER BY id").all()
        assert again == kept
        assert found["calls"][:2] == ["he-oven-complaint", "en-library-mono"]
        assert found["said"] == ["en-library-mono"]
        assert {note.kind for note in found["notes"]} >= {"review", "legal_hold", "word_correction"}


def test_the_oldest_store_copied_to_a_server_answers_the_same(tmp_path, postgres_server):
    path = store_at(STORES[0], tmp_path)
    with postgres_server.database(empty=True) as url, open_store(url_of(path)) as store:
        answers = asked(store)
        with closing(database_of(url, create=True)) as target:
            assert not copy(store.database, target, lambda *_: None).damage
        with open_store(url) as copied:
            assert asked(copied) == answers


@pytest.fixture(params=["file", "server"])
def older(request, tmp_path):
    """A store of an earlier version with calls in it, of either kind."""
    if request.param == "file":
        yield url_of(store_at(STORES[0], tmp_path))
        return
    server = request.getfixturevalue("postgres_server")
    with server.database(empty=True) as url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(dump(DUMPS[0]))
        yield url


def test_a_migration_that_is_killed_leaves_the_old_store_or_the_new(older):
    statements = 0
    while killed_at(older, 1 + statements):
        with closing(database_of(older, create=False)) as database, database.reading() as connection:
            version = version_of(connection, database)
            tables = {name for name in database.tables(connection) if not name.startswith("call_text")}
            known = connection.exec_driver_sql("SELECT count(*) FROM documents").scalar_one()
        if statements == 0:
            first = (version, tables, known)
            assert version != LATEST
        assert (version, tables, known) == first, f"after statement {statements}"
        statements = statements * 4 // 3 + 1
    assert statements > 20
    with open_store(older) as store:
        assert not [*store.damage()]
        assert [one.call_id for one in store.find(EVERYTHING)][:2] == ["he-oven-complaint", "en-library-mono"]


def killed_at(url, number):
    """Whether a process that opens a store was killed before its statement of that number, if it has one."""
    child = os.fork()
    if child == 0:
        try:
            seen = 0

            @sa.event.listens_for(sa.Engine, "before_cursor_execute")
            def count(*_):
                nonlocal seen
                seen += 1
                if seen == number:
                    os.kill(os.getpid(), signal.SIGKILL)

            open_store(url).close()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
