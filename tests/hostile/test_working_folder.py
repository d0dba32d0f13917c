"""What lies in the working folder is not run: people go there for recordings, which came from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from speechqa.executors.local import ProcessExecutor

ROOT = Path(__file__).parents[2]


@pytest.fixture
def planted(tmp_path):
    """A folder with modules that tell of being run, by the names of what is imported on the way."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for name in ("multiprocessing", "typer", "numpy", "msgspec", "pickle", "json"):
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__)\n")
    return folder


def test_workers_run_nothing_from_the_working_folder(planted, monkeypatch):
    monkeypatch.chdir(planted)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    assert sorted(ProcessExecutor(2, lost=str).map(abs, [-1, -2, -3])) == [1, 2, 3]
    assert not (planted.parent / "ran").exists()
    assert "PYTHONSAFEPATH" not in os.environ


def test_the_module_runs_nothing_from_the_working_folder(planted):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-m", "speechqa", "calls", "--store", "sqlite:///absent.db"]
    done = subprocess.run(command, cwd=planted, env=environment, capture_output=True, check=False)
    assert done.returncode == 6, done.stderr
    assert not (planted.parent / "ran").exists()
