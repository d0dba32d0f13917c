"""Real processes at one store: killed runs go on where they were; auditors and a reviewer lose nothing."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from speechqa.protocols import CallFilter
from speechqa.store import open_store

CALLS = 5
REVIEWS = 4


def started(*arguments: object) -> subprocess.Popen[str]:
    program = [sys.executable, "-c", "from speechqa.cli.app import main; main()", *map(str, arguments)]
    root = Path(__file__).parents[2]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root)


def transcripts(folder: Path, name: str, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        said = (("agent", "good morning, how may I help"), ("customer", f"my lamp number {n} is broken"),
                ("agent", "I will send a new one, thank you for calling"))  # fmt: skip
        turns = [{"speaker": who, "text": text, "start": 2.0 * k, "end": 2.0 * k + 1.5}
                 for k, (who, text) in enumerate(said)]  # fmt: skip
        call = {"id": f"{name}{n}", "language": "en", "agent_id": "a1", "turns": turns}
        (folder / f"{name}{n}.json").write_text(json.dumps(call))
    return folder


def recordings(folder: Path, name: str) -> None:
    for n in range(CALLS):
        dice = random.Random(n)
        with wave.open(str(folder / f"{name}{n}.wav"), "wb") as file:
            file.setparams((2, 2, 8000, 0, "NONE", ""))
            file.writeframes(dice.randbytes(8000 * 2 * 2 * 6))


def kept_once(url: str, count: int) -> None:
    with open_store(url, create=False) as opened:
        found = [summary.call_id for summary in opened.find(CallFilter(status="done"))]
        assert len(found) == count
        assert all(len(opened.history(call_id)) == 1 for call_id in found)
        assert list(opened.damage()) == []


@pytest.mark.parametrize("kind", ["score", "audit"])
def test_an_import_that_is_killed_goes_on_where_it_was(tmp_path, store, kind):
    folder = transcripts(tmp_path / "calls", "c", CALLS)
    if kind == "score":
        ask = ("score", folder, "--store", store, "--resume", "--json")
    else:
        recordings(folder, "c")
        ask = ("audit", folder, "--engine", "none", "--workers", 1, "--store", store, "--json")
    first = started(*ask)
    assert first.stdout is not None
    said = [json.loads(first.stdout.readline())["call_id"] for _ in range(2)]
    first.kill()
    first.communicate()
    with open_store(store, create=False) as opened:
        before = {summary.call_id: opened.get(summary.call_id) for summary in opened.find(CallFilter())}
    assert set(said) <= set(before)
    again = started(*ask)
    out, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    assert len(out.splitlines()) == CALLS, "every call asked for is told of, those done before too"
    kept_once(store, CALLS)
    with open_store(store, create=False) as opened:
        for call_id, document in before.items():
            assert opened.get(call_id) == document, "what was done is not done again"
    assert (f"{len(before)} scored before" if kind == "score" else f"{len(before)} done before") in err


def test_scoring_is_afresh_unless_it_is_asked_to_go_on(run, tmp_path, store):
    folder = transcripts(tmp_path / "calls", "c", 1)
    for _ in range(2):
        assert run("score", folder, "--store", store).code == 0
    with open_store(store, create=False) as opened:
        assert len(opened.history("c0")) == 2
    assert "1 scored before" in run("score", folder, "--store", store, "--resume").err
    with open_store(store, create=False) as opened:
        assert len(opened.history("c0")) == 2
    ran = run("score", folder, "--resume")
    assert (ran.code, "--resume goes with --store" in ran.err) == (2, True)


def test_two_auditors_and_a_reviewer_at_once_lose_nothing(run, tmp_path, store):
    old = transcripts(tmp_path / "old", "old", REVIEWS)
    assert run("score", old, "--store", store).code == 0
    running = [
        started("score", transcripts(tmp_path / name, name, CALLS), "--store", store) for name in ("x", "y")
    ]
    running += [
        started("review", "record", f"old{n}", "--criterion", "thanks", "--verdict", "fail", "--comment",
                f"said {n}", "--by", "Dana", "--store", store)
        for n in range(REVIEWS)
    ]  # fmt: skip
    for process in running:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert "locked" not in (out + err).casefold()
    kept_once(store, 2 * CALLS + REVIEWS)
    with open_store(store, create=False) as opened:
        entries = list(opened.notes("review"))
        assert [entry.number for entry in entries] == list(range(1, REVIEWS + 1))
        assert {entry.call_id for entry in entries} == {f"old{n}" for n in range(REVIEWS)}
        assert opened.broken() == ()
