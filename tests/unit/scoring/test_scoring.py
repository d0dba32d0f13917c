"""Tallies add, rates are derived, figures of an agent are withheld or come with what they rest on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.core.analysis import CallAnalysis, Provenance, Signal, Signals
from speechqa.core.dialogue import Dialogue, Silence
from speechqa.core.finding import Evidence, Finding, Tally, Verdict
from speechqa.core.recording import Recording
from speechqa.core.segment import Segment
from speechqa.core.source import CallMetadata
from speechqa.core.stress import StressCurve, StressEpisode
from speechqa.core.transcript import Transcript, Turn
from speechqa.scoring import pool, ratio_interval, score, what_to_listen_to
from speechqa.scoring.intervals import _student

TALLIES = st.integers(0, 20).flatmap(lambda p: st.tuples(st.integers(0, p), st.just(p)))


def finding(
    name: str, verdict: Verdict, *, points: int = 5, earned: int | None = None, **more: object
) -> Finding:
    counts = verdict.counts
    got = (points if verdict is Verdict.PASS else 0) if earned is None else earned
    return Finding(
        criterion=name,
        category="professionalism" if name in ("needs_clarification", "expectation_summary") else "courtesy",
        verdict=verdict,
        detector="test/1",
        reason="because",
        earned=got if counts else None,
        possible=points if counts else None,
        evidence=(Evidence(speaker="agent", quote="x", start=3.0, end=4.0),) if counts else (),
        **more,
    )


def call(
    name: str, *found: Finding, agent: str | None = "a1", draft: bool = False, digest: str = "d"
) -> CallAnalysis:
    return CallAnalysis(
        call_id=name,
        path=None,
        provenance=Provenance(
            speechqa="0", rubric="service@1", rubric_digest=digest, settings_digest="s", model_digest=None,
            profile="eu", run_id="r", created_at="t",
        ),
        metadata=CallMetadata(agent_id=agent, agent_name="Dana"),
        transcript=Transcript(language="en", engine="e", draft=draft),
        findings=found,
    )  # fmt: skip


def test_what_does_not_count_leaves_the_denominator() -> None:
    scores = score(
        [
            finding("thanks", Verdict.PASS, points=10, earned=7),
            finding("farewell", Verdict.FAIL),
            finding("empathy", Verdict.NOT_APPLICABLE),
            finding("apology", Verdict.NOT_ASSESSED),
        ]
    )
    assert scores["courtesy"] == Tally(earned=7, possible=15)
    assert scores["professionalism"].rate is None


@given(st.lists(TALLIES, max_size=12))
def test_the_interval_holds_the_pooled_rate(pairs: list[tuple[int, int]]) -> None:
    calls = [Tally(earned=e, possible=p) for e, p in pairs]
    found = ratio_interval(calls)
    counted = [c for c in calls if c.possible]
    assert (found is None) == (len(counted) < 2)
    if found is not None:
        rate = sum(c.earned for c in counted) / sum(c.possible for c in counted)
        assert found.low - 1e-3 <= rate <= found.high + 1e-3
        assert found.high > found.low


@pytest.mark.parametrize(
    ("n", "quantile"), [(2, 12.7062), (3, 4.30265), (6, 2.57058), (11, 2.22814), (31, 2.04227)]
)
def test_the_interval_is_the_published_one(n: int, quantile: float) -> None:
    calls = [Tally(earned=52 if i == 0 else 50, possible=100) for i in range(n)]
    found = ratio_interval(calls)
    assert found is not None
    rate = (50 * n + 2) / (100 * n)
    spread = sum((c.earned - rate * 100) ** 2 for c in calls)
    half = quantile * (n / (n - 1) * spread) ** 0.5 / (100 * n)
    assert found.high == pytest.approx(min(1.0, rate + half), abs=2e-4)


def test_points_of_one_call_do_not_make_the_agent_look_certain() -> None:
    alike = ratio_interval([Tally(earned=50, possible=100), Tally(earned=50, possible=100)])
    assert alike is not None
    assert alike.method == "wilson"
    assert alike.high - alike.low > 0.5


def test_agents_are_pooled_with_the_calls_behind_each_point() -> None:
    calls = [
        call("c2", finding("thanks", Verdict.FAIL), finding("empathy", Verdict.NOT_APPLICABLE)),
        call("c1", finding("thanks", Verdict.PASS), finding("empathy", Verdict.FAIL, critical=True)),
        call("c3", finding("thanks", Verdict.PASS), draft=True),
        call("c4", finding("thanks", Verdict.PASS), agent="a2"),
        call("c5", finding("thanks", Verdict.PASS), agent=None),
    ]
    first, second = pool(calls, minimum_calls=2)
    assert (first.agent_id, first.n, first.drafts_left_out, first.calls) == ("a1", 2, 1, ("c1", "c2"))
    assert first.tallies["courtesy"] == Tally(earned=5, possible=15)
    assert first.intervals["professionalism"] is None
    thanks, empathy = first.criteria
    assert (thanks.tally, thanks.lost_in) == (Tally(earned=5, possible=10), ("c2",))
    assert empathy.verdicts == {"pass": 0, "fail": 1, "not_applicable": 1, "not_assessed": 0}
    assert empathy.critical_in == ("c1",)
    assert (second.n, dict(second.tallies), second.criteria) == (1, {}, ())
    assert "2 calls" in second.withheld
    with_drafts = pool(calls, minimum_calls=2, include_drafts=True)[0]
    assert (with_drafts.n, with_drafts.drafts) == (3, 1)
    assert pool(list(reversed(calls)), minimum_calls=2) == (first, second)


def test_calls_of_two_rubrics_are_never_added() -> None:
    calls = [
        call("c1", finding("thanks", Verdict.PASS)),
        call("c2", finding("thanks", Verdict.PASS), digest="e"),
    ]
    assert [s.n for s in pool(calls, minimum_calls=1)] == [1, 1]


def test_what_to_listen_to_puts_the_worst_first() -> None:
    heard = Signal(value=True, evidence=(Evidence(speaker="customer", quote="x", start=9.0, end=9.5),))
    rise = StressEpisode(start=30.0, peak=35.0, end=40.0, peak_value=3.0)
    turn = Turn(speaker="agent", text="x")
    reasons = what_to_listen_to(
        findings=[
            finding("no_insult", Verdict.FAIL),
            finding("thanks", Verdict.FAIL),
            finding("expectation_summary", Verdict.FAIL),
            finding("no_interruptions", Verdict.FAIL),
        ],
        signals=Signals(complaint=heard, churn_risk=heard, public_or_legal_threat=heard),
        dialogue=Dialogue(basis="audio", silences=(Silence(start=20.0, end=60.0),)),
        stress={"customer": StressCurve(episodes=(rise,))},
        transcript=Transcript(language="en", engine="e", draft=True, turns=(turn,)),
        recording=Recording(
            path="x", sha256="x", duration=60.0, sample_rate=8000, channels=1, lost_seconds=2.0,
            lost=(Segment(1.0, 3.0),),
        ),
    )  # fmt: skip
    weights = [r.weight for r in reasons]
    assert weights == sorted(weights, reverse=True)
    assert "insulted" in reasons[0].reason
    assert reasons[0].start == 3.0
    assert len(reasons) == 10
    assert any(r.start == 1.0 for r in reasons)


def test_nothing_known_is_no_reason() -> None:
    assert what_to_listen_to() == ()
    assert what_to_listen_to(findings=[finding("thanks", Verdict.NOT_ASSESSED)], signals=Signals()) == ()


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.706205), (2, 4.302653), (3, 3.182446), (10, 2.228139), (30, 2.042272), (120, 1.979930)],
)
def test_quantiles_are_those_of_the_tables(freedom, quantile):
    assert _student(freedom) == pytest.approx(quantile, abs=1e-6)
