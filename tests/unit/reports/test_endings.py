"""How customers ended their calls: counted where it can be told, withheld under the floor, never ranked."""

from __future__ import annotations

import io
import json
from contextlib import suppress

import pytest
from msgspec.structs import replace
from rich.console import Console

from speechqa.core.stress import StressCurve, StressSummary, StressWindow
from speechqa.reports.agents import own_view
from speechqa.reports.endings import NO_CURVE, NOTICE, customer_endings
from speechqa.reports.terminal import scorecard
from speechqa.scoring import pool
from speechqa.scoring.intervals import wilson_interval
from speechqa.store import open_store
from tests.support.stores import call, put
from tests.unit.reports.test_call_html import HOSTILE, analysis

SURE = StressWindow(start=0.0, end=12.0, value=0.0, confidence="ok")


def ended(name: str, ending: str | None, reason: str | None = None, **more):
    summary = StressSummary(
        windows=9,
        peak=2.0,
        peak_at=1.0,
        mean=0.5,
        raised_share=0.0,
        ended=ending,
        reason=reason,  # type: ignore[arg-type]
    )
    return call(
        name, agent_id="a1", stress={"customer": StressCurve(windows=(SURE,), summary=summary)}, **more
    )


CALLS = [
    *(ended(f"c{n}", "calmer") for n in range(5)),
    *(ended(f"s{n}", "same") for n in range(3)),
    *(ended(f"m{n}", "more aroused") for n in range(2)),
    ended("short", None, "too little voice: the difference is uncertain by 3.1 deviations"),
    ended("shorter", None, "too little voice: the difference is uncertain by 2.9 deviations"),
    call("mute", agent_id="a1"),
    call("words", agent_id="a1", stress={"customer": StressCurve(reason="no speech of this speaker")}),
    call("agents", agent_id="a1", stress={"agent": ended("x", "calmer").stress["customer"]}),
]


def test_a_curve_of_low_confidence_throughout_is_not_counted():
    sure = ended("c", "calmer")
    curve = replace(sure.stress["customer"], windows=(replace(SURE, confidence="low"),))
    found = customer_endings([sure, replace(sure, stress={"customer": curve})], minimum_calls=1)
    assert (found.calls, found.assessed) == (2, 1)
    assert sum(found.not_assessed.values()) == 1


def test_calls_are_counted_by_how_the_customer_ended():
    found = customer_endings(CALLS, minimum_calls=5)
    assert (found.calls, found.assessed) == (15, 10)
    assert found.endings == {"calmer": 5, "same": 3, "more aroused": 2}
    assert found.intervals["calmer"] == wilson_interval(5, 10)
    assert found.not_assessed == {"too little voice": 2, NO_CURVE: 2, "no speech of this speaker": 1}
    assert found.calls == found.assessed + sum(found.not_assessed.values())
    assert found.notice == NOTICE
    assert customer_endings(reversed(CALLS), minimum_calls=5) == found


@pytest.mark.parametrize("least", [11, 100])
def test_under_the_floor_nothing_is_given(least):
    found = customer_endings(CALLS, minimum_calls=least)
    assert found.withheld == f"10 of the {least} assessed calls that a figure needs"
    assert (found.endings, found.intervals) == ({}, {})


def test_no_call_is_no_figure():
    found = customer_endings([], minimum_calls=1)
    assert (found.calls, found.assessed, found.endings) == (0, 0, {})
    assert found.withheld


def test_a_score_is_the_same_however_customers_ended():
    turned = [replace(each, stress=ended("x", "more aroused").stress) for each in CALLS]
    assert pool(CALLS, minimum_calls=1) == pool(turned, minimum_calls=1)


def shown(renderable) -> str:
    out = io.StringIO()
    Console(file=out, width=200).print(renderable)
    return out.getvalue()


def test_an_agents_own_view_tells_it_apart_from_scores():
    (one,) = pool(CALLS, minimum_calls=5)
    text = shown(own_view(one, customer_endings(CALLS, minimum_calls=5), ()))
    assert "calmer: 5 of 10 calls (24 to 76 %)" in text
    assert "not assessed in 2: too little voice" in text
    assert "not for comparing or ranking agents" in text
    withheld = shown(own_view(one, customer_endings(CALLS, minimum_calls=20), ()))
    assert "10 of the 20 assessed calls" in withheld
    assert "of 10 calls" not in withheld


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_a_scorecard_in_the_terminal_tells_changes_with_what_came_before(text):
    page = shown(scorecard(analysis(text)))
    assert (
        "rises from +0.2 (at 0:01.0) to +3.4 (at 0:02.0; uncertain by 1.8), between 0:02.0 and 0:04.0" in page
    )
    assert "before: 0:01.0" in page
    assert "what came before is unknown" in page
    assert "no part of a score" in page
    assert not any(c in page for c in "\x1b\x07\u202e")


def test_the_command_gives_it_to_the_agent_and_not_to_the_comparison(tmp_path, capfd, monkeypatch):
    import sys

    from speechqa.cli.app import main

    url = f"sqlite:///{tmp_path / 'store.db'}"
    with open_store(url) as store:
        put(store, *CALLS)

    def run(*args: str) -> list[dict]:
        monkeypatch.setattr(sys, "argv", ["speechqa", *args, "--store", url, "--json"])
        capfd.readouterr()
        with suppress(SystemExit):
            main()
        return [json.loads(line) for line in capfd.readouterr().out.splitlines()]

    (own,) = run("agent", "a1")
    assert own["customer_endings"]["endings"] == {"calmer": 5, "same": 3, "more aroused": 2}
    assert own["customer_endings"]["intervals"]["calmer"]["method"] == "wilson"
    (line,) = run("agents")
    assert set(own) - set(line) == {"customer_endings", "difficult_calls"}
    assert {name: own[name] for name in line} == line
