"""The page over calls out of a store: its figures, what waits for somebody, and who was shown what."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from msgspec.structs import replace

from speechqa.assembly import open_store
from speechqa.assembly.reporting.batch import batch_facts
from speechqa.core.analysis import ListenTo, Promise, Signal, Signals
from speechqa.core.finding import Evidence, Verdict
from speechqa.protocols import CallFilter
from tests.support.stores import call, failure, finding, put


def _promise(quote, when):
    said = Evidence(speaker="agent", quote=quote, start=4.0, end=6.0)
    return Promise(who="agent", what=said, when=Evidence(speaker="agent", quote=when, start=5.0, end=6.0))


def _document(name, **more):
    return call(
        name,
        agent_id="a1",
        agent_name="Dana",
        customer_id="k1",
        started_at="2026-11-16T09:00:00+02:00",
        duration=90.0,
        **more,
    )


@pytest.fixture
def filled(store):
    """A store of six calls: one insulted, one promised, one not assessed, one failed."""
    insult = finding("no_insult", Verdict.FAIL, 0, 5, critical=True)
    with open_store(store) as opened:
        put(
            opened,
            _document("insulted", findings=(insult,), listen_to=(ListenTo(reason="Heavy", weight=98),)),
            _document(
                "promised",
                findings=(finding("thanks", Verdict.PASS, 5),),
                signals=Signals(
                    churn_risk=Signal(value=True),
                    promises=(
                        _promise("i will call you tomorrow", "tomorrow"),
                        _promise("you get it by friday", "by friday"),
                    ),
                ),
            ),
            _document("unheard", findings=(finding("thanks", Verdict.NOT_ASSESSED),)),
            _document("more", findings=(finding("thanks", Verdict.FAIL, 0),)),
            _document("most", findings=(finding("thanks", Verdict.FAIL, 0),)),
            failure("broken", message="the file is empty"),
        )
    return store


def test_what_a_person_has_judged_since_is_not_open_any_more(filled):
    with open_store(filled) as opened:
        lines = [
            replace(one, record_verdicts={"thanks": "pass"}) if one.call_id == "unheard" else one
            for one in opened.find(CallFilter())
        ]
        before = batch_facts(opened, opened.find(CallFilter()), minimum_calls=3)
        facts = batch_facts(opened, lines, minimum_calls=3)
    assert [one.verdicts for one in before.unassessed] == [1]
    assert facts.unassessed == ()


def test_what_is_gathered(filled):
    with open_store(filled) as opened:
        facts = batch_facts(opened, opened.find(CallFilter()), minimum_calls=3, day=date(2026, 11, 18))
    figures = facts.figures
    assert (figures.calls, figures.failed, len(facts.held)) == (6, 1, 6)
    assert facts.held[0].call_id == "insulted"
    assert [(one.call_id, one.criterion) for one in facts.waiting] == [("insulted", "no_insult")]
    assert [(one.due, one.past, one.what) for one in facts.promises] == [
        ("2026-11-20", False, "you get it by friday"),
        ("2026-11-17", True, "i will call you tomorrow"),
    ]
    assert (facts.promises_due, facts.promises_past) == (1, 1)
    assert facts.quoted == ("promised",)
    assert [(one.verdicts, one.calls, one.reason) for one in facts.unassessed] == [(1, 1, "because")]
    assert facts.unassessed_calls == 5
    assert figures.criteria["thanks"].failed == 2
    assert [one.signals for one in figures.at_risk] == [("churn_risk",)]


def test_only_the_calls_that_were_asked_for_are_told_of(filled):
    with open_store(filled) as opened:
        facts = batch_facts(opened, opened.find(CallFilter(criterion="thanks")), minimum_calls=3)
    assert (facts.figures.calls, facts.waiting, facts.figures.failed) == (3, (), 0)


def test_a_dispute_that_is_open_and_one_that_is_not(run, filled):
    for name in ("more", "most"):
        opened = run(
            "dispute", "open", name, "--criterion", "thanks", "--reason", "verdict_wrong",
            "--comment", "I said thank you", "--by", "a1", "--store", filled,
        )  # fmt: skip
        assert opened.code == 0, opened.err
    with open_store(filled) as store:
        facts = batch_facts(store, store.find(CallFilter()), minimum_calls=3)
    assert [one.call_id for one in facts.disputes] == ["more", "most"]
    resolved = run(
        "dispute", "resolve", "1", "--outcome", "changed", "--verdict", "pass", "--comment", "It was said",
        "--by", "s1", "--store", filled,
    )  # fmt: skip
    assert resolved.code == 0, resolved.err
    with open_store(filled) as store:
        facts = batch_facts(store, store.find(CallFilter()), minimum_calls=3)
    assert len(facts.disputes) == 1
    assert facts.figures.criteria["thanks"].failed == 1


def test_the_command_makes_the_page_and_logs_whose_words_it_shows(run, filled, tmp_path):
    out = tmp_path / "week"
    made = run("report", "--batch", "--audio", "none", "--by", "QA", "--out", out, "--store", filled)
    assert made.code == 0, made.err
    page = (out / "index.html").read_text("utf-8")
    data = json.loads(re.search(r'id="data">(.*?)</script>', page)[1])
    assert data["rows"][0][0] == "insulted"
    assert len(data["rows"]) == 6
    links = re.findall(r'<a href="((?:call|agent)-[^"]+)"', page)
    assert links
    assert all((out / link).exists() for link in links)
    assert all((out / row[1]).exists() for row in data["rows"] if row[1])
    assert "the file is empty" in page
    assert "i will call you tomorrow" in page
    with open_store(filled) as store:
        assert any(one.event == "report" and one.actor == "QA" for one in store.accesses("promised"))
