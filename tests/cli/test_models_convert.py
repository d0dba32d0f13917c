"""`models convert` of a checkpoint, and what `models list` and `verify` then say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from speechqa.backends.model_files import file_digest
from tests.support.engines import tiny_checkpoint

MANIFEST = """
[[model]]
name = "toy"
engine = "whisper"
format = "openai-pt"
file = "toy.pt"
rank = 10
languages = ["he", "en"]
licence = "MIT"
source = "https://example.org"
sha256 = "{digest}"
"""


def test_a_checkpoint_is_converted_listed_and_verified(run, tmp_path: Path) -> None:
    pytest.importorskip("ctranslate2", reason="the extra `fast` is not installed")
    models = tmp_path / "models"
    models.mkdir()
    checkpoint = tiny_checkpoint(models / "toy.pt")
    (models / "manifest.toml").write_text(MANIFEST.format(digest=file_digest(checkpoint)))
    of = ("--models", str(models))
    assert json.loads(run("models", "list", "--json", *of).out)["fast"] == "absent"
    assert run("models", "convert", str(checkpoint), "--precision", "int3", *of).code == 2
    assert run("models", "convert", str(models), *of).code == 2, "a folder needs a name"
    assert run("models", "convert", str(checkpoint), "--precision", "int8", *of).code == 0
    assert json.loads(run("models", "list", "--json", *of).out)["fast"] == "here"
    assert len(run("models", "verify", *of).out.splitlines()) == 2
    with (models / "toy.ct2" / "model.bin").open("ab") as file:
        file.write(b"x")
    ran = run("models", "verify", *of)
    assert ran.code == 5
    assert "1 of 2" in ran.err
