"""`speechqa audit` as a supervisor meets it."""

import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest
import soundfile

from speechqa.core.codec import json_schema
from tests.cli.conftest import SAMPLES
from tests.support.hostile import HOSTILE

GREETING = 52_000
"""Samples of the sample call at the bank, which the first of its turns ends in."""
heard_once = pytest.mark.usefixtures("heard_once")


def without_stamp(document):
    provenance = {k: v for k, v in document["provenance"].items() if k not in ("run_id", "created_at")}
    return {**document, "provenance": provenance}


def test_a_folder_gives_a_table_a_store_and_a_report(run, store, hebrew_calls, tmp_path):
    ran = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--report", tmp_path / "report")
    assert ran.code == 0, ran.err
    assert "he-cable" in ran.out
    assert "2 analysed, 0 done before, 0 failed" in ran.err
    assert "Listen first to: he-oven-complaint\n" in ran.err
    index = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert len(set(re.findall(r'<a href="(call-[^"#]*)', index))) == 2


@heard_once
def test_a_second_run_finds_everything_done(run, store, hebrew_calls):
    arguments = ("audit", hebrew_calls, "--engine", "none", "--store", store)
    first = run(*arguments, "--json")
    second = run(*arguments, "--json")
    assert "Everything is done already: 2 calls" in second.err
    printed = [sorted(ran.out.split("\n")) for ran in (first, second)]
    assert printed[0] == printed[1], "documents done already are printed too, as they were"


def test_two_audits_give_equal_documents(run, hebrew_calls, tmp_path):
    documents = []
    for name, workers in (("one", 1), ("two", 2)):
        ran = run(
            "audit", hebrew_calls, "--engine", "none", "--json",
            "--workers", workers, "--store", f"sqlite:///{tmp_path / name}.db",
        )  # fmt: skip
        documents.append(sorted(json.dumps(without_stamp(line)) for line in ran.lines))
    assert documents[0] == documents[1]
    assert len(documents[0]) == 2


@heard_once
def test_documents_follow_the_published_schema(run, store, hebrew_calls):
    (hebrew_calls / "broken.wav").write_text("this is no sound")
    ran = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--json")
    validator = jsonschema.Draft202012Validator(json_schema())
    assert sorted(line["status"] for line in ran.lines) == ["done", "done", "failed"]
    for line in ran.lines:
        validator.validate(line)


@heard_once
def test_recordings_are_left_as_they_were(run, store, hebrew_calls):
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in hebrew_calls.iterdir()}
    run("audit", hebrew_calls, "--engine", "none", "--store", store)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in hebrew_calls.iterdir()} == before


@heard_once
def test_the_same_bytes_under_two_names_are_one_call(run, store, hebrew_calls):
    shutil.copy(hebrew_calls / "he-cable.mp3", hebrew_calls / "another name.mp3")
    ran = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--json")
    assert len(ran.lines) == 2
    assert "is the same recording as" in ran.err


def test_without_model_or_transcript_nothing_is_begun(run, store, tmp_path, monkeypatch):
    monkeypatch.setenv("SPEECHQA_MODELS", str(tmp_path / "none"))
    folder = tmp_path / "calls"
    folder.mkdir()
    shutil.copy(next(SAMPLES.glob("en-*.*")), folder)
    ran = run("audit", folder, "--store", store)
    assert ran.code == 5
    for way in ("models pull", "--transcripts", "--engine none", "--engine pocketsphinx"):
        assert way in ran.err


@heard_once
def test_where_some_bring_a_transcript_the_others_fail_one_by_one(
    run, store, hebrew_calls, tmp_path, monkeypatch
):
    monkeypatch.setenv("SPEECHQA_MODELS", str(tmp_path / "none"))
    shutil.copy(next(SAMPLES.glob("en-*.*")), hebrew_calls)
    ran = run("audit", hebrew_calls, "--store", store, "--json")
    assert ran.code == 1
    assert sorted(line["status"] for line in ran.lines) == ["done", "done", "failed"]
    failed = next(line for line in ran.lines if line["status"] == "failed")
    assert failed["error"]["type"] == "ModelNotFound"


def test_hostile_recordings_never_stop_a_batch(run, store, hostile_folder, hebrew_calls):
    ran = run("audit", hostile_folder, hebrew_calls, "--engine", "none", "--store", store, "--json")
    assert ran.code == 1
    assert "Traceback" not in ran.err + ran.out
    by_name = {Path(line["path"]).name: line for line in ran.lines}
    assert by_name["he-cable.mp3"]["status"] == "done"
    for name, wanted in HOSTILE.items():
        shown = name.encode("utf-8", "backslashreplace").decode()
        if name == "folder.wav" or shown not in by_name:
            continue  # a folder is walked into; the same bytes under a second name are one call
        line = by_name[shown]
        if wanted.error is not None:
            assert line["status"] == "failed"
            assert line["error"]["type"] == wanted.error
        else:
            assert line["status"] == "done", line
            if wanted.lost is not None:
                assert line["recording"]["lost_seconds"] == pytest.approx(wanted.lost, abs=wanted.tolerance)


def test_a_failed_call_is_tried_again_and_then_done(run, store, tmp_path, hebrew_calls):
    target = tmp_path / "later" / "call.mp3"
    target.parent.mkdir()
    target.write_bytes(b"")
    arguments = ("audit", target.parent, "--engine", "none", "--store", store, "--json")
    assert run(*arguments).code == 1
    shutil.copy(hebrew_calls / "he-cable.mp3", target)
    second = run(*arguments)
    assert second.code == 0, second.err
    assert [line["status"] for line in second.lines] == ["done"]


@heard_once
def test_a_bad_manifest_row_fails_alone(run, store, hebrew_calls):
    (hebrew_calls / "manifest.csv").write_text(
        "file,agent_id,agent_channel\nhe-cable.mp3,a1,0\nhe-oven-complaint.m4a,a2,left\nabsent.wav,a3,\n"
    )
    ran = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--json")
    assert ran.code == 1
    done = [line for line in ran.lines if line["status"] == "done"]
    failed = [line["error"] for line in ran.lines if line["status"] == "failed"]
    assert [line["metadata"]["agent_id"] for line in done] == ["a1"]
    assert {error["type"] for error in failed} == {"ManifestError", "RecordingNotFound"}
    assert any("line 3" in error["message"] for error in failed)


def test_a_folder_without_recordings_is_said_to_be_one(run, store, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("no sound")
    ran = run("audit", tmp_path / "notes", "--engine", "none", "--store", store)
    assert ran.code == 0
    assert "No recording was found" in ran.err


@heard_once
def test_a_mended_manifest_row_finds_its_call(run, store, hebrew_calls):
    arguments = ("audit", hebrew_calls, "--engine", "none", "--store", store)
    manifest = hebrew_calls / "manifest.csv"
    manifest.write_text("file,call_id,agent_channel\nhe-cable.mp3,c1,left\n")
    assert run(*arguments).code == 1
    manifest.write_text("file,call_id,agent_channel\nhe-cable.mp3,c1,0\n")
    mended = run(*arguments)
    assert mended.code == 0, mended.err
    assert len(run("calls", "--store", store, "--json").lines) == 2


@heard_once
def test_an_engine_that_no_call_needed_is_not_named(run, store, hebrew_calls):
    ran = run("audit", hebrew_calls, "--engine", "pocketsphinx", "--store", store)
    assert ran.code == 0, ran.err
    assert "pocketsphinx" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("audit",), 2),
        (("audit", "x", "--language", "fr"), 2),
        (("audit", "x", "--rubric", "no-such"), 3),
        (("audit", "x", "--manifest", "no-such.csv"), 3),
        (("audit", "x", "--engine", "whisper:no-such"), 5),
        (("audit", "x", "--engine", "none", "--store", "mysql://h/x"), 6),
        (("show", "x", "--store", "sqlite:////no/such/folder/x.db"), 6),
    ],
)
def test_what_is_wrong_with_a_command_has_its_own_exit_code(run, arguments, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.err


def test_a_report_folder_that_cannot_be_written_is_found_before_any_work(run, store, hebrew_calls, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    ran = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--report", blocked / "report")
    assert ran.code == 7


def test_the_draft_engine_is_named_everywhere(run, store, tmp_path):
    sound, rate = soundfile.read(SAMPLES / "en-bank-card.ogg", stop=GREETING, dtype="int16")
    source = tmp_path / "begun.wav"
    soundfile.write(source, sound, rate)
    report = tmp_path / "report"
    ran = run("audit", source, "--engine", "pocketsphinx", "--store", store, "--report", report)
    assert ran.code == 0, ran.err
    assert "DRAFT" in ran.err
    assert "draft" in ran.out
    assert "draft engine" in (report / "index.html").read_text(encoding="utf-8")
    document = run("show", source.name, "--store", store, "--json").lines[0]
    assert document["transcript"]["draft"] is True
    assert any("draft" in notice for notice in document["notices"])
    page = next(report.glob("call-*.html")).read_text(encoding="utf-8")
    assert "draft engine" in page


def test_headerless_sound_and_the_agents_channel_by_option(run, store, tmp_path):
    raw = tmp_path / "call.dat"
    raw.write_bytes(bytes([0xFF, 0x7F]) * 8000)
    ran = run(
        "audit", raw, "--raw", "mulaw", "--raw-channels", 2, "--agent-channel", 1,
        "--engine", "none", "--store", store, "--json",
    )  # fmt: skip
    document = ran.lines[0]
    assert document["recording"]["duration"] == 1.0
    assert document["recording"]["channels"] == 2
    assert {party: (r["role"], r["source"]) for party, r in document["roles"].items()} == {
        "A": ("customer", "option"),
        "B": ("agent", "option"),
    }


def test_a_manifests_agent_channel_goes_before_the_option(run, store, tmp_path):
    (tmp_path / "call.ulaw").write_bytes(bytes([0xFF, 0x7F]) * 8000)
    (tmp_path / "manifest.csv").write_text("file,agent_channel\ncall.ulaw,0\n")
    ran = run(
        "audit", tmp_path, "--raw", "mulaw", "--raw-channels", 2, "--agent-channel", 1,
        "--engine", "none", "--store", store, "--json",
    )  # fmt: skip
    roles = ran.lines[0]["roles"]
    assert roles["A"]["role"] == "agent"
    assert roles["A"]["source"] == "manifest"


def test_as_many_channels_as_are_read_have_a_party_each(run, store, tmp_path):
    path = tmp_path / "many.ulaw"
    path.write_bytes(bytes(range(256)) * 32 * 16)
    ran = run(
        "audit", path, "--raw", "mulaw", "--raw-channels", 32, "--engine", "none", "--store", store, "--json"
    )
    assert ran.code == 0, ran.out
    assert list(ran.lines[0]["dialogue"]["speech"])[-1] == "Z"
    assert "AF" in ran.lines[0]["dialogue"]["speech"]


def test_a_channel_that_is_not_there_is_told(run, store, tmp_path):
    path = tmp_path / "two.ulaw"
    path.write_bytes(bytes(range(256)) * 128)
    options = ("--raw", "mulaw", "--raw-channels", 2, "--engine", "none", "--store", store, "--json")
    ran = run("audit", path, *options, "--agent-channel", 7)
    assert ran.code == 0
    assert any("said to be on channel 7" in notice for notice in ran.lines[0]["notices"])
    ran = run("audit", path, *options, "--agent-channel", 1)
    assert not any("said to be" in notice for notice in ran.lines[0]["notices"])


def test_the_help_shows_the_pattern_as_it_is_written(run):
    assert "{agent}_{customer}" in run("audit", "--help").out


@heard_once
def test_a_report_that_cannot_be_written_ends_in_its_own_code_and_loses_no_call(
    run, store, hebrew_calls, tmp_path, monkeypatch
):
    from speechqa.errors import ReportError
    from speechqa.reports.pages.folder import PageFolder

    def full(*_):
        raise ReportError("The report cannot be written", found="No space left on device")

    monkeypatch.setattr(PageFolder, "write", full)
    ran = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--report", tmp_path / "report")
    assert ran.code == 7
    assert "No space left" in ran.err
    assert len(run("calls", "--store", store, "--json").lines) == 2
