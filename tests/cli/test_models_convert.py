"""`models convert` of a checkpoint, and what `models list` and `verify` then say."""

from __future__ import annotations

import json
import sys
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
url = "https://example.org/toy.pt"
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
    mine = tiny_checkpoint(tmp_path / "mine.pt", seed=1)
    ran = run("models", "convert", str(mine), *of)
    assert f"--engine faster-whisper:{models / 'mine.ct2'}" in ran.out + ran.err, (
        "auto takes none of one's own"
    )
    red = mine.rename(tmp_path / "\x1b[31mred.pt")
    ran = run("models", "convert", str(red), *of)
    assert ran.code == 0
    assert "\x1b" not in ran.out + ran.err
    with (models / "toy.ct2" / "model.bin").open("ab") as file:
        file.write(b"x")
    ran = run("models", "verify", *of)
    assert ran.code == 5
    assert "1 of 2" in ran.err


def test_a_fetched_model_is_given_its_fast_form_where_that_is_asked_for(run, tmp_path: Path) -> None:
    pytest.importorskip("ctranslate2", reason="the extra `fast` is not installed")
    checkpoint = tiny_checkpoint(tmp_path / "toy.pt")
    (tmp_path / "manifest.toml").write_text(MANIFEST.format(digest=file_digest(checkpoint)))
    of = ("--models", str(tmp_path))
    ran = run("models", "pull", "toy", *of)
    assert (ran.code, "models convert" in ran.err, (tmp_path / "toy.ct2").exists()) == (0, True, False)
    for _ in ("made", "verified"):
        ran = run("models", "pull", "toy", "--fast", *of)
        assert (ran.code, "toy.ct2" in ran.err) == (0, True)
        assert json.loads(run("models", "list", "--json", *of).out)["fast"] == "here"
    assert "models convert" not in run("models", "pull", "toy", *of).err
    with (tmp_path / "toy.ct2" / "model.bin").open("ab") as file:
        file.write(b"x")
    assert run("models", "pull", "toy", "--fast", *of).code == 5


def test_nothing_is_fetched_where_its_fast_form_cannot_be_made(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("speechqa.backends.fast_models.installed", lambda: False)
    monkeypatch.setattr("speechqa.backends.model_download.pull", lambda *_, **__: pytest.fail("fetched"))
    ran = run("models", "pull", "small", "--fast", "--models", str(tmp_path))
    assert (ran.code, "speechqa[fast]" in ran.err) == (5, True)


def test_without_the_extra_a_conversion_names_it(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2.specs", None)
    checkpoint = tiny_checkpoint(tmp_path / "toy.pt")
    ran = run("models", "convert", str(checkpoint), "--models", str(tmp_path / "models"))
    assert (ran.code, "speechqa[fast]" in ran.err) == (5, True)
