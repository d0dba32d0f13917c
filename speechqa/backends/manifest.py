"""The list of models speechqa knows, and where models lie on this machine."""

from __future__ import annotations

import os
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from speechqa.core.value import Value, require
from speechqa.errors import ConfigurationError, ModelNotFound

MODELS_VARIABLE = "SPEECHQA_MODELS"
MANIFEST_NAME = "manifest.toml"

ModelFormat = Literal["openai-pt", "huggingface", "ctranslate2", "ggml"]

_PLAIN_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class ModelEntry(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of the manifest; models.toml explains the fields."""

    name: str
    engine: Literal["whisper"]
    format: ModelFormat
    file: str
    rank: int
    languages: tuple[str, ...]
    licence: str
    source: str
    weak_languages: tuple[str, ...] = ()
    size_mb: int | None = None
    url: str = ""
    sha256: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        require(
            bool(_NAME.fullmatch(self.name)),
            f"name must be plain letters, digits and ._-/, found {self.name!r}",
        )
        # A file name from a manifest becomes a path that is written to: nothing but a plain name will do.
        require(
            not self.file or bool(_PLAIN_FILE.fullmatch(self.file)),
            f"file must be a plain file name without a folder, found {self.file!r}",
        )
        require(
            not self.sha256 or bool(_DIGEST.fullmatch(self.sha256)),
            f"sha256 must be 64 hexadecimal digits in lower case or empty, found {self.sha256!r}",
        )
        require(
            not self.url or self.url.startswith(("https://", "http://", "file://")),
            f"url must start with https://, http:// or file://, found {self.url!r}",
        )
        require(bool(self.languages), "languages must name at least one language")

    @property
    def usable(self) -> bool:
        """Whether an adapter of this version can read the model, as published or once converted."""
        return bool(self.file)

    def suits(self, language: str | None) -> bool:
        """Whether `--engine auto` may take the model for calls in `language`, None when not known."""
        wanted = ("he", "en") if language is None else (language,)
        return self.usable and set(wanted) <= set(self.languages) - set(self.weak_languages)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: tuple[ModelEntry, ...] = ()


def models_folder(given: Path | str | None = None) -> Path:
    """The models folder: the one given, else of the variable `SPEECHQA_MODELS`, else `models` here."""
    return Path(given or os.environ.get(MODELS_VARIABLE) or "models")


def load_manifest(folder: Path | str | None = None) -> tuple[ModelEntry, ...]:
    """The manifest of the models folder, else the packaged one, in its own order.

    Raises
    ------
    ConfigurationError
        If the manifest in the folder cannot be read or names a model twice.
    """
    own = models_folder(folder) / MANIFEST_NAME
    if own.is_file():
        where, data = str(own), _read(own)
    else:
        where = "the packaged manifest"
        data = resources.files(__package__ or "speechqa.backends").joinpath("models.toml").read_bytes()
    try:
        entries = msgspec.convert(tomllib.loads(data.decode("utf-8")), _File).model
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ConfigurationError(
            "the model manifest cannot be read",
            where=where,
            found=str(error),
            hint="Compare it with the manifest in the speechqa repository, or remove it to use the packaged.",
        ) from error
    names = [entry.name for entry in entries]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(
            "the model manifest names a model twice", where=where, found=", ".join(twice)
        )
    return entries


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            "the model manifest cannot be opened", where=str(path), found=error.strerror or str(error)
        ) from error


def find_entry(name: str, folder: Path | str | None = None) -> ModelEntry:
    """The manifest's entry of that name.

    Raises
    ------
    ModelNotFound
        If the manifest has no such model.
    """
    entries = load_manifest(folder)
    plain = name.removeprefix("whisper:")  # as --engine takes it
    for entry in entries:
        if entry.name == plain:
            return entry
    raise ModelNotFound(
        "the manifest has no such model",
        found=repr(name),
        expected="one of " + ", ".join(entry.name for entry in entries if entry.usable),
        hint="See speechqa models list.",
    )
