"""`speechqa stress` and pictures as a user meets them."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from tests.support.media import write_media

SAMPLES = Path(__file__).parents[2] / "recordings"
VOICE = SAMPLES / "en-pizza.wav"
PROGRAM = "from speechqa.cli.app import main; main()"
DOCUMENTED = {"path", "windows", "episodes", "baseline"}


@pytest.fixture
def silence(tmp_path) -> Path:
    return write_media(tmp_path / "silence.wav", np.zeros((1, 8000 * 15), np.int16), 8000)


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two recordings, one in a folder within, and a file that is none."""
    made = tmp_path / "voices"
    (made / "more").mkdir(parents=True)
    shutil.copy(VOICE, made / "a.wav")
    shutil.copy(VOICE, made / "more" / "b.wav")
    (made / "notes.txt").write_text("call them back")
    return made


def test_one_line_a_file_in_the_order_given_twice_where_named_twice(run, silence):
    ran = run("stress", VOICE, silence, VOICE, "--json")
    assert ran.code == 0
    assert ran.err == "", "nothing but results where a program reads"
    assert [line["path"] for line in ran.lines] == [str(VOICE), str(silence), str(VOICE)]
    first, silent, again = ran.lines
    assert set(first) > DOCUMENTED
    assert first == again
    assert {window["value"] for window in silent["windows"]} == {None}
    assert silent["reason"]


def test_a_folder_is_its_recordings_and_those_within(run, folder):
    ran = run("stress", folder, "--json")
    assert [line["path"] for line in ran.lines] == [str(folder / "a.wav"), str(folder / "more" / "b.wav")]
    told = run("stress", folder)
    assert "1 file in the folders is no recording and ignored." in told.err
    assert "2 measured, 0 without a value, 0 failed." in told.err


def test_nothing_found_is_said(run, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = run("stress", tmp_path / "empty", "--json")
    assert (ran.code, ran.out) == (0, "")
    assert "No recording was found" in ran.err


def test_a_file_that_fails_stops_no_other_and_says_what_to_do(run, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_text("no sound")
    ran = run("stress", bad, tmp_path / "missing.wav", VOICE)
    assert ran.code == 4
    assert "The file is no audio that can be read" in ran.out
    assert "There is no such recording" in ran.out
    assert "next: " in ran.out
    assert "calm level: from this recording itself" in ran.out
    assert "1 measured, 0 without a value, 2 failed." in ran.err


def test_a_channel_that_is_not_there_names_those_that_are(run):
    ran = run("stress", VOICE, "--channel", 9, "--json")
    assert ran.code == 4
    assert ran.lines[0]["windows"] == []
    assert "expected 0 to 1" in ran.lines[0]["error"]["message"]
    assert run("stress", VOICE, "--channel", 0, "--json").lines[0]["channel"] == 0


def test_the_only_baseline_being_the_recording_itself_is_none(run, tmp_path):
    copy = shutil.copy(VOICE, tmp_path / "copy.wav")
    plain = run("stress", VOICE, "--json").lines[0]
    ran = run("stress", VOICE, "--baseline", copy, "--baseline", copy, "--json")
    assert ran.lines[0] == plain
    assert "its own and only baseline" in ran.err
    assert "named twice" in ran.err


def test_a_silent_baseline_gives_no_value_and_a_missing_one_nothing_at_all(run, silence, tmp_path):
    ran = run("stress", VOICE, "--baseline", silence, "--json")
    assert ran.code == 0
    assert {window["value"] for window in ran.lines[0]["windows"]} == {None}
    assert ran.lines[0]["baseline"]["source"] == "none"
    assert "Nothing is voiced in" in ran.err
    ran = run("stress", VOICE, "--baseline", tmp_path / "missing.wav")
    assert (ran.code, ran.out) == (4, "")
    assert "named as baseline cannot be used" in ran.err


def test_a_baseline_may_be_a_folder_but_not_an_empty_one(run, folder, tmp_path):
    other = SAMPLES / "en-clinic.m4a"
    ran = run("stress", other, "--baseline", folder, "--json")
    assert ran.lines[0]["baseline"]["source"] == "recordings"
    (tmp_path / "empty").mkdir()
    ran = run("stress", other, "--baseline", tmp_path / "empty")
    assert (ran.code, ran.out) == (2, "")
    assert "no recording in what is named as baseline" in ran.err


@pytest.mark.parametrize("seconds", ["nan", "inf", "0", "-1", "many"])
def test_seconds_that_are_none_are_refused_before_any_work(run, seconds):
    ran = run("stress", VOICE, "--min-voiced", seconds)
    assert (ran.code, ran.out) == (2, "")


def test_the_terminal_shows_the_curve_and_lists_windows_of_one_recording_alone(run, folder):
    one = run("stress", VOICE).out
    assert "channel 1 of 0 to 1, which speaks most" in one
    assert "▁" in one
    assert " to   0:" in one
    assert " to   0:" not in run("stress", VOICE, "--no-windows").out
    assert " to   0:" not in run("stress", folder).out
    assert " to   0:" in run("stress", folder, "--windows").out


def test_pictures_go_where_they_should(run, folder, silence, tmp_path):
    target = tmp_path / "a.svg"
    ran = run("stress", VOICE, "--picture", target, "--json")
    assert ran.code == 0
    assert len(ran.lines) == 1
    assert target.read_text().startswith("<?xml")
    ran = run("stress", folder, silence, "--picture", tmp_path / "pictures")
    assert ran.code == 0
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == [
        "a.png",
        "b.png",
        "silence.png",
    ]
    for wrong in (["--picture", tmp_path / "b.png", VOICE], ["--picture", tmp_path / "b.jpg"]):
        ran = run("stress", VOICE, *wrong)
        assert (ran.code, ran.out) == (2, ""), "told before anything is measured"


def test_a_call_is_drawn(run, transcript, store, tmp_path):
    assert run("score", transcript, "--store", store).code == 0
    target = tmp_path / "lamp.svg"
    ran = run("show", "lamp", "--store", store, "--picture", target)
    assert (ran.code, ran.out) == (0, "")
    assert f"Picture: {target}" in ran.err
    assert "Call lamp" in target.read_text()
    assert run("show", "lamp", "--store", store, "--picture", tmp_path / "a.pdf").code == 2
    assert run("show", "lamp", "--store", store, "--picture", target, "--json").code == 2
    assert run("show", "lamp", "--store", store, "--picture", tmp_path / "no" / "a.svg").code == 7


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal that is none")
@pytest.mark.parametrize("command", ["stress", "audit"])
def test_results_reach_a_file_while_progress_stands_on_a_terminal(command, folder, store):
    options = ["--engine", "none", "--store", store] if command == "audit" else []
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, command, str(folder / "a.wav"), "--json", *options],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown: list[bytes] = []

    def read() -> None:
        # A terminal that nobody reads fills up and stops the program.
        with suppress(OSError):
            while piece := os.read(ours, 4096):
                shown.append(piece)

    reader = Thread(target=read)
    reader.start()
    try:
        out, _ = process.communicate(timeout=120)
    finally:
        process.kill()
        reader.join()
        os.close(ours)
    terminal = b"".join(shown)
    assert process.returncode == 0, terminal
    assert json.loads(out)["path"].endswith("a.wav")
    assert b'"windows"' not in terminal
