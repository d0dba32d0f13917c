"""Chooses the engine for a run: never a lesser one than asked for, and never by fetching anything."""

from __future__ import annotations

from pathlib import Path

from speechqa.backends.manifest import find_entry, load_manifest, models_folder
from speechqa.backends.model_files import ModelStatus, absent, file_digest, list_models, model_status, verify
from speechqa.errors import ModelError, ModelNotFound, UsageError
from speechqa.protocols import Transcriber

ENGINES = ("auto", "none", "pocketsphinx", "whisper")

_WAYS_ON = (
    "Fetch a model once (speechqa models pull large-v3-turbo), bring transcripts (--transcripts DIR), "
    "measure voices only (--engine none), or try it out in English with a draft (--engine pocketsphinx)."
)


def choose_engine(
    spec: str,
    language: str | None = None,
    models_dir: Path | str | None = None,
    *,
    threads: int | None = None,
) -> Transcriber | None:
    """The transcriber that `spec` names; None for `none`.

    The model's file is read through once and its digest compared; the engine itself loads on first use. The
    result can be pickled and sent to a worker.

    Parameters
    ----------
    spec : str
        `auto`: the best model that is here and suits the language, never a draft engine. `none`.
        `pocketsphinx`. `whisper`: the same as `auto`, among Whisper models. `whisper:NAME` of the manifest.
        `whisper:PATH` of a checkpoint; its own digest then goes into the documents.
    language : str or None
        ISO 639-1 code of the calls; None or `auto` if the engine is to tell.
    models_dir : path, optional
        The models folder; else the variable `SPEECHQA_MODELS`, else `models` here.
    threads : int, optional
        Threads the engine may use in a process.

    Raises
    ------
    UsageError
        If there is no such engine.
    ModelNotFound
        If no model is here that may be taken; the hint names the ways on.
    ModelDigestMismatch
        If the model file is not the one it should be.
    ModelError
        If the engine or model does not know the language.
    """
    wanted = None if language in (None, "auto") else language
    engine, _, model = spec.strip().partition(":")
    if engine not in ENGINES or (model and engine != "whisper") or spec.strip().endswith(":"):
        raise UsageError(
            "there is no such engine",
            found=repr(spec),
            expected="auto, none, pocketsphinx, whisper, whisper:NAME or whisper:PATH",
            hint="See speechqa models list for names.",
        )
    if engine == "none":
        return None
    if engine == "pocketsphinx":
        return _pocketsphinx(wanted)
    if not model:
        return _best_whisper(wanted, models_folder(models_dir), threads)
    return _named_whisper(model, wanted, models_folder(models_dir), threads)


def _pocketsphinx(language: str | None) -> Transcriber:
    if language not in (None, "en"):
        raise ModelError(
            "pocketsphinx knows English only",
            found=f"language {language!r}",
            hint="Use a Whisper model (speechqa models list) or bring transcripts with --transcripts.",
        )
    from speechqa.backends.pocketsphinx import PocketsphinxTranscriber

    return PocketsphinxTranscriber()


def _best_whisper(language: str | None, root: Path, threads: int | None) -> Transcriber:
    here = [status for status in list_models(root) if status.state == "here"]
    suitable = [status for status in here if status.entry.suits(language)]
    if not suitable:
        raise ModelNotFound(
            "no model is here to transcribe with",
            where=str(root),
            found=_what_is_here(list_models(root), language),
            hint=_WAYS_ON,
        )
    best = max(suitable, key=lambda status: status.entry.rank)
    return _from_manifest(best.entry.name, language, root, threads)


def _what_is_here(models: tuple[ModelStatus, ...], language: str | None) -> str:
    notes = []
    for status in models:
        name = status.entry.name
        if status.state == "unaccepted":
            notes.append(f"{name}, not accepted yet (speechqa models verify {name} --accept)")
        elif status.state == "here":
            aim = language or "telling Hebrew from English; name a language with --language"
            notes.append(f"{name}, which is not good enough for {aim}")
    return "; ".join(notes) or "no model of the manifest"


def _named_whisper(model: str, language: str | None, root: Path, threads: int | None) -> Transcriber:
    if model in {entry.name for entry in load_manifest(root)}:
        return _from_manifest(model, language, root, threads)
    path = Path(model)
    if "/" not in model and "\\" not in model and path.suffix != ".pt":
        find_entry(model, root)  # raises, naming the models there are
    if path.is_dir():
        raise ModelError(
            "a folder is no checkpoint of openai-whisper",
            where=model,
            expected="a .pt file",
            hint=f"If it holds a model in Hugging Face's form: speechqa models convert {model} NAME",
        )
    digest = file_digest(path)
    name = path.name
    for status in list_models(root):
        # A copy of a known model elsewhere is that model, with what the manifest knows of its languages.
        if status.expected_sha256 == digest:
            return _transcriber(path, status.entry.name, digest, status.entry.languages, language, threads)
    return _transcriber(path, name, digest, ("he", "en"), language, threads)


def _from_manifest(name: str, language: str | None, root: Path, threads: int | None) -> Transcriber:
    status = model_status(name, root)
    if status.state == "absent":
        raise absent(status.entry, Path(status.path))
    verified = verify(name, root)
    return _transcriber(Path(verified.path), name, verified.sha256, status.entry.languages, language, threads)


def _transcriber(
    path: Path, name: str, digest: str, languages: tuple[str, ...], language: str | None, threads: int | None
) -> Transcriber:
    from speechqa.backends.whisper import WhisperTranscriber

    if language is None and len(languages) < 2:
        raise ModelError(
            f"the model {name} cannot tell languages apart",
            expected="the language of the calls",
            hint=f"Say it: --language {languages[0]}",
        )
    if language is not None and language not in languages:
        raise ModelError(
            f"the model {name} is not for this language",
            found=f"language {language!r}",
            expected=" or ".join(languages),
            hint="See speechqa models list for others.",
        )
    return WhisperTranscriber(path, name=name, sha256=digest, languages=languages, threads=threads)
