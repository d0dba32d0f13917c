"""Phrases that can be read and yet do no good: those no text can match, and those nearly any does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from speechqa.criteria.hebrew import FUNCTION, is_hebrew
from speechqa.criteria.normalise import tokenize
from speechqa.criteria.patterns import Item, Sequence
from speechqa.criteria.word_tables import word_set

_ANY = ("zebra", "window", "garden", "table")
"""Words that stand for any word, no two alike, since normalising drops immediate repetitions."""
# As tokens are written: Hebrew with final letters as plain ones.
_COMMON = word_set(
    "the to and you i a is it that of in for my on have with your this can what do not are be me so was we "
    "would at but if or an just will from am"
) | word_set(
    "אני אתה את הוא היא אנחנו זה זאת זו לא כנ של על עמ אל מה יש אינ גמ אבל אז כי אמ או רק עוד כל לי לכ"
)
_SHORT_STEM = 2
_SHOWN = 3


class Doubt(NamedTuple):
    """What is doubtful about a phrase, and what would be better."""

    message: str
    expected: str


def doubts(sequences: Iterable[Sequence], *, unless: bool) -> Iterator[Doubt]:
    """What is doubtful about the sequences of one phrase.

    Parameters
    ----------
    unless : bool
        Whether the phrase voids others.
    """
    found = tuple(sequences)
    if not any(matchable(sequence) for sequence in found):
        yield Doubt(
            "The phrase can never match: of a word said twice in a row one is dropped from what was said, "
            "and other words are read as one",
            "the words as they are compared, each once",
        )
    broad = next((sequence for sequence in found if nearly_always(sequence)), None)
    if broad is not None:
        what = "voids nearly every match" if unless else "matches nearly every call"
        yield Doubt(
            f"The phrase {what}: {_shown(broad)} is enough for it", "more words, or ^ and $ around it"
        )
    if not unless:
        yield from _accidental(found)


def _accidental(found: tuple[Sequence, ...]) -> Iterator[Doubt]:
    """A phrase that ends on a letter and a star, which everyday words begin with: "קר לי ב*" and "בסדר".

    Where the end may be left out, the star adds nothing that could be wrong.
    """
    known = set(found)
    for sequence in found:
        last = sequence[-1]
        if len(sequence) == 1 or sequence[:-1] in known or last.kind != "stem":
            continue
        # Words are kept with final letters as plain ones; those that would look odd are not shown.
        begun = sorted(
            word
            for word in FUNCTION
            if word != last.value and word.startswith(last.value) and word[-1] not in "כמנפצ"
        )
        if len(last.value) == 1 and is_hebrew(last.value) and begun:
            yield Doubt(
                f"The phrase ends on {last.value}*, which everyday words begin with too: "
                f"{', '.join(begun[:_SHOWN])}",
                "the words that are meant, or _ for any word",
            )
            return


def matchable(sequence: Sequence) -> bool:
    """Whether the words a sequence asks for survive the normalising of a text that says them.

    Examples
    --------
    >>> from speechqa.criteria.patterns import variants
    >>> [all(map(matchable, variants(p))) for p in ("see you", "ta ta", "(so|very) (so|very) sorry")]
    [True, False, True]
    """
    words: list[tuple[str, Item]] = []
    for item in sequence:
        if item.kind in ("gap", "start", "end"):
            continue
        word = _example(item, words[-1][0] if words else "", len(words))
        words.append((word, item))
    tokens = tokenize(" ".join(word for word, _ in words))
    return len(tokens) == len(words) and all(
        item.kind in ("any", "class", "number") or token.text == word
        for token, (word, item) in zip(tokens, words, strict=True)
    )


def _example(item: Item, before: str, position: int) -> str:
    if item.kind in ("any", "class"):
        return _ANY[position % len(_ANY)]
    if item.kind == "number":
        return str(5 + position)
    if item.kind == "stem":
        return item.value + ("ה" if is_hebrew(item.value) else "q")
    return next((word for word in item.value.split() if word != before), item.value.split()[0])


def nearly_always(sequence: Sequence) -> bool:
    """Whether one of the commonest words, or a beginning of a letter or two, is all that a sequence asks."""
    if len(sequence) != 1:
        return False
    (item,) = sequence
    if item.kind == "stem":
        return len(item.value) <= _SHORT_STEM
    return item.kind in ("word", "set") and any(word in _COMMON for word in item.value.split())


def _shown(sequence: Sequence) -> str:
    (item,) = sequence
    if item.kind == "stem":
        return f"{item.value}*"
    return " or ".join(word for word in item.value.split() if word in _COMMON)
