"""Model files on this machine: which are here, whether they are the right bytes, and how to fetch one.

Nothing here runs unasked. An engine reads a file only after its digest was compared, in this process, with
the manifest's; where the manifest has none, with the one recorded when the operator first accepted it.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from speechqa.backends.manifest import ModelEntry, find_entry, load_manifest, models_folder
from speechqa.core.value import Value
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound

ModelState = Literal["absent", "here", "unaccepted"]
"""`unaccepted`: the file is here, but neither the manifest nor a record says which bytes it must be."""

_RECORD = re.compile(r"([0-9a-f]{64})\b")


class ModelStatus(Value, frozen=True, kw_only=True):
    """A model of the manifest and whether its file is here; the file itself was not read for this.

    `expected_sha256` is the manifest's digest or the recorded one, None where there is neither.
    """

    entry: ModelEntry
    path: str
    state: ModelState
    size_bytes: int | None = None
    expected_sha256: str | None = None


class Verified(Value, frozen=True, kw_only=True):
    """A model file whose bytes were read and compared."""

    name: str
    path: str
    sha256: str


def list_models(folder: Path | str | None = None) -> tuple[ModelStatus, ...]:
    """All models of the manifest in its order, with what is here of them. Reads no model file."""
    root = models_folder(folder)
    return tuple(_status(entry, root) for entry in load_manifest(root))


def model_status(name: str, folder: Path | str | None = None) -> ModelStatus:
    """What is here of one model.

    Raises
    ------
    ModelNotFound
        If the manifest has no such model.
    """
    root = models_folder(folder)
    return _status(find_entry(name, root), root)


def _status(entry: ModelEntry, root: Path) -> ModelStatus:
    path = root / entry.file if entry.file else root
    expected = entry.sha256 or recorded_digest(path)
    if not entry.file or not path.is_file():
        return ModelStatus(entry=entry, path=str(path), state="absent", expected_sha256=expected)
    return ModelStatus(
        entry=entry,
        path=str(path),
        state="here" if expected else "unaccepted",
        size_bytes=path.stat().st_size,
        expected_sha256=expected,
    )


def verify(name: str, folder: Path | str | None = None) -> Verified:
    """Read a model file through and compare its digest.

    Raises
    ------
    ModelNotFound
        If the manifest has no such model or its file is not here.
    ModelDigestMismatch
        If the bytes are not the ones expected.
    ModelError
        If nothing says which bytes are expected.
    """
    status = model_status(name, folder)
    if status.state == "absent":
        raise absent(status.entry, Path(status.path))
    if status.expected_sha256 is None:
        raise ModelError(
            "nothing says which bytes this model file must be",
            where=status.path,
            found=f"sha256 {file_digest(Path(status.path))}",
            expected="a digest in the manifest or an accepted one",
            hint=f"If you trust where it came from, accept it once: speechqa models verify {name} --accept",
        )
    return Verified(
        name=name, path=status.path, sha256=require_digest(Path(status.path), status.expected_sha256)
    )


def accept(name: str, folder: Path | str | None = None) -> Verified:
    """Record the digest of a model file the manifest has none for; from then on it must not change.

    Trust on first use: this says that the file stays the same, not that it was right to begin with.

    Raises
    ------
    ModelNotFound
        If the manifest has no such model or its file is not here.
    ModelDigestMismatch
        If the manifest or an earlier record has another digest.
    """
    status = model_status(name, folder)
    if status.state == "absent":
        raise absent(status.entry, Path(status.path))
    if status.expected_sha256 is not None:
        return verify(name, folder)
    path = Path(status.path)
    digest = file_digest(path)
    record_digest(path, digest)
    return Verified(name=name, path=str(path), sha256=digest)


def absent(entry: ModelEntry, path: Path) -> ModelNotFound:
    """The error for a model of the manifest that is not here, with the way to get it."""
    if entry.url:
        hint = f"Fetch it once: speechqa models pull {entry.name}"
    elif entry.format == "huggingface":
        hint = f"Download the folder from {entry.source}, then: speechqa models convert FOLDER {entry.name}"
    elif entry.format == "ctranslate2":
        hint = f"Download the folder from {entry.source}, then: --engine faster-whisper:FOLDER"
    else:
        hint = f"This version reads no {entry.format} models. {entry.note}".strip()
    return ModelNotFound("the model is not here", where=str(path), found="no such file", hint=hint)


def require_digest(path: Path, expected: str) -> str:
    """The digest of the file, which must be `expected`.

    Raises
    ------
    ModelDigestMismatch
        If it is another.
    """
    hint = "Remove the file and fetch it again; do not use it."
    return same_digest("file", path, file_digest(path), expected, hint=hint)


def same_digest(what: str, path: Path, found: str, expected: str, *, hint: str) -> str:
    """The digest that was found of a model, which must be `expected`.

    Raises
    ------
    ModelDigestMismatch
        If it is another; `hint` says what to do then.
    """
    if found != expected:
        raise ModelDigestMismatch(
            f"the model {what} is not the one it should be",
            where=str(path),
            found=f"sha256 {found}",
            expected=f"sha256 {expected}",
            hint=hint,
        )
    return found


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; a file is read once a process unless it changes.

    Raises
    ------
    ModelNotFound
        If there is no such file.
    ModelError
        If it cannot be read.
    """
    try:
        real = path.resolve(strict=True)
        if not real.is_file():
            raise ModelError("a model is a file", where=str(path), found="something else")
        about = real.stat()
        # The change time is in the key because, unlike the modification time, nobody can set it back.
        return _digest(str(real), about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    except FileNotFoundError as error:
        raise ModelNotFound("there is no such model file", where=str(path)) from error
    except OSError as error:
        raise ModelError(
            "the model file cannot be read", where=str(path), found=error.strerror or str(error)
        ) from error


@lru_cache(maxsize=32)
def _digest(path: str, _inode: int, _size: int, _modified: int, _changed: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record_path(path: Path) -> Path:
    """Where the accepted digest of a model file is kept: beside it, in the form `sha256sum` reads."""
    return path.with_name(path.name + ".sha256")


def recorded_digest(path: Path) -> str | None:
    """The accepted digest of a model file, None where none was recorded."""
    try:
        text = record_path(path).read_text(encoding="ascii", errors="replace")[:200]
    except OSError:
        return None
    match = _RECORD.match(text)
    return match.group(1) if match else None


def record_digest(path: Path, digest: str) -> None:
    """Keep the digest of a model file beside it."""
    record = record_path(path)
    draft = record.with_name(record.name + ".new")
    draft.write_text(f"{digest}  {path.name}\n", encoding="ascii")
    os.replace(draft, record)  # noqa: PTH105 - atomic, also where the record exists
