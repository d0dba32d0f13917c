"""Which recordings of single voices are meant by files, folders and globs."""

import os
from pathlib import Path

import pytest

from speechqa.ingest.voices import voice_files


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in (
        "b.wav",
        "a.mp3",
        "call",
        "notes.txt",
        "manifest.csv",
        "in/c.wav",
        "in/deep/d.wav",
        ".hid/e.wav",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def names(folder: Path, *asked: object) -> list[str]:
    return [os.path.relpath(path, folder) for path in voice_files(map(str, asked)).paths]


def test_a_folder_gives_its_recordings_by_name_then_those_of_folders_in_it(folder):
    assert names(folder, folder) == ["a.mp3", "b.wav", "call", "in/c.wav", "in/deep/d.wav"]
    assert voice_files([str(folder)]).ignored == 1, "a manifest is no stray file"


def test_what_is_named_is_taken_as_often_as_it_is_named(folder):
    notes = folder / "notes.txt"
    assert names(folder, notes, folder / "b.wav", notes) == ["notes.txt", "b.wav", "notes.txt"]


def test_a_glob_is_sorted_and_one_that_matches_nothing_stays(folder):
    assert names(folder, folder / "*.*3", folder / "b*") == ["a.mp3", "b.wav"]
    assert names(folder, folder / "none*.wav") == ["none*.wav"]
    (folder / "[1].wav").write_bytes(b"x")
    assert names(folder, folder / "[1].wav") == ["[1].wav"], "what exists is no glob"


def test_folders_that_are_links_are_not_entered(folder):
    (folder / "in" / "circle").symlink_to(folder)
    assert len(voice_files([str(folder)]).paths) == 5


def test_a_folder_that_cannot_be_listed_stays_for_reading_to_say_why(folder, monkeypatch):
    real = os.scandir

    def refuse(path):
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("speechqa.ingest.walk.os.scandir", refuse)
    assert names(folder, folder)[-1] == "in/deep"
