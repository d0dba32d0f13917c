"""What the machine does to a run: missing folders and packages, clocks, changed files, others at work."""

from __future__ import annotations

import builtins
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from speechqa.assembly import open_batch
from speechqa.assembly.engines import work
from speechqa.assembly.reporting.folder import ReportFolder, entries_in
from speechqa.cache.places import cache_place
from speechqa.config import Settings
from speechqa.core.accidents import accident
from speechqa.core.analysis import FailedCall
from speechqa.errors import ReportError
from speechqa.pipeline.batch import Worked, failure_from
from speechqa.pipeline.batch import run as run_batch
from speechqa.pipeline.judgement import RunStamp
from speechqa.reports.pages.environment import environment
from speechqa.store import open_store
from tests.cli.conftest import SAMPLES
from tests.support.hanging import must_end
from tests.support.stores import call, put

STAMP = RunStamp(run_id="r", created_at="2026-01-01T00:00:00+00:00")


@pytest.fixture
def found(store, tmp_path):
    """A call that was found, and is analysed later."""
    path = tmp_path / "calls" / "x.mp3"
    path.parent.mkdir()
    shutil.copy(SAMPLES / "he-cable.mp3", path)
    settings = Settings(engine="none")
    with open_batch([str(path)], settings=settings, store_url=store) as batch:
        (task,) = batch.calls.tasks()
    return path, lambda: work(settings, 1, STAMP, task).document


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda path: path.unlink(), "RecordingNotFound"),
        (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "RecordingChanged"),
        (lambda path: path.write_bytes(path.read_bytes() + b"more"), "RecordingChanged"),
        (lambda path: path.write_bytes(b""), "EmptyRecording"),
        (lambda path: (path.unlink(), path.mkdir()), "UnreadableRecording"),
        (lambda path: (path.unlink(), os.mkfifo(path)), "UnreadableRecording"),
    ],
)
def test_a_recording_that_goes_or_changes_between_finding_and_hearing_fails_alone(found, change, told):
    path, analysed = found
    change(path)
    document = analysed()
    assert isinstance(document, FailedCall)
    assert document.error.type == told
    assert str(path) in document.error.message


def without(monkeypatch, name):
    real = builtins.__import__

    def missing(wanted, *args, **more):
        if wanted.partition(".")[0] == name:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(wanted, *args, **more)

    monkeypatch.setattr(builtins, "__import__", missing)


def test_a_missing_package_is_a_line_that_names_it(found, monkeypatch):
    _, analysed = found
    without(monkeypatch, "soxr")
    error = analysed().error
    assert error.type == "EngineUnavailable"
    assert "soxr" in error.message
    assert "doctor" in error.hint


def test_a_missing_package_of_a_command_is_a_line_and_exit_code_five(run, store, tmp_path, monkeypatch):
    with open_store(store) as opened:
        put(opened, call("lamp", turns=[("agent", "hello")]))
    environment.cache_clear()  # a process that made a page before has the package already
    without(monkeypatch, "jinja2")
    page = ("--format", "html", "--output", tmp_path / "x.html")
    ran = run("transcript", "lamp", *page, "--store", store)
    assert ran.code == 5, ran.err
    assert ran.err.startswith("speechqa: The package jinja2 is not installed")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("error", [MemoryError(), OSError(28, "No space left on device")])
def test_what_befalls_a_call_is_no_fault_of_the_program(error):
    assert "fault of the program" not in str(failure_from(error).hint)
    assert "fault of the program" in str(failure_from(ValueError("x")).hint)


def test_no_folder_for_temporary_files_is_told_with_the_way_out():
    told = accident(FileNotFoundError(2, "No usable temporary directory found in ['/tmp']"))
    assert told is not None
    assert "TMPDIR" in str(told.hint)


def test_a_home_that_is_not_there_costs_only_the_cache(run, monkeypatch):
    monkeypatch.setenv("HOME", "/proc/nowhere")
    monkeypatch.delenv("SPEECHQA_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    ran = run("cache", "show")
    assert ran.code == 0
    assert "Traceback" not in ran.err


def test_a_relative_folder_of_the_cache_is_meant_from_where_the_program_began(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = cache_place({"SPEECHQA_CACHE": "kept/here"})
    monkeypatch.chdir("/")
    assert place.folder == tmp_path / "kept" / "here"


@pytest.mark.parametrize("kind", ["file", "below a file", "nowhere to make it"])
def test_a_report_folder_that_cannot_be_is_told_before_any_work(run, store, tmp_path, kind):
    (tmp_path / "file").write_text("mine")
    target = {
        "file": tmp_path / "file",
        "below a file": tmp_path / "file" / "report",
        "nowhere to make it": Path("/proc/nowhere"),
    }[kind]
    ran = run("audit", SAMPLES / "he-cable.mp3", "--engine", "none", "--store", store, "--report", target)
    assert ran.code == 7
    assert str(target) in ran.err
    assert not Path(store.removeprefix("sqlite:///")).exists(), "nothing was begun"
    assert (tmp_path / "file").read_text() == "mine"


def test_clocks_that_jump_break_no_chain_and_no_order(store, monkeypatch):
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    jumps = iter([0, 5_000, -9_000, 3, -100_000, 7] * 20)

    def jumping():
        return (begin + timedelta(hours=next(jumps))).isoformat(timespec="milliseconds")

    for module in ("writing", "journal", "access"):
        monkeypatch.setattr(f"speechqa.store.{module}.now", jumping)
    with open_store(store) as opened:
        for n in range(4):
            put(opened, call(f"c{n}"))
            opened.log("view", call=f"c{n}", actor="dana")
            opened.note("review", {"n": n}, actor="dana")
        assert opened.broken() == ()
        assert [*opened.damage()] == []
        assert [one.call_id for one in opened.accesses()] == [f"c{n}" for n in range(4)]
        assert [json.loads(one.body or "")["n"] for one in opened.notes("review")] == [0, 1, 2, 3]


def test_a_clock_set_back_purges_nothing_that_is_young(run, store, monkeypatch):
    started = (datetime.now(UTC) + timedelta(days=400)).isoformat(timespec="seconds")
    with open_store(store) as opened:
        put(opened, call("of next year", started_at=started))
    ran = run("purge", "--older-than", 0, "--yes", "--by", "X", "--reason", "Y", "--store", store)
    assert "No call is to go" in ran.err


def test_an_audit_finds_what_another_one_did_meanwhile(store, tmp_path):
    shutil.copy(SAMPLES / "he-cable.mp3", tmp_path / "x.mp3")
    with open_batch([str(tmp_path / "x.mp3")], settings=Settings(engine="none"), store_url=store) as batch:
        (task,) = batch.calls.tasks()

    class Other:
        """Runs the work while another process keeps the same call."""

        def map(self, function, items):
            for item in items:
                with open_store(store) as other:
                    other.put(task.identity, task.fingerprint, call("theirs", run_id="theirs"))
                yield function(item)

    mine = Worked(task=task, document=call("theirs", run_id="mine"))
    with open_store(store) as opened:
        (outcome,) = run_batch([task], store=opened, executor=Other(), work=lambda _task: mine)
        assert outcome.state == "already"
        assert outcome.document.provenance.run_id == "theirs"
        assert len(opened.history("theirs")) == 1


@pytest.mark.parametrize("late", [False, True])
def test_a_reports_account_that_leads_elsewhere_is_not_written_through(tmp_path, late):
    victim, folder = tmp_path / "victim", tmp_path / "report"
    victim.write_text("mine")
    folder.mkdir()
    made = ReportFolder(folder) if late else None
    for kind in ("link", "pipe"):
        account = folder / "speechqa-report.jsonl"
        account.symlink_to(victim) if kind == "link" else os.mkfifo(account)
        with must_end(), pytest.raises(ReportError):
            (made or ReportFolder(folder)).account("call", "c1", basis="b", names=[], calls=["c1"])
        account.unlink()
    assert victim.read_text() == "mine"


def test_two_reports_at_once_into_one_folder_account_for_all(tmp_path):
    first, second = ReportFolder(tmp_path), ReportFolder(tmp_path)
    for n, folder in enumerate((first, second, first, second)):
        folder.write(f"call-{n}.html", f"<html>{n}</html>")
        folder.account("call", f"c{n}", basis="b", names=[f"call-{n}.html"], calls=[f"c{n}"])
        folder.write("index.html", f"<html>{n}</html>")
        folder.account("batch", "", basis=f"b{n}", names=["index.html"], calls=[f"c{n}"])
    assert {entry.of for entry in entries_in(tmp_path)} == {"", "c0", "c1", "c2", "c3"}
    again = ReportFolder(tmp_path)
    assert all(again.unchanged("call", f"c{n}", "b") for n in range(4))
    assert again.unchanged("batch", "", "b3")
