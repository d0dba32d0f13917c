"""Two auditors and two reviewers at one store at once, each a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

from speechqa.core.review import Review
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from tests.support.stores import call, finding, put

AUDITOR = """
import sys
from speechqa.core.finding import Verdict
from speechqa.store import open_store
from tests.support.stores import call, finding, put

url, name, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open_store(url) as store:
    for k in range(n):
        put(store, call(f"{name}-{k}", findings=(finding("thanks", Verdict.PASS, 5),),
                        turns=(("agent", "hello " * 200),)))
        store.log("audit", call=f"{name}-{k}", actor=name)
"""
REVIEWER = """
import sys
from speechqa.assembly.reviews import ReviewRow, record_reviews
from speechqa.store import open_store

url, name, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
for k in range(n):
    with open_store(url, create=False) as store:
        record_reviews(store, [ReviewRow(f"old-{k}", "thanks", "fail", f"said {k}")], by=name)
        store.log("show", call=f"old-{k}", actor=name)
"""
CALLS = 40
REVIEWS = 30


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def test_two_auditors_and_two_reviewers_lose_nothing(lasting_url):
    from speechqa.core.finding import Verdict

    url = lasting_url
    with open_store(url) as store:
        for k in range(REVIEWS):
            put(store, call(f"old-{k}", findings=(finding("thanks", Verdict.PASS, 5),)))
    auditors = [started(AUDITOR, url, name, CALLS) for name in ("one", "two")]
    reviewers = [started(REVIEWER, url, name, REVIEWS) for name in ("Dana", "Noa")]
    for process in (*auditors, *reviewers):
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert "locked" not in (out + err).casefold()
        assert err == ""
    with open_store(url, create=False) as store:
        names = {summary.call_id for summary in store.find(CallFilter())}
        assert names == {
            *(f"old-{k}" for k in range(REVIEWS)),
            *(f"{name}-{k}" for name in ("one", "two") for k in range(CALLS)),
        }
        entries = list(store.notes("review"))
        assert [entry.number for entry in entries] == list(range(1, 2 * REVIEWS + 1))
        for name in ("Dana", "Noa"):
            own = [entry for entry in entries if entry.actor == name]
            assert [entry.call_id for entry in own] == [f"old-{k}" for k in range(REVIEWS)]
            assert [msgspec.json.decode(entry.body or "", type=Review).comment for entry in own] == [
                f"said {k}" for k in range(REVIEWS)
            ]
        assert sum(1 for _ in store.accesses()) == 2 * CALLS + 2 * REVIEWS
        assert store.broken() == ()
