"""Whatever command shows a call whole shows what people said of it, and the log has who saw it."""

from __future__ import annotations

import pytest


def reviewed(run, store, call):
    ran = run(
        "review", "record", call, "--criterion", "thanks", "--verdict", "fail", "--by", "Omer",
        "--comment", "no thanks were said", "--store", store,
    )  # fmt: skip
    assert ran.code == 0, ran.err


def events(run, store, call):
    return [line["event"] for line in run("accesses", call, "--json", "--store", store).lines]


def test_scoring_again_shows_what_a_person_said(run, store, transcript):
    assert run("score", transcript, "--store", store).code == 0
    reviewed(run, store, "call")
    shown = run("score", transcript, "--store", store)
    assert "Omer" in shown.out
    assert "by the machine" in shown.out
    assert shown.out.split("\n", 1)[1] == run("show", "call", "--store", store).out.split("\n", 1)[1]
    (line,) = run("score", transcript, "--store", store, "--resume", "--json").lines
    assert line["record"]["criteria"][0]["by"] == "Omer"
    assert events(run, store, "call") == ["scored", "show", "scored"]


def test_nothing_is_said_of_a_record_where_nothing_is_kept(run, transcript):
    (line,) = run("score", transcript, "--json").lines
    assert "record" not in line


@pytest.mark.usefixtures("heard_once")
def test_an_audit_that_prints_calls_is_logged_and_shows_what_a_person_said(run, store, hebrew_calls):
    first = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--workers", 1, "--json")
    call = first.lines[0]["call_id"]
    reviewed(run, store, call)
    again = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--workers", 1, "--json")
    assert again.lines[0]["record"]["criteria"][0]["by"] == "Omer"
    assert events(run, store, call) == ["audit", "audit"]
    run("audit", hebrew_calls, "--engine", "none", "--store", store, "--workers", 1)
    assert events(run, store, call) == ["audit", "audit"]  # its table shows nothing that was said
