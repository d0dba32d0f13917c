"""Keyed digests of masked numbers: a call is found by a number that is nowhere kept.

A number has too few values for a plain hash: all of them can be tried. So the digest is keyed (HMAC-SHA-256,
RFC 2104), and the key lies apart from the store: in the environment, or in a file that its owner alone may
read. Codes are never digested: nobody is found by one, and a security code may not be kept in any form.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from speechqa.core.masks import MaskKind
from speechqa.errors import ConfigurationError
from speechqa.privacy.phones import national
from speechqa.privacy.spoken_numbers import spoken_digits

KEY_VARIABLE = "SPEECHQA_NUMBER_KEY"
"""The key itself, at least 32 hexadecimal digits."""

FILE_VARIABLE = "SPEECHQA_NUMBER_KEY_FILE"
"""Path of a file with the key."""

_LEAST_BYTES = 16
_NEW_BYTES = 32
_LEAST_DIGITS = 5


class NumberKey:
    """A secret under which numbers are digested; it never shows itself in a message or a representation."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _LEAST_BYTES:
            raise ConfigurationError(
                "The key for masked numbers is too short",
                found=f"{len(secret)} bytes",
                expected=f"at least {_LEAST_BYTES}",
                hint="Make one with `speechqa number-key`.",
            )
        self._secret = secret

    def __repr__(self) -> str:
        return "NumberKey(...)"

    @property
    def mark(self) -> str:
        """What tells this key from another and gives nothing of it away."""
        return self._digest("speechqa: which key")

    def digests(self, kind: MaskKind, number: str) -> frozenset[str]:
        """The digests of a number that was masked; none for codes and for what is too short."""
        if kind == "code":
            return frozenset()
        return frozenset(self._digest(form) for form in forms_of(number))

    def asked(self, number: str) -> frozenset[str]:
        """The digests under which a number that somebody asks for may have been kept."""
        forms = forms_of(number) | forms_of(spoken_digits(number))
        return frozenset(self._digest(form) for form in forms)

    def _digest(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def forms_of(number: str) -> frozenset[str]:
    """What a number is compared as: its digits without leading zeros; a phone's also without its country.

    Examples
    --------
    >>> forms_of("052-123 4567") & forms_of("+972 52 1234567")
    frozenset({'521234567'})
    >>> forms_of("Dana@Example.com")
    frozenset({'dana@example.com'})
    """
    plain = number.strip().casefold()
    if "@" in plain:
        return frozenset({"".join(plain.split())})
    digits = "".join(char for char in plain if char.isdecimal() and char.isascii())
    if len(digits) < _LEAST_DIGITS:
        return frozenset()
    forms = {digits.lstrip("0") or digits}
    home = national(digits)
    if home is not None:
        forms.add(home)
    return frozenset(forms)


def number_key(environment: Mapping[str, str] = os.environ) -> NumberKey | None:
    """The key that is set, None where none is.

    `SPEECHQA_NUMBER_KEY` holds it, or `SPEECHQA_NUMBER_KEY_FILE` names its file; without either the file of
    `default_key_file` is taken where it exists.

    Raises
    ------
    ConfigurationError
        If the file that is named is absent, others may read it, or it holds no key.
    """
    given = environment.get(KEY_VARIABLE)
    if given:
        return _read(given, KEY_VARIABLE)
    named = environment.get(FILE_VARIABLE)
    path = Path(named).expanduser() if named else default_key_file(environment)
    if not named and not path.exists():
        return None
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(4096)
    except OSError as error:
        raise ConfigurationError(
            f"The key for masked numbers cannot be read: {error.strerror}",
            where=str(path),
            hint=f"Make one with `speechqa number-key`, or correct {FILE_VARIABLE}.",
        ) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise ConfigurationError(
            "Others may read the key for masked numbers",
            where=str(path),
            found=f"mode {stat.S_IMODE(mode):03o}",
            expected="600",
            hint="chmod 600 it; if others may have read it, make another key.",
        )
    return _read(content.decode("ascii", "replace"), str(path))


def default_key_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the key lies unless told otherwise: in the user's own settings, apart from any store."""
    base = environment.get("XDG_CONFIG_HOME")
    folder = Path(base) if base else Path("~/.config").expanduser()
    return folder / "speechqa" / "number.key"


def make_key(path: Path) -> None:
    """Write a new key that its owner alone may read.

    Raises
    ------
    ConfigurationError
        If there is a file already, which is never overwritten, or it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise ConfigurationError(
            "There is a key already; without it no call is found by a number any more",
            where=str(path),
            hint="Move it away first if it must be replaced, and analyse the calls again.",
        ) from None
    except OSError as error:
        raise ConfigurationError(f"The key cannot be written: {error.strerror}", where=str(path)) from error
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_NEW_BYTES) + "\n")
    except OSError as error:
        path.unlink(missing_ok=True)  # half a key would be taken for one
        raise ConfigurationError(f"The key cannot be written: {error.strerror}", where=str(path)) from error


def _read(text: str, where: str) -> NumberKey:
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        raise ConfigurationError(
            "The key for masked numbers is no hexadecimal number",
            where=where,
            expected=f"at least {2 * _LEAST_BYTES} digits 0 to f",
            hint="Make one with `speechqa number-key`.",
        ) from None
    return NumberKey(secret)
