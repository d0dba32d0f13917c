"""What may be loaded when."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "torch", "whisper", "onnxruntime", "pocketsphinx", "librosa", "sqlalchemy", "alembic", "av", "numba",
    "scipy", "jinja2", "soxr", "matplotlib", "ctranslate2", "ray", "fsspec",
)  # fmt: skip


def loaded(code: str) -> set[str]:
    report = f"{code}\nimport sys\nprint('LOADED', *sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout
    line = next(line for line in out.splitlines() if line.startswith("LOADED"))
    return {name.split(".")[0] for name in line.split()[1:]}


@pytest.mark.parametrize(
    "module", ["speechqa", "speechqa.cli.app", "speechqa.core.codec", "speechqa.protocols"]
)
def test_light_modules_load_no_engine(module):
    assert not loaded(f"import {module}") & set(HEAVY)


def test_help_loads_no_engine():
    code = "import sys; sys.argv = ['speechqa', '--help']\nfrom speechqa.cli.app import main\n"
    code += "try:\n    main()\nexcept SystemExit:\n    pass"
    assert not loaded(code) & set(HEAVY)


def test_voice_activity_does_not_load_torch():
    code = """
import numpy as np
from speechqa.audio.spool import ArrayAudio
from speechqa.backends.silero import SileroVad
SileroVad().detect(ArrayAudio(np.zeros((1, 8000), dtype=np.float32), 8000))
"""
    names = loaded(code)
    assert "onnxruntime" in names
    assert "torch" not in names


def test_the_facade_is_lazy():
    assert "numpy" not in loaded("import speechqa")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are not told here")
@pytest.mark.parametrize("given", [None, "2"])
def test_linear_algebra_is_left_to_one_thread_unless_the_user_says_more(given):
    """Workers are as many as cores; threads of theirs would wait for one another by computing."""
    code = """
import speechqa, numpy, os
numpy.ones((500, 500)) @ numpy.ones((500, 500))
print(len(os.listdir("/proc/self/task")))
"""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    environment |= {"OPENBLAS_NUM_THREADS": given} if given else {}
    out = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert int(out) == (1 if given is None else min(2, os.cpu_count() or 1))
