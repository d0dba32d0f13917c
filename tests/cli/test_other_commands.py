"""The commands over transcripts and a store."""

import json
import runpy

import pytest

from speechqa.version import __version__
from tests.cli.conftest import SAMPLES


@pytest.fixture
def scored(run, store, transcript):
    assert run("score", transcript, "--store", store).code == 0
    return store


def test_score_judges_a_transcript_and_keeps_nothing(run, transcript, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("score", transcript, "--json")
    document = ran.lines[0]
    assert ran.code == 0
    assert document["call_id"] == "lamp"
    assert [turn["speaker"] for turn in document["transcript"]["turns"]][:2] == ["agent", "customer"]
    assert len(document["transcript"]["turns"]) == 10
    verdicts = {f["criterion"]: f["verdict"] for f in document["findings"]}
    assert verdicts["needs_clarification"] == "pass"
    assert verdicts["expectation_summary"] == "pass"
    assert verdicts["thanks"] == "pass"
    assert verdicts["empathy"] == "pass"
    assert not list(tmp_path.glob("*.db"))


def test_card_numbers_are_masked_before_anything_is_written(run, store, transcript, tmp_path):
    ran = run("score", transcript, "--store", store, "--json")
    assert "4111" not in ran.out
    assert "[card]" in ran.out
    assert b"4111" not in (tmp_path / "store.db").read_bytes()


def test_one_bad_transcript_stops_no_other(run, transcript, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"turns": [{"text": 3}]}')
    ran = run("score", bad, transcript, "--json")
    assert ran.code == 1
    assert [line["status"] for line in ran.lines] == ["failed", "done"]
    assert ran.lines[0]["error"]["type"] == "TranscriptError"


def test_two_transcripts_with_one_id_stop_no_other(run, store, transcript, tmp_path):
    paths = []
    for name, call_id, text in (("a", "same", "hello"), ("b", "same", "goodbye"), ("c", "other", "thanks")):
        paths.append(tmp_path / f"{name}.json")
        turns = [{"speaker": "agent", "text": text}]
        paths[-1].write_text(json.dumps({"id": call_id, "language": "en", "turns": turns}))
    ran = run("score", *paths, "--store", store, "--json")
    assert ran.code == 1
    assert [line["status"] for line in ran.lines] == ["done", "failed", "done"]
    assert [line["path"] for line in ran.lines] == [str(path) for path in paths]
    assert ran.lines[1]["error"]["type"] == "DocumentRefused"


def test_a_user_without_a_name_may_look(run, scored, monkeypatch):
    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert run("show", "lamp", "--store", scored).code == 0


def test_every_verdict_that_counts_shows_what_it_rests_on(run, transcript):
    for finding in run("score", transcript, "--json").lines[0]["findings"]:
        if finding["verdict"] in ("pass", "fail"):
            assert finding["evidence"] or finding["searched"] or finding["searched_turns"]
            assert 0 <= finding["earned"] <= finding["possible"]
        else:
            assert finding["earned"] is None
            assert finding["possible"] is None
            assert finding["reason"]


def test_scores_are_the_sums_of_their_findings(run, transcript):
    document = run("score", transcript, "--json").lines[0]
    for category, tally in document["scores"].items():
        counted = [f for f in document["findings"] if f["category"] == category and f["earned"] is not None]
        assert tally["earned"] == sum(f["earned"] for f in counted)
        assert tally["possible"] == sum(f["possible"] for f in counted)


def test_show_and_explain(run, scored):
    shown = run("show", "lamp", "--store", scored)
    assert shown.code == 0
    assert "thank you for being so patient" in shown.out
    explained = run("show", "lamp", "--explain", "thanks", "--store", scored)
    assert "judged by" in explained.out
    assert run("show", "lamp", "--explain", "charm", "--store", scored).code == 2
    assert run("show", "nobody", "--store", scored).code == 4


@pytest.mark.parametrize("written", ["txt", "json", "srt", "vtt"])
def test_transcripts_are_written_in_every_format(run, scored, written):
    ran = run("transcript", "lamp", "--format", written, "--store", scored)
    assert ran.code == 0
    assert "the lamp shop" in ran.out
    part = run("transcript", "lamp", "--format", written, "--from", "40", "--store", scored)
    assert "the lamp shop" not in part.out
    assert "goodbye" in part.out


def test_views_of_a_transcript_are_logged(run, scored):
    from speechqa.store import open_store

    run("transcript", "lamp", "--store", scored)
    with open_store(scored) as opened:
        assert [access.event for access in opened.accesses("lamp")] == ["transcript"]


def test_quotes_in_an_agents_own_view_are_logged(run, store, tmp_path):
    from speechqa.store import open_store

    said = [("agent", "What is it now."), ("customer", "My lamp is broken, please help."), ("agent", "No.")]
    turns = [{"speaker": who, "text": text} for who, text in said]
    curt = tmp_path / "curt.json"
    curt.write_text(json.dumps({"id": "curt", "agent_id": "a9", "language": "en", "turns": turns}))
    run("score", curt, "--store", store)
    assert "curt:" in run("agent", "a9", "--store", store, "--minimum-calls", "1").out
    with open_store(store) as opened:
        assert [access.event for access in opened.accesses("curt")] == ["agent"]


def test_calls_are_found_by_what_is_known_of_them(run, scored):
    assert len(run("calls", "--store", scored, "--json").lines) == 1
    assert len(run("calls", "--store", scored, "--json", "--phrase", "desk lamp").lines) == 1
    assert run("calls", "--store", scored, "--json", "--phrase", "spaceship").lines == []
    assert len(run("calls", "--store", scored, "--json", "--agent", "a1").lines) == 1
    failing = ("--criterion", "thanks", "--verdict", "fail")
    assert run("calls", "--store", scored, "--json", *failing).lines == []


def test_agents_are_withheld_under_the_minimum_and_shown_over_it(run, scored):
    withheld = run("agents", "--store", scored)
    assert "withheld" in withheld.out
    shown = run("agents", "--store", scored, "--minimum-calls", "1", "--json").lines[0]
    assert shown["n"] == 1
    assert shown["tallies"]["courtesy"]["possible"] > 0
    own = run("agent", "a1", "--store", scored, "--minimum-calls", "1")
    assert "Points lost" in own.out
    assert run("agent", "nobody", "--store", scored).code == 4


def test_rubric_check_says_where_the_fault_lies(run, tmp_path):
    assert run("rubric", "check").code == 0
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "x"\nversion = "one"\n')
    ran = run("rubric", "check", bad)
    assert ran.code == 3
    assert "version" in ran.err


def test_doctor_tells_what_is_missing(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SPEECHQA_MODELS", str(tmp_path))
    ran = run("doctor", "--quick", "--json", "--store", f"sqlite:///{tmp_path}/none.db")
    checks = {check["name"]: check for check in ran.lines[0]}
    assert ran.code == 0
    assert checks["models"]["state"] == "missing"
    assert "models pull" in checks["models"]["hint"]
    assert checks["rubric"]["state"] == "ok"


def test_models_are_listed_with_source_licence_and_digest(run, tmp_path):
    models = {
        line["entry"]["name"]: line for line in run("models", "list", "--json", "--models", tmp_path).lines
    }
    assert len(models["small"]["entry"]["sha256"]) == 64
    assert any("ivrit" in name for name in models)
    assert all(line["entry"]["licence"] and line["entry"]["source"] for line in models.values())
    assert run("models", "verify", "small", "--models", tmp_path).code == 5


def test_stress_prints_a_line_a_file_and_an_error_where_there_is_one(run, tmp_path):
    voice = min(SAMPLES.glob("en-*.*"), key=lambda path: path.stat().st_size)
    bad = tmp_path / "bad.wav"
    bad.write_text("no sound")
    ran = run("stress", voice, bad, "--json")
    assert ran.code == 4
    good, failed = ran.lines
    assert good["windows"]
    assert {"start", "end", "value", "confidence"} <= set(good["windows"][0])
    assert failed["windows"] == []
    assert failed["error"]["type"] == "UnreadableRecording"


def test_the_package_runs_as_the_command_does(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["speechqa", "--version"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("speechqa", run_name="__main__")
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"speechqa {__version__}\n"


def test_schema_is_json(run):
    schema = json.loads(run("schema").out)
    assert "CallAnalysis" in schema["$defs"]


@pytest.mark.parametrize(
    "command",
    [
        ("audit",), ("score",), ("stress",), ("calls",), ("show",), ("transcript",), ("agents",), ("agent",),
        ("doctor",), ("schema",), ("rubric", "check"), ("models", "list"), ("models", "pull"),
        ("models", "convert"),
        ("models", "verify"),
    ],
)  # fmt: skip
def test_every_command_has_help_with_examples(run, command):
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "speechqa " + " ".join(command) in " ".join(ran.out.split())
    assert "Example" in ran.out


def test_numbers_are_masked_in_errors_names_and_tags(run, store, tmp_path):
    card = "4111 1111 1111 1111"
    bad, vtt, good = tmp_path / "bad.json", tmp_path / "bad.vtt", tmp_path / "good.json"
    bad.write_text(json.dumps({"id": "b", "turns": f"my card is {card}"}))
    vtt.write_text(f"WEBVTT\n\n00:00:01.000 --> {card}\nhi\n")
    turns = [{"speaker": card, "text": "hello", "words": [{"text": "hello"}]}]
    good.write_text(json.dumps({"id": "g", "agent_name": f"Dana {card}", "turns": turns}))
    ran = run("score", bad, vtt, good, "--store", store, "--json")
    assert [line["status"] for line in ran.lines] == ["failed", "failed", "done"]
    assert "4111" not in ran.out + ran.err
    assert ran.out.count("[card]") >= 4
    shown = run("show", "g", "--store", store).out + run("calls", "--store", store).out
    assert "4111" not in shown


def test_a_limit_may_be_any_number(run, scored):
    assert len(run("calls", "--limit", 10**30, "--store", scored, "--json").lines) == 1
