"""The command line as its users meet it: a process's exit code, stdout and stderr, run in this process."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parents[2] / "recordings"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.split("\n") if line]


@pytest.fixture
def run(capfd, monkeypatch):
    from speechqa.cli.app import main

    def call(*args: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["speechqa", *map(str, args)])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


@contextmanager
def hearing_once(kept: Path) -> Iterator[None]:
    """Calls run in this process, as a single one does, and each recording is heard once.

    For tests of what becomes of calls that were heard: to start a process for each core takes longer than to
    analyse a sample call, and to hear it longer than all else.
    """
    from speechqa.assembly import batch

    def here(workers, *, calls, time_limit):
        return chosen(workers, calls=1, time_limit=time_limit)

    chosen = batch.executor_here
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batch, "executor_here", here)
        patched.setenv("SPEECHQA_CACHE", str(kept))
        yield


@pytest.fixture(scope="session")
def kept_heard(tmp_path_factory) -> Path:
    """What was heard in recordings, for tests that ask for it."""
    return tmp_path_factory.mktemp("heard")


@pytest.fixture
def heard_once(kept_heard) -> Iterator[None]:
    """A test's own commands analyse so."""
    with hearing_once(kept_heard):
        yield


@pytest.fixture
def store(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def hebrew_calls(tmp_path) -> Path:
    """The sample calls that bring their transcript, in a folder of their own."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for path in sorted(SAMPLES.glob("he-*")):
        shutil.copy(path, folder)
    assert len(list(folder.iterdir())) >= 4
    return folder


@pytest.fixture
def transcript(tmp_path) -> Path:
    """A call as text in the simple form, with a card number in it."""
    path = tmp_path / "call.json"
    turns = [
        ("agent", "good morning you have reached the lamp shop this is dana speaking how may i help"),
        ("customer", "hi i bought a lamp last week and it stopped working i am quite annoyed honestly"),
        ("agent", "i am sorry to hear that it must be frustrating was it the desk lamp or the floor lamp"),
        ("customer", "the desk one my card is 4111 1111 1111 1111"),
        ("agent", "so i have ordered a new desk lamp and it will be with you by thursday is that alright"),
        ("customer", "yes that is fine"),
        ("agent", "is there anything else i can do for you today"),
        ("customer", "no that is all"),
        ("agent", "thank you for being so patient with us goodbye"),
        ("customer", "bye"),
    ]  # fmt: skip
    spoken = [
        {"speaker": who, "text": text, "start": 6.0 * i, "end": 6.0 * i + 5.5}
        for i, (who, text) in enumerate(turns)
    ]
    path.write_text(json.dumps({"id": "lamp", "language": "en", "agent_id": "a1", "turns": spoken}))
    return path


@pytest.fixture
def audited(run, store, tmp_path, kept_heard):
    """A Hebrew call with recording and transcript."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for path in SAMPLES.glob("he-cable.*"):
        shutil.copy(path, folder)
    with hearing_once(kept_heard):
        ran = run("audit", folder, "--store", store, "--json")
    assert ran.code == 0, ran.err
    return ran.lines[0]


@pytest.fixture
def scored(run, store, transcript):
    assert run("score", transcript, "--store", store).code == 0
    return "lamp"
