"""`speechqa rubric`: a supervisor's own rubric, from the first line to the trial on stored calls."""

import pytest

from speechqa.criteria import load_rubric
from speechqa.criteria.sources import built_in
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


def test_a_new_rubric_is_sound_as_it_is_and_each_comment_can_be_taken_off(run, tmp_path):
    ran = run("rubric", "new", "returns", "--folder", tmp_path)
    assert ran.code == 0
    path = tmp_path / "returns.toml"
    assert ran.out.split() == [
        str(path), str(tmp_path / "returns.en.toml"), str(tmp_path / "returns.he.toml"),
    ]  # fmt: skip
    mine, service = load_rubric(path), load_rubric("service")
    assert (mine.reference, mine.criteria, mine.phrases) == ("returns@1", service.criteria, service.phrases)
    text = path.read_text()
    begin = text.index("\n# [[criterion]]")
    path.write_text(text[:begin] + text[begin:].replace("\n# ", "\n"))
    assert load_rubric(path).criteria == service.criteria
    assert run("rubric", "check", path).code == 0


def test_a_new_rubric_overwrites_nothing(run, tmp_path):
    (tmp_path / "returns.he.toml").write_text("# mine\n")
    ran = run("rubric", "new", "returns", "--folder", tmp_path)
    assert ran.code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["returns.he.toml"]
    assert (tmp_path / "returns.he.toml").read_text() == "# mine\n"
    for name in ("service", "../out", "UPPER", ""):
        assert run("rubric", "new", name, "--folder", tmp_path).code == 2
    assert run("rubric", "new", "night", "--from", "nothing", "--folder", tmp_path).code == 3


def test_a_new_rubric_from_one_of_ones_own(run, tmp_path):
    run("rubric", "new", "returns", "--folder", tmp_path)
    assert run("rubric", "new", "night", "--from", tmp_path / "returns.toml", "--folder", tmp_path).code == 0
    assert 'extends = "returns.toml"' in (tmp_path / "night.toml").read_text()
    assert load_rubric(tmp_path / "night.toml").criteria == load_rubric("service").criteria
    other = run("rubric", "new", "day", "--from", tmp_path / "returns.toml", "--folder", tmp_path / "x")
    assert other.code == 3
    assert "another folder" in other.err


def test_the_list_names_what_is_there_and_what_is_faulty(run, tmp_path, strict):
    (tmp_path / "bad.toml").write_text('extends = "service"\n')
    (tmp_path / "other.toml").write_text("[tool]\nname = 1\n")
    lines = run("rubric", "list", "--folder", tmp_path, "--json").lines
    service = next(line for line in lines if line["file"] == "service")
    assert service["digest"] == load_rubric("service").digest
    assert {line["file"]: line["rubric"] for line in lines if line["file"] not in built_in()} == {
        str(tmp_path / "bad.toml"): None, str(strict): "strict@1",
    }  # fmt: skip
    table = run("rubric", "list", "--folder", tmp_path).out
    assert "faulty" in table
    assert "strict@1" in table


def test_a_rubric_is_shown_with_what_it_inherits(run, strict):
    out = run("rubric", "show", strict).out
    assert "strict@1" in out
    assert "agent_turns 0" in out
    assert "needs_clarification" in out
    assert run("rubric", "show", strict, "--json").lines[0]["name"] == "strict"
    told = run("rubric", "show", strict, "--criterion", "farewell").out
    assert "[goodbye] in he" in told
    assert "להתראות" in told
    (line,) = run("rubric", "show", strict, "--criterion", "farewell", "--json").lines
    assert {(p["name"], p["language"]) for p in line["phrases"]} == {("goodbye", "en"), ("goodbye", "he")}
    assert run("rubric", "show", strict, "--criterion", "nothing").code == 2
    assert run("rubric", "show", "nothing").code == 3


def test_a_strict_check_takes_warnings_for_faults(run, tmp_path):
    run("rubric", "new", "mine", "--folder", tmp_path)
    (tmp_path / "mine.en.toml").write_text('language = "en"\n[goodbye]\nany = ["the"]\n')
    ran = run("rubric", "check", tmp_path / "mine.toml")
    assert ran.code == 0
    assert "mine.en.toml, line 3" in ran.err
    strict = run("rubric", "check", "--strict", tmp_path / "mine.toml")
    assert strict.code == 3
    assert "1 fault" in strict.err


def test_a_critical_failure_stands_beside_the_points(run, scored, tmp_path):
    path = tmp_path / "stern.toml"
    rubric = (
        'name = "stern"\nversion = 1\nextends = "service"\n[[criterion]]\nid = "no_insult"\ncritical = true\n'
    )
    path.write_text(rubric + 'options = {}\n[[criterion]]\nid = "greeting"\ncritical = true\n')
    run("rescore", "--rubric", path, "--store", scored)
    assert "on what is critical" not in run("show", "lamp", "--store", scored).out
    run("roles", "lamp", "--swap", "--store", scored)
    before = run("show", "lamp", "--json", "--store", scored).lines[0]
    failed = {f["criterion"] for f in before["findings"] if f["verdict"] == "fail" and f["critical"]}
    assert failed == {"greeting"}
    shown = run("show", "lamp", "--store", scored).out
    assert "Fails courtesy on what is critical, once a person confirms it: greeting" in shown
    assert "professionalism on what is critical" not in shown
