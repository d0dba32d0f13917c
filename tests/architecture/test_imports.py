"""What may be loaded when."""

import subprocess
import sys

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
