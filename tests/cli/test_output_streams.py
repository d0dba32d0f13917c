"""What is written arrives whatever stands at the other end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = "from speechqa.cli.app import main; main()"


def speechqa(*args: object, **options) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, *map(str, args)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, **options)


@pytest.fixture
def hebrew(tmp_path) -> Path:
    path = tmp_path / "call.json"
    turns = [{"speaker": "agent", "text": "תודה שהתקשרת"}, {"speaker": "customer", "text": "להתראות"}]
    path.write_text(json.dumps({"id": "שיחה", "turns": turns}), encoding="utf-8")
    return path


def test_utf_8_whatever_the_locale(hebrew):
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PATH": os.environ["PATH"]}
    process = speechqa("score", hebrew, stdout=subprocess.PIPE, env=plain)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "שיחה" in out.decode("utf-8")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_reader_that_has_enough_is_no_failure(hebrew, form):
    reading, writing = os.pipe()
    os.close(reading)
    process = speechqa("score", hebrew, hebrew, *form, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_full_disk_is_said_in_words(hebrew, form):
    with Path("/dev/full").open("wb") as full:
        process = speechqa("score", hebrew, *form, stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 7
    assert err.startswith(b"speechqa: The output cannot be written")
    assert b"Traceback" not in err
    assert b"Exception" not in err


def test_a_closed_stdin_is_an_empty_one():
    script = "import sys; sys.stdin = None\nfrom speechqa.cli.app import main\nmain()"
    asked = [sys.executable, "-c", script, "calls", "--number", "-"]
    ran = subprocess.run(asked, capture_output=True, check=False, timeout=60, start_new_session=True)
    assert ran.returncode not in {0, 70}, ran.stderr
