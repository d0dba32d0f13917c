"""From any version of the tables to any other, with the calls unharmed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import pairwise, product

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
from speechqa.store.opening import database_of
from speechqa.store.schema import metadata
from speechqa.store.sqlite import SqliteDatabase
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
def url(lasting_url):
    return lasting_url


@pytest.fixture
def database(url):
    database = database_of(url, create=True)
    yield database
    database.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "calls.db"


@pytest.fixture
def file_url(path):
    return f"sqlite:///{path}"


def tables(database: Database) -> set[str]:
    with database.reading() as connection:
        return {name for name in database.tables(connection) if not name.startswith("sqlite_")}


def test_the_versions_are_those_of_the_scripts():
    config = Config()
    config.set_main_option("script_location", str(speechqa.store.migrations.__path__[0]))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == VERSIONS
    assert scripts.get_heads() == [LATEST]


def test_migrations_make_the_tables_that_the_code_uses(path):
    database = SqliteDatabase(path)
    with database.writing() as connection:
        migrate(connection)
    declared = SqliteDatabase(None)
    with declared.writing() as connection:
        metadata.create_all(connection)
    migrated = made(database)
    assert {name: sql for name, sql in migrated.items() if "call_text" not in name} == made(declared)
    declared.close()
    database.close()


def test_migrations_make_the_tables_that_the_code_uses_in_postgres_too(postgres_server, postgres_url):
    migrated = database_of(postgres_url, create=False)
    with postgres_server.database(empty=True) as url:
        declared = database_of(url, create=False)
        with declared.writing() as connection:
            metadata.create_all(connection)
        assert made_in_postgres(migrated) == made_in_postgres(declared)
        declared.close()
    migrated.close()


def made_in_postgres(database: Database) -> set[tuple[str, ...]]:
    """Columns with types and collations, and indexes; the full text is no table that both have."""
    columns = (
        "SELECT table_name, column_name, data_type, is_nullable, coalesce(collation_name, '') "
        "FROM information_schema.columns WHERE table_schema = current_schema()"
    )
    indexes = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    with database.reading() as connection:
        rows = [*connection.exec_driver_sql(columns), *connection.exec_driver_sql(indexes)]
    return {tuple(row) for row in rows if row[0] not in ("call_text", "speechqa_version")}


def made(database: SqliteDatabase) -> dict[str, str]:
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


def walk(versions: list[str]) -> Iterator[str]:
    """A way from the last version that goes once from each to every other, and from each to itself."""
    left = {one: [*versions] for one in versions}
    at, back, way = versions[-1], [], []
    while left[at] or back:
        if left[at]:
            back.append(at)
            at = left[at].pop()
        else:
            way.append(at)
            at = back.pop()
    return reversed(way)


def test_the_walk_goes_every_way_once():
    way = ["c", *walk(["a", "b", "c"])]
    assert sorted(pairwise(way)) == sorted(product("abc", repeat=2))


def test_every_version_can_be_reached_from_every_other(database):
    shapes = {"base": {"speechqa_version"}}
    with database.writing() as connection:
        for version in VERSIONS:
            migrate(connection, version)
            assert version_of(connection, database) == version
    for version in ("base", *VERSIONS):
        with database.writing() as connection:
            migrate(connection, version)
        shapes.setdefault(version, tables(database))
    start = LATEST
    for target in walk([*shapes]):
        with database.writing() as connection:
            migrate(connection, target)
        assert tables(database) == shapes[target], f"{start} to {target}"
        start = target
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
        assert version_of(connection, database) == LATEST


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
        assert version_of(connection, database) == "0001"
    monkeypatch.undo()
    with open_store(url) as store:
        assert store.get("c1") == DOCUMENT


def test_an_index_of_older_rows_is_built_anew(url, database):
    with open_store(url) as store:
        store.put("i", "f", DOCUMENT)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE store_info SET value = '0'")
        connection.exec_driver_sql("DELETE FROM call_text")
        connection.exec_driver_sql("UPDATE calls SET language = 'xx'")
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
def test_a_store_of_an_unknown_version_is_refused_and_left(file_url, path, version, words):
    open_store(file_url).close()
    with sqlite3.connect(path) as other:
        other.execute("DELETE FROM speechqa_version")
        if version:
            other.execute("INSERT INTO speechqa_version VALUES (?)", (version,))
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=words) as caught:
        open_store(file_url)
    assert caught.value.hint
    assert path.read_bytes() == before
