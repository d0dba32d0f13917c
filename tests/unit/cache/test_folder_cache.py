"""The cache as a folder: whole entries or none, a limit, and nothing of anybody else's touched."""

from __future__ import annotations

import fcntl
import os
import stat
import threading

import pytest

from speechqa.cache.entry import opened, sealed
from speechqa.cache.folder import INSIDE, FolderCache
from speechqa.cache.places import USUAL_LIMIT, CachePlace, cache_place
from speechqa.cache.sweeping import all_entries, sweep
from speechqa.errors import ConfigurationError

BIG = 10**9


@pytest.fixture
def cache(tmp_path):
    return FolderCache(tmp_path / "c", BIG)


def files(cache):
    return sorted(path for path in cache.folder.rglob("*") if path.is_file())


def test_what_was_written_is_read_again_under_its_own_name_alone(cache):
    cache.write("call", "words", b"hello")
    assert cache.read("call", "words") == b"hello"
    assert cache.read("call", "sound") is None
    assert cache.read("other", "words") is None
    cache.write("call", "words", b"again")
    assert cache.read("call", "words") == b"again"
    assert len(files(cache)) == 1


def test_only_the_owner_may_read_and_names_tell_nothing(cache):
    cache.write("patient-file.wav", "words", b"hello")
    (entry,) = files(cache)
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    folder = entry.parent
    while folder != cache.folder.parent:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        folder = folder.parent
    assert "patient" not in str(entry.relative_to(cache.folder))
    assert b"hello" not in entry.read_bytes()


@pytest.mark.parametrize(
    "damaged",
    [
        lambda whole: b"",
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole + b"x",
        lambda whole: whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:],
        lambda whole: whole.replace(b"stage 1", b"stage 2"),
        lambda whole: b"\x80\x04\x95" + whole,
        lambda whole: os.urandom(len(whole)),
        lambda whole: sealed("another/name", b"hello"),
    ],
)
def test_a_damaged_foreign_or_newer_entry_is_missing_and_replaced(cache, damaged):
    cache.write("call", "words", b"hello")
    (entry,) = files(cache)
    entry.write_bytes(damaged(entry.read_bytes()))
    assert cache.read("call", "words") is None
    cache.write("call", "words", b"hello")
    assert cache.read("call", "words") == b"hello"


def test_what_unpacks_to_too_much_is_missing(monkeypatch):
    bomb = sealed("a/b", bytes(10_000))
    monkeypatch.setattr("speechqa.cache.entry.LARGEST", 5_000)
    assert opened("a/b", bomb) is None
    assert sealed("a/b", bytes(5_001)) is None


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_plain_file_is_missing_and_waits_for_nobody(cache, kind, tmp_path):
    cache.write("call", "words", b"hello")
    (entry,) = files(cache)
    whole = tmp_path / "whole"
    entry.rename(whole)
    if kind == "folder":
        entry.mkdir()
    elif kind == "link":
        entry.symlink_to(whole)
    else:
        os.mkfifo(entry)
    assert cache.read("call", "words") is None
    cache.write("call", "words", b"hello")
    assert whole.read_bytes()


def test_a_recording_is_forgotten_and_no_other(cache):
    for key in ("sound", "words"):
        cache.write("call", key, b"x")
    cache.write("other", "words", b"y")
    assert cache.holds("call")
    assert cache.forget("call") == 2
    assert not cache.holds("call")
    assert cache.read("other", "words") == b"y"
    assert cache.forget("never") == 0


def test_clearing_removes_nothing_that_is_not_its_own(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter.txt").write_text("mine")
    cache = FolderCache(home, BIG)
    cache.write("call", "words", b"x")
    (cache.folder / "note.txt").write_text("mine too")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ("a" * 40)).write_text("not inside")
    (cache.folder / ("b" * 40)).symlink_to(outside)
    assert cache.clear() == 1
    assert cache.read("call", "words") is None
    assert (home / "letter.txt").exists()
    assert (cache.folder / "note.txt").exists()
    assert (outside / ("a" * 40)).exists()


def test_figures(cache):
    assert cache.figures() == (0, 0, 0, None)
    cache.write("call", "sound", b"x")
    cache.write("call", "words", b"y")
    cache.write("other", "words", b"z")
    found = cache.figures()
    assert (found.entries, found.recordings) == (3, 2)
    assert found.size == sum(path.stat().st_size for path in files(cache))
    assert found.oldest is not None


def test_the_least_recently_used_goes_first_and_the_limit_holds(tmp_path):
    payload = os.urandom(1000)
    limit = 10 * len(sealed("n" * 81, payload))
    cache = FolderCache(tmp_path, limit)
    for number in range(8):
        cache.write(f"call {number}", "words", payload)
        for entry in files(cache):  # as if some time had gone by
            found = entry.stat()
            os.utime(entry, ns=(found.st_atime_ns - 10**9, found.st_mtime_ns))
    assert cache.read("call 0", "words") == payload
    for number in range(8, 14):
        cache.write(f"call {number}", "words", payload)
        assert cache.figures().size <= limit
    assert cache.read("call 0", "words") == payload
    assert cache.read("call 1", "words") is None
    assert cache.read("call 13", "words") == payload


def test_an_entry_larger_than_the_cache_is_not_kept(tmp_path):
    cache = FolderCache(tmp_path, 100)
    cache.write("call", "words", os.urandom(1000))
    assert cache.figures().entries == 0
    assert cache.trouble is None


def test_what_was_kept_too_long_or_never_finished_goes(tmp_path):
    cache = FolderCache(tmp_path, BIG, longest_days=30)
    cache.write("call", "words", b"x")
    (entry,) = files(cache)
    part = entry.with_name(f".{'0' * 16}.part")
    part.write_bytes(b"half")
    now = entry.stat().st_mtime
    with part.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sweep(cache.folder, BIG, longest_days=30, now=now + 60)
        assert sorted(all_entries(cache.folder)) == sorted([entry, part]), "its maker lives"
    sweep(cache.folder, BIG, longest_days=30, now=now + 60)
    assert list(all_entries(cache.folder)) == [entry]
    # Use does not make it younger.
    assert cache.read("call", "words") == b"x"
    sweep(cache.folder, BIG, longest_days=30, now=now + 31 * 86_400)
    assert list(all_entries(cache.folder)) == []


def test_a_full_disk_is_no_error_and_is_remembered(cache, monkeypatch):
    cache.write("call", "sound", b"x")

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("speechqa.cache.folder._put", full)
    cache.write("call", "words", b"y")
    assert cache.trouble == "No space left on device"
    assert cache.read("call", "sound") == b"x"
    cache.write("call", "words", b"y")


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    cache = FolderCache(tmp_path / "file", BIG)
    cache.write("call", "words", b"x")
    assert cache.read("call", "words") is None
    assert cache.trouble
    assert cache.figures().entries == 0


def test_a_half_written_file_is_removed(cache, monkeypatch):
    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def write(self, _data):
            raise OSError(28, "No space left on device")

    cache.write("call", "sound", b"x")
    real = os.fdopen

    def fdopen(handle, mode="r", *args, **more):
        if "w" not in mode:
            return real(handle, mode, *args, **more)
        os.close(handle)
        return Full()

    monkeypatch.setattr(os, "fdopen", fdopen)
    cache.write("call", "words", b"y")
    assert cache.trouble
    assert len(files(cache)) == 1


def test_it_may_be_deleted_while_others_write(tmp_path):
    caches = [FolderCache(tmp_path, BIG) for _ in range(3)]

    def write(cache, name):
        for number in range(200):
            cache.write(f"{name} {number % 7}", f"{number}", b"x" * 100)
            cache.read(f"{name} {number % 7}", f"{number}")

    writers = [
        threading.Thread(target=write, args=(cache, f"call {index}")) for index, cache in enumerate(caches)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        FolderCache(tmp_path, BIG).clear()
    assert [cache.trouble for cache in caches] == [None, None, None]
    caches[0].write("call", "words", b"y")
    assert caches[1].read("call", "words") == b"y"


def test_the_environment_says_where_and_how_large(tmp_path, monkeypatch):
    assert cache_place({"SPEECHQA_CACHE": "off"}).folder is None
    assert cache_place({"SPEECHQA_CACHE_SIZE": "0"}).folder is None
    assert cache_place({"XDG_CACHE_HOME": str(tmp_path)}).folder == tmp_path / "speechqa"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_place({"XDG_CACHE_HOME": "relative"}).folder == tmp_path / ".cache" / "speechqa"
    assert cache_place({}).limit == USUAL_LIMIT
    named = cache_place({"SPEECHQA_CACHE": str(tmp_path), "SPEECHQA_CACHE_SIZE": "500m"})
    assert named == CachePlace(folder=tmp_path, limit=500_000_000)
    with pytest.raises(ConfigurationError, match="SPEECHQA_CACHE_SIZE"):
        cache_place({"SPEECHQA_CACHE_SIZE": "much"})


def test_nothing_lies_beside_its_own_folder(tmp_path):
    FolderCache(tmp_path, BIG).write("call", "words", b"x")
    assert [path.name for path in tmp_path.iterdir()] == [INSIDE]
