"""What every store does with calls whose period is closed: the analysis they have stands."""

from __future__ import annotations

from speechqa.core.finding import Verdict
from speechqa.core.period import period_of
from speechqa.protocols import CallFilter
from tests.support.stores import call, failure, finding, put


def judged(verdict, run_id, started_at="2026-10-31T23:30:00-11:00", call_id="c1"):
    earned = 5 if verdict is Verdict.PASS else 0
    return call(
        call_id, run_id=run_id, agent_id="a1", started_at=started_at, path="/calls/c1.wav",
        findings=(finding("thanks", verdict, earned),),
    )  # fmt: skip


def note(store, kind, name="2026-10"):
    store.note(kind, period_of(name), actor="Omer")


def test_what_is_judged_again_is_kept_beside_what_counts(store):
    first, second = judged(Verdict.FAIL, "run-1"), judged(Verdict.PASS, "run-2")
    put(store, first, fingerprint="f1")
    note(store, "period_closed")
    put(store, second, fingerprint="f2")
    assert store.get("c1") == first
    assert store.get("c1", version=2) == second
    assert [version.current for version in store.history("c1")] == [False, True]
    (summary,) = store.find(CallFilter(agent_id="a1"))
    assert summary.verdicts == {"thanks": "fail"}
    assert store.agent("a1", CallFilter()).audited.scores["courtesy"].earned == 0
    # Neither an audit that finds it done nor another name makes it count.
    assert store.make_current("digest of /calls/c1.wav", "f2")
    put(store, judged(Verdict.PASS, "run-3", call_id="renamed"), fingerprint="f3")
    assert store.get("c1") == store.get("renamed") == first
    note(store, "period_opened")
    assert store.make_current("digest of /calls/c1.wav", "f2")
    assert store.get("c1") == second


def test_a_start_told_otherwise_does_not_open_a_call(store):
    first = judged(Verdict.FAIL, "run-1")
    put(store, first)
    note(store, "period_closed")
    put(store, judged(Verdict.PASS, "run-2", started_at="2026-11-02"), fingerprint="f2")
    assert store.get("c1") == first


def test_what_comes_late_into_a_closed_period_is_kept_as_it_comes(store):
    note(store, "period_closed")
    broken = failure("c1", started_at="2026-10-05")
    put(store, broken)
    assert store.get("c1") == broken
    put(store, judged(Verdict.FAIL, "run-1"))
    assert store.get("c1") == judged(Verdict.FAIL, "run-1")


def test_other_periods_and_undated_calls_change_as_ever(store):
    note(store, "period_closed")
    note(store, "period_closed", "2026-W40")
    for started in ("2026-11-01T00:10:00+14:00", None):
        put(store, judged(Verdict.FAIL, "run-1", started), fingerprint=f"1{started}")
        put(store, judged(Verdict.PASS, "run-2", started), fingerprint=f"2{started}")
        assert store.get("c1") == judged(Verdict.PASS, "run-2", started)
