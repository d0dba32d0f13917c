"""Two recordings that claim one call id: neither gets it, whoever comes first and however many workers."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest

from speechqa.assembly import open_batch
from speechqa.config import Settings
from speechqa.core.codec import encode
from speechqa.ingest.identity import file_digest
from speechqa.store import open_store
from speechqa.transcripts.naming import likely_name, named_call
from tests.support.stores import call


def recording(folder, name, *, loud=1, call_id=None):
    folder.mkdir(exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes([loud, 0]) * 8000)
    turns = [{"speaker": "agent", "text": "hello", "start": 0.0, "end": 0.5}]
    said = {"language": "en", "turns": turns} | ({"id": call_id} if call_id else {})
    (folder / f"{name}.json").write_text(json.dumps(said))


@pytest.fixture
def tried(store):
    """The recordings of a batch by file name, each with the one that it shares its id with, or None."""

    def asked(*paths):
        with open_batch([*map(str, paths)], settings=Settings(engine="none"), store_url=store) as batch:
            found = {}
            for task in batch.calls.tasks():
                message = task.problem.message if task.problem is not None else ""
                found[Path(task.source.path).stem] = message.rpartition("/")[2].partition(".")[0] or None
            return found

    return asked


@pytest.mark.parametrize("how", ["transcript", "manifest"])
def test_both_are_refused_in_whatever_order_they_come(tried, tmp_path, how):
    folder = tmp_path / "calls"
    for loud, name in enumerate("abc", start=1):
        claimed = {"a": "same", "b": "same", "c": "other"}[name]
        recording(folder, name, loud=loud, call_id=claimed if how == "transcript" else None)
    if how == "manifest":
        (folder / "manifest.csv").write_text("file,call_id\na.wav,same\nb.wav,same\nc.wav,other\n")
        assert tried(folder) == {"a": "b", "b": "a", "c": None}
        return
    for order in ("abc", "cba", "bac"):
        found = tried(*(folder / f"{name}.wav" for name in order))
        assert found == {"a": "b", "b": "a", "c": None}


def test_calls_that_share_one_partys_file_alone_are_two_recordings(tmp_path):
    folder = tmp_path / "calls"
    for loud, name in enumerate(("agent", "b", "c"), start=1):
        recording(folder, name, loud=loud)
    (folder / "manifest.csv").write_text(
        "agent_file,customer_file,call_id\nagent.wav,b.wav,same\nagent.wav,c.wav,same\n"
    )
    settings = Settings(engine="none")
    with open_batch([str(folder)], settings=settings, store_url=f"sqlite:///{tmp_path}/s.db") as batch:
        problems = [task.problem for task in batch.calls.tasks()]
    assert [problem.type for problem in problems] == ["CallIdContested"] * 2
    assert all("b.wav" in problem.message and "c.wav" in problem.message for problem in problems)


@pytest.mark.parametrize("what", ["recording", "transcript"])
def test_one_that_cannot_be_read_hides_no_rivals(tried, tmp_path, what):
    folder = tmp_path / "calls"
    for loud, name in enumerate("abc", start=1):
        recording(folder, name, loud=loud, call_id="same")
    if what == "recording":
        (folder / "a.wav").unlink()
        (folder / "manifest.csv").write_text("file,call_id\na.wav,same\nb.wav,same\nc.wav,same\n")
    else:
        (folder / "a.json").write_text('{"id": "same", "turns": 3}')
    found = tried(folder)
    assert (found["b"], found["c"]) == ("c", "b")


def test_ids_of_manifest_and_transcript_are_held_against_each_other(tried, tmp_path):
    folder = tmp_path / "calls"
    recording(folder, "a", loud=1, call_id="same")
    recording(folder, "b", loud=2, call_id="something else")
    (folder / "manifest.csv").write_text("file,call_id\nb.wav,same\n")
    assert tried(folder / "a.wav", folder) == {"a": "b", "b": "a"}


def test_what_is_refused_is_kept_as_failed_under_ids_that_nobody_claims_until_it_is_mended(
    run, store, tmp_path
):
    folder = tmp_path / "calls"
    for loud, name in enumerate("ab", start=1):
        recording(folder, name, loud=loud, call_id="same")
    ran = run("audit", folder, "--engine", "none", "--json", "--store", store, "--workers", 1)
    assert ran.code == 1
    assert {line["error"]["type"] for line in ran.lines} == {"CallIdContested"}
    assert all("call_id" in line["error"]["hint"] for line in ran.lines)
    kept = run("calls", "--json", "--store", store).lines
    assert len({line["call_id"] for line in kept} - {"same"}) == 2
    (folder / "manifest.csv").write_text("file,call_id\na.wav,same\nb.wav,other\n")
    assert run("audit", folder, "--engine", "none", "--store", store, "--workers", 1).code == 0
    kept = run("calls", "--json", "--store", store).lines
    assert {(line["call_id"], line["status"]) for line in kept} == {("same", "done"), ("other", "done")}


def test_the_one_that_is_kept_under_the_id_stays_and_a_copy_of_it_is_no_rival(tried, store, tmp_path):
    folder = tmp_path / "calls"
    recording(folder, "a", loud=1, call_id="same")
    recording(folder, "copy", loud=1, call_id="same")
    assert tried(folder) == {"a": None}
    identity = file_digest(str(folder / "a.wav"))
    with open_store(store) as opened:
        opened.put(identity, "f", call("same", path=str(folder / "a.wav")))
    recording(folder, "b", loud=2, call_id="same")
    assert tried(folder) == {"a": None, "b": "a"}


@pytest.mark.parametrize("form", ["own", "simple", "aws", "rttm", "vtt", "damaged"])
def test_the_likely_name_of_a_transcript_is_the_one_it_has_when_read(tmp_path, form):
    simple = {"id": "c 1", "turns": [{"speaker": "agent", "text": "hello"}]}
    aws = {"jobName": "j1", "results": {"transcripts": [], "items": []}, "status": "COMPLETED"}
    text = {
        "own": encode(call("c9", turns=[("agent", "hello")])).decode(),
        "simple": json.dumps(simple),
        "aws": json.dumps(aws),
        "rttm": "SPEAKER file1 1 0.0 1.0 <NA> <NA> agent <NA> <NA>\n",
        "vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n",
        "damaged": "{",
    }[form]
    path = tmp_path / f"x.{form if form in ('rttm', 'vtt') else 'json'}"
    path.write_text(text)
    assert likely_name(str(path)) == named_call(str(path))
