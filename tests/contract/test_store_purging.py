"""What a store keeps of a call that was purged: nothing but the record of it."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from speechqa.core.custody import PurgeEntry, PurgeProof, PurgeRecord, digest_of_name
from speechqa.core.finding import Verdict
from speechqa.core.source import RoleCorrection
from speechqa.errors import CallNotFound, StoreError
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from speechqa.store.schema import metadata
from tests.support.stores import call, failure, finding, ids, put

WORDS = ("zebrafinch", "quixotically", "marzipan", "פלמינגואים", "xylophonist", "bumblebeeish")


def secret(call_id: str, seed: int = 0):
    chance = random.Random(seed)
    turns = [
        (who, " ".join(chance.choices(WORDS, k=9)) + f" word{seed}at{i}")
        for i in range(6)
        for who in ("agent", "customer")
    ]
    return call(
        call_id,
        agent_id="a1",
        customer_id="k-secret",
        agent_name="Zebulon",
        tags={"case": "gooseberry"},
        turns=turns,
        findings=(finding("thanks", Verdict.FAIL),),
    )


def record(calls, rows):
    return PurgeRecord(reason="age", chosen="by age", calls=calls, rows=rows)


def in_files(path: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in path.parent.glob(path.name + "*"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "calls.db"


@pytest.fixture
def full(path):
    with open_store(f"sqlite:///{path}") as store:
        put(
            store,
            secret("gone", 1),
            secret("gone", 2),
            call("stays", turns=[("agent", "the lamp shop word9")]),
        )
        put(store, failure("never", message="vermicelli is no audio"))
        identity = store.identity("gone")
        store.correct_roles(
            identity, RoleCorrection(roles={"A": "agent"}, by="d", at="2026", reason="sassafras")
        )
        store.note("review", {"comment": "persimmon"}, actor="dana", identity=identity, call="gone")
        store.note("review", {"comment": "kept"}, actor="dana", identity="another")
        yield store


def test_nothing_of_a_purged_call_is_left_in_the_files(full, path):
    found = [word for word in (*WORDS, "sassafras", "persimmon", "vermicelli") if in_files(path, word)]
    assert {"sassafras", "persimmon", "vermicelli"} <= set(found)
    assert len(found) > 5
    purged = full.forget(["gone", "never"], record, actor="dana", last_hold=0)
    for word in (*WORDS, "sassafras", "persimmon", "vermicelli", "gooseberry", "Zebulon", "k-secret"):
        assert not in_files(path, word), word
    assert purged.proof.looked_for > 10
    assert purged.proof.found == 0
    assert full.broken() == ()
    assert list(full.damage()) == []
    entry, proof = (msgspec.json.decode(e.body, type=PurgeEntry) for e in full.notes("purge"))
    assert isinstance(proof, PurgeProof)
    assert isinstance(entry, PurgeRecord)
    assert [c.name for c in entry.calls] == [digest_of_name("gone"), digest_of_name("never")]
    assert [len(c.documents) for c in entry.calls] == [2, 1]
    assert entry.rows["documents"] == 3
    assert entry.rows["journal"] == entry.rows["role_corrections"] == 1
    with pytest.raises(CallNotFound):
        full.get("gone")
    assert full.get("stays").call_id == "stays"
    assert [e.body is None for e in full.notes("review")] == [True, False]


def test_a_purged_recording_can_come_back_as_a_new_call(full):
    full.forget(["gone"], record, actor="dana")
    put(full, secret("gone", 5))
    assert [v.number for v in full.history("gone")] == [1]


def test_what_another_call_says_too_is_no_trace(path):
    with open_store(f"sqlite:///{path}") as store:
        same = [("agent", "thank you for calling the lamp shop how may i help you")]
        put(store, call("a", turns=same), call("b", turns=same))
        assert store.forget(["a"], record, actor="d").proof.found == 0


def test_all_or_nothing(full):
    with pytest.raises(CallNotFound):
        full.forget(["gone", "nobody"], record, actor="dana")
    assert full.get("gone").call_id == "gone"
    assert list(full.notes("purge")) == []
    full.note("legal_hold", {"action": "placed", "reason": "r"}, actor="l", call="gone")
    with pytest.raises(StoreError, match="hold was placed"):
        full.forget(["gone"], record, actor="dana", last_hold=0)
    assert full.get("gone").call_id == "gone"


def test_many_calls_random_words(tmp_path):
    path = tmp_path / "many.db"
    with open_store(f"sqlite:///{path}") as store:
        for number in range(60):
            put(store, secret(f"c{number}", number))
        chance = random.Random(3)
        gone = chance.sample(range(60), 30)
        store.forget([f"c{number}" for number in gone], record, actor="d")
        for number in range(60):
            if number in gone:
                assert not any(in_files(path, f"word{number}at{i}") for i in range(6))


def test_every_store_forgets_and_says_what_is_out_of_its_reach(store):
    put(store, secret("gone", 1), call("stays"))
    store.note("review", {"comment": "persimmon"}, actor="dana", identity=store.identity("gone"))
    proof = store.forget(["gone"], record, actor="d").proof
    assert proof.found == 0
    assert bool(proof.beyond) == store.database.where.startswith("postgresql")
    with pytest.raises(CallNotFound):
        store.get("gone")
    assert ids(store.find(CallFilter(phrase=WORDS[0]))) == []
    assert ids(store.find(CallFilter())) == ["stays"]
    assert [entry.body is None for entry in store.notes("review")] == [True]
    assert list(store.damage()) == []


def test_no_sum_tells_whose_calls_they_were_once_all_are_gone(store):
    found = (finding("x", Verdict.PASS, 5),)
    for name, agent in (("a1", "kim"), ("a2", "kim"), ("b1", "lee")):
        put(store, call(name, path=f"/{name}.wav", agent_id=agent, team="north", findings=found))
    store.forget(["a1", "b1"], record, actor="d")
    for name in ("week_calls", "week_scores", "week_criteria"):
        with store.database.reading() as connection:
            left = connection.scalars(sa.select(metadata.tables[name].c.agent_id)).all()
        assert left == ["kim"], name
    assert list(store.damage()) == []
    put(store, call("b2", path="/b2.wav", agent_id="lee", team="north", findings=found))
    assert [(one.agent_id, one.calls) for one in store.pooled(("agent",))] == [("kim", 1), ("lee", 1)]
    assert list(store.damage()) == []
