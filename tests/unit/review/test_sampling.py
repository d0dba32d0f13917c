"""Calls drawn for review: fair, drawn again from a seed, spread over the strata."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.core.finding import Tally
from speechqa.errors import UsageError
from speechqa.protocols import CallSummary
from speechqa.review.sampling import Candidate, candidate, draw, frame_digest, parse_strata

frames = st.lists(
    st.builds(
        Candidate,
        st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6),
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy")),
        st.integers(0, 5),
        st.just("why"),
    ),
    max_size=40,
    unique_by=lambda call: call.call_id,
)


@given(frames, st.integers(0, 2**31), st.integers(0, 50), st.integers(0, 50))
def test_parts_are_apart_as_large_as_they_can_be_and_the_same_from_a_seed(frame, seed, size, risk):
    drawn = draw(frame, seed=seed, size=size, risk=risk)
    assert drawn == draw(frame[::-1], seed=seed, size=size, risk=risk)
    ids = [one.call_id for one in drawn]
    assert len(ids) == len(set(ids))
    at_random = [one for one in drawn if one.part == "random"]
    assert len(at_random) == min(size, len(frame))
    weights = {call.call_id: call.weight for call in frame}
    risky = [weights[one.call_id] for one in drawn if one.part == "risk"]
    assert risky == sorted(risky, reverse=True)
    left = [w for call_id, w in weights.items() if w and call_id not in {one.call_id for one in at_random}]
    assert risky == sorted(left, reverse=True)[:risk]


@given(frames, st.integers(0, 2**31), st.integers(1, 50))
def test_each_stratum_gets_its_share_to_within_a_call(frame, seed, size):
    drawn = draw(frame, seed=seed, size=size, risk=0)
    there = Counter(call.stratum for call in frame)
    got = Counter(one.stratum for one in drawn)
    for stratum, count in there.items():
        assert abs(got[stratum] - count * len(drawn) / len(frame)) < 1


def test_every_call_has_the_same_chance():
    frame = [Candidate(f"c{n:02d}", ("abc"[n % 3 if n < 20 else 0],), 0, "") for n in range(25)]
    counts = Counter(one.call_id for seed in range(4000) for one in draw(frame, seed=seed, size=5, risk=0))
    # 800 each; six standard deviations of a binomial are 152.
    assert set(counts) == {call.call_id for call in frame}
    assert all(abs(count - 800) < 152 for count in counts.values())


def test_what_a_call_is_drawn_as():
    summary = CallSummary(
        call_id="c1", path=None, status="done", team="t1", agent_id="a1",
        scores={"courtesy": Tally(earned=1, possible=5), "professionalism": Tally(earned=10, possible=10)},
        signals={"complaint": True, "churn_risk": True, "public_or_legal_threat": None},
        listen_to="heavy", listen_weight=9,
    )  # fmt: skip
    made = candidate(summary, ("team", "agent", "score", "signal", "language"))
    assert made == Candidate("c1", ("t1", "a1", "middle", "churn_risk", "-"), 9, "heavy")
    empty = candidate(CallSummary(call_id="c", path=None, status="done"), ("team", "score", "signal"))
    assert empty.stratum == ("-", "-", "-")
    assert frame_digest([made]) == frame_digest([made]) != frame_digest([])


@pytest.mark.parametrize("text", ["moon", "team,team", "team,moon"])
def test_strata_that_are_none(text):
    with pytest.raises(UsageError, match="cannot be followed"):
        parse_strata(text)
