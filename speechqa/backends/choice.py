"""Chooses the engine for a run: never a lesser one than asked for, and never by fetching anything."""

from __future__ import annotations

from pathlib import Path

from speechqa.backends import fast_models
from speechqa.backends.manifest import ModelEntry, find_entry, load_manifest, models_folder
from speechqa.backends.model_files import (
    absent,
    file_digest,
    list_models,
    model_status,
    recorded_digest,
    verify,
)
from speechqa.errors import EngineUnavailable, ModelError, ModelNotFound, UsageError
from speechqa.protocols import Transcriber

ENGINES = ("auto", "faster-whisper", "none", "pocketsphinx", "whisper")

_WAYS_ON = (
    "Fetch a model once (speechqa models pull large-v3-turbo), bring transcripts (--transcripts DIR), "
    "measure voices only (--engine none), or try it out in English with a draft (--engine pocketsphinx)."
)

_INSTALL = "pip install 'speechqa[fast]'"


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
        `auto`: the best model that is here and suits the language, in its fast form where that is here
        too, never a draft engine. `none`. `pocketsphinx`. `whisper`: the same as `auto`, among checkpoints.
        `whisper:NAME` of the manifest. `whisper:PATH` of a checkpoint; its own digest then goes into the
        documents. `faster-whisper`, `faster-whisper:NAME`, `faster-whisper:PATH` of a folder: the same
        among models in their fast form.
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
    EngineUnavailable
        If the engine that was named is not installed.
    ModelNotFound
        If no model is here that may be taken; the hint names the ways on.
    ModelDigestMismatch
        If the model file is not the one it should be.
    ModelError
        If the engine or model does not know the language.
    """
    wanted = None if language in (None, "auto") else language
    engine, _, model = spec.strip().partition(":")
    if engine not in ENGINES or (model and "whisper" not in engine) or spec.strip().endswith(":"):
        raise UsageError(
            "there is no such engine",
            found=repr(spec),
            expected="auto, none, pocketsphinx, whisper, faster-whisper; these two also with :NAME or :PATH",
            hint="See speechqa models list for names.",
        )
    if engine == "none":
        return None
    if engine == "faster-whisper" and not fast_models.installed():
        raise EngineUnavailable("the engine faster-whisper is not installed", hint=_INSTALL)
    if engine == "pocketsphinx":
        return _pocketsphinx(wanted)
    if not model:
        return _best_whisper(engine, wanted, models_folder(models_dir), threads)
    if engine == "faster-whisper":
        return _named_fast(model, wanted, models_folder(models_dir), threads)
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


def _best_whisper(engine: str, language: str | None, root: Path, threads: int | None) -> Transcriber:
    fast_too, slow_too = engine != "whisper", engine != "faster-whisper"
    known = [status for status in list_models(root) if status.entry.suits(language)]
    fast = {
        status.entry.name
        for status in known
        if fast_too and fast_models.installed() and fast_models.fast_state(status.entry, root) == "here"
    }
    suitable = [
        status for status in known if status.entry.name in fast or (slow_too and status.state == "here")
    ]
    if not suitable and not slow_too:
        raise ModelNotFound(
            "no model that suits is here in its fast form",
            where=str(root),
            hint="Make it once of a checkpoint: speechqa models convert CHECKPOINT.pt",
        )
    if not suitable:
        raise ModelNotFound(
            "no model is here to transcribe with",
            where=str(root),
            found=_what_is_here(language, root, fast_too=fast_too),
            hint=_WAYS_ON,
        )
    best = max(suitable, key=lambda status: status.entry.rank)
    if best.entry.name in fast:
        # The same weights: what an operator converted is there to be used.
        return _fast_from_manifest(best.entry, language, root, threads)
    return _from_manifest(best.entry.name, language, root, threads)


def _fast_from_manifest(
    entry: ModelEntry, language: str | None, root: Path, threads: int | None
) -> Transcriber:
    verified = fast_models.verify_fast(entry, root)
    return _transcriber(
        Path(verified.path), entry.name, verified.sha256, entry.languages, language, threads, fast=True
    )


def _named_fast(model: str, language: str | None, root: Path, threads: int | None) -> Transcriber:
    if model in {entry.name for entry in load_manifest(root)}:
        return _fast_from_manifest(find_entry(model, root), language, root, threads)
    path = Path(model)
    if "/" not in model and "\\" not in model and not path.exists():
        find_entry(model, root)  # raises, naming the models there are
    if path.is_file():
        raise ModelError(
            "a file is no model in CTranslate2's form",
            where=model,
            expected="a folder",
            hint=f"Of a checkpoint one can be made: speechqa models convert {model}",
        )
    digest = fast_models.folder_digest(path)
    for entry in load_manifest(root):
        # A copy of a known model elsewhere is that model, with what the manifest knows of its languages.
        if fast_models.fast_state(entry, root) == "here" and _record(entry, root) == digest:
            return _transcriber(path, entry.name, digest, entry.languages, language, threads, fast=True)
    return _transcriber(path, path.name, digest, ("he", "en"), language, threads, fast=True)


def _record(entry: ModelEntry, root: Path) -> str | None:
    return recorded_digest(fast_models.fast_folder(entry, root))


def _what_is_here(language: str | None, root: Path, *, fast_too: bool) -> str:
    notes = []
    for status in list_models(root):
        name = status.entry.name
        fast = fast_too and fast_models.fast_state(status.entry, root) == "here"
        if fast and status.entry.suits(language) and not fast_models.installed():
            notes.append(f"{name} in its fast form, which needs the engine: {_INSTALL}")
        elif status.state == "unaccepted":
            notes.append(f"{name}, not accepted yet (speechqa models verify {name} --accept)")
        elif fast or status.state == "here":
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
            hint=f"In Hugging Face's form: speechqa models convert {model} NAME; "
            f"in CTranslate2's: --engine faster-whisper:{model}",
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
    path: Path,
    name: str,
    digest: str,
    languages: tuple[str, ...],
    language: str | None,
    threads: int | None,
    *,
    fast: bool = False,
) -> Transcriber:
    from speechqa.backends.faster_whisper import FasterWhisperTranscriber
    from speechqa.backends.whisper import WhisperTranscriber
    from speechqa.backends.whisper_languages import require_language

    require_language(language, languages, name, path)
    kind = FasterWhisperTranscriber if fast else WhisperTranscriber
    return kind(path, name=name, sha256=digest, languages=languages, threads=threads)
