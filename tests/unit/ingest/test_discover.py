from __future__ import annotations

import errno
import os
from pathlib import Path

import msgspec
import pytest

from speechqa.core.source import CallSource, PartyFile
from speechqa.errors import ConfigurationError, ManifestError, UsageError
from speechqa.ingest.discover import Discovery, discover
from speechqa.ingest.found import Refused
from speechqa.ingest.identity import Duplicate, deduplicate, identity
from speechqa.ingest.walk import sorted_names


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))


def calls(found: Discovery) -> list[CallSource]:
    return [call for call in found if isinstance(call, CallSource)]


def names(found: Discovery, folder: Path) -> list[str]:
    return [os.path.relpath(call.path, folder) for call in calls(found)]


def refused(found: Discovery) -> list[Refused]:
    return [call for call in found if isinstance(call, Refused)]


def test_a_folder_gives_media_and_files_without_extension(tmp_path: Path) -> None:
    touch(
        tmp_path, "b.wav", "a.MP3", "noext", "notes.txt", "x.json", ".hidden.wav", "sub/c.flac", ".git/d.wav"
    )
    found = discover([str(tmp_path)])
    assert names(found, tmp_path) == ["a.MP3", "b.wav", "noext", "sub/c.flac"]
    assert found.counts.ignored == 3
    assert names(found, tmp_path) == ["a.MP3", "b.wav", "noext", "sub/c.flac"]
    assert found.counts.ignored == 3


def test_a_file_that_is_named_always_counts(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt")
    assert names(discover([str(tmp_path / "notes.txt")]), tmp_path) == ["notes.txt"]
    assert names(discover([str(tmp_path / "absent.wav")]), tmp_path) == ["absent.wav"]


def test_a_path_that_exists_goes_before_its_reading_as_a_glob(tmp_path: Path) -> None:
    touch(tmp_path, "call[1].wav", "call1.wav")
    assert names(discover([str(tmp_path / "call[1].wav")]), tmp_path) == ["call[1].wav"]
    assert names(discover([str(tmp_path / "call?.wav")]), tmp_path) == ["call1.wav"]


def test_globs(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "b.wav", "b.json", "deep/er/c.wav", "d.dat")
    assert names(discover([str(tmp_path / "*.wav")]), tmp_path) == ["a.wav", "b.wav"]
    assert names(discover([str(tmp_path / "**/*.wav")]), tmp_path) == ["a.wav", "b.wav", "deep/er/c.wav"]
    assert names(discover([str(tmp_path / "*")]), tmp_path) == ["a.wav", "b.wav", "deep/er/c.wav"]
    assert names(discover([str(tmp_path / "*.dat")]), tmp_path) == ["d.dat"]
    assert names(discover([str(tmp_path / "*.ogg")]), tmp_path) == ["*.ogg"]


def test_paths_that_overlap_give_a_file_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "b.wav")
    found = discover([str(tmp_path / "b.wav"), str(tmp_path), str(tmp_path / "*.wav")])
    assert names(found, tmp_path) == ["b.wav", "a.wav"]


def test_transcripts_beside_are_found_and_not_counted_as_ignored(tmp_path: Path) -> None:
    touch(tmp_path, "x.wav", "x.mp3", "x.json", "y.wav", "y.vtt", "y.srt", "z.wav", "z.TextGrid", "other.srt")
    found = discover([str(tmp_path)])
    transcripts = {Path(call.path).name: Path(call.transcript_path or "").name for call in calls(found)}
    assert transcripts == {"x.mp3": "x.json", "x.wav": "x.json", "y.wav": "y.vtt", "z.wav": "z.TextGrid"}
    # y.srt beside y.vtt, and the one that belongs to nothing.
    assert found.counts.ignored == 2


def test_a_folder_of_transcripts_goes_first_and_knows_folders(tmp_path: Path) -> None:
    touch(tmp_path, "calls/d1/001.wav", "calls/d2/001.wav", "calls/d2/001.json", "calls/003.wav")
    touch(tmp_path, "texts/d1/001.srt", "texts/003.json")
    found = discover([str(tmp_path / "calls")], transcripts=str(tmp_path / "texts"))
    assert [os.path.relpath(call.transcript_path or "", tmp_path) for call in calls(found)] == [
        "texts/003.json",
        "texts/d1/001.srt",
        "calls/d2/001.json",
    ]
    with pytest.raises(ConfigurationError):
        discover(["x"], transcripts=str(tmp_path / "none"))


def test_a_manifest_in_the_folder_is_found_and_its_files_come_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "b.wav", "agent.wav", "customer.wav")
    (tmp_path / "manifest.csv").write_text(
        "file,agent_file,customer_file,agent_id,agent_offset_s\n"
        "b.wav,,,a7,\n"
        ",agent.wav,customer.wav,a8,2.08\n",
        encoding="utf-8",
    )
    found = discover([str(tmp_path)])
    assert names(found, tmp_path) == ["b.wav", "agent.wav", "a.wav"]
    named, joined, plain = calls(found)
    assert named.metadata.agent_id == "a7"
    assert [(f.role, f.offset_s) for f in joined.files] == [("agent", 2.08), ("customer", 0.0)]
    assert plain.metadata.agent_id is None
    assert found.counts.ignored == 0


def test_a_found_manifest_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    touch(tmp_path, "secret.wav", "calls/a.wav")
    (tmp_path / "calls" / "link.wav").symlink_to(tmp_path / "secret.wav")
    rows = ["../secret.wav", str(tmp_path / "secret.wav"), "link.wav", "./a.wav"]
    (tmp_path / "calls" / "manifest.jsonl").write_text(
        "".join(f'{{"file": "{row}", "call_id": "c{index}"}}\n' for index, row in enumerate(rows)),
        encoding="utf-8",
    )
    found = discover([str(tmp_path / "calls")])
    assert [bad.call_id for bad in refused(found)] == ["c0", "c1", "c2"]
    assert all(isinstance(bad.error, ManifestError) for bad in refused(found))
    asked = discover([], manifest=str(tmp_path / "calls" / "manifest.jsonl"))
    assert len(calls(asked)) == 4
    assert refused(asked) == []


def test_an_unreadable_manifest_stops_only_where_it_was_asked_for(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav")
    (tmp_path / "manifest.csv").write_text("what,is,this\n1,2,3\n", encoding="utf-8")
    found = discover([str(tmp_path)])
    assert names(found, tmp_path) == ["a.wav"]
    assert len(refused(found)) == 1
    with pytest.raises(ManifestError):
        discover([str(tmp_path)], manifest=str(tmp_path / "manifest.csv"))
    with pytest.raises(ManifestError):
        discover([str(tmp_path)], manifest=str(tmp_path / "absent.csv"))


def test_an_asked_manifest_with_paths(tmp_path: Path) -> None:
    touch(tmp_path, "calls/a.wav", "calls/b.wav")
    manifest = tmp_path / "m.csv"
    manifest.write_text("file,agent_id\na.wav,a1\nabsent.wav,a2\n", encoding="utf-8")
    folder = discover([str(tmp_path / "calls")], manifest=str(manifest))
    assert names(folder, tmp_path) == ["calls/a.wav", "absent.wav", "calls/b.wav"]
    manifest.write_text("file,agent_id\ncalls/a.wav,a1\ncalls/b.wav,a2\n", encoding="utf-8")
    single = discover([str(tmp_path / "calls" / "b.wav")], manifest=str(manifest))
    assert [(c.metadata.agent_id, c.path.endswith("b.wav")) for c in calls(single)] == [("a2", True)]
    assert single.counts.elsewhere == 1


def test_a_bad_row_is_refused_alone_and_its_file_is_not_analysed_without_it(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "b.wav")
    (tmp_path / "manifest.csv").write_text(
        "file,call_id,agent_channel\na.wav,c1,left\nb.wav,c2,1\n", encoding="utf-8"
    )
    found = discover([str(tmp_path)])
    (bad,) = refused(found)
    assert (bad.path, bad.call_id) == ("a.wav", "c1")
    assert [call.call_id for call in calls(found)] == ["c2"]


def test_options_serve_where_nothing_else_says_so(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "b.ul", "c.mp3")
    (tmp_path / "manifest.csv").write_text("file,language,agent_channel\na.wav,he,0\n", encoding="utf-8")
    found = calls(
        discover([str(tmp_path)], language="en", agent_channel=1, raw_format="alaw", raw_channels=2)
    )
    said = [(c.language, c.agent_channel, c.raw_format, c.raw_channels) for c in found]
    assert said == [("he", 0, "alaw", 2), ("en", 1, "mulaw", 2), ("en", 1, None, 2)]


def test_names_fill_what_the_manifest_leaves_open(tmp_path: Path) -> None:
    touch(tmp_path, "a7_k1_20261120.wav", "odd.wav")
    (tmp_path / "manifest.csv").write_text("file,customer_id\na7_k1_20261120.wav,k9\n", encoding="utf-8")
    found = discover([str(tmp_path)], name_pattern="{agent}_{customer}_{date}")
    first = calls(found)[0].metadata
    assert (first.agent_id, first.customer_id, first.started_at) == ("a7", "k9", "2026-11-20")
    assert (found.counts.unmatched, found.counts.examples) == (1, ["odd.wav"])
    assert "odd.wav" in found.counts.remarks()[0]


def test_names_that_are_hostile(hostile_folder: Path) -> None:
    found = calls(discover([str(hostile_folder)], name_pattern="{agent}.{team}"))
    assert len(found) == sum(path.is_file() for path in hostile_folder.iterdir())
    for call in found:
        assert Path(call.path).exists()


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "calls/a.wav")
    (tmp_path / "calls" / "loop").symlink_to(tmp_path / "calls")
    found = discover([str(tmp_path / "calls")])
    assert names(found, tmp_path) == ["calls/a.wav"]
    assert found.counts.skipped_links == 1


def test_nothing_to_do_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        discover([])


def test_names_are_sorted_on_disk_when_they_are_many() -> None:
    given = [f"{index * 7919 % 1000:03}\n" for index in range(1000)] + [os.fsdecode(b"\xff")]
    assert list(sorted_names(given, run_names=64)) == sorted(given, key=os.fsencode)


def test_the_same_bytes_are_one_call(tmp_path: Path) -> None:
    for name, content in (("a.wav", b"x"), ("b.wav", b"x"), ("c.wav", b"y")):
        (tmp_path / name).write_bytes(content)
    sources = calls(discover([str(tmp_path), str(tmp_path / "absent.wav")]))
    results = list(deduplicate([*sources, sources[0]]))
    first, second, third, absent = results
    assert isinstance(second, Duplicate)
    assert second.first_path.endswith("a.wav")
    assert second.source.path.endswith("b.wav")
    assert not isinstance(first, Duplicate)
    assert first[0] == identity(sources[0]) == second.identity
    assert not isinstance(third, Duplicate)
    assert not isinstance(absent, Duplicate)
    assert absent[0] is None


def test_identity_does_not_wait_for_pipes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert identity(calls(discover([str(tmp_path / "pipe.wav")]))[0]) is None


def test_a_link_in_circles_costs_its_own_name_only(tmp_path: Path) -> None:
    touch(tmp_path, "calls/a.wav", "calls/z.wav")
    (tmp_path / "calls" / "b.wav").symlink_to(tmp_path / "calls" / "b.wav")
    found = discover([str(tmp_path / "calls")])
    assert [os.path.relpath(call.path, tmp_path) for call in calls(found)] == [
        "calls/a.wav",
        "calls/b.wav",
        "calls/z.wav",
    ]


def test_rows_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    first = CallSource(files=(PartyFile(path=str(tmp_path / "a.wav")),), call_id="c1")
    other = msgspec.structs.replace(first, call_id="c2", transcript_path="bad\udce9.json")
    results = list(deduplicate([first, first, other]))
    assert len(results) == 2
    assert isinstance(results[1], Duplicate)
    assert results[1].contrary


def test_folders_without_end_cost_themselves_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speechqa.ingest.search._DEEPEST", 3)
    touch(tmp_path, "1/2/3/in.wav", "1/2/3/4/5/out.wav", "z.wav")
    found = discover([str(tmp_path)])
    assert names(found, tmp_path) == ["z.wav", "1/2/3/in.wav"]
    assert [(r.error.what, r.path) for r in refused(found)] == [
        ("Folders are nested too deep", str(tmp_path / "1/2/3/4"))
    ]


def test_no_room_to_sort_a_large_folder_is_not_a_folder_that_cannot_be_read(tmp_path, monkeypatch):
    for name in "abc":
        (tmp_path / f"{name}.wav").touch()

    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    monkeypatch.setitem(sorted_names.__kwdefaults__, "run_names", 2)
    with pytest.raises(ConfigurationError, match="found No space left on device"):
        list(discover([str(tmp_path)]))
