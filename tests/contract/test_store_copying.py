"""A store copied into another of any kind is that store, row for row."""

from __future__ import annotations

from contextlib import ExitStack, closing

import pytest

from speechqa.core.codec import encode
from speechqa.core.custody import PurgeRecord
from speechqa.core.finding import Verdict
from speechqa.core.source import RoleCorrection
from speechqa.errors import StoreError
from speechqa.protocols import CallFilter
from speechqa.store import copying, open_store
from speechqa.store.opening import database_of
from tests.contract.conftest import url_of
from tests.support.stores import HOSTILE, call, failure, finding, ids, put, put_a_day

WAYS = [("file", "postgres"), ("postgres", "file"), ("file", "file"), ("postgres", "postgres")]


@pytest.fixture(params=WAYS, ids="-".join)
def both(request, tmp_path):
    """URLs of a full store and of an empty one."""
    with ExitStack() as stack:
        urls = []
        for number, kind in enumerate(request.param):
            folder = tmp_path / str(number)
            folder.mkdir()
            urls.append(url_of(kind, folder, request, stack))
        with open_store(urls[0]) as store:
            fill(store)
        yield urls


def fill(store):
    put_a_day(store)
    long = ("agent", "word " * 3 + "x" * 3000 + " מילה")
    for number, text in enumerate(HOSTILE):
        put(store, call(text, path=f"/h/{number}{text}.wav", agent_id=text, tags={text: text}, turns=[long]))
    for run in ("two", "three"):
        put(store, call("versions", run_id=run, findings=(finding("thanks", Verdict.FAIL),)), fingerprint=run)
    put(store, failure("versions", message="disk gone"), fingerprint="four")
    put(store, call("gone"))
    store.forget(["gone"], lambda c, r: PurgeRecord(reason="age", chosen="a", calls=c, rows=r), actor="d")
    identity = store.identity("night")
    store.correct_roles(identity, RoleCorrection(roles={"A": "agent"}, by="d", at="2026", reason="why"))
    said = {"criterion": "thanks", "verdict": "pass", "earned": 5, "possible": 5, "reviewer": "D"}
    store.note("review", said, actor="D", identity=identity, call="night")
    store.log("show", call="night", actor="nul\0ah", reason="לראות", details={"a": "b"})


def told(store):
    """All that a store says of what is in it."""
    return {
        "documents": [encode(one) for one in store.documents(CallFilter())],
        "history": [store.history(name) for name in ids(store.find(CallFilter()))],
        "summaries": list(store.find(CallFilter())),
        "journal": list(store.notes()),
        "accesses": list(store.accesses()),
        "sums": store.pooled(("agent", "week"), criteria=True, drafts=True),
        "agents": store.agents(),
        "roles": store.role_corrections(store.identity("night")),
        "found": [
            ids(store.find(CallFilter(phrase=p))) for p in ("word word " + "x" * 3000, "מילה", "lawyer")
        ],
        "damage": list(store.damage()),
    }


def copied(urls, tell=lambda table, rows: None):
    with open_store(urls[0]) as store, closing(database_of(urls[1], create=True)) as target:
        return copying.copy(store.database, target, tell)


def test_a_copy_is_the_store(both):
    done = copied(both)
    assert done.damage == ()
    assert not done.resumed
    with open_store(both[0]) as one, open_store(both[1], create=False) as other:
        assert told(other) == told(one)
        assert told(one)["damage"] == []
        put(other, call("new"), call("another"))
        other.note("review", {}, actor="x", identity="i")
        other.log("show", actor="x")
        assert list(other.damage()) == []


def test_a_copy_that_was_stopped_goes_on_where_it_was(both, monkeypatch):
    monkeypatch.setattr(copying, "_USUAL_SPAN", 3)
    pieces, stop_after = [], 9
    moved = copying._moved

    def stopping(target, before, after, **rows):
        if len(pieces) == stop_after:
            raise KeyboardInterrupt
        pieces.append((after.table, after.after, len(rows.get("rows", ()))))
        return moved(target, before, after, **rows)

    monkeypatch.setattr(copying, "_moved", stopping)
    with pytest.raises(KeyboardInterrupt):
        copied(both)
    with pytest.raises(StoreError, match="copy is not whole") as caught:
        open_store(both[1])
    assert "store copy" in caught.value.hint
    stop_after = None
    assert copied(both).resumed
    assert len(pieces) == len(set(pieces)), "nothing is copied twice"
    with open_store(both[0]) as one, open_store(both[1], create=False) as other:
        assert told(other) == told(one)


def test_a_store_that_holds_anything_is_left(both):
    with open_store(both[1]) as store:
        put(store, call("theirs"))
        before = told_of(store)
    with pytest.raises(StoreError, match="not empty"):
        copied(both)
    with open_store(both[1]) as store:
        assert told_of(store) == before
    with pytest.raises(StoreError, match="not empty"):
        copied((both[0], both[0]))


def told_of(store):
    return [encode(one) for one in store.documents(CallFilter())]


def test_a_source_that_changed_since_is_not_gone_on_with(both, monkeypatch):
    monkeypatch.setattr(copying, "_compared", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        copied(both)
    monkeypatch.undo()
    with open_store(both[0]) as store:
        store.log("show", actor="x")
    with pytest.raises(StoreError, match="changed since"):
        copied(both)


def test_a_row_that_differs_is_found(both, monkeypatch):
    compared = copying._compared

    def harmed(reading, target, tell):
        with target.writing() as connection:
            connection.exec_driver_sql("UPDATE calls SET agent_name = 'Dana' WHERE call_id = 'night'")
        return compared(reading, target, tell)

    monkeypatch.setattr(copying, "_compared", harmed)
    with pytest.raises(StoreError, match="differs from the store in calls"):
        copied(both)
    with pytest.raises(StoreError, match="not whole"):
        open_store(both[1])
