"""Cards beside models of the user's own: a TOML file with the model's name, read into values."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from speechqa.core.plain import printable
from speechqa.core.value import Value, require
from speechqa.errors import ModelError, ModelNotFound

_LARGEST_CARD = 2**16

Card = TypeVar("Card", bound=Value)


def read_model_card(model: Path, kind: type[Card], *, what: str, documented: str) -> Card:
    """The card beside a model file.

    Parameters
    ----------
    kind : type
        What the card says, with its bounds.
    what : str
        What the model is called in errors, as "arousal model".
    documented : str
        Where it is written what a card must be.

    Raises
    ------
    ModelNotFound
        If there is none.
    ModelError
        If it is no card.
    """
    path = model.with_suffix(".toml")
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_CARD + 1)
    except OSError as error:
        raise ModelNotFound(
            f"The {what} has no card",
            where=printable(str(path)),
            found=error.strerror or "no such file",
            expected="a TOML file with the model's name",
            hint=documented,
        ) from error
    try:
        if len(data) > _LARGEST_CARD:
            raise ValueError(f"more than {_LARGEST_CARD} bytes")
        return msgspec.convert(tomllib.loads(data.decode("utf-8")), kind)
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"The {what}'s card cannot be followed",
            where=printable(str(path)),
            found=printable(str(error), limit=300),
            expected="the keys of a card",
            hint=documented,
        ) from error


def kind_of(model: Path) -> str:
    """What kind of model a file's card says it is; `arousal` where it says none, or cannot be read."""
    try:
        with model.with_suffix(".toml").open("rb") as file:
            said = tomllib.loads(file.read(_LARGEST_CARD).decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return "arousal"
    # Models that come with speechqa lie in the same folder of a checkout: their cards alone name features.
    return str(said.get("kind", "speechqa" if "features" in said else "arousal"))


def require_texts(card: Value, *keys: str) -> None:
    """Require that each of these fields is printable text of 1 to 200 letters."""
    for key in keys:
        text = getattr(card, key)
        require(
            0 < len(text.strip()) <= 200 and text.isprintable(),
            f"{key} must be printable text of 1 to 200 letters, found {text[:50]!r}",
        )


def require_digest(sha256: str) -> None:
    """Require a SHA-256 in lower case, or nothing."""
    require(
        not sha256 or (len(sha256) == 64 and set(sha256) <= set("0123456789abcdef")),
        f"sha256 must be 64 hexadecimal digits in lower case or empty, found {printable(sha256)!r}",
    )
