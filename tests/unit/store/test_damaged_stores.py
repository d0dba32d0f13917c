"""A store whose bytes were damaged: never a traceback, and no document that is not the one that was kept."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from speechqa.core.codec import encode
from speechqa.errors import SpeechQAError
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from speechqa.store.opening import database_of
from tests.support.stores import call, put

CALLS = 12
ROUNDS = int(os.environ.get("SPEECHQA_ROUNDS", "12"))
"""Damaged copies of a store; docs/reliability.md names how many were tried."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store with calls and logs, part of it still in the log of writes, and the documents in it."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "store.db"
    with open_store(f"sqlite:///{path}") as store:
        for n in range(CALLS):
            said = [("agent", f"good morning number {n} " * 20), ("customer", "my lamp is broken")]
            put(store, call(f"c{n}", turns=said, agent_id=f"a{n % 3}", path=f"/calls/c{n}.wav"))
            store.log("view", call=f"c{n}", actor="dana")
            store.note("review", {"n": n}, actor="dana", call=f"c{n}")
        kept = {document.call_id: encode(document) for document in store.documents(CallFilter())}
        shutil.copy(path, folder / "begun.db")
        shutil.copy(f"{path}-wal", folder / "begun.db-wal")
    return folder, kept


def damaged(dice, source, target):
    """A copy with a few bytes changed: in the header, in a page, or anywhere, or cut off."""
    data = bytearray(source.read_bytes())
    kind = dice.choice(("header", "page", "anywhere", "zeros", "cut"))
    if kind == "cut":
        del data[dice.randrange(len(data)) :]
    elif kind == "zeros":
        start = dice.randrange(len(data))
        data[start : start + 4096] = bytes(len(data[start : start + 4096]))
    else:
        page = 4096 * dice.randrange(max(1, len(data) // 4096))
        where = {"header": (0, 100), "page": (page, page + 120), "anywhere": (0, len(data))}[kind]
        for _ in range(dice.randint(1, 8)):
            data[min(dice.randrange(*where), len(data) - 1)] = dice.randrange(256)
    target.write_bytes(data)
    return kind


def used(url, kept):
    """Do what people do with a store; whatever it gives of a document must be what was kept."""
    with open_store(url, create=False) as store:
        for question in (
            lambda: [*store.find(CallFilter(agent_id="a1"))],
            lambda: [*store.find(CallFilter(phrase="lamp"))],
            store.agents,
            lambda: [*store.accesses()],
            lambda: [*store.notes()],
            store.broken,
            lambda: [*store.damage()],
        ):
            try:
                question()
            except SpeechQAError:
                continue
        for name, body in kept.items():
            try:
                found = encode(store.get(name))
            except SpeechQAError:
                continue
            assert found == body, f"{name} is not what was kept"
        put(store, call("new"))


@pytest.mark.parametrize("name", ["store.db", "begun.db"])
def test_damaged_bytes_are_told_of_or_harmless(whole, tmp_path, name):
    folder, kept = whole
    told, codes = 0, set[int]()
    for number in range(ROUNDS):
        dice = random.Random(f"{name} {number}")
        target = tmp_path / f"{number}.db"
        shutil.copy(folder / name, target)
        in_log = (folder / f"{name}-wal").exists() and dice.random() < 0.7
        if (folder / f"{name}-wal").exists():
            shutil.copy(folder / f"{name}-wal", f"{target}-wal")
        part = f"{name}-wal" if in_log else name
        damaged(dice, folder / part, target.with_name(f"{number}.db-wal") if in_log else target)
        try:
            # What was in the log of writes only goes with it, as after a power cut: nothing else is given.
            used(f"sqlite:///{target}", kept)
        except SpeechQAError as error:
            told += 1
            codes.add(error.exit_code)
    assert told
    assert codes <= {4, 6}


def test_the_check_of_a_store_finds_a_byte_changed_in_a_document_or_a_log(whole, tmp_path):
    folder, _ = whole
    data = (folder / "store.db").read_bytes()
    place = data.index(b"review")
    (tmp_path / "store.db").write_bytes(data[:place] + b"reviev" + data[place + 6 :])
    with open_store(f"sqlite:///{tmp_path / 'store.db'}", create=False) as store:
        assert [*store.damage()]


def test_a_writer_that_never_ends_is_told_of(whole, tmp_path, monkeypatch):
    monkeypatch.setattr("speechqa.store.sqlite.BUSY_S", 0.05)
    shutil.copy(whole[0] / "store.db", tmp_path / "store.db")
    url = f"sqlite:///{tmp_path / 'store.db'}"
    other = database_of(url, create=False)
    with open_store(url, create=False) as store:
        with (
            other.writing(),
            pytest.raises(SpeechQAError, match="Another process has been writing") as caught,
        ):
            put(store, call("new"))
        assert caught.value.exit_code == 6
        assert "what is finished is skipped" in (caught.value.hint or "")
        put(store, call("new"))
        assert store.get("new")
    other.close()


def test_a_store_that_cannot_be_written_is_read_and_says_so(whole, tmp_path):
    shutil.copy(whole[0] / "store.db", tmp_path / "store.db")
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with open_store(url, create=False) as store:
        # Whoever runs the tests as root may write to any file: SQLite is told not to.
        with store._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
        assert store.get("c1")
        with pytest.raises(SpeechQAError, match="cannot be written") as caught:
            put(store, call("new"))
        assert store.get("c1")
    assert caught.value.exit_code == 6
