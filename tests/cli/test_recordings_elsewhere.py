"""Recordings in object storage, from the audit to the purge; the storage is one in memory."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from speechqa.executors.local import SerialExecutor
from tests.support.media import clicks, write_media

URL = "memory://bucket/calls/a.wav"


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[Any]:
    place = fsspec.filesystem("memory")
    sound = write_media(tmp_path / "a.wav", clicks(12.0, 8_000, 2), 8_000).read_bytes()
    words = {
        "turns": [
            {"speaker": "agent", "text": "good morning how can i help", "start": 1.0, "end": 3.0},
            {"speaker": "customer", "text": "thank you", "start": 4.0, "end": 5.0},
        ]
    }
    files = {"a.wav": sound, "a.json": json.dumps(words).encode(), "b.wav": b"no sound", "x.txt": b""}
    files["manifest.csv"] = b"file,agent_id\na.wav,a7\n"
    for name, content in files.items():
        place.pipe_file(f"/bucket/calls/{name}", content)
    yield place
    place.rm("/bucket", recursive=True)


def test_a_call_elsewhere_from_audit_to_purge(
    run: Any, bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What lies in this process's memory no other process can read.
    monkeypatch.setattr("speechqa.assembly.batch.executor_here", lambda *_, **__: SerialExecutor())
    store = ("--store", f"sqlite:///{tmp_path}/s.db")
    audit = ("audit", "memory://bucket/calls/", "--engine", "none", "--workers", 1, *store)
    ran = run(*audit, "--json", "--report", tmp_path / "report")
    done, failed = sorted(ran.lines, key=lambda line: str(line["status"]))
    assert (ran.code, done["path"], done["recording"]["path"]) == (1, URL, URL)
    assert (failed["path"], failed["error"]["type"]) == ("memory://bucket/calls/b.wav", "UnreadableRecording")
    again = run(*audit)
    assert "1 done before" in again.err
    assert list((tmp_path / "report").rglob("*.webm"))

    # The same call from a folder here is the same call, and has the same document but for where it lies.
    here = tmp_path / "calls"
    here.mkdir()
    for name in ("a.wav", "a.json", "manifest.csv"):
        (here / name).write_bytes(bucket.cat_file(f"/bucket/calls/{name}"))
    local = run("audit", here, "--engine", "none", "--store", f"sqlite:///{tmp_path}/other.db", "--json")
    told = json.loads(json.dumps(local.lines[0]).replace(f"{here}/", "memory://bucket/calls/"))
    for document in (done, told):
        del document["provenance"]["run_id"], document["provenance"]["created_at"]
    assert told == done

    clip = run("clip", URL, "--from", 1, "--to", 2, "--output", tmp_path / "c.wav", *store)
    assert (clip.code, (tmp_path / "c.wav").stat().st_size > 1000) == (0, True)
    assert run("verify", URL, *store).code == 0
    pack = run(
        "pack", URL, "--output", tmp_path / "p.zip", "--original", "--by", "N", "--reason", "R", *store
    )
    assert pack.code == 0
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        kept = [name for name in archive.namelist() if "/recording/" in name]
        assert archive.read(kept[0]) == bucket.cat_file("/bucket/calls/a.wav")
    replay = run("verify", tmp_path / "p.zip", "--replay", *store)
    assert "a pack's addresses are not followed" in replay.out + replay.err

    bucket.pipe_file("/bucket/calls/a.wav", b"another")
    changed = run("clip", URL, "--from", 1, "--to", 2, "--output", tmp_path / "d.wav", *store)
    assert (changed.code, "was changed" in changed.err) == (4, True)
    purged = run("purge", URL, "--recordings", "--yes", "--reason", "R", *store)
    assert purged.code in (0, 1)
    assert bucket.exists("/bucket/calls/a.wav")
    assert "delete it there" in purged.out + purged.err


def test_addresses_that_are_not_followed_are_told_at_once(run: Any, tmp_path: Path) -> None:
    ran = run("audit", "https://user:hunter2@example.invalid/a.wav", "--store", f"sqlite:///{tmp_path}/s.db")
    assert (ran.code, "hunter2" in ran.out + ran.err) == (2, False)
    assert "s3://" in ran.err
