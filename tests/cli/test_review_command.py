"""`speechqa review`: a supervisor draws calls, judges them beside the machine, and sees how far all agree."""

from __future__ import annotations

import json
import shutil

import pytest
from msgspec.structs import replace

from speechqa.core.analysis import ListenTo, Signal, Signals
from speechqa.core.finding import Verdict
from speechqa.store import open_store
from tests.support.stores import HOSTILE, call, failure, finding, put

P, F, U = Verdict.PASS, Verdict.FAIL, Verdict.NOT_ASSESSED


def one_call(nth: int, **more):
    fails = nth % 3 == 0
    return call(
        f"call{nth:03d}",
        agent_id=f"a{nth % 4}",
        team="t1" if nth % 2 else "t2",
        started_at=f"2026-10-{1 + nth % 28:02d}T09:00:00+02:00",
        findings=(
            finding("thanks", F if fails else P, 0 if fails else 5),
            finding("no_insult", F if nth == 1 else P, 0 if nth == 1 else 5, critical=True),
            replace(finding("warmth", U), detector="human/4", reason="waits for a person"),
        ),
        signals=Signals(complaint=Signal(value=nth % 5 == 0)),
        listen_to=(ListenTo(reason=f"reason {nth}", weight=nth),) if nth % 2 else (),
        turns=(("agent", "hello"), ("customer", "hi")),
    )  # fmt: skip


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory):
    path = tmp_path_factory.mktemp("filled") / "store.db"
    with open_store(f"sqlite:///{path}") as opened:
        put(opened, *(one_call(nth) for nth in range(40)), failure("broken"))
    return path


@pytest.fixture
def filled(filled_once, store):
    shutil.copy(filled_once, store.removeprefix("sqlite:///"))
    return store


def picks(line, part="random"):
    return [pick["call_id"] for pick in line["picks"] if pick["part"] == part]


def journal(store, kind):
    with open_store(store) as opened:
        return list(opened.notes(kind))


def record(run, store, call_id, criterion, verdict, by, *more, comment="heard it"):
    return run(
        "review", "record", call_id, "--criterion", criterion, "--verdict", verdict, "--comment", comment,
        "--by", by, "--store", store, *more,
    )  # fmt: skip


def test_a_queue_is_drawn_again_from_its_seed_and_kept_with_its_plan(run, filled):
    ask = ("review", "queue", "--size", 8, "--risk", 3, "--seed", 7, "--json", "--store", filled)
    first, second = (run(*ask).lines[0] for _ in range(2))
    assert first["picks"] == second["picks"]
    assert (first["frame"], first["seed"], first["plan"]) == (40, 7, 1)
    assert len(picks(first)) == 8
    risky = picks(first, "risk")
    assert len(risky) == 3
    assert not set(risky) & set(picks(first))
    left = [f"call{n:03d}" for n in range(39, 0, -2) if f"call{n:03d}" not in picks(first)]
    assert risky == left[:3]
    assert all(pick["why"] for pick in first["picks"])
    again = run("review", "queue", "--plan", first["plan"], "--json", "--store", filled).lines[0]
    assert again == first
    assert len(journal(filled, "sample")) == 2


def test_a_queue_says_why_and_blind_it_tells_nothing_of_the_machine(run, filled):
    ran = run("review", "queue", "--size", 2, "--risk", 1, "--seed", 1, "--store", filled)
    assert ran.code == 0
    assert "Plan 1, by " in ran.out
    assert "drawn from 40 calls with seed 1" in ran.out
    assert "drawn at random among t" in ran.out
    assert "reason 37" in ran.out
    blind = run("review", "queue", "--plan", 1, "--blind", "--for", "Noa", "--store", filled)
    assert "reason" not in blind.out
    assert "among" not in blind.out


def test_a_queue_leaves_out_what_the_reviewer_did_and_their_own_calls(run, filled):
    assert record(run, filled, "call001", "thanks", "pass", "Dana").code == 0
    line = run(
        "review", "queue", "--size", 100, "--for", "dana", "--json", "--seed", 1, "--store", filled
    ).lines[0]
    assert "call001" not in picks(line)
    assert (line["frame"], line["left_out"]) == (39, 1)
    own = run("review", "queue", "--size", 100, "--for", "a1", "--json", "--store", filled).lines[0]
    assert (own["frame"], own["left_out"]) == (30, 10)
    second = run(
        "review", "queue", "--reviewed", "--for", "Noa", "--blind", "--json", "--store", filled
    ).lines[0]
    assert [(pick["call_id"], pick["part"]) for pick in second["picks"]] == [("call001", "chosen")]


def test_filters_hold_and_nothing_to_draw_is_said(run, filled):
    line = run("review", "queue", "--team", "t1", "--size", 99, "--json", "--store", filled).lines[0]
    assert line["frame"] == 20
    assert line["filters"] == {"team": "t1"}
    ran = run("review", "queue", "--agent", "nobody", "--store", filled)
    assert (ran.code, "There is no call to draw" in ran.err, "next:" in ran.err) == (2, True, True)
    assert run("review", "queue", "--plan", 99, "--store", filled).code == 2
    assert run("review", "queue", "--strata", "moon", "--store", filled).code == 2
    assert run("review", "queue", "--plan", 1, "--agent", "a1", "--store", filled).code == 2
    assert run("review", "queue", "--size", 0, "--store", filled).code == 2


@pytest.mark.parametrize(
    "asked",
    [
        ("--from", "2026-10-05", "--to", "2026-10-20", "--hour-from", 9), ("--tag", "topic=billing"),
        ("--agent-name", "name 2"), ("--longer", 30, "--interruptions", 0), ("--draft",), ("--silence", 1),
        ("--phrase", "hello", "--phrase-by", "agent"), ("--promise-due", "2026-12-01"), ("--listen",),
        ("--category", "courtesy", "--below", 0.5), ("--language", "en"), ("--direction", "inbound"),
    ],
)  # fmt: skip
def test_a_queue_is_drawn_from_what_calls_finds(run, filled, asked):
    listed = {line["call_id"] for line in run("calls", *asked, "--json", "--store", filled).lines}
    listed.discard("broken")
    drawn = run("review", "queue", "--size", 99, *asked, "--json", "--store", filled)
    if not listed:
        assert (drawn.code, "There is no call to draw" in drawn.err) == (2, True)
        return
    (line,) = drawn.lines
    assert set(picks(line)) == listed
    assert set(line["filters"]) <= {str(one).removeprefix("--") for one in asked} | {"call-language"}


def test_a_queue_is_drawn_from_a_kept_question(run, filled):
    question = ("--team", "t1", "--sort", "risk", "--limit", 2, "--save", "ours")
    assert run("calls", *question, "--store", filled).code == 0
    ask = ("review", "queue", "--size", 99, "--json", "--store", filled, "--saved")
    (line,) = run(*ask, "ours", "--agent", "a1").lines
    assert (line["frame"], line["filters"]) == (10, {"team": "t1", "agent": "a1"})
    assert run(*ask, "theirs").code == 2
    assert run(*ask, "ours", "--plan", 1).code == 2
    assert run("calls", "--failed", "--save", "broken ones", "--store", filled).code == 0
    ran = run(*ask, "broken ones")
    assert (ran.code, "could not be analysed" in ran.err) == (2, True)


def test_a_queue_by_a_masked_number_keeps_neither_it_nor_its_digest(run, filled, monkeypatch):
    monkeypatch.setattr("speechqa.assembly.numbers.digests_of", lambda number: ("d" * 64,))
    monkeypatch.setattr("speechqa.store.queries._numbers", lambda query: [])  # any call has that number
    ran = run("review", "queue", "--number", "054-1234567", "--json", "--store", filled)
    assert ran.lines[0]["filters"] == {"number": "a number, which is not kept"}
    (entry,) = journal(filled, "sample")
    assert "1234567" not in entry.body
    assert "dddd" not in entry.body


def test_a_review_counts_and_the_machines_verdict_stays(run, filled):
    before = run("show", "call003", "--json", "--store", filled).lines[0]
    ran = record(run, filled, "call003", "thanks", "pass", "Dana", comment="she thanks him at the start")
    assert ran.code == 0
    assert "call003, thanks: pass by Dana; the machine: fail" in ran.err
    after = run("show", "call003", "--json", "--store", filled).lines[0]
    # The document is the machine's; what people said is beside it.
    said = after.pop("record")
    assert {name: value for name, value in before.items() if name != "record"} == after
    assert next(one["by"] for one in said["criteria"] if one["criterion"] == "thanks") == "Dana"
    shown = run("show", "call003", "--store", filled).out
    assert "pass 5/5 by a review by Dana on" in shown
    assert "the machine: fail 0/5" in shown
    assert "courtesy: 100% 10/10, by the machine 50% 5/10" in shown
    lines = {
        line["criterion"]: line
        for line in run("review", "show", "call003", "--json", "--store", filled).lines
    }
    assert lines["thanks"]["finding"]["earned"] == 5
    assert lines["thanks"]["machine"]["earned"] == 0
    assert lines["thanks"]["by"] == "Dana"
    assert lines["warmth"]["waits"] == "a person's verdict"
    with open_store(filled) as opened:
        assert "review" in [access.event for access in opened.accesses("call003")]


def test_a_criterion_for_people_waits_and_then_counts_its_points(run, store, transcript, tmp_path):
    rubric = tmp_path / "mine.toml"
    rubric.write_text(
        'name = "mine"\nversion = 1\nextends = "service"\n\n[[criterion]]\nid = "warmth"\n'
        'category = "courtesy"\npoints = 4\ndetector = "human"\n'
    )
    assert run("score", transcript, "--rubric", rubric, "--store", store).code == 0
    assert "warmth" in run("show", "lamp", "--store", store).out
    assert "waits for a person's verdict" in run("show", "lamp", "--store", store).out
    assert record(run, store, "lamp", "warmth", "pass", "Dana", "--points", 9).code == 2
    assert record(run, store, "lamp", "warmth", "pass", "Dana", "--points", 3).code == 0
    (line,) = [
        one for one in run("review", "show", "lamp", "--json", "--store", store).lines
        if one["criterion"] == "warmth"
    ]  # fmt: skip
    assert (line["finding"]["earned"], line["finding"]["possible"], line["waits"]) == (3, 4, "")


def test_a_critical_failure_waits_until_somebody_confirms_it(run, filled):
    assert "waits for a person's confirmation" in run("show", "call001", "--store", filled).out
    confirm = ("review", "confirm", "call001", "--criterion", "no_insult", "--store", filled, "--by")
    assert run(*confirm, "a1").code == 2, "it is the agent's own call"
    ran = run(*confirm, "Dana", "--comment", "at the end")
    assert (ran.code, "confirmed by Dana" in ran.err) == (0, True)
    shown = run("show", "call001", "--store", filled).out
    assert "critical failure confirmed by Dana" in shown
    assert "waits for a person's confirmation" not in shown
    assert "confirmed already" in run(*confirm, "Noa").err
    other = run("review", "confirm", "call001", "--criterion", "thanks", "--by", "D", "--store", filled)
    assert (other.code, "not critical" in other.err) == (2, True)
    passed = run("review", "confirm", "call002", "--criterion", "no_insult", "--by", "D", "--store", filled)
    assert "There is no failure to confirm" in passed.err


@pytest.mark.parametrize(
    ("criterion", "verdict", "by", "comment", "says"),
    [
        ("nothing", "pass", "Dana", "x", "No such criterion"),
        ("thanks", "pass", "a3", "x", "Nobody reviews their own call"),
        ("thanks", "pass", "Dana", "  ", "A verdict needs a comment"),
        ("thanks", "pass", " ", "x", "Nobody is named"),
    ],
)
def test_what_cannot_be_recorded_says_why(run, filled, criterion, verdict, by, comment, says):
    ran = record(run, filled, "call003", criterion, verdict, by, comment=comment)
    assert (ran.code, says in ran.err) == (2, True), ran.err
    assert journal(filled, "review") == []


def test_a_failed_or_unknown_call_is_no_call_to_review(run, filled):
    assert record(run, filled, "broken", "thanks", "pass", "Dana").code == 4
    assert record(run, filled, "nowhere", "thanks", "pass", "Dana").code == 4
    assert run("review", "record", "call001", "--store", filled).code == 2


def test_blind_is_only_who_has_not_seen(run, filled, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "noa")
    assert run("show", "call004", "--store", filled).code == 0
    ran = record(run, filled, "call004", "thanks", "pass", "Noa", "--blind")
    assert (ran.code, "before the scorecard was seen" in ran.err) == (2, True)
    ran = record(run, filled, "call004", "thanks", "fail", "Dana", "--blind", "--json")
    assert ran.code == 0
    assert "machine" not in ran.lines[0] or ran.lines[0]["machine"] is None


def test_a_closed_period_takes_no_review(run, filled):
    assert run("period", "close", "2026-10", "--by", "Boss", "--reason", "paid", "--store", filled).code == 0
    ran = record(run, filled, "call003", "thanks", "pass", "Dana")
    assert (ran.code, "closed period" in ran.err) == (2, True)
    assert journal(filled, "review") == []


def test_a_file_of_verdicts_is_checked_whole_and_can_be_given_again(run, filled, tmp_path):
    path = tmp_path / "monday.csv"
    head = "call,criterion,verdict,comment,blind\n"
    path.write_text(
        head + "call001,thanks,pass,\u05d8\u05d5\u05d1,no\ncall002,thanks,maybe,x,no\n", "utf-8-sig"
    )
    ran = run("review", "record", "--file", path, "--by", "Dana", "--store", filled)
    assert (ran.code, "line 3" in ran.err, "maybe" in ran.err) == (2, True, True)
    assert journal(filled, "review") == []
    path.write_text(head + 'call001,thanks,pass,"two\nlines",no\ncall002,thanks,fail,x,yes\n', "utf-8-sig")
    for said in ("2 recorded, 0 were", "0 recorded, 2 were"):
        assert said in run("review", "record", "--file", path, "--by", "Dana", "--store", filled).err
    assert len(journal(filled, "review")) == 2
    lines = tmp_path / "monday.jsonl"
    lines.write_text(
        json.dumps({"call": "call005", "criterion": "thanks", "verdict": "pass", "comment": "ok"})
    )
    assert run("review", "record", "--file", lines, "--by", "Dana", "--json", "--store", filled).lines[0][
        "number"
    ]
    lines.write_text('{"call": 1}')
    assert run("review", "record", "--file", lines, "--store", filled).code == 2
    path.write_bytes(b"\xff\xfe\x00")
    assert run("review", "record", "--file", path, "--store", filled).code == 2
    assert run("review", "record", "--file", tmp_path / "none.csv", "--store", filled).code == 2


def test_agreement_of_the_machine_with_people_and_of_people_with_each_other(run, filled, tmp_path):
    drawn = run("review", "queue", "--size", 30, "--seed", 3, "--json", "--store", filled).lines[0]
    rows = ["call,criterion,verdict,comment,blind"]
    for call_id in picks(drawn):
        nth = int(call_id[4:])
        rows.append(f"{call_id},thanks,{'fail' if nth % 3 == 0 and nth % 2 else 'pass'},x,yes")
    for name in ("Dana", "Noa"):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(rows) + "\n")
        assert run("review", "record", "--file", path, "--by", name, "--store", filled).code == 0
    left = next(f"call{n:03d}" for n in range(40) if f"call{n:03d}" not in picks(drawn))
    assert record(run, filled, left, "thanks", "pass", "Dana").code == 0
    found = run("review", "agreement", "--json", "--store", filled).lines
    assert [(one["part"], one["calls"], one["ratings"], one["blind"]) for one in found] == [
        ("random", 30, 60, 60),
        ("chosen", 1, 1, 0),
    ]
    one = found[0]
    assert one["people"]["raw"]["value"] == 1.0
    assert 0 < one["machine"]["kappa"]["value"] < 1
    assert one["machine"]["kappa"]["low"] <= one["machine"]["kappa"]["value"]
    ran = run("review", "agreement", "--criterion", "thanks", "--store", filled)
    assert "Drawn at random" in ran.out
    assert "Taken by hand" in ran.out
    assert "the machine's verdict by row" in ran.out
    assert "1 of the 20 calls that a figure needs" in ran.out
    assert len(run("review", "agreement", "--part", "random", "--json", "--store", filled).lines) == 1
    assert run("review", "agreement", "--criterion", "none", "--store", filled).code == 0


def test_a_resolved_dispute_counts_apart_and_is_of_record(run, filled):
    ran = run(
        "dispute", "open", "call003", "--criterion", "thanks", "--reason", "verdict_wrong", "--comment",
        "I did", "--by", "a3", "--store", filled,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    number = journal(filled, "dispute")[0].number
    ran = run(
        "dispute", "resolve", number, "--outcome", "changed", "--verdict", "pass", "--comment", "she did",
        "--by", "Dana", "--store", filled,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "pass 5/5 by a dispute, resolved by Dana" in run("show", "call003", "--store", filled).out
    (one,) = run("review", "agreement", "--json", "--store", filled).lines
    assert (one["part"], one["calls"]) == ("disputed", 1)


def test_hostile_names_and_comments_reach_no_terminal(run, filled):
    for nth, text in enumerate(HOSTILE):
        hostile = f"\x1b[2J{text}"
        if "\0" in text or not text.strip():
            continue
        ran = record(run, filled, f"call{nth:03d}", "thanks", "fail", hostile, comment=hostile)
        assert ran.code == 0, ran.err
        shown = run("show", f"call{nth:03d}", "--store", filled)
        listed = run("review", "show", f"call{nth:03d}", "--store", filled)
        for out in (ran.err, shown.out, listed.out):
            assert "\x1b" not in out
            assert "\u202e" not in out


def test_a_card_number_in_a_comment_is_masked(run, filled):
    assert (
        record(run, filled, "call002", "thanks", "fail", "Dana", comment="read 4111 1111 1111 1111").code == 0
    )
    assert "4111" not in (journal(filled, "review")[0].body or "")
