"""`speechqa rubric`: a supervisor's own rubric, from the first line to the trial on stored calls."""

import pytest

from speechqa.store import open_store


@pytest.fixture
def scored(run, store, transcript):
    assert run("score", transcript, "--store", store).code == 0
    return store


@pytest.fixture
def strict(tmp_path):
    """The built-in rubric, but no turn is early enough for a greeting."""
    path = tmp_path / "strict.toml"
    path.write_text(
        'name = "strict"\nversion = 1\nextends = "service"\n'
        '[[criterion]]\nid = "greeting"\noptions = { agent_turns = 0 }\n'
    )
    return path


def test_a_trial_shows_what_would_change_and_keeps_nothing(run, scored, strict):
    before = run("show", "lamp", "--json", "--store", scored).out
    ran = run("rubric", "test", strict, "--store", scored)
    assert ran.code == 0
    assert "greeting: pass -> not assessed, 1 call" in ran.out
    assert "lamp: 5/5 -> not assessed" in ran.out
    assert "good morning" in ran.out
    assert "1 would change" in ran.err
    assert run("show", "lamp", "--json", "--store", scored).out == before
    with open_store(scored) as opened:
        assert len(opened.history("lamp")) == 1
        (entry,) = (a for a in opened.accesses("lamp") if a.event == "rubric tried")
        assert entry.details == {"rubric": "strict@1"}


def test_a_trial_for_machines_and_against_another_rubric(run, scored, strict):
    (line,) = run("rubric", "test", strict, "lamp", "--json", "--store", scored).lines
    (change,) = line["changes"]
    assert (change["criterion"], change["before"]["verdict"], change["after"]["verdict"]) == (
        "greeting", "pass", "not_assessed",
    )  # fmt: skip
    assert line["scores"]["courtesy"]["earned"] == line["scores_before"]["courtesy"]["earned"] - 5
    (same,) = run("rubric", "test", strict, "--against", strict, "--json", "--store", scored).lines
    assert same["changes"] == []
    assert (same["rubric_before"], same["rubric"], same["state"]) == ("strict@1", "strict@1", "tried")


def test_faults_of_a_trial(run, scored, strict):
    assert run("rubric", "test", "nothing", "--store", scored).code == 3
    assert run("rubric", "test", strict, "--against", "nothing", "--store", scored).code == 3
    assert run("rubric", "test", strict, "nobody", "--store", scored).code == 4
    assert "No call answers" in run("rubric", "test", strict, "--team", "x", "--store", scored).err
