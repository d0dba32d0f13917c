"""The key under which masked numbers are digested: made, and asked with."""

from __future__ import annotations

from pathlib import Path

from speechqa.errors import ConfigurationError, UsageError


def key_mark() -> tuple[str, ...]:
    """What tells the key in use from another, for fingerprints; nothing without one.

    A call that was analysed under no key, or another one, is not done: its numbers could not be found.
    """
    from speechqa.privacy.number_keys import number_key

    key = number_key()
    return () if key is None else (key.mark,)


def digests_of(number: str) -> tuple[str, ...]:
    """The digests under which calls are found in which a number was masked.

    Parameters
    ----------
    number : str
        Telephone, card, ID, account, passport or licence number, IBAN or e-mail address, written or spoken.

    Raises
    ------
    ConfigurationError
        If no key is set: then no digest was ever kept.
    UsageError
        If it is no number; the message does not repeat it.
    """
    from speechqa.privacy.number_keys import number_key

    key = number_key()
    if key is None:
        raise ConfigurationError(
            "No key is set, so no call can be found by a number that was masked",
            expected="SPEECHQA_NUMBER_KEY, SPEECHQA_NUMBER_KEY_FILE, or the file of `speechqa number-key`",
            hint="Make a key with `speechqa number-key` and analyse the calls again.",
        )
    found = key.asked(number)
    if not found:
        raise UsageError(
            "This is no number a call can be found by",
            expected="at least five digits, or an e-mail address",
        )
    return tuple(sorted(found))


def new_key(path: Path | None) -> Path:
    """Make a key in a file of its owner's alone, by default in the user's settings; the path it has."""
    from speechqa.privacy.number_keys import default_key_file, make_key

    chosen = path or default_key_file()
    make_key(chosen)
    return chosen
