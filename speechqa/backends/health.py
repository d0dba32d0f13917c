"""What works on this machine and what is missing, for a person who asks."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from speechqa.backends.fast_models import fast_state
from speechqa.backends.manifest import models_folder
from speechqa.backends.model_files import list_models
from speechqa.core.segment import Segment
from speechqa.core.value import Value
from speechqa.errors import SpeechQAError
from speechqa.protocols import Samples

if TYPE_CHECKING:
    from speechqa.backends.arousal_card import ArousalCard
    from speechqa.backends.embedding_card import EmbeddingCard

Health = Literal["works", "installed", "missing", "broken"]
"""`installed` was not tried; `works` was."""


class EngineStatus(Value, frozen=True, kw_only=True):
    """One engine: whether it is there, and the next step where it is not."""

    name: str
    purpose: str
    health: Health
    version: str | None = None
    detail: str = ""
    hint: str = ""


def engine_status(models_dir: Path | str | None = None, *, deep: bool = False) -> tuple[EngineStatus, ...]:
    """State of all engines, without loading any of them.

    Parameters
    ----------
    models_dir : path, optional
        The models folder; else the variable `SPEECHQA_MODELS`, else `models` here.
    deep : bool
        Also run voice activity and pocketsphinx on a second of sound, and import openai-whisper.
    """
    return (
        _engine("silero", "silero-vad", "silero_vad", "finds speech", _try_silero if deep else None),
        _engine(
            "onnxruntime", "onnxruntime", "onnxruntime", "runs the voice models", _try_onnx if deep else None
        ),
        _engine(
            "pocketsphinx",
            "pocketsphinx",
            "pocketsphinx",
            "transcribes English, as a draft",
            _try_pocketsphinx if deep else None,
        ),
        _engine(
            "resemblyzer",
            "resemblyzer",
            "resemblyzer",
            "tells voices on one channel apart",
            _try_resemblyzer if deep else None,
            install="--no-deps resemblyzer",
        ),
        _whisper(models_dir, deep=deep),
        _faster_whisper(models_dir, deep=deep),
        _arousal(models_dir, deep=deep),
        _embeddings(models_dir, deep=deep),
    )


def _engine(
    name: str,
    distribution: str,
    module: str,
    purpose: str,
    attempt: Callable[[], str] | None,
    *,
    install: str = "",
) -> EngineStatus:
    install = install or distribution
    version = _version(distribution, module)
    if version is None:
        return EngineStatus(name=name, purpose=purpose, health="missing", hint=f"pip install {install}")
    if attempt is None:
        return EngineStatus(name=name, purpose=purpose, health="installed", version=version)
    try:
        detail = attempt()
    except SpeechQAError as error:
        return EngineStatus(
            name=name,
            purpose=purpose,
            health="broken",
            version=version,
            detail=error.message,
            hint=error.hint or "",
        )
    except Exception as error:
        # Whatever a native library throws at its first use is the answer to the question asked here.
        return EngineStatus(
            name=name,
            purpose=purpose,
            health="broken",
            version=version,
            detail=f"{type(error).__name__}: {error}",
            hint=f"pip install --force-reinstall {install}",
        )
    return EngineStatus(name=name, purpose=purpose, health="works", version=version, detail=detail)


def _version(distribution: str, module: str) -> str | None:
    if importlib.util.find_spec(module) is None:
        return None
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"


def _whisper(models_dir: Path | str | None, *, deep: bool) -> EngineStatus:
    status = _engine(
        "whisper",
        "openai-whisper",
        "whisper",
        "transcribes Hebrew and English",
        _try_whisper if deep else None,
    )
    if status.health not in ("works", "installed"):
        return status
    try:
        models = list_models(models_dir)
    except SpeechQAError as error:
        return EngineStatus(
            name=status.name,
            purpose=status.purpose,
            health="broken",
            version=status.version,
            detail=error.message,
            hint=error.hint or "",
        )
    here = [model.entry.name for model in models if model.state == "here"]
    waiting = [model.entry.name for model in models if model.state == "unaccepted"]
    parts = [status.detail, f"models here: {', '.join(here)}" if here else "no model here"]
    if waiting:
        parts.append(f"not accepted yet: {', '.join(waiting)}")
    hint = "" if here else "speechqa models list shows them, speechqa models pull NAME fetches one"
    return EngineStatus(
        name=status.name,
        purpose=status.purpose,
        health=status.health,
        version=status.version,
        detail="; ".join(part for part in parts if part),
        hint=hint,
    )


def _faster_whisper(models_dir: Path | str | None, *, deep: bool) -> EngineStatus:
    status = _engine(
        "faster-whisper",
        "ctranslate2",
        "ctranslate2",
        "the same models, faster",
        _try_ctranslate2 if deep else None,
    )
    if status.health not in ("works", "installed"):
        return status
    try:
        root = models_folder(models_dir)
        here = [one.entry.name for one in list_models(root) if fast_state(one.entry, root) == "here"]
    except SpeechQAError:  # told of beside whisper
        here = []
    told = f"models here: {', '.join(here)}" if here else "no model here in this form"
    return msgspec.structs.replace(
        status,
        detail="; ".join(part for part in (status.detail, told) if part),
        hint="" if here else "speechqa models convert CHECKPOINT.pt makes one of a Whisper model",
    )


def _arousal(models_dir: Path | str | None, *, deep: bool) -> EngineStatus:
    from speechqa.backends.arousal_card import read_card
    from speechqa.backends.onnx_arousal import OnnxArousal

    def one(path: Path) -> ArousalCard:
        card = read_card(path)
        if deep:
            OnnxArousal(path).check()
        return card

    purpose = "measures arousal, where you bring one"
    return _own("arousal", "arousal model", purpose, models_dir, one, deep=deep)


def _embeddings(models_dir: Path | str | None, *, deep: bool) -> EngineStatus:
    from speechqa.backends.embedding_card import read_embedding_card
    from speechqa.backends.onnx_embeddings import choose_embedder

    def one(path: Path) -> EmbeddingCard:
        card = read_embedding_card(path)
        if deep:
            choose_embedder(f"onnx:{path}")
        return card

    purpose = "finds by meaning what phrases do not, where you bring one"
    return _own("embedding", "embedding model", purpose, models_dir, one, deep=deep)


def _own(
    kind: str,
    name: str,
    purpose: str,
    models_dir: Path | str | None,
    one: Callable[[Path], ArousalCard | EmbeddingCard],
    *,
    deep: bool,
) -> EngineStatus:
    """Models of a kind of the user's own in the models folder; any other path may be named too."""
    from speechqa.backends.model_card import kind_of

    folder = models_folder(models_dir)
    here = []
    for path in sorted(folder.glob("*.onnx")):
        if kind_of(path) != kind:
            continue
        try:
            card = one(path)
        except SpeechQAError as error:
            return EngineStatus(
                name=name, purpose=purpose, health="broken", detail=error.message, hint=error.hint or ""
            )
        here.append(f"{card.name} ({path.name}, {card.licence})")
    detail = ", ".join(here) or f"none in {folder}; none is needed"
    return EngineStatus(
        name=name, purpose=purpose, health="works" if here and deep else "installed", detail=detail
    )


class _Hum:
    """A second of a quiet 120 Hz hum, as the sound of a call."""

    sample_rate = 16_000
    channels = 1
    duration = 1.0

    def read(self, _channel: int, start: float, end: float) -> Samples:
        times = np.arange(round(start * self.sample_rate), round(end * self.sample_rate)) / self.sample_rate
        return (0.05 * np.sin(2 * np.pi * 120.0 * times)).astype(np.float32)

    def close(self) -> None:
        """Nothing is held."""


def _try_silero() -> str:
    from speechqa.backends.silero import SileroVad

    SileroVad().detect(_Hum())
    return "ran on a second of sound"


def _try_onnx() -> str:
    import onnxruntime

    return "providers: " + ", ".join(onnxruntime.get_available_providers())


def _try_pocketsphinx() -> str:
    from speechqa.backends.pocketsphinx import PocketsphinxTranscriber

    PocketsphinxTranscriber().transcribe(_Hum(), [(Segment(0.0, 1.0),)], language="en")
    return "ran on a second of sound"


def _try_resemblyzer() -> str:
    from speechqa.backends.resemblyzer import ResemblyzerEmbedder

    whole = (Segment(0.0, 1.0),)
    ResemblyzerEmbedder().embed(_Hum(), 0, whole, whole)
    return "ran on a second of sound"


def _try_ctranslate2() -> str:
    from speechqa.backends.fast_encoder import suits
    from speechqa.backends.fast_loading import manner, require_engine

    require_engine()
    how = manner()
    if how.device == "cuda":
        return f"GPU: {how.compute}"
    encoding = ", encoding in bfloat16" if how.exact and suits() else ""
    return f"CPU: {how.compute}{encoding}, a batch a core, {how.hands} at a time"


def _try_whisper() -> str:
    import torch
    import whisper  # noqa: F401 - whether it imports is the question

    return f"torch {torch.__version__}, {'GPU' if torch.cuda.is_available() else 'CPU'}"
