"""A disk that is full at each place that is written to: said in words, nothing half written, nothing lost.

The system's own limit on the size of a file stands for the full disk: what is written past it fails, at every
byte that a seed names, as it would there.
"""

from __future__ import annotations

import io
import json
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from speechqa.audio.spool import SpooledAudio
from speechqa.backends.fast_convert import convert_fast
from speechqa.cache.folder import FolderCache
from speechqa.cli.app import main
from speechqa.core.accidents import accident
from speechqa.errors import ConfigurationError, ModelError
from speechqa.ingest.private_table import private_table
from speechqa.privacy.number_keys import make_key
from speechqa.store import open_store
from tests.cli.conftest import SAMPLES, Ran
from tests.support.engines import tiny_checkpoint
from tests.support.stores import call, put


@contextmanager
def full_after(size: int):
    """Let no file grow past so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.fixture
def run(monkeypatch):
    """As the others' `run`, but what is printed goes into no file: that would be full too."""

    def asked(*arguments):
        said = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
        with monkeypatch.context() as patched:
            patched.setattr(sys, "argv", ["speechqa", *map(str, arguments)])
            patched.setattr(sys, "stdout", said[0])
            patched.setattr(sys, "stderr", said[1])
            try:
                main()
                code = 0
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 1
        return Ran(code, *(one.buffer.getvalue().decode() for one in said))

    return asked


@pytest.fixture
def stocked(store):
    with open_store(store) as opened:
        for n in range(3):
            turns = [("agent", f"good morning {n} " * 200), ("customer", "my lamp is broken")]
            put(opened, call(f"c{n}", turns=turns, agent_id="a1"))
    return store


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def without_store(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in files(folder).items() if not name.startswith("store.db")}


@pytest.mark.parametrize("size", [40_000, 200_000])
def test_a_store_that_cannot_grow_keeps_what_it_has(run, transcript, store, tmp_path, size):
    assert run("score", transcript, "--store", store).code == 0
    other = tmp_path / "other.json"
    other.write_text(transcript.read_text().replace('"lamp"', '"desk"').replace("dana", "ruth"))
    with full_after(size):
        ran = run("score", other, "--store", store)
    assert "An error in speechqa itself" not in ran.err
    if ran.code:
        assert ran.code == 6
        assert "full" in ran.err or "disk failed" in ran.err
    kept = run("calls", "--json", "--store", store)
    assert {line["call_id"] for line in kept.lines} == {"lamp"} | ({"desk"} if not ran.code else set())
    assert run("verify", "--store", store).code == 0
    assert run("score", other, "--store", store).code == 0


@pytest.mark.parametrize(
    ("name", "arguments", "size"),
    [
        ("report", ("report", "c0", "--out", "{folder}"), 4096),
        ("csv", ("calls", "--export", "{folder}/calls.csv"), 100),
        ("xlsx", ("calls", "--export", "{folder}/calls.xlsx"), 2500),
        ("parquet", ("calls", "--export", "{folder}/calls.parquet"), 100),
        ("pack", ("pack", "c0", "--output", "{folder}/case.zip", "--by", "X", "--reason", "Y"), 9000),
        ("transcript", ("transcript", "c0", "--output", "{folder}/c0.txt"), 100),
        ("pdf", ("transcript", "c0", "--output", "{folder}/c0.pdf"), 3000),
        ("docx", ("transcript", "c0", "--output", "{folder}/c0.docx"), 3000),
        (
            "rubric",
            (
                "rubric",
                "new",
                "mine",
            ),
            100,
        ),
    ],
)
def test_nothing_half_written_is_left_and_the_store_is_whole(
    run, stocked, tmp_path, monkeypatch, name, arguments, size
):
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    named = [str(part).format(folder=folder) for part in arguments]
    of_a_store = () if name == "rubric" else ("--store", stocked)
    with open_store(stocked, create=False) as held, monkeypatch.context() as elsewhere, full_after(size):
        # The store lies on another disk, which has room, and what it needs beside it is there.
        assert held.get("c0")
        elsewhere.setattr("speechqa.store.access.write_down", lambda *_args, **_more: None)
        ran = run(*named, *of_a_store)
    assert ran.code in (1, 3, 7), (ran.code, ran.err)
    assert "An error in speechqa itself" not in ran.err
    assert "too large" in ran.err.casefold() or "room" in ran.err.casefold(), ran.err
    left = {path for path, data in files(folder).items() if not path.endswith((".html", ".pdf", ".jsonl"))}
    assert not left, "what cannot be whole is absent"
    for path in folder.rglob("*.html"):
        assert path.read_text().rstrip().endswith("</html>")
    assert run("verify", "--store", stocked).code == 0
    if name in ("xlsx", "pack"):
        assert run(*named, *of_a_store).code == 0, "with room it is done"


def test_the_cache_is_then_gone_without_and_says_so(tmp_path):
    cache = FolderCache(tmp_path / "cache", 10**9)
    cache.write("a", "words", b"kept")
    with full_after(1000):
        cache.write("b", "words", np.random.default_rng(0).bytes(20_000))
    assert cache.trouble
    assert cache.read("a", "words") == b"kept"
    assert cache.read("b", "words") is None
    assert not [*tmp_path.rglob("*.part")]


def test_half_a_key_is_no_key(tmp_path):
    with full_after(10), pytest.raises(ConfigurationError, match="cannot be written"):
        make_key(tmp_path / "key")
    assert not [*tmp_path.iterdir()]
    make_key(tmp_path / "key")


def test_a_model_that_has_no_room_leaves_nothing(tmp_path):
    whole = tiny_checkpoint(tmp_path / "toy.pt")
    models = tmp_path / "models"
    with full_after(100_000), pytest.raises(ModelError, match="cannot be written"):
        convert_fast(whole, folder=models)
    assert not [*models.iterdir()]


def test_tables_of_a_run_say_that_there_is_no_room(monkeypatch):
    monkeypatch.setattr("speechqa.ingest.private_table._CACHE_KB", 0)
    table = private_table("id INTEGER PRIMARY KEY, said BLOB")
    with full_after(8192), pytest.raises(sqlite3.Error) as caught:
        table.executemany("INSERT INTO held VALUES (?, ?)", ((n, bytes(1000)) for n in range(10_000)))
    told = accident(caught.value)
    assert told is not None
    assert (told.exit_code, "TMPDIR" in str(told.hint)) == (3, True)


def test_sound_that_has_no_room_is_no_damaged_recording(tmp_path):
    spool = SpooledAudio(1, 8000, memory_bytes=1000)
    with full_after(4096), pytest.raises(OSError, match="too large") as caught:
        spool.append(np.zeros((80_000, 1), np.int16))
    told = accident(caught.value)
    assert told is not None
    assert type(told).__name__ == "NoRoom"
    spool.close()


def test_a_call_that_finds_no_room_fails_with_that_and_no_other_reason(run, store, tmp_path, monkeypatch):
    shutil.copy(SAMPLES / "he-cable.mp3", tmp_path / "x.mp3")
    monkeypatch.setitem(SpooledAudio.__init__.__kwdefaults__, "memory_bytes", 1000)
    with full_after(400_000):
        ran = run("audit", tmp_path / "x.mp3", "--engine", "none", "--store", store, "--json")
    assert ran.code == 1
    assert ran.lines[0]["error"]["type"] == "NoRoom"
    assert "TMPDIR" in ran.lines[0]["error"]["hint"]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MB of its own; skipped where the tests may not make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_store_on_a_disk_that_is_full_in_truth_goes_on_once_there_is_room(
    run, transcript, small_disk, tmp_path
):
    store = f"sqlite:///{small_disk / 'store.db'}"
    calls = tmp_path / "calls"
    calls.mkdir()
    for n in range(8):
        said = json.loads(transcript.read_text())
        said["turns"] = [{**turn, "text": f"{turn['text']} {n}"} for turn in said["turns"]]
        (calls / f"{n}.json").write_text(json.dumps({**said, "id": f"c{n}"}))
    (small_disk / "filler").write_bytes(bytes(1_500_000))
    ran = run("score", calls, "--resume", "--store", store)
    assert ran.code == 6
    assert "The disk or the store is full" in ran.err
    assert run("verify", "--store", store).code == 0
    kept = {line["call_id"] for line in run("calls", "--json", "--store", store).lines}
    (small_disk / "filler").unlink()
    ran = run("score", calls, "--resume", "--store", store)
    assert ran.code == 0, ran.err
    assert kept <= {line["call_id"] for line in run("calls", "--json", "--store", store).lines}
    assert len(run("calls", "--json", "--store", store).lines) == 8
