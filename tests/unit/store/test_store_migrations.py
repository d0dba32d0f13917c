"""From any version of the tables to any other, with the calls unharmed."""

from __future__ import annotations

import sqlite3
from itertools import product

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import speechqa.store.migrations
from speechqa.core.analysis import CallAnalysis, Provenance
from speechqa.core.transcript import Transcript, Turn
from speechqa.errors import StoreError
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from speechqa.store.database import Database
from speechqa.store.schema import metadata
from speechqa.store.versions import LATEST, VERSIONS, migrate, version_of

DOCUMENT = CallAnalysis(
    call_id="c1",
    path="/c1.wav",
    provenance=Provenance(
        speechqa="0",
        rubric="r",
        rubric_digest="",
        settings_digest="",
        model_digest=None,
        profile="eu",
        run_id="",
        created_at="",
    ),
    transcript=Transcript(language="en", engine="e", turns=(Turn(speaker="agent", text="Good morning"),)),
)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'calls.db'}"


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "calls.db")
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows if not name.startswith("sqlite_")}


def test_the_versions_are_those_of_the_scripts():
    config = Config()
    config.set_main_option("script_location", str(speechqa.store.migrations.__path__[0]))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == VERSIONS
    assert scripts.get_heads() == [LATEST]


def test_migrations_make_the_tables_that_the_code_uses(database):
    with database.writing() as connection:
        migrate(connection)
    declared = Database(None)
    with declared.writing() as connection:
        metadata.create_all(connection)
    migrated = made(database)
    assert {name: sql for name, sql in migrated.items() if "call_text" not in name} == made(declared)
    declared.close()


def made(database: Database) -> dict[str, str]:
    """What tables and indexes were made with, spelling of names and blanks aside."""
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        ).all()
    return {
        name: "".join(sql.replace('"', "").split())
        for name, sql in rows
        if name != "speechqa_version" and not name.startswith("sqlite_")
    }


def test_every_version_can_be_reached_from_every_other(database):
    shapes = {"base": {"speechqa_version"}}
    with database.writing() as connection:
        for version in VERSIONS:
            migrate(connection, version)
            assert version_of(connection, "") == version
    for version in ("base", *VERSIONS):
        with database.writing() as connection:
            migrate(connection, version)
        shapes.setdefault(version, tables(database))
    for (start, before), (target, after) in product(shapes.items(), repeat=2):
        with database.writing() as connection:
            migrate(connection, start)
        assert tables(database) == before
        with database.writing() as connection:
            migrate(connection, target)
        assert tables(database) == after, f"{start} to {target}"
    assert "call_text" not in shapes["0001"]
    assert "call_text" in shapes["0002"]
    assert "role_corrections" not in shapes["0002"]
    assert "role_corrections" in shapes["0003"]


def test_a_store_of_version_1_is_migrated_and_its_calls_are_found_by_their_words(url, database):
    with open_store(url) as store:
        store.put("i", "f", DOCUMENT)
    with database.writing() as connection:
        migrate(connection, "0001")
    database.close()
    with open_store(url) as store:
        assert store.get("c1") == DOCUMENT
        assert [s.call_id for s in store.find(CallFilter(phrase="good morning"))] == ["c1"]
    with database.reading() as connection:
        assert version_of(connection, "") == LATEST


def test_a_migration_that_fails_leaves_the_store_as_it_was(url, database, monkeypatch):
    with open_store(url) as store:
        store.put("i", "f", DOCUMENT)
    with database.writing() as connection:
        migrate(connection, "0001")
    before = tables(database)

    def broken(*_):
        raise StoreError("no luck")

    monkeypatch.setattr("speechqa.store.upkeep.build_index", broken)
    with pytest.raises(StoreError, match="no luck"):
        open_store(url)
    assert tables(database) == before
    with database.reading() as connection:
        assert version_of(connection, "") == "0001"
    monkeypatch.undo()
    with open_store(url) as store:
        assert store.get("c1") == DOCUMENT


def test_an_index_of_older_rows_is_built_anew(url, tmp_path):
    with open_store(url) as store:
        store.put("i", "f", DOCUMENT)
    with sqlite3.connect(tmp_path / "calls.db") as other:
        other.execute("UPDATE store_info SET value = '0'")
        other.execute("DELETE FROM call_text")
        other.execute("UPDATE calls SET language = 'xx'")
    with open_store(url) as store:
        assert [s.call_id for s in store.find(CallFilter(phrase="morning", language="en"))] == ["c1"]
        assert len(store.history("c1")) == 1


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (f"{int(LATEST) + 1:04}", "newer speechqa"),
        ("9999", "newer speechqa"),
        ("a1b2c3", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_store_of_an_unknown_version_is_refused_and_left(url, tmp_path, version, words):
    open_store(url).close()
    path = tmp_path / "calls.db"
    with sqlite3.connect(path) as other:
        other.execute("DELETE FROM speechqa_version")
        if version:
            other.execute("INSERT INTO speechqa_version VALUES (?)", (version,))
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=words) as caught:
        open_store(url)
    assert caught.value.hint
    assert path.read_bytes() == before
