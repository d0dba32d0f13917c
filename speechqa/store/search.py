"""Text as it is searched: what was said with everything taken off that people type in different ways."""

from __future__ import annotations

import hashlib
import unicodedata

import regex

from speechqa.core.analysis import Document, FailedCall
from speechqa.errors import UsageError

BETWEEN_TURNS = "\ue000"
"""A word nobody says, put between turns so that no phrase is found across two of them."""

LONG = "\ue001"
"""What the digest of a word begins with that is too long for an index."""

SPEAKERS = ("agent", "customer", "other")
"""Columns of the searched text."""

_LONGEST = 400
"""Letters of a word that is indexed as it is; an index of PostgreSQL takes 2700 bytes, four a letter."""
_FINAL_LETTERS = str.maketrans("ךםןףץ", "כמנפצ")
_INNER_MARK = regex.compile(r"(?<=\p{L})['’‘ʼ׳״\"“”](?=\p{L})")
_UNHEARD = regex.compile(r"[\p{M}\p{Cf}]+")
_WORD = regex.compile(r"[\p{L}\p{N}]+")


def normalised(text: str) -> str:
    """Words of a text as they are searched, one space between two.

    Compatibility forms are resolved, accents and Hebrew points taken off, final letters folded, case folded,
    apostrophes and gershayim inside words dropped, and everything but letters and digits left out.

    Examples
    --------
    >>> normalised('Don’t  say “Café”!')
    'dont say cafe'
    >>> normalised("שָׁלוֹם, צה״ל") == normalised('שלומ צה"ל')
    True
    """
    if text.isascii():
        plain = text.lower()
    else:
        bare = _UNHEARD.sub("", unicodedata.normalize("NFKD", text))
        plain = bare.casefold().translate(_FINAL_LETTERS)
    return " ".join(_WORD.findall(_INNER_MARK.sub("", plain)))


def indexed(word: str) -> str:
    """A normalised word as the index holds it: by its digest where it is longer than any word people say.

    Examples
    --------
    >>> indexed("refund"), len(indexed("a" * 10_000))
    ('refund', 65)
    """
    if len(word) <= _LONGEST:
        return word
    return LONG + hashlib.sha256(word.encode()).hexdigest()


def searched_texts(document: Document) -> dict[str, str]:
    """The text of each of `SPEAKERS` in a document, turn by turn."""
    said: dict[str, list[str]] = {speaker: [] for speaker in SPEAKERS}
    if not isinstance(document, FailedCall) and document.transcript is not None:
        for turn in document.transcript.turns:
            words = " ".join(map(indexed, normalised(turn.text).split()))
            said[turn.speaker if turn.speaker in SPEAKERS else "other"].append(words)
    return {speaker: f" {BETWEEN_TURNS} ".join(filter(None, turns)) for speaker, turns in said.items()}


def match_expression(phrase: str, by: str | None) -> str:
    """A phrase as an FTS5 query that finds its words in a row; nothing in it is read as an operator.

    Raises
    ------
    UsageError
        If the phrase holds no letter or digit, or `by` is nobody whose words are told apart.

    Examples
    --------
    >>> match_expression('Thank you* OR "', None)
    '"thank you or"'
    >>> match_expression("sorry", "agent")
    '{agent} : "sorry"'
    """
    words = " ".join(map(indexed, normalised(phrase).split()))
    if not words:
        raise UsageError(
            "The phrase has nothing to search for",
            expected="at least one letter or digit",
            hint="Search for words that were said.",
        )
    if by is None:
        return f'"{words}"'
    if by not in ("agent", "customer"):
        raise UsageError("Only two speakers can be searched", found=repr(by), expected="agent or customer")
    return f'{{{by}}} : "{words}"'
