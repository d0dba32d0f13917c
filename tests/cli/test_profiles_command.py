"""`audit --profile`: what may be computed of whom, as its users meet it."""

import json
import shutil

import pytest

from tests.cli.conftest import SAMPLES


@pytest.fixture
def folder(tmp_path):
    calls = tmp_path / "calls"
    calls.mkdir()
    shutil.copy(SAMPLES / "en-refund-worse.ogg", calls)
    return calls


def test_the_agents_curve_is_refused_under_the_eu_profile(run, store, folder, tmp_path):
    ran = run("audit", folder, "--engine", "none", "--agent-stress", "--store", store)
    assert ran.code == 3
    assert ran.out == ""
    for part in ("profile eu", "5(1)(f)", "next:"):
        assert part in ran.err
    assert not (tmp_path / "store.db").exists(), "nothing was begun"


def test_what_a_profile_computes_and_says(run, store, folder, tmp_path):
    told = ("audit", folder, "--engine", "none", "--agent-channel", 0, "--json", "--store", store)
    european = run(*told).lines[0]
    assert set(european["stress"]) == {"customer"}
    assert "Art. 50(3)" in european["notices"][-1]
    page = tmp_path / "report"
    asked = run(*told, "--profile", "il", "--agent-stress", "--report", page).lines[0]
    assert set(asked["stress"]) == {"agent", "customer"}
    assert "Amendment 13" in asked["notices"][-2]
    assert "operator turned it on" in asked["notices"][-1]
    assert asked["stress"]["customer"] == european["stress"]["customer"]
    assert asked["findings"] == european["findings"]
    assert asked["scores"] == european["scores"]
    written = "".join(path.read_text() for path in page.glob("call-*.html"))
    assert "Amendment 13" in written
    assert "No score rests on how a voice sounds" in (page / "index.html").read_text()


def test_a_call_tells_its_course(run, store, folder):
    ran = run("audit", folder, "--engine", "none", "--agent-channel", 0, "--json", "--store", store)
    curve = ran.lines[0]["stress"]["customer"]
    (rise,) = curve["changes"]
    assert rise["kind"] == "rise"
    assert rise["start"] <= rise["at"] <= rise["end"]
    assert rise["reason"] == "no words were transcribed"
    assert curve["summary"]["ended"] == "more aroused"
    assert curve["absolute"]["confidence"] == "low"
    shown = run("show", ran.lines[0]["call_id"], "--store", store).out
    assert "rises from" in shown
    assert "what came before is unknown: no words were transcribed" in " ".join(shown.split())


def test_paper_that_is_asked_for_to_cancel_is_named_under_profile_il(run, tmp_path):
    turns = [
        {"speaker": who, "text": text}
        for who, text in (
            ("agent", "hello acme gym this is dana"),
            ("customer", "i want to cancel my membership"),
            ("agent", "you have to send us a registered letter"),
        )
    ]
    call = tmp_path / "gym.json"
    call.write_text(json.dumps({"id": "gym", "language": "en", "turns": turns}))
    told = {}
    for profile in ("eu", "il"):
        (told[profile],) = run("score", call, "--profile", profile, "--json").lines
        found = told[profile]["signals"]["form_demanded_to_cancel"]
        assert found["value"] is True
        assert found["evidence"][0]["quote"] == "you have to send us a registered letter"
    notices = [any("no finding that a law" in one for one in told[p]["notices"]) for p in ("eu", "il")]
    assert notices == [False, True]
    shown = run("score", call, "--profile", "il").out
    assert "form demanded to cancel" in shown
