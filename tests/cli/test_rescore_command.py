"""`speechqa rescore`: stored calls by another rubric, nothing transcribed and nothing lost."""

import json

import pytest

from speechqa.criteria import load_rubric
from speechqa.store import open_store

SERVICE = load_rubric("service").reference


@pytest.fixture
def scored(run, store, transcript):
    other = json.loads(transcript.read_text()) | {"id": "desk", "agent_id": "a2"}
    second = transcript.with_name("second.json")
    second.write_text(json.dumps(other))
    assert run("score", transcript, second, "--no-pair", "--store", store).code == 0
    return store


@pytest.fixture
def mine(tmp_path):
    """The built-in rubric under another name: thanks weigh more, and nobody has to say goodbye."""
    path = tmp_path / "mine.toml"
    path.write_text(
        """
name = "mine"
version = 7
extends = "service"
drop = ["farewell"]

[[criterion]]
id = "thanks"
points = 13
components = { thanked = 10, specific = 3 }
"""
    )
    return path


def shown(run, store, call="lamp"):
    return run("show", call, "--json", "--store", store).lines[0]


def changes(line):
    return {c["criterion"]: (c["before"], c["after"]) for c in line["changes"]}


def test_a_rubric_over_stored_calls_keeps_what_was_before(run, scored, mine):
    before = shown(run, scored)
    ran = run("rescore", "--rubric", mine, "--json", "--store", scored)
    assert ran.code == 0
    assert {line["call_id"]: line["state"] for line in ran.lines} == {"lamp": "rescored", "desk": "rescored"}
    assert all((line["rubric_before"], line["rubric"]) == (SERVICE, "mine@7") for line in ran.lines)
    after = shown(run, scored)
    assert after["transcript"] == before["transcript"]
    told = after["provenance"]
    assert (told["rubric"], told["rubric_digest"]) == ("mine@7", ran.lines[0]["rubric_digest"])
    assert told["run_id"] != before["provenance"]["run_id"]
    found = changes(next(line for line in ran.lines if line["call_id"] == "lamp"))
    assert set(found) == {"thanks", "farewell"}
    assert found["farewell"][1] is None
    assert found["farewell"][0]["evidence"]
    assert found["thanks"][1]["possible"] == 13
    assert "farewell" not in {f["criterion"] for f in after["findings"]}
    with open_store(scored) as opened:
        assert [version.current for version in opened.history("lamp")] == [True, False]
        (entry,) = (a for a in opened.accesses("lamp") if a.event == "rescored")
        assert entry.details == {"from": SERVICE, "to": "mine@7", "how": "rescored"}


def test_what_is_judged_by_the_rubric_already_is_skipped_and_said(run, scored, mine):
    run("rescore", "--rubric", mine, "--store", scored)
    ran = run("rescore", "--rubric", mine, "--store", scored)
    assert ran.code == 0
    assert "0 rescored" in ran.err
    assert "2 by this rubric already" in ran.err
    assert run("rescore", "--force", "--json", "--store", scored).lines[0]["state"] == "same"
    with open_store(scored) as opened:
        assert len(opened.history("lamp")) == 2


def test_back_to_the_first_rubric_makes_the_first_version_count_again(run, scored, mine):
    before = shown(run, scored)
    run("rescore", "--rubric", mine, "--store", scored)
    ran = run("rescore", "lamp", "--rubric", "service", "--json", "--store", scored)
    assert [line["state"] for line in ran.lines] == ["restored"]
    assert shown(run, scored) == before
    assert shown(run, scored, "desk")["provenance"]["rubric"] == "mine@7"


def test_an_audit_with_the_rubric_finds_it_done(run, store, hebrew_calls, mine):
    run("audit", hebrew_calls, "--engine", "none", "--workers", 1, "--store", store)
    assert run("rescore", "--rubric", mine, "--store", store).code == 0
    again = run("audit", hebrew_calls, "--engine", "none", "--workers", 1, "--rubric", mine, "--store", store)
    assert "Everything is done already" in again.err


def test_a_dry_run_shows_and_keeps_nothing(run, scored, mine):
    before = shown(run, scored)
    ran = run("rescore", "--rubric", mine, "--dry-run", "--store", scored)
    assert ran.code == 0
    assert "farewell: pass -> not judged, 2 calls" in ran.out
    assert "goodbye" in ran.out
    assert "Nothing was kept" in ran.err
    assert shown(run, scored) == before
    with open_store(scored) as opened:
        assert len(opened.history("lamp")) == 1


def test_corrected_roles_stay(run, scored, mine):
    run("roles", "lamp", "--swap", "--store", scored)
    swapped = shown(run, scored)
    assert run("rescore", "lamp", "--rubric", mine, "--store", scored).code == 0
    after = shown(run, scored)
    assert after["provenance"]["rubric"] == "mine@7"
    assert after["roles"] == swapped["roles"]
    assert after["uncorrected_roles"] == swapped["uncorrected_roles"]
    reset = run("roles", "lamp", "--reset", "--json", "--store", scored).lines[0]
    assert reset["provenance"]["rubric"] == "mine@7"
    assert reset["roles"] == swapped["uncorrected_roles"]


def test_a_rubric_changed_under_one_version_is_told(run, scored, mine):
    run("rescore", "--rubric", mine, "--store", scored)
    mine.write_text(mine.read_text() + "# changed\n")
    ran = run("rescore", "--store", scored)
    assert "2 rescored" in ran.err
    assert "Raise `version`" in ran.err


def test_filters_choose_calls(run, scored, mine):
    ran = run("rescore", "--agent", "a2", "--rubric", mine, "--json", "--store", scored)
    assert [line["call_id"] for line in ran.lines] == ["desk"]
    none = run("rescore", "--agent", "nobody", "--rubric", mine, "--store", scored)
    assert none.code == 0
    assert "No call answers to that" in none.err
    assert run("rescore", "lamp", "--agent", "a2", "--store", scored).code == 2


def test_faults_have_their_exit_codes(run, scored, mine, tmp_path):
    assert run("rescore", "no-such-call", "--store", scored).code == 4
    assert run("rescore", "--rubric", "nothing", "--store", scored).code == 3
    assert run("rescore", "--store", f"sqlite:///{tmp_path / 'none.db'}").code == 6
    run("rescore", "lamp", "--rubric", mine, "--store", scored)
    mine.unlink()
    ran = run("rescore", "--store", scored)
    assert ran.code == 1
    assert "1 by this rubric already, 1 failed" in ran.err
    assert "no such rubric" in ran.err
    assert shown(run, scored)["provenance"]["rubric"] == "mine@7"


def test_a_call_that_was_never_analysed_fails_by_itself(run, scored, mine, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    run("score", broken, "--store", scored)
    assert run("rescore", "--rubric", mine, "--store", scored).code == 0
    ran = run("rescore", broken, "lamp", "--rubric", "service", "--json", "--store", scored)
    assert ran.code == 1
    assert [line["state"] for line in ran.lines] == ["failed", "restored"]


def test_several_processes_judge_as_one_does_and_give_calls_in_order(run, tmp_path, transcript, mine):
    said = []
    for workers in (1, 2):
        store = f"sqlite:///{tmp_path / f'{workers}.db'}"
        for number in range(6):
            told = json.loads(transcript.read_text()) | {"id": f"call-{number}"}
            told["turns"] = told["turns"][: 10 - number]
            (tmp_path / f"t{number}.json").write_text(json.dumps(told))
        assert run("score", *sorted(tmp_path.glob("t?.json")), "--no-pair", "--store", store).code == 0
        ran = run("rescore", "--rubric", mine, "--workers", workers, "--json", "--store", store)
        assert ran.code == 0, ran.err
        assert {line["state"] for line in ran.lines} == {"rescored"}
        again = run("rescore", "--rubric", mine, "--workers", workers, "--store", store)
        assert "6 by this rubric already" in again.err
        documents = []
        for number in range(6):
            document = shown(run, store, f"call-{number}")
            document["provenance"] = {**document["provenance"], "run_id": "", "created_at": ""}
            documents.append(document)
        said.append((ran.lines, documents))
    assert said[0] == said[1]


def test_of_many_calls_a_few_are_held_to_be_quoted(run, scored, mine):
    from speechqa.assembly.rubrics import tried
    from speechqa.reports.changes import SHOWN, ChangesView

    view = ChangesView()
    with open_store(scored) as opened:
        (call,) = tried(opened, ["lamp"], rubric=str(mine), by="dana")
    for _ in range(100):
        view.add(call)
    assert view.judged == 100
    assert all((way.count, len(way.first)) == (100, SHOWN) for way in view._ways.values())


def test_a_correction_made_while_a_call_is_judged_stays(run, scored, mine, monkeypatch):
    from speechqa.assembly import judging_again

    real, before = judging_again.judge, shown(run, scored)

    def corrected_meanwhile(asked):
        if asked.call_id == "lamp":
            swap = ("roles", "lamp", "--swap", "--by", "dana", "--reason", "heard it")
            assert run(*swap, "--store", scored).code == 0
        return real(asked)

    monkeypatch.setattr(judging_again, "judge", corrected_meanwhile)
    assert run("rescore", "--rubric", mine, "--workers", 1, "--store", scored).code == 0
    after = shown(run, scored)
    assert after["provenance"]["rubric"] == "mine@7"
    was, now = ({key: one["role"] for key, one in told["roles"].items()} for told in (before, after))
    other = {"agent": "customer", "customer": "agent"}
    assert now == {key: other[role] for key, role in was.items()}, "the correction stands"


def test_of_a_trial_that_is_stopped_nothing_is_said_to_be_kept(run, scored, mine, monkeypatch):
    from speechqa.assembly import judging_again

    def stopped(_asked):
        raise KeyboardInterrupt

    monkeypatch.setattr(judging_again, "judge", stopped)
    for more, kept in ((("--dry-run",), False), ((), True)):
        ran = run("rescore", "--rubric", mine, "--workers", 1, "--store", scored, *more)
        assert (ran.code, "Nothing finished is lost" in ran.err) == (130, kept)
