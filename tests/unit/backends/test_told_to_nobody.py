"""No package below us tells its maker that it is used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OPENED = """
from speechqa.backends.silero import model_path
from speechqa.backends.onnx_session import open_session
open_session(model_path(), needed_by="a test")
"""


def test_onnxruntime_leaves_no_trace_of_its_use(tmp_path):
    """Its uploader keeps what it will send in the user's cache, and a session among temporary files."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
    }
    program = [sys.executable, "-c", OPENED]
    done = subprocess.run(program, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [*tmp_path.rglob("*")] == []
