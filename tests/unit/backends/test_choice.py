from __future__ import annotations

import hashlib
import pickle
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from speechqa.backends import health
from speechqa.backends.choice import choose_engine
from speechqa.backends.health import EngineStatus, engine_status
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound, UsageError

FIELDS = 'engine = "whisper"\nformat = "openai-pt"\nlicence = "MIT"\nsource = "https://example.org"\n'


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a good, a better, an English and a Hebrew model, none of which is loaded here."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an engine was chosen over the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    folder = tmp_path / "models"
    folder.mkdir()
    text = ""
    for name, rank, languages, weak in (
        ("good", 10, '["he", "en"]', "[]"),
        ("better", 20, '["he", "en"]', "[]"),
        ("best.en", 30, '["en"]', "[]"),
        ("hebrew", 40, '["he"]', "[]"),
        ("weak", 50, '["he", "en"]', '["he"]'),
    ):
        digest = hashlib.sha256(name.encode()).hexdigest()
        text += f'[[model]]\nname = "{name}"\nfile = "{name}.pt"\nrank = {rank}\nlanguages = {languages}\n'
        text += f'weak_languages = {weak}\nsha256 = "{digest}"\n{FIELDS}'
    (folder / "manifest.toml").write_text(text)
    return folder


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / f"{name}.pt").write_bytes(name.encode())


def chosen(spec: str, language: str | None, folder: Path) -> str:
    engine = choose_engine(spec, language, folder)
    assert engine is not None
    return engine.info.model


def test_none_is_no_engine(models: Path) -> None:
    assert choose_engine("none", "he", models) is None


@pytest.mark.parametrize("spec", ["", "vosk", "whisper:", "auto:small", "none:x", "pocketsphinx:en"])
def test_unknown_engines_are_refused(models: Path, spec: str) -> None:
    with pytest.raises(UsageError):
        choose_engine(spec, None, models)


@pytest.mark.parametrize("spec", ["auto", "whisper"])
def test_without_a_model_the_ways_on_are_named_and_no_draft_is_taken(models: Path, spec: str) -> None:
    with pytest.raises(ModelNotFound) as caught:
        choose_engine(spec, "en", models)
    assert caught.value.exit_code == 5
    for way in ("models pull", "--transcripts", "--engine none", "--engine pocketsphinx"):
        assert way in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("here", "language", "expected"),
    [
        (["good"], None, "good"),
        (["good", "better"], "auto", "better"),
        (["good", "better", "best.en", "hebrew", "weak"], None, "better"),
        (["good", "best.en", "hebrew"], "en", "best.en"),
        (["good", "best.en", "hebrew", "weak"], "he", "hebrew"),
        (["good", "weak"], "en", "weak"),
        (["good", "weak"], "he", "good"),
    ],
)
def test_auto_takes_the_best_that_suits(
    models: Path, here: list[str], language: str | None, expected: str
) -> None:
    put(models, *here)
    assert chosen("auto", language, models) == expected


@pytest.mark.parametrize("language", [None, "he"])
def test_auto_takes_nothing_that_does_not_suit(models: Path, language: str | None) -> None:
    put(models, "best.en", "weak")
    with pytest.raises(ModelNotFound, match=r"best\.en"):
        choose_engine("auto", language, models)


def test_a_wrong_file_is_refused_and_not_passed_over(models: Path) -> None:
    put(models, "good")
    (models / "better.pt").write_bytes(b"something else")
    with pytest.raises(ModelDigestMismatch, match=r"better\.pt"):
        choose_engine("auto", None, models)


def test_a_file_nobody_accepted_is_not_taken(models: Path) -> None:
    text = (models / "manifest.toml").read_text()
    digest = hashlib.sha256(b"good").hexdigest()
    (models / "manifest.toml").write_text(text.replace(digest, ""))
    put(models, "good")
    with pytest.raises(ModelNotFound, match="accept"):
        choose_engine("auto", None, models)
    with pytest.raises(ModelError, match="--accept"):
        choose_engine("whisper:good", None, models)


def test_a_model_can_be_named(models: Path) -> None:
    put(models, "good", "better", "weak")
    assert chosen("whisper:good", None, models) == "good"
    assert chosen("whisper:weak", "he", models) == "weak"
    with pytest.raises(ModelNotFound, match="not here"):
        choose_engine("whisper:best.en", "en", models)
    with pytest.raises(ModelNotFound, match="good, better"):
        choose_engine("whisper:huge", None, models)


def test_an_english_model_takes_no_hebrew_and_no_unknown_calls(models: Path) -> None:
    put(models, "best.en")
    assert chosen("whisper:best.en", "en", models) == "best.en"
    for language in ("he", None, "auto"):
        with pytest.raises(ModelError) as caught:
            choose_engine("whisper:best.en", language, models)
        assert caught.value.exit_code == 5


def test_a_path_works_with_its_own_digest(models: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.pt"
    mine.write_bytes(b"my own")
    engine = choose_engine(f"whisper:{mine}", None, models)
    assert engine is not None
    assert engine.info.model == "mine.pt"
    assert engine.info.model_digest == hashlib.sha256(b"my own").hexdigest()


def test_a_known_model_elsewhere_is_known(models: Path, tmp_path: Path) -> None:
    copy = tmp_path / "renamed.pt"
    copy.write_bytes(b"best.en")
    assert chosen(f"whisper:{copy}", "en", models) == "best.en"
    with pytest.raises(ModelError):
        choose_engine(f"whisper:{copy}", "he", models)


def test_paths_to_nothing_and_to_folders_are_refused(models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        choose_engine(f"whisper:{tmp_path / 'absent.pt'}", None, models)
    with pytest.raises(ModelError, match="convert"):
        choose_engine(f"whisper:{models}", None, models)


def test_pocketsphinx_is_an_english_draft(models: Path) -> None:
    engine = choose_engine("pocketsphinx", None, models)
    assert engine is not None
    assert engine.info.draft
    assert engine.info.languages == ("en",)
    with pytest.raises(ModelError, match="English only"):
        choose_engine("pocketsphinx", "he", models)


def test_a_choice_travels_to_a_worker(models: Path) -> None:
    put(models, "good")
    engine = choose_engine("auto", None, models, threads=1)
    assert engine is not None
    assert pickle.loads(pickle.dumps(engine)).info == engine.info


def test_health_is_told_without_loading_engines(models: Path) -> None:
    put(models, "good")
    loaded = set(sys.modules)
    found = {status.name: status for status in engine_status(models)}
    assert not {"torch", "whisper", "onnxruntime"} & (set(sys.modules) - loaded)
    assert found["pocketsphinx"].health == "installed"
    assert found["pocketsphinx"].version
    assert "good" in found["whisper"].detail


def test_health_says_how_to_get_a_model(tmp_path: Path) -> None:
    (whisper,) = [status for status in engine_status(tmp_path) if status.name == "whisper"]
    assert "no model here" in whisper.detail
    assert "models pull" in whisper.hint


def engines_of(found: Iterable[EngineStatus]) -> list[EngineStatus]:
    """All but the models of the user's own: those are files and nothing to install."""
    return [status for status in found if not status.name.endswith(" model")]


def test_an_engine_that_is_not_installed_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(health.importlib.util, "find_spec", lambda _: None)
    for status in engines_of(engine_status(tmp_path)):
        assert status.health == "missing"
        assert "pip install" in status.hint


def test_an_engine_that_fails_is_broken_and_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail() -> str:
        raise RuntimeError("illegal instruction")

    for attempt in (
        "_try_silero",
        "_try_onnx",
        "_try_pocketsphinx",
        "_try_resemblyzer",
        "_try_whisper",
        "_try_ctranslate2",
    ):
        monkeypatch.setattr(health, attempt, fail)
    for status in engines_of(engine_status(tmp_path, deep=True)):
        assert status.health == "broken"
        assert "illegal instruction" in status.detail


def test_a_broken_manifest_does_not_stop_the_doctor(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text("[[")
    (whisper,) = [status for status in engine_status(tmp_path) if status.name == "whisper"]
    assert whisper.health == "broken"
