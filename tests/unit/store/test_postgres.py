"""What is told and kept apart on a PostgreSQL server alone: passwords, faults, who may what."""

from __future__ import annotations

import subprocess
import sys

import pytest

from speechqa.core.finding import Verdict
from speechqa.errors import DocumentRefused, StoreError
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from speechqa.store.columns import escaped, unescaped
from speechqa.store.opening import database_of, shown_url
from tests.support.stores import HOSTILE, call, finding, ids, put


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://dana:hunter2@127.0.0.1:1/calls",
        "postgres://dana:hunter2@127.0.0.1:1/calls",
        "postgresql+psycopg://dana:hunter2@127.0.0.1:1/calls",
        "postgresql://dana@127.0.0.1:1/calls?password=hunter2",
        "postgresql://dana:hunter2%ZZ@127.0.0.1/calls",
        "postgresql://dana:hunter2@127.0.0.1/calls?nonsense=1",
        "postgresql://dana:hunter2\0@127.0.0.1/calls",
        "postgresql://dana:1@hunter2@127.0.0.1:1/calls",
        "postgresql://dana:1@2/hunter2@127.0.0.1:1/calls",
        "postgresql://dana:hunter2/3@127.0.0.1:1/calls",
        "postgresql://dana:1/hunter2@127.0.0.1:1/calls",
        "postgresql://dana?password=hunter2@1&host=127.0.0.1&port=1",
        "postgresql://dana:hunter2\ud800@127.0.0.1/calls",
    ],
)
def test_no_message_shows_a_password(url):
    with pytest.raises(StoreError) as caught:
        open_store(url)
    said = repr((caught.value, str(caught.value), caught.value.found, caught.value.hint, caught.value.where))
    assert "hunter2" not in said
    assert caught.value.hint
    assert caught.value.exit_code == 6


def test_what_is_shown_of_a_url():
    assert (
        shown_url("postgres://dana:hunter2@db:5433/calls?sslmode=require")
        == "postgresql://dana@db:5433/calls"
    )
    assert shown_url("sqlite:///calls.db") == "sqlite:///calls.db"
    assert shown_url("postgresql://dana:hu?nter2@db/calls?password=a@b") == "postgresql://dana@db/calls"
    assert shown_url("postgresql:///calls?password=a@b@c&host=/run") == "postgresql:///calls?host=/run"


def test_a_wrong_password_a_missing_database_and_an_absent_store(postgres_server, postgres_url):
    absent = postgres_server.url("nowhere")
    with pytest.raises(StoreError, match="no such database"):
        open_store(absent)
    with postgres_server.database(empty=True) as empty:
        with pytest.raises(StoreError, match="no store in it"):
            open_store(empty, create=False)
        with pytest.raises(StoreError, match="does not let this user in"):
            open_store(empty.replace("speechqa@", "eve:hunter2@"))


def test_a_database_of_somebody_else_is_left_alone(postgres_server):
    with postgres_server.database(empty=True) as url:
        name = url.split("/")[3].split("?")[0]
        postgres_server.run("CREATE TABLE theirs (n int)", database=name)
        with pytest.raises(StoreError, match="no speechqa store"):
            open_store(url)
        # In a schema of its own beside theirs there is room.
        postgres_server.run("CREATE SCHEMA speechqa", database=name)
        with open_store(f"{url}&options=-csearch_path%3Dspeechqa") as store:
            put(store, call())
            assert ids(store.find(CallFilter())) == ["c1"]


def test_who_may_only_read_reads(postgres_server, postgres_url):
    name = postgres_url.split("/")[3].split("?")[0]
    with open_store(postgres_url) as store:
        put(store, call(turns=[("agent", "good morning")]))
    postgres_server.run("CREATE ROLE reader LOGIN", database=name)
    postgres_server.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", database=name)
    try:
        with open_store(postgres_url.replace("speechqa@", "reader@"), create=False) as store:
            assert ids(store.find(CallFilter(phrase="good morning"))) == ["c1"]
            with pytest.raises(StoreError, match="may not do this"):
                put(store, call("c2"))
    finally:
        postgres_server.run("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM reader", database=name)
        postgres_server.run("DROP OWNED BY reader", database=name)
        postgres_server.run("DROP ROLE reader", database=name)


@pytest.fixture
def dana(postgres_server, postgres_url):
    """The URL for somebody who may change rows, and owns no table."""
    name = postgres_url.split("/")[3].split("?")[0]
    with open_store(postgres_url) as store:
        put(store, call())
    postgres_server.run("CREATE ROLE dana LOGIN", database=name)
    postgres_server.run(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO dana", database=name
    )
    postgres_server.run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dana", database=name)
    yield postgres_url.replace("speechqa@", "dana@")
    postgres_server.run("DROP OWNED BY dana", database=name)
    postgres_server.run("DROP ROLE dana", database=name)


def test_a_purge_by_another_than_the_owner_says_that_the_space_was_not_given_up(postgres_url, dana):
    with open_store(dana) as store:
        put(store, call("c2", path="/2.wav"))
        said = store.forget(["c2"], lambda *_: {}, actor="d").proof.beyond
        assert "was not given up" in said
    with open_store(postgres_url) as store:
        assert "was given up" in store.forget(["c1"], lambda *_: {}, actor="d").proof.beyond


def test_a_schema_may_be_called_anything(postgres_server):
    with postgres_server.database(empty=True) as url:
        name = url.split("/")[3].split("?")[0]
        postgres_server.run('CREATE SCHEMA "Dana\'s"', database=name)
        with open_store(f"{url}&options=-csearch_path%3D%22Dana's%22") as store:
            put(store, call())
            assert ids(store.find(CallFilter())) == ["c1"]
            assert list(store.damage()) == []


def test_what_the_server_finds_wrong_is_told(postgres_url):
    database = database_of(postgres_url, create=False)
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER journal_kept")
    database.close()
    with open_store(postgres_url) as store:
        assert any("journal_kept" in said for said in store.damage())


def test_a_value_no_index_holds_is_refused_and_the_next_call_is_kept(postgres_url):
    import random

    dice = random.Random(1)
    long = "".join(chr(dice.randrange(0x4E00, 0x9FFF)) for _ in range(20_000))
    with open_store(postgres_url) as store:
        with pytest.raises(DocumentRefused):
            put(store, call("long", customer_id=long))
        put(store, call("next", turns=[("agent", long)]))
        assert ids(store.find(CallFilter(phrase=long))) == ["next"]


@pytest.mark.parametrize("text", [*HOSTILE, "\0", "\x01", "\0\x01\x02", ""])
def test_escaped_text_comes_back(text):
    assert "\0" not in escaped(text)
    assert unescaped(escaped(text)) == text


def test_escaping_keeps_the_order():
    texts = ["", "\0", "\0\0", "\0a", "\x01", "\x01\0", "\x02", "a", "a\0", "a\0b", "a\x01", "a\x02", "ab"]
    assert sorted(texts) == sorted(texts, key=escaped)


def test_ids_are_ordered_by_their_letters_numbers(postgres_url):
    names = ["b", "B", "a", "A", "ä", "z", "א", "_", "-", "10", "9", "😀", "ﬀ"]
    with open_store(postgres_url) as store:
        put(store, *(call(name, path=f"/{n}.wav", agent_id=name) for n, name in enumerate(names)))
        assert ids(store.find(CallFilter())) == sorted(names)
        assert [one.agent_id for one in store.agents(CallFilter())] == sorted(names)


def test_sums_are_whole_numbers(postgres_url):
    with open_store(postgres_url) as store:
        put(store, call("c1", agent_id="a", findings=(finding("x", Verdict.PASS, 5),)))
        (one,) = store.pooled(("agent",), criteria=True)
        assert type(one.scores["courtesy"].earned) is int
        assert type(one.criteria["x"].passed) is int


def test_the_command_loads_no_driver_before_it_is_needed():
    loaded = "import sys, speechqa.cli.app, speechqa.store; print('psycopg' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@pytest.mark.parametrize("asked", ["open_store", "opening.shown_url"])
def test_a_driver_that_is_missing_is_told(asked):
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from speechqa import store\nfrom speechqa.errors import StoreError\nimport speechqa.store.opening\n"
        f"try: store.{asked}('postgresql://h/d')\nexcept StoreError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'speechqa[postgres]'" in run.stdout
