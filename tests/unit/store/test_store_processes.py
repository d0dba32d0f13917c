"""Several processes at one store, and processes that are killed while they write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from speechqa.protocols import CallFilter
from speechqa.store import open_store

WRITER = """
import sys
from speechqa.core.analysis import CallAnalysis, Provenance
from speechqa.core.finding import Finding, Tally, Verdict
from speechqa.core.transcript import Transcript, Turn
from speechqa.store import open_store

url, name, shared, n = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
provenance = Provenance(
    speechqa="0", rubric="r", rubric_digest="", settings_digest="", model_digest=None, profile="eu",
    run_id=name, created_at="",
)
finding = Finding(
    criterion="thanks", category="courtesy", verdict=Verdict.PASS, detector="d", reason="", earned=5,
    possible=5, searched_turns=(0, 1),
)
said = Turn(speaker="agent", text="hello " * 200)
with open_store(url) as store:
    for k in range(n):
        call_id = f"shared-{k}" if shared else f"{name}-{k}"
        store.put(f"digest of {call_id}", name, CallAnalysis(
            call_id=call_id, path=f"/{call_id}.wav", provenance=provenance,
            transcript=Transcript(language="en", engine="e", turns=(said,)),
            findings=(finding,), scores={"courtesy": Tally.of([finding])},
        ))
        print(call_id, flush=True)
"""


def writer(url: str, name: str, *, shared: bool = False, calls: int = 20) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, url, name, str(int(shared)), str(calls)]
    root = Path(__file__).parents[3]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)


@pytest.fixture
def url(lasting_url):
    return lasting_url


def test_two_writers_at_once_on_a_new_store(url):
    both = [writer(url, "one"), writer(url, "two")]
    for process in both:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with open_store(url) as store:
        found = [summary.call_id for summary in store.find(CallFilter())]
        assert sorted(found) == sorted(f"{name}-{k}" for name in ("one", "two") for k in range(20))
        assert [s.call_id for s in store.find(CallFilter(phrase="hello hello"))] == found
        (nobody,) = store.agents(CallFilter())
        assert (nobody.audited.calls, nobody.audited.criteria["thanks"].passed) == (40, 40)


def test_two_writers_of_the_same_calls(url):
    both = [writer(url, "one", shared=True), writer(url, "two", shared=True)]
    for process in both:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with open_store(url) as store:
        assert store.counts()["done"] == 20
        for summary in store.find(CallFilter()):
            versions = store.history(summary.call_id)
            assert sorted(v.fingerprint for v in versions) == ["one", "two"]
            assert [v.current for v in versions] == [True, False]


@pytest.mark.parametrize("after", [0, 7, 23])
def test_what_was_kept_before_a_kill_is_there_once(url, tmp_path, after):
    process = writer(url, "one", calls=10_000)
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(after + 1)]
    process.kill()
    said += process.stdout.read().split()
    process.wait()
    with open_store(url) as store:
        found = [summary.call_id for summary in store.find(CallFilter())]
        assert len(found) == len(set(found))
        # The last one may have been kept without its word having got out.
        assert set(said) <= set(found)
        assert len(found) <= len(said) + 1
        assert len(list(store.documents(CallFilter()))) == len(found)
        assert all(len(store.history(call_id)) == 1 for call_id in found)
        assert list(store.damage()) == []
        with store._database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM call_text").scalar() == len(found)


def test_a_killed_batch_goes_on_where_it_was(url):
    process = writer(url, "one", calls=20)
    assert process.stdout is not None
    for _ in range(5):
        process.stdout.readline()
    process.kill()
    process.communicate()
    again = writer(url, "one", calls=20)
    again.communicate(timeout=60)
    with open_store(url) as store:
        assert store.counts()["done"] == 20
        assert all(len(store.history(f"one-{k}")) == 1 for k in range(20))
