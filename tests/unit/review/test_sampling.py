"""Calls drawn for review: fair, drawn again from a seed, spread over the strata."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.errors import UsageError
from speechqa.review.sampling import Candidate, Drawn, Frame, drawn_as, parse_strata

frames = st.lists(
    st.builds(
        Candidate,
        st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6),
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy")),
        st.integers(0, 5),
    ),
    max_size=40,
    unique_by=lambda call: call.call_id,
)


@given(frames, st.integers(0, 2**31), st.integers(0, 50), st.integers(0, 50))
def test_parts_are_apart_as_large_as_they_can_be_and_the_same_from_a_seed(frame, seed, size, risk):
    drawn = Frame(frame).draw(seed=seed, size=size, risk=risk)
    assert drawn == Frame(frame[::-1]).draw(seed=seed, size=size, risk=risk)
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
    drawn = Frame(frame).draw(seed=seed, size=size, risk=0)
    there = Counter(call.stratum for call in frame)
    got = Counter(one.stratum for one in drawn)
    for stratum, count in there.items():
        assert abs(got[stratum] - count * len(drawn) / len(frame)) < 1


def test_every_call_has_the_same_chance():
    frame = [Candidate(f"c{n:02d}", ("abc"[n % 3 if n < 20 else 0],), 0) for n in range(25)]
    whole = Frame(frame)
    counts = Counter(one.call_id for seed in range(4000) for one in whole.draw(seed=seed, size=5, risk=0))
    # 800 each; six standard deviations of a binomial are 152.
    assert set(counts) == {call.call_id for call in frame}
    assert all(abs(count - 800) < 152 for count in counts.values())


def test_the_same_calls_and_seed_give_the_picks_that_plans_were_kept_with():
    frame = [
        Candidate(f"c{n:02d}", ("ab"[n % 2], "-" if n % 3 else "low"), n % 5) for n in reversed(range(20))
    ]
    drawn = Frame(frame).draw(seed=7, size=4, risk=3)
    assert [one.call_id for one in drawn] == ["c10", "c17", "c14", "c13", "c04", "c09", "c19"]
    smaller = Frame(frame).without(frozenset({"c00", "c19"}))
    assert len(smaller) == 18
    assert smaller.digest() == Frame(reversed(frame[1:-1])).digest() != Frame(frame).digest()


def test_what_a_call_is_drawn_as():
    assert drawn_as(Drawn(call_id="c", part="random", stratum=("t1", "-", "low"))) == (
        "drawn at random among t1, low"
    )
    assert drawn_as(Drawn(call_id="c", part="random", stratum=("-",))) == "drawn at random"


@pytest.mark.parametrize("text", ["moon", "team,team", "team,moon"])
def test_strata_that_are_none(text):
    with pytest.raises(UsageError, match="cannot be followed"):
        parse_strata(text)
