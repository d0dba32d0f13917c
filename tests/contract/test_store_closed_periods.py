"""What every store does with calls whose period is closed: the analysis they have stands."""

from __future__ import annotations

import msgspec
import pytest

from speechqa.assembly import corrections, disputes, periods, reviews
from speechqa.core.finding import Verdict
from speechqa.core.period import period_of
from speechqa.core.source import RoleCorrection
from speechqa.errors import UsageError
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


@pytest.mark.parametrize("done", ["review", "confirmation", "dispute", "correction"])
def test_a_period_closed_after_the_look_and_before_the_writing_stands(store, monkeypatch, done):
    critical = msgspec.structs.replace(finding("thanks", Verdict.FAIL, 0), critical=True)
    document = call(
        "c1", agent_id="a1", started_at="2026-10-05", findings=(critical,), turns=(("agent", "good day"),)
    )
    put(store, document)
    monkeypatch.setattr(corrections, "_judged", lambda *_: document)
    for place in (reviews, disputes, corrections):
        # Whoever closes it comes right after the check that found it open.
        monkeypatch.setattr(place, "require_open", lambda *_: note(store, "period_closed"))
    given = reviews.ReviewRow("c1", "thanks", "pass", "they did")
    does = {
        "review": lambda: reviews.record_reviews(store, [given], by="Omer"),
        "confirmation": lambda: reviews.confirm_failure(store, "c1", "thanks", by="Omer"),
        "dispute": lambda: disputes.open_dispute(
            store, "c1", criterion="thanks", reason="not_me", comment="no", by="a1"
        ),
        "correction": lambda: corrections.correct_words(store, "c1", 1, "good evening", by="Omer"),
    }
    with pytest.raises(UsageError, match="closed at the same moment"):
        does[done]()
    assert [entry.kind for entry in store.notes()] == ["period_closed"]
    assert not [*store.accesses()]
    assert len(store.history("c1")) == 1


def test_who_is_who_stays_in_a_closed_period(store):
    put(store, judged(Verdict.FAIL, "run-1"))
    note(store, "period_closed")
    said = RoleCorrection(roles={"A": "agent"}, by="Omer", at="2026-11-01T10:00:00+00:00")
    with pytest.raises(UsageError, match="closed at the same moment"):
        store.correct_roles("digest of /calls/c1.wav", said)
    assert store.role_correction("digest of /calls/c1.wav") is None


def test_the_writing_of_an_open_call_goes_on(store):
    put(store, judged(Verdict.FAIL, "run-1"))
    note(store, "period_closed", "2026-09")
    body = {"criterion": "thanks"}
    assert store.note(
        "acknowledgement", body, actor="a1", identity="digest of /calls/c1.wav", while_open=True
    )
    assert store.note("acknowledgement", body, actor="a1", identity="nobody's", while_open=True)


def test_a_dispute_opened_while_a_period_is_closed_keeps_it_open(store, monkeypatch):
    put(store, judged(Verdict.FAIL, "run-1"))
    look = periods._require_no_dispute

    def then_contested(*given):
        look(*given)
        monkeypatch.setattr(periods, "_require_no_dispute", look)
        disputes.open_dispute(store, "c1", criterion="thanks", reason="not_me", comment="no", by="a1")

    monkeypatch.setattr(periods, "_require_no_dispute", then_contested)
    with pytest.raises(UsageError, match="Disputes of calls of this period are open"):
        periods.close_period(store, "2026-10", by="Omer", reason="paid")
    assert not periods.closed_periods(store)
    assert [entry.kind for entry in store.notes()] == ["dispute", "period_closed", "period_opened"]
    periods.close_period(store, "2026-10", by="Omer", reason="paid", leave_disputes=True)
    assert len(periods.closed_periods(store)) == 1
