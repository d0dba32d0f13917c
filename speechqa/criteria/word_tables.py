"""Tables of words as they stand in the code: a text with spaces, or a line a word with what it stands for."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text written with spaces between them."""
    return frozenset(text.split())


def form_table(text: str) -> dict[str, tuple[str, ...]]:
    """By what is written, the words it stands for: of lines `written=word word`."""
    pairs = (line.partition("=") for line in text.strip().splitlines() if line.strip())
    return {written.strip(): tuple(words.split()) for written, _, words in pairs}
