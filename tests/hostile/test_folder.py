"""A folder that somebody hostile may write to: what lies in it costs its own call, no other, and no time."""

from __future__ import annotations

import contextlib
import os
import socket
import tracemalloc
from pathlib import Path

import pytest

from speechqa.assembly.reporting.traces import Traces
from speechqa.audio.decoder import PyAVDecoder
from speechqa.core.source import CallSource
from speechqa.errors import ManifestError, RecordingError, TranscriptError, UsageError
from speechqa.ingest.discover import discover
from speechqa.ingest.found import Refused
from speechqa.ingest.identity import identity
from speechqa.reports.naming import page_name
from speechqa.transcripts import naming, read
from speechqa.transcripts.naming import likely_name
from tests.support.hanging import must_end
from tests.support.media import clicks, write_media

PLAYABLE = (
    "good.wav", "--help.wav", "-", "s3:__bucket_x.wav", "a\nb\x1b[31m.wav", "\u202egnp.wav",
    "x" * 251 + ".wav", os.fsdecode(b"bad\xff\xfe.wav"),
    "CASE.wav", "case.wav", "%s%n.wav", "$(true).wav", "*.wav", "'; --.wav",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "calls"
    made.mkdir()
    sound = write_media(tmp_path / "one.wav", clicks(0.2, 8_000, 1), 8_000).read_bytes()
    for number, name in enumerate(PLAYABLE):
        # Other bytes each, or they would be one call under several names.
        (made / name).write_bytes(sound[:-1] + bytes([number]))
    for name in ("pipe.wav", "pipe", "good.json"):
        os.mkfifo(made / name)
    # The path of a socket is at most a hundred bytes long.
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(made):
        listening.bind("socket.wav")
    (tmp_path / "secret").write_text("root:x:0:0\n", encoding="utf-8")
    for name, target in (
        ("zero.wav", "/dev/zero"), ("loop.wav", "loop.wav"), ("input.wav", "/dev/stdin"), ("up", ".."),
        ("gone.wav", "nowhere"), ("secret.wav", "../secret"), ("memory.wav", "/proc/self/mem"),
    ):  # fmt: skip
        (made / name).symlink_to(target)
    return made


def test_each_name_is_a_call_and_none_is_waited_for(folder):
    with must_end():
        found = list(discover([str(folder)]))
        assert not any(isinstance(one, Refused) for one in found)
        heard, failed = [], {}
        for call in found:
            name = os.path.relpath(call.path, folder)
            assert call.transcript_path is None, name  # good.json is a pipe
            identity(call)
            try:
                _, audio = PyAVDecoder().open(call)
                audio.close()
                heard.append(name)
            except RecordingError as error:
                failed[name] = str(error)
    assert sorted(heard) == sorted(PLAYABLE)
    assert all(map(str.isprintable, failed.values()))
    assert sorted(failed) == sorted(
        [
            "pipe.wav",
            "pipe",
            "socket.wav",
            "zero.wav",
            "loop.wav",
            "input.wav",
            "gone.wav",
            "secret.wav",
            "memory.wav",
        ]
    )


def test_a_transcript_beside_is_no_link_that_leads_out(folder, tmp_path):
    (folder / "case.json").symlink_to("../secret")
    (folder / "inside").mkdir()
    (folder / "inside" / "real.json").write_text('{"turns": []}', encoding="utf-8")
    (folder / "CASE.json").symlink_to("inside/real.json")
    found = list(discover([str(folder)]))
    (refused,) = (one for one in found if isinstance(one, Refused))
    assert isinstance(refused.error, TranscriptError)
    assert refused.path == str(folder / "case.wav")
    assert "root:x" not in str(refused.error)
    (kept,) = (one for one in found if isinstance(one, CallSource) and one.transcript_path)
    assert kept.path == str(folder / "CASE.wav")
    # A folder of transcripts that was named is trusted.
    named = tmp_path / "named"
    named.mkdir()
    (named / "case.json").symlink_to("../secret")
    asked = discover([str(folder / "case.wav")], transcripts=str(named))
    assert [call.transcript_path for call in asked] == [str(named / "case.json")]


def test_a_manifest_that_is_found_is_no_link_that_leads_out(tmp_path):
    (tmp_path / "secret").write_text("root:x:0:0\n", encoding="utf-8")
    (tmp_path / "calls" / "monday").mkdir(parents=True)
    (tmp_path / "calls" / "manifest.csv").symlink_to("../secret")
    (tmp_path / "calls" / "real.csv").write_text("file,call_id\na.wav,c1\n", encoding="utf-8")
    (tmp_path / "calls" / "monday" / "manifest.csv").symlink_to("../real.csv")
    refused, named = discover([str(tmp_path / "calls")])
    assert isinstance(refused.error, ManifestError)
    assert "root:x" not in str(refused.error)
    assert (named.path, named.call_id) == (str(tmp_path / "calls" / "monday" / "a.wav"), "c1")


def test_a_transcript_is_asked_for_its_name_without_reading_what_is_too_large(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_text('{"id": [' + ",".join(["[]"] * 200_000) + '], "call_id": "c1"}', encoding="utf-8")
    tracemalloc.start()
    try:
        assert likely_name(str(path)) is None
        assert tracemalloc.get_traced_memory()[1] < 5 * path.stat().st_size
    finally:
        tracemalloc.stop()
    path.write_text('{"call_id": "c1"}', encoding="utf-8")
    assert likely_name(str(path)) == "c1"
    monkeypatch.setattr(naming, "MAX_BYTES", path.stat().st_size - 1)
    assert likely_name(str(path)) is None


def test_a_purge_waits_at_no_pipe_and_reads_the_page_over_calls_once(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "index.html")
    with must_end(1):
        assert list(Traces(tmp_path).of("c1")) == []
    (tmp_path / "index.html").unlink()
    (tmp_path / "index.html").write_text(f"<a href={page_name('c7')}>", encoding="utf-8")
    read = []
    text_of = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda path, **how: read.append(path) or text_of(path, **how))
    traces = Traces(tmp_path)
    found = {name: [kind for kind, _, _ in traces.of(name)] for name in ("c6", "c7", "c8")}
    assert found == {"c6": [], "c7": ["index"], "c8": []}
    assert len(read) == 1


def test_devices_are_no_transcripts():
    for name in ("/dev/zero", "/dev/stdin", "/proc/self/mem", "a" * 5000, "\udcff"):
        with pytest.raises(TranscriptError):
            read(name)


def test_a_text_without_end_is_not_masked_in_part(tmp_path, monkeypatch):
    from speechqa.cli import numbers

    monkeypatch.setattr(numbers, "_MOST_BYTES", 20)
    path = tmp_path / "a.txt"
    path.write_text("my card is 4111 1111 1111 1111", encoding="utf-8")
    with pytest.raises(UsageError, match="too long"):
        numbers.redact(text=path)
