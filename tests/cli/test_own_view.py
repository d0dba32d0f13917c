"""`speechqa agent ID --own`: what agents see of their own calls, and nobody else does."""

import json

import msgspec
import pytest

from speechqa.core.finding import Evidence, Verdict
from speechqa.core.review import Review
from speechqa.store import open_store
from tests.support.stores import call, finding, put

AGENTS = ("a1", "a2", "a3", "a4", "a5", "a6")


def quoted(text, start=None):
    end = None if start is None else start + 3.0
    return (Evidence(speaker="agent", quote=text, turn=1, start=start, end=end),)


@pytest.fixture
def filled(store):
    """Six agents of six calls each over three weeks; the higher the number, the more are thanked."""
    with open_store(store) as opened:
        for rank, agent in enumerate(AGENTS):
            for n in range(6):
                thanked = n <= rank
                verdict = Verdict.PASS if thanked else Verdict.FAIL
                thanks = finding(
                    "thanks", verdict, 5 if thanked else 0,
                    confidence=0.5 + n / 20,
                    evidence=quoted(f"words {agent} {n}", 60.0 + n),
                    would_change="" if thanked else "Thank the customer for something they did",
                )  # fmt: skip
                put(
                    opened,
                    call(
                        f"{agent}-{n}",
                        agent_id=agent,
                        agent_name=f"Name of {agent}",
                        started_at=f"2026-10-{1 + 4 * n:02d}T10:00:00",
                        duration=64.0,
                        findings=(
                            thanks,
                            finding("greeting", Verdict.PASS, 5, evidence=quoted("שלום")),
                        ),
                    ),
                )
    return store


def own(run, store, agent="a2", *more):
    return run("agent", agent, "--own", "--by", agent, "--store", store, *more)


def test_an_agent_sees_each_lost_point_and_what_would_have_earned_it(run, filled):
    ran = own(run, filled)
    assert ran.code == 0, ran.err
    assert "thanks 0/5" in ran.out
    assert "1:03.0 agent: “words a2 3”" in ran.out
    assert "what would change it: Thank the customer for something they did" in ran.out
    assert "listen: speechqa clip --from 61.0 --to 64.0 --by a2 -- a2-3" in ran.out
    assert ran.out.index("a2-5 2026-10-21") < ran.out.index("a2-2 2026-10-09")
    assert "best: a2-1" in ran.out
    assert "weakest: a2-5" in ran.out
    with open_store(filled) as opened:
        seen = {access.call_id for access in opened.accesses() if access.event == "agent own view"}
        assert {"a2-2", "a2-3", "a2-4", "a2-5", "a2-1"} <= seen
        assert all(call_id.startswith("a2") for call_id in seen)


def test_nobody_sees_anothers(run, filled):
    ran = run("agent", "a2", "--own", "--by", "a3", "--store", filled)
    assert ran.code == 2
    assert "for that agent alone" in ran.err
    assert ran.out == ""
    assert run("agent", "a2", "--own", "--store", filled).code == 2
    assert run("agent", "nobody", "--own", "--by", "a3", "--store", filled).code == 2
    assert own(run, filled, "nobody").code == 4
    assert run("agent", "a2", "--by", "a2", "--store", filled).code == 2
    with open_store(filled) as opened:
        refused = [a for a in opened.accesses() if a.event == "own view refused"]
        assert next((a.actor, a.details["agent"]) for a in refused) == ("a3", "a2")


def test_peers_are_compared_and_never_named(run, filled):
    quarters = {}
    for agent in AGENTS:
        ran = own(run, filled, agent, "--json")
        view = ran.lines[0]
        (courtesy, other) = view["rubrics"][0]["peers"]
        quarters[agent] = courtesy["quarter"]
        assert courtesy["criteria"] == ["greeting", "thanks"]
        assert courtesy["peers"] == 5
        assert other["withheld"]
        strangers = [a for a in AGENTS if a != agent]
        assert not any(stranger in ran.out or f"Name of {stranger}" in ran.out for stranger in strangers)
    assert quarters == {"a1": 4, "a2": 4, "a3": 3, "a4": 2, "a5": 1, "a6": 1}
    assert "the last quarter of 6 agents, over 2 criteria" in own(run, filled, "a1").out


def test_weeks_are_pooled_and_withheld_where_calls_are_few(run, filled):
    few = own(run, filled).out
    assert "calls that a figure needs" in few
    view = own(run, filled, "a2", "--minimum-calls", 1, "--json").lines[0]["rubrics"][0]
    weeks = view["progress"]["weeks"]
    assert [(week["week"], week["calls"]) for week in weeks] == [
        ("2026-W40", 1), ("2026-W41", 2), ("2026-W42", 2), ("2026-W43", 1),
    ]  # fmt: skip
    assert weeks[1]["tallies"]["courtesy"] == {"earned": 15, "possible": 20, "rate": 0.75}
    (trend, _) = view["progress"]["trends"]
    assert (trend["earlier"]["earned"], trend["later"]["earned"]) == (25, 15)
    assert trend["low"] < trend["change"] < trend["high"]
    in_week = own(run, filled, "a2", "--from", "2026-10-05", "--to", "2026-10-11", "--json").lines[0]
    assert in_week["rubrics"][0]["score"]["calls"] == ["a2-1", "a2-2"]
    assert "No call of yours" in own(run, filled, "a2", "--from", "2027-01-01").out
    assert own(run, filled, "a2", "--from", "soon").code == 2


def test_what_is_contested_or_was_reviewed_is_said(run, filled):
    opening = ("dispute", "open", "a2-3", "--criterion", "thanks", "--reason", "system_down")
    assert run(*opening, "--comment", "no line", "--by", "a2", "--store", filled).code == 0
    assert run(
        "dispute", "acknowledge", "a2-5", "--comment", "next time", "--by", "a2", "--store", filled
    ).code == 0  # fmt: skip
    ran = own(run, filled)
    assert "dispute 1: open" in ran.out
    assert "Your open disputes" in ran.out
    assert "“no line”" in ran.out
    assert "next time" in ran.out
    assert run(
        "dispute", "resolve", 1, "--outcome", "changed", "--verdict", "pass", "--comment", "it was down",
        "--by", "Rina", "--store", filled,
    ).code == 0  # fmt: skip
    with open_store(filled) as opened:
        review = Review(criterion="thanks", verdict=Verdict.PASS, comment="she does")
        opened.note("review", review, actor="Omer", identity=opened.identity("a2-4"), call="a2-4")
    view = own(run, filled, "a2", "--json").lines[0]
    assert [one["call_id"] for one in view["rubrics"][0]["lost"]] == ["a2-5", "a2-2"]
    assert view["rubrics"][0]["score"]["tallies"]["courtesy"]["earned"] == 30 + 20
    assert [one["state"] for one in view["disputes"]] == ["changed"]
    # The place among others is by the verdicts of record on either side, as all that is paid by.
    assert view["rubrics"][0]["peers"][0]["quarter"] == 2
    assert "By the verdicts of record" in own(run, filled).out
    # Another agent sees nothing of it.
    assert json.loads(own(run, filled, "a3", "--json").out)["disputes"] == []


def test_what_somebody_else_said_of_a_call_stays_theirs(run, filled):
    opening = ("dispute", "open", "a2-3", "--criterion", "thanks", "--reason", "not_me")
    assert run(*opening, "--comment", "a3 took it", "--by", "a2", "--store", filled).code == 0
    seen = ("dispute", "acknowledge", "a2-3", "--comment", "not mine, really", "--by", "a2")
    assert run(*seen, "--store", filled).code == 0
    with open_store(filled) as opened:
        before = opened.get("a2-3")
        about = msgspec.structs.replace(before.metadata, agent_id="a3", agent_name="Name of a3")
        put(opened, msgspec.structs.replace(before, metadata=about), fingerprint="f2")
    ran = own(run, filled, "a3")
    assert "a2-3" in ran.out
    assert "a3 took it" not in ran.out
    assert "not mine" not in ran.out
    assert "Name of a2" not in ran.out
    # Who contested it still sees what came of that, and no longer the call.
    view = own(run, filled, "a2", "--json").lines[0]
    assert [one["call_id"] for one in view["disputes"]] == ["a2-3"]
    assert all(one["call_id"] != "a2-3" for one in view["rubrics"][0]["lost"])


def test_a_closed_period_is_said_where_a_point_was_lost(run, filled):
    closing = ("period", "close", "2026-10", "--by", "Omer", "--reason", "paid")
    assert run(*closing, "--store", filled).code == 0
    assert "cannot be contested any more: 2026-10 is closed" in own(run, filled).out


def test_hostile_names_are_neither_obeyed_nor_run(run, store):
    evil = "-x'; rm -rf \x1b[31m"
    with open_store(store) as opened:
        lost = finding("thanks", Verdict.FAIL, 0, 5, evidence=quoted("a\x1b[2Jb", 3.0))
        put(opened, call(evil, agent_id="a1", started_at="never", findings=(lost,), path="/calls/x.wav"))
    ran = own(run, store, "a1")
    assert ran.code == 0, ran.err
    assert "\x1b" not in ran.out
    assert "-- '-x'\"'\"'; rm -rf" in ran.out
    assert "which are in no week: 1" in ran.out


def test_the_newest_calls_are_quoted_and_figures_are_over_all(run, filled):
    ran = own(run, filled, "a1", "--limit", 2)
    assert "a1-5 2026-10-21: thanks" in ran.out
    assert "a1-3 2026-10-13: thanks" not in ran.out
    assert "and 3 older calls with points lost" in ran.out
    view = own(run, filled, "a1", "--limit", 2, "--json").lines[0]["rubrics"][0]
    assert (len(view["lost"]), view["more_calls"], view["score"]["n"]) == (2, 3, 6)
    assert run("agent", "a1", "--limit", 2, "--store", filled).code == 2
