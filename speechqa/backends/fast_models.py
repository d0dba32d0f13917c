"""Whisper models in CTranslate2's form: folders beside the checkpoints, and which bytes they must be.

What `speechqa models convert` makes of ``small.pt`` lies in ``small.ct2``; the digest of the folder is kept
beside it in ``small.ct2.sha256``. It covers the files that engines read, and nothing else that lies there.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from speechqa.backends.manifest import ModelEntry
from speechqa.backends.model_files import (
    ModelState,
    Verified,
    file_digest,
    record_path,
    recorded_digest,
    same_digest,
)
from speechqa.errors import ModelError, ModelNotFound

NEEDED = ("config.json", "model.bin")
_READ = (*NEEDED, "preprocessor_config.json", "tokenizer.json", "vocabulary.json", "vocabulary.txt")


def installed() -> bool:
    """Whether the engine for such folders is installed; it is not loaded for that."""
    return importlib.util.find_spec("ctranslate2") is not None


def fast_folder(entry: ModelEntry, root: Path) -> Path:
    """Where the fast form of a manifest's model lies."""
    return root / f"{Path(entry.file).stem or entry.name.rpartition('/')[2]}.ct2"


def fast_state(entry: ModelEntry, root: Path) -> ModelState:
    """What is here of a model's fast form; no file is read for this but the record."""
    folder = fast_folder(entry, root)
    if not entry.usable or not all((folder / name).is_file() for name in NEEDED):
        return "absent"
    return "here" if recorded_digest(folder) else "unaccepted"


def verify_fast(entry: ModelEntry, root: Path) -> Verified:
    """Read the fast form of a model through and compare its digest.

    Raises
    ------
    ModelNotFound
        If it is not here.
    ModelError
        If nothing says which bytes it must have.
    ModelDigestMismatch
        If it has others.
    """
    folder = fast_folder(entry, root)
    state = fast_state(entry, root)
    if state == "absent":
        raise ModelNotFound(
            "the fast form of the model is not here",
            where=str(folder),
            hint=f"Make it once of the checkpoint: speechqa models convert CHECKPOINT.pt {entry.name}",
        )
    expected = recorded_digest(folder)
    if expected is None:
        raise ModelError(
            "nothing says which bytes this model must have",
            where=str(folder),
            expected=f"a digest in {record_path(folder).name}",
            hint="Remove the folder and convert the checkpoint again.",
        )
    return Verified(name=entry.name, path=str(folder), sha256=require_folder_digest(folder, expected))


def folder_digest(folder: Path) -> str:
    """SHA-256 over the names and digests of the files that engines read, as `sha256sum` would print them.

    Raises
    ------
    ModelNotFound
        If it lacks a file that no model can do without.
    """
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise ModelNotFound(
            "the folder holds no model in CTranslate2's form",
            where=str(folder),
            expected=" and ".join(NEEDED),
            hint="Make one of a checkpoint: speechqa models convert CHECKPOINT.pt",
        )
    lines = [f"{file_digest(folder / name)}  {name}\n" for name in _READ if (folder / name).is_file()]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def require_folder_digest(folder: Path, expected: str) -> str:
    """The digest of the folder, which must be `expected`.

    Raises
    ------
    ModelDigestMismatch
        If it is another.
    """
    hint = "Remove the folder and convert the checkpoint again; do not use it."
    return same_digest("folder", folder, folder_digest(folder), expected, hint=hint)
