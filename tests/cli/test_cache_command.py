"""The cache as its users meet it: told, cleared, turned off, and never a reason to fail."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "recordings"


@pytest.fixture
def calls(tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    for path in SAMPLES.glob("he-cable.*"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("SPEECHQA_CACHE", str(folder))
    return folder


@pytest.fixture
def opened(monkeypatch):
    """How many recordings were decoded."""
    from speechqa.audio.decoder import PyAVDecoder

    found, real = [], PyAVDecoder.open

    def seen(self, source):
        found.append(source.path)
        return real(self, source)

    monkeypatch.setattr(PyAVDecoder, "open", seen)
    return found


def documents(ran):
    lines = ran.lines
    for line in lines:
        line["provenance"] = {**line["provenance"], "run_id": "", "created_at": ""}
    return [json.dumps(line, sort_keys=True) for line in lines]


def audit(run, calls, store, *more):
    ran = run("audit", calls, "--engine", "none", "--workers", 1, "--store", store, "--json", *more)
    assert ran.code == 0, ran.err
    return ran


def test_a_new_store_hears_nothing_again_and_says_the_same(run, calls, cache, opened, tmp_path):
    stores = [f"sqlite:///{tmp_path / name}.db" for name in ("one", "two", "three")]
    cold = audit(run, calls, stores[0])
    assert len(opened) == 1
    warm = audit(run, calls, stores[1])
    assert len(opened) == 1
    off = audit(run, calls, stores[2], "--no-cache")
    assert len(opened) == 2
    assert documents(cold) == documents(warm) == documents(off)


def test_another_rubric_hears_nothing_again(run, calls, cache, opened, store, tmp_path):
    audit(run, calls, store)
    mine = tmp_path / "mine.toml"
    mine.write_text('name = "mine"\nversion = 7\nextends = "service"\ndrop = ["farewell"]\n')
    ran = audit(run, calls, store, "--rubric", mine)
    assert "1 analysed" in ran.err
    assert len(opened) == 1


def test_it_is_shown_and_cleared(run, calls, cache, store):
    audit(run, calls, store)
    (state,) = run("cache", "show", "--json").lines
    assert (state["recordings"], state["entries"], state["trouble"]) == (1, 3, None)
    assert state["folder"].startswith(str(cache))
    assert 0 < state["size"] < state["limit"]
    shown = run("cache", "show")
    assert "3 of 1 recordings" in shown.out
    assert run("cache", "clear", "--json").lines == [{"removed": 3}]
    assert "0 entries removed" in run("cache", "clear").err
    assert run("cache", "show", "--json").lines[0]["oldest"] is None


def test_turned_off_nothing_is_kept(run, calls, cache, store, monkeypatch):
    audit(run, calls, store, "--no-cache")
    assert not cache.exists()
    monkeypatch.setenv("SPEECHQA_CACHE", "off")
    assert run("cache", "show", "--json").lines[0]["folder"] is None
    assert "turned off" in run("cache", "show").err
    assert run("cache", "clear").code == 0


def test_a_folder_that_cannot_be_used_is_said_once_and_stops_nothing(run, calls, cache, store):
    cache.write_text("a file")
    ran = audit(run, calls, store)
    assert ran.err.count("is not kept for another time") == 1
    assert "1 analysed" in ran.err
    assert run("cache", "show", "--json").lines[0]["trouble"] == "Not a directory"
    assert "It cannot be written: Not a directory" in run("cache", "show").err


def test_a_size_that_is_none_is_said_before_any_work(run, calls, cache, store, monkeypatch):
    monkeypatch.setenv("SPEECHQA_CACHE_SIZE", "much")
    ran = run("audit", calls, "--engine", "none", "--store", store)
    assert ran.code == 3
    assert "SPEECHQA_CACHE_SIZE" in ran.err


def test_what_is_purged_is_no_longer_in_the_cache(run, calls, cache, store):
    audit(run, calls, store)
    ran = run("purge", "he-cable", "--yes", "--by", "dana", "--reason", "asked for", "--store", store)
    assert ran.code == 0, ran.err
    assert "Entries of the cache that went with them: 3" in ran.err
    assert run("cache", "show", "--json").lines[0]["entries"] == 0
    assert "in the cache" not in run("verify", "--store", store).err


def test_verify_tells_of_a_purged_recording_that_came_back_into_the_cache(run, calls, cache, store, tmp_path):
    audit(run, calls, store)
    run("purge", "he-cable", "--yes", "--by", "dana", "--reason", "asked for", "--store", store)
    audit(run, calls, f"sqlite:///{tmp_path / 'other'}.db")
    ran = run("verify", "--store", store)
    assert ran.code == 0
    assert "1 recordings that were purged here are in the cache" in ran.err + ran.out
