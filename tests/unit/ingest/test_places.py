"""Recordings behind addresses: found as in folders here, held to what was named, read over a bad line."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from speechqa.audio.decode import decode_file
from speechqa.core.source import CallSource, PartyFile
from speechqa.errors import (
    EmptyRecording,
    ManifestError,
    RecordingNotFound,
    UnreadableRecording,
    UsageError,
)
from speechqa.ingest import listings
from speechqa.ingest.discover import discover
from speechqa.ingest.found import Refused
from speechqa.ingest.identity import deduplicate, file_digest, identified
from speechqa.ingest.voices import voice_files
from speechqa.places import opening, urls
from speechqa.transcripts.reading import read
from tests.support.media import clicks, write_media


class Flaky(MemoryFileSystem):
    """A storage whose line breaks off; each instance shares what is stored, and the troubles to come."""

    protocol = "flaky"
    store: dict[str, Any] = {}  # noqa: RUF012 - as its parent has it
    pseudo_dirs: list[str] = [""]  # noqa: RUF012
    troubles: list[Exception] = []  # noqa: RUF012
    asked: list[str] = []  # noqa: RUF012

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        return super()._strip_protocol(str(path).replace("flaky://", "memory://"))

    def _open(self, path: str, *args: Any, **options: Any) -> Any:
        self.asked.append(f"open {path}")
        file = super()._open(path, *args, **options)
        if self.troubles:
            trouble = self.troubles.pop()
            if isinstance(trouble, ConnectionError):
                file.read(1)
            raise trouble
        return file

    def ls(self, path: str, *args: Any, **options: Any) -> Any:
        self.asked.append(f"ls {path}")
        return super().ls(path, *args, **options)

    def info(self, path: str, **options: Any) -> Any:
        self.asked.append(f"info {path}")
        return super().info(path, **options)


@pytest.fixture(autouse=True)
def memory() -> Iterator[MemoryFileSystem]:
    place = fsspec.filesystem("memory")
    place.store.clear()
    place.pseudo_dirs[:] = [""]
    yield place
    place.store.clear()
    place.pseudo_dirs[:] = [""]


@pytest.fixture
def flaky(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    fsspec.register_implementation("flaky", Flaky, clobber=True)
    monkeypatch.setitem(urls.PACKAGES, "flaky", None)
    pauses: list[float] = []
    monkeypatch.setattr(opening, "pause", pauses.append)
    opening._filesystem.cache_clear()
    for kept in (Flaky.store, Flaky.troubles, Flaky.asked):
        kept.clear()
    yield pauses
    opening._filesystem.cache_clear()


def put(**files: bytes | str) -> None:
    place = fsspec.filesystem("memory")
    for name, content in files.items():
        place.pipe_file(f"/{name}", content.encode() if isinstance(content, str) else content)


def paths(found: Any) -> list[str]:
    return [one.path for one in found if isinstance(one, CallSource)]


def refused(found: Any) -> list[Refused]:
    return [one for one in found if isinstance(one, Refused)]


def test_a_folder_elsewhere_is_gone_through_as_one_here(tmp_path: Path) -> None:
    files = {
        "calls/b.wav": b"b", "calls/a.wav": b"a", "calls/a.json": b"{}", "calls/note.txt": b"",
        "calls/deep/er/c": b"c", "calls/.hidden/x.wav": b"x", "calls/d [1].wav": b"d",
        "calls/manifest.csv": b"file,agent_id\nb.wav,a7\n",
    }  # fmt: skip
    put(**files)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    here, there = discover([str(tmp_path / "calls")]), discover(["memory://calls"])

    def told(found: Any, root: str) -> list[Any]:
        return [
            (one.path.removeprefix(root), (one.transcript_path or "").removeprefix(root), one.metadata)
            for one in found
        ]

    assert told(there, "memory://calls") == told(here, str(tmp_path / "calls"))
    assert there.counts == here.counts
    assert [name for name, _, _ in told(there, "memory://calls")] == [
        "/b.wav", "/a.wav", "/d [1].wav", "/deep/er/c",
    ]  # fmt: skip


def test_globs_files_and_transcripts_elsewhere(tmp_path: Path) -> None:
    put(**{"calls/a.wav": b"a", "calls/b.wav": b"b", "calls/c.ogg": b"c", "texts/a.srt": b"x"})
    assert paths(discover(["memory://calls/*.wav"])) == ["memory://calls/a.wav", "memory://calls/b.wav"]
    assert paths(discover(["MEMORY://calls/?.ogg"])) == ["memory://calls/c.ogg"]
    (one,) = discover(["memory://calls/a.wav"], transcripts="memory://texts")
    assert (one.path, one.transcript_path) == ("memory://calls/a.wav", "memory://texts/a.srt")
    assert paths(discover(["memory://calls/absent.wav"])) == ["memory://calls/absent.wav"]
    (tmp_path / "a b.wav").touch()
    assert paths(discover([f"file://{tmp_path}/a%20b.wav"])) == [f"{tmp_path}/a b.wav"]
    assert voice_files(["memory://calls"]).paths == tuple(
        f"memory://calls/{n}" for n in ("a.wav", "b.wav", "c.ogg")
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://example.invalid/a.wav", "not read from such addresses"),
        ("https://example.invalid/a.wav", "not read from such addresses"),
        ("zip://a.wav::s3://bucket/x.zip", "not read from such addresses"),
        ("github://org:repo@main/a.wav", "not read from such addresses"),
        ("simplecache::s3://key:hunter2@bucket/a.wav", "not read from such addresses"),
        ("zip://a.wav::s3://key:hunter2@bucket/x.zip", "not read from such addresses"),
        ("memory://a.wav::memory://b", "Chains"),
        ("s3://bucket/a.wav::s3://key:hunter2@bucket/b", "Chains"),
        ("s3:///a.wav", "names no bucket"),
        ("memory://calls/../x.wav", "upwards"),
        ("file://elsewhere/a.wav", "no file on this machine"),
        ("s3://key:hunter2@bucket/a.wav", "credentials"),
        ("abfs://box:hunter2@account/a.wav", "credentials"),
        ("s3://bucket/a.wav?X-Amz-Signature=hunter2", "signature"),
        ("gs://bucket/a.wav#hunter2=1", "signature"),
    ],
)
def test_addresses_that_are_not_followed(address: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as told:
        discover([address])
    assert "hunter2" not in str(told.value)


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> Any:
        raise ImportError("Install s3fs")

    monkeypatch.setattr("fsspec.filesystem", absent)
    opening._filesystem.cache_clear()
    with pytest.raises(UsageError, match="pip install s3fs"):
        discover(["s3://bucket/calls"])
    assert urls.checked_url("ABFS://box@account/a") == "abfs://box@account/a"


def test_no_list_of_calls_leads_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").touch()
    rows = [
        "memory://other/x.wav",
        "memory://calls/../x.wav",
        "../x.wav",
        str(tmp_path / "secret.wav"),
        f"file://{tmp_path}/secret.wav",
        "http://example.invalid/?token=hunter2",
        "memory://calls/a.wav",
        "b.wav",
    ]
    put(**{"calls/a.wav": b"a", "calls/b.wav": b"b", "x.wav": b"", "other/x.wav": b""})
    put(**{"calls/manifest.csv": "file\n" + "".join(f'"{row}"\n' for row in rows)})
    found = discover(["memory://calls"])
    assert paths(found) == ["memory://calls/a.wav", "memory://calls/b.wav"]
    assert len(refused(found)) == 6
    assert "hunter2" not in repr([(one.path, str(one.error)) for one in refused(found)])

    # One that an operator names may name files here, and of what lies elsewhere what the command names.
    mine = tmp_path / "mine.csv"
    mine.write_text("file\nsecret.wav\nmemory://calls/a.wav\nmemory://other/x.wav\n", encoding="utf-8")
    alone = discover([], manifest=str(mine))
    assert paths(alone) == [f"{tmp_path}/secret.wav"]
    assert all(isinstance(one.error, ManifestError) for one in refused(alone))
    named = discover(["memory://calls"], manifest=str(mine))
    assert set(paths(named)) >= {"memory://calls/a.wav", "memory://calls/b.wav"}
    assert [one.path for one in refused(named)] == ["memory://other/x.wav"]
    remote = discover([], manifest="memory://calls/manifest.csv")
    assert {"memory://calls/a.wav", "memory://calls/b.wav"} <= set(paths(remote))


def test_sound_and_words_are_the_same_from_elsewhere(tmp_path: Path) -> None:
    for name, codec, form in (
        ("a.wav", "pcm_s16le", None),
        ("b.ogg", "libopus", "ogg"),
        ("c.m4a", "aac", "mp4"),
    ):
        here = write_media(tmp_path / name, clicks(3.0, 16_000), 16_000, codec=codec, format=form)
        put(**{f"calls/{name}": here.read_bytes()})
        one, other = decode_file(str(here)), decode_file(f"memory://calls/{name}")
        assert (one.sha256, one.duration, one.codec) == (other.sha256, other.duration, other.codec)
        assert (one.audio.read(0, 0.0, 3.0) == other.audio.read(0, 0.0, 3.0)).all()
        one.audio.close()
        other.audio.close()
        assert file_digest(f"memory://calls/{name}") == hashlib.sha256(here.read_bytes()).hexdigest()
    put(**{"calls/a.json": '{"turns": [{"speaker": "agent", "text": "hello"}]}', "calls/none.wav": b""})
    assert "hello" in repr(read("memory://calls/a.json"))
    with pytest.raises(EmptyRecording):
        decode_file("memory://calls/none.wav")
    with pytest.raises(RecordingNotFound):
        decode_file("memory://calls/absent.wav")
    assert file_digest("memory://calls/absent.wav") is None


def test_a_line_that_breaks_off_is_tried_again_from_the_beginning(flaky: list[float]) -> None:
    content = bytes(range(256)) * 20_000
    Flaky().pipe_file("/calls/a.wav", content)
    Flaky.troubles[:] = [ConnectionError("reset"), TimeoutError("slow")]
    assert opening.digest("flaky://calls/a.wav") == hashlib.sha256(content).hexdigest()
    assert flaky == [0.5, 2.0]
    Flaky.troubles[:] = [ConnectionError("reset")]
    with opening.opened("flaky://calls/a.wav") as file:
        assert file.read() == content
        assert isinstance(file.name, int)  # no name on any disk
    Flaky.troubles[:] = [OSError("https://h/x?sig=hunter2 broke")] * 3
    with pytest.raises(UnreadableRecording, match="could not be fetched") as told:
        opening.content("flaky://calls/a.wav", 10)
    assert "hunter2" not in str(told.value)


def test_what_may_not_be_read_is_not_tried_again(flaky: list[float]) -> None:
    Flaky().pipe_file("/calls/a.wav", b"a")
    Flaky.troubles[:] = [PermissionError("403")]
    with pytest.raises(UnreadableRecording, match=r"may not be read.*the right to list and read"):
        decode_file("flaky://calls/a.wav")
    assert flaky == []


def test_a_folder_elsewhere_is_listed_once_however_many_calls_it_has(flaky: list[float]) -> None:
    def asked(calls: int) -> int:
        for number in range(calls):
            Flaky().pipe_file(f"/c{calls}/{number}.wav", b"a")
        Flaky.asked.clear()
        assert len(paths(discover([f"flaky://c{calls}"]))) == calls
        return len(Flaky.asked)

    assert asked(300) == asked(3)
    many = listings.Listings()
    Flaky.asked.clear()
    assert not any(many.is_file(f"flaky://c300/{number}.json") for number in range(300))
    assert len(Flaky.asked) <= 2 * listings._ASKED_SINGLY + 3


def test_recordings_elsewhere_are_read_ahead_and_told_in_their_order(
    flaky: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.wav").write_bytes(b"here")
    at_once = threading.Barrier(4, timeout=60)
    read = opening.digest

    def read_together(url: str) -> str:
        # Goes on only once four are being read.
        at_once.wait()
        return read(url)

    monkeypatch.setattr("speechqa.ingest.identity.digest", read_together)
    for number in range(8):
        Flaky().pipe_file(f"/calls/{number}.wav", b"%d" % (number % 7))
    found = list(deduplicate(discover(["flaky://calls", str(tmp_path)])))
    assert [getattr(one, "first_path", "") or one[1].path.rpartition("/")[2] for one in found] == [
        *(f"{number}.wav" for number in range(7)), "flaky://calls/0.wav", "x.wav",
    ]  # fmt: skip
    monkeypatch.setattr("speechqa.ingest.identity.digest", read)
    taken = 0

    def many() -> Iterator[CallSource]:
        nonlocal taken
        for number in range(1_000_000):
            taken += 1
            yield CallSource(files=(PartyFile(path=f"flaky://calls/{number % 8}.wav"),))

    few = identified(many())
    assert [next(few)[0].path for _ in range(3)] == [f"flaky://calls/{number}.wav" for number in range(3)]
    few.close()  # type: ignore[attr-defined]
    assert taken <= 3 + 2 * 8 + 1


def test_a_folder_that_cannot_be_listed_is_one_failed_call(
    flaky: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    Flaky().pipe_file("/calls/a.wav", b"a")
    put(**{"fine/b.wav": b"b"})

    def forbidden(*_: object, **__: object) -> Any:
        raise PermissionError("403")

    monkeypatch.setattr(Flaky, "ls", forbidden)
    found = discover(["flaky://calls", "memory://fine"])
    assert paths(found) == ["memory://fine/b.wav"]
    (one,) = refused(found)
    assert one.path == "flaky://calls"
