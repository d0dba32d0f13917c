"""More that calls are found by: tags, length, silence, promises, Hebrew with letters before words; orders."""

from __future__ import annotations

import pytest

from speechqa.core.analysis import ListenTo, Promise, Signal, Signals
from speechqa.core.dialogue import Dialogue, Silence
from speechqa.core.finding import Evidence, Verdict
from speechqa.errors import CallNotFound, UsageError
from speechqa.protocols import CallFilter
from tests.support.stores import HOSTILE, call, failure, finding, ids, put


def promise(when: str | None, who: str = "agent") -> Signals:
    said = None if when is None else Evidence(speaker=who, quote=when)
    return Signals(promises=(Promise(who=who, what=Evidence(speaker=who, quote="i will"), when=said),))


@pytest.fixture
def asked(store):
    quiet = Dialogue(basis="turns", silences=(Silence(start=1.0, end=21.5), Silence(start=30.0, end=33.0)))
    put(
        store,
        call("long", duration=600.0, direction="outbound", agent_name="Dana Levi", dialogue=quiet,
             tags={"topic": "billing", "line": "1"}, started_at="2026-03-02",
             findings=(finding("thanks", Verdict.FAIL, 2, 10),),
             listen_to=(ListenTo(reason="r", weight=40),),
             turns=[("customer", "קיבלתי בחשבון חיוב כפול"), ("agent", "ביטלתי את המנוי")],
             signals=promise("by thursday")),
        call("short", duration=20.0, direction="inbound", agent_name="דנה", tags={"topic": "billing"},
             dialogue=Dialogue(basis="turns"), started_at="2026-03-03",
             findings=(finding("thanks", Verdict.PASS, 10, 10),),
             listen_to=(ListenTo(reason="r", weight=90),),
             turns=[("agent", "שלום, החשבונות שלך כאן"), ("customer", "את מנוי קיבלתי")],
             signals=promise("soon", "customer")),
        call("bare", dialogue=Dialogue(basis="none"),
             turns=[("customer", "ושהחשבון הזה קשה"), ("agent", "cancel the")]),
    )  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"tags": {"topic": "billing"}}, "long short"),
        ({"tags": {"topic": "billing", "line": "1"}}, "long"),
        ({"tags": {"topic": "other"}}, ""),
        ({"direction": "inbound"}, "short"),
        ({"agent_name": "levi"}, "long"),
        ({"agent_name": "דנ"}, "short"),
        ({"agent_name": "%"}, ""),
        ({"longer": 20}, "long short"),
        ({"shorter": 20.0}, "short"),
        ({"longer": 0.0, "shorter": 1e9}, "long short"),
        ({"silence_from": 20}, "long"),
        ({"silence_from": 0}, "long short"),
        ({"promise_due": "2026-03-05"}, "long"),
        ({"promise_due": "2026-03-04"}, ""),
        ({"promise_by": "customer"}, "short"),
        ({"promise_by": "agent", "promise_due": "2027-01-01"}, "long"),
        ({"listen": True}, "long short"),
        ({"phrase": "חשבון"}, "bare long"),
        ({"phrase": "לחשבון"}, "bare long"),
        ({"phrase": "החשבונות"}, "short"),
        ({"phrase": "את מנוי"}, "long short"),
        ({"phrase": "את המנוי"}, "long short"),
        ({"phrase": "מנוי את"}, ""),
        ({"phrase": "את מנוי", "phrase_by": "agent"}, "long"),
        ({"phrase": "חשבון", "phrase_by": "customer"}, "bare long"),
        ({"phrase": "בקשה"}, ""),
        ({"phrase": "כאן את"}, ""),
        ({"phrase": "cancel the"}, "bare"),
    ],
)
def test_questions(asked, query, expected):
    found = CallFilter(**query)
    assert sorted(ids(asked.find(found))) == expected.split()
    assert asked.count(found) == len(expected.split())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "short long bare"),
        ({"sort": "risk"}, "short long bare"),
        ({"sort": "duration"}, "long short bare"),
        ({"sort": "score"}, "long short bare"),
        ({"sort": "score", "category": "courtesy"}, "long short"),
        ({"sort": "score", "limit": 1}, "long"),
        ({"sort": "duration", "offset": 1, "limit": 1}, "short"),
    ],
)
def test_orders(asked, query, expected):
    found = CallFilter(**query)
    assert ids(asked.find(found)) == expected.split()
    assert asked.count(found) == len(expected.split())


@pytest.mark.parametrize(
    "query",
    [
        {"longer": -1.0}, {"shorter": float("nan")}, {"silence_from": float("inf")}, {"promise_due": "soon"},
        {"promise_by": "dana"}, {"phrase": "חשבון " * 21},
    ],
)  # fmt: skip
def test_questions_that_make_no_sense(asked, query):
    with pytest.raises(UsageError) as caught:
        asked.count(CallFilter(**query))
    assert caught.value.expected


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_tags_and_names_are_only_text(store, text):
    put(store, call("c1", tags={text: text}, agent_name=text, direction=text), call("c2"))
    assert ids(store.find(CallFilter(tags={text: text}))) == ["c1"]
    assert ids(store.find(CallFilter(direction=text))) == ["c1"]
    if "\0" not in text:
        assert ids(store.find(CallFilter(agent_name=text))) == ["c1"]


def test_calls_to_draw_come_with_what_they_are_drawn_by(store):
    from speechqa.review.sampling import STRATA, Candidate

    def signals(**given):
        return Signals(**{name: Signal(value=value) for name, value in given.items()})

    put(
        store,
        call("low", agent_id="a1", agent_name="Dana", team="t1",
             findings=(finding("x", Verdict.FAIL, 1, 10),), signals=signals(complaint=True, churn_risk=True),
             listen_to=(ListenTo(reason="why", weight=7),)),
        # 4 of 8 in all is neither low nor high, whatever either category says alone.
        call("middle", signals=signals(complaint=True, churn_risk=False), findings=(
            finding("x", Verdict.FAIL, 0, 4), finding("y", Verdict.PASS, 4, 4, category="professionalism"))),
        call("high", signals=signals(public_or_legal_threat=True, complaint=True),
             findings=(finding("x", Verdict.PASS, 8, 10),)),
        call("none", transcript=None, agent_id="", findings=(finding("x", Verdict.NOT_ASSESSED),)),
        failure("broken"),
    )  # fmt: skip
    found = {one.call_id: one for one in store.candidates(CallFilter(sort="risk", limit=1), STRATA)}
    assert found.pop("low") == Candidate("low", ("t1", "a1", "low", "churn_risk", "en"), 7, "a1", "Dana")
    assert {name: (one.stratum, one.weight) for name, one in found.items()} == {
        "middle": (("-", "-", "middle", "complaint", "en"), 0),
        "high": (("-", "-", "high", "public_or_legal_threat", "en"), 0),
        "none": (("-", "-", "-", "-", "-"), 0),
    }
    assert list(store.candidates(CallFilter(agent_id="a1"), ())) == [Candidate("low", (), 7, "a1", "Dana")]
    assert store.summary("low").listen_to == "why"
    with pytest.raises(CallNotFound):
        store.summary("nowhere")
