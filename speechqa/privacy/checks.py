"""Check digits and issuers: which digits can be a card, an Israeli ID, an account."""

from __future__ import annotations

from stdnum import iban, luhn
from stdnum.il import idnr

CARD_LENGTHS = range(13, 20)
"""Digits of a payment card number, ISO/IEC 7812-1."""

_ISSUERS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (16, 13, 19)),
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),
    ("37", "37", (15,)),
    ("36", "36", (14, 16)),
    ("38", "39", (14, 16)),
    ("300", "305", (14, 16)),
    ("3528", "3589", (16,)),
    ("6", "6", (16, 19, 18, 17)),
    ("50", "50", (16, 19, 18, 17)),
    ("56", "58", (16, 19, 18, 17)),
    ("81", "82", (16,)),
)


def is_card(digits: str) -> bool:
    """Whether the length and the check digit are a card's."""
    return len(digits) in CARD_LENGTHS and bool(luhn.is_valid(digits))


def issuer_lengths(digits: str) -> tuple[int, ...]:
    """Lengths a card that begins so may have, the most usual first; empty for no known issuer.

    Examples
    --------
    >>> issuer_lengths("37"), issuer_lengths("9")
    ((15,), ())
    """
    for low, high, lengths in _ISSUERS:
        if low <= digits[: len(low)] <= high and len(digits) >= len(low):
            return lengths
    return ()


def is_israeli_id(digits: str) -> bool:
    """Whether 5 to 9 digits are an Israeli ID number, with leading zeros as left out in speech."""
    return 5 <= len(digits) <= 9 and bool(idnr.is_valid(digits.zfill(9)))


def is_iban(account: str) -> bool:
    """Whether this is an IBAN of a known country with the right length and check digits."""
    return bool(iban.is_valid(account))
