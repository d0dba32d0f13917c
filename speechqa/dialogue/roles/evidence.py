"""Phrases that tell who speaks, found in turns: each with its meaning, its words as said, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from speechqa.core.transcript import Turn
from speechqa.dialogue.roles.cues import ANNOUNCEMENT
from speechqa.dialogue.roles.cues_en import ENGLISH
from speechqa.dialogue.roles.cues_he import HEBREW
from speechqa.dialogue.units import usable
from speechqa.dialogue.wording import Phrase, pieces, words_of

NO_TRUST: Final = 0.35
FULL_TRUST: Final = 0.75
"""Word confidence below the first leaves a phrase no weight, above the second all of it."""
ANY: Final = "_"
"""In a phrase: any one word."""
START: Final = "*"
"""At the end of a word in a phrase: any word that starts like it."""
_HEBREW_PREFIXES: Final = ("ו", "ש")


class Cue(NamedTuple):
    """A phrase somebody said; `start` in seconds or None, `trust` in [0, 1] by the words' confidence.

    A phrase of several words seldom comes about by mishearing, and is trusted by its own. A single word does,
    and is trusted no more than all that its speaker says.
    """

    meaning: str
    party: str
    quote: str
    start: float | None
    trust: float


class _Said(NamedTuple):
    """One folded word, and the piece of text it came from."""

    word: str
    raw: str
    start: float | None
    confidence: float | None


def find_cues(turns: Iterable[Turn]) -> tuple[Cue, ...]:
    """Every cue in the turns of known parties, in their order; what a recorded voice says is no cue."""
    heard = persons(turns)
    words: dict[str, list[float]] = defaultdict(list)
    for turn in heard:
        words[turn.party or ""] += [word.confidence for word in turn.words if word.confidence is not None]
    most = {party: _trust(found) for party, found in words.items()}
    return tuple(cue for turn in heard for cue in _cues(turn, most[turn.party or ""]))


def persons(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """The turns that may serve as evidence: voiced, of a known party, and by a person.

    A turn with a phrase of an announcement is a recorded voice, and so are turns of the same party just
    before it, as where "welcome to our service" comes with a pause before "press one".
    """
    kept = [turn for turn in usable(turns) if turn.party is not None]
    recorded = [any(found == ANNOUNCEMENT for found, _ in _found(_words(turn))) for turn in kept]
    for i in range(len(kept) - 2, -1, -1):
        recorded[i] = recorded[i] or (recorded[i + 1] and kept[i].party == kept[i + 1].party)
    return tuple(turn for turn, voice in zip(kept, recorded, strict=True) if not voice)


def _cues(turn: Turn, most: float) -> Iterable[Cue]:
    words = _words(turn)
    for meaning, (first, last) in _found(words):
        said = words[first:last]
        quote = " ".join(dict.fromkeys(piece.raw for piece in said))
        start = said[0].start if said[0].start is not None else turn.start
        trust = _trust([word.confidence for word in said if word.confidence is not None])
        yield Cue(meaning, turn.party or "", quote, start, trust if last - first > 1 else min(trust, most))


def _trust(sure: Sequence[float]) -> float:
    if not sure:
        return 1.0
    return min(1.0, max(0.0, (sum(sure) / len(sure) - NO_TRUST) / (FULL_TRUST - NO_TRUST)))


def _words(turn: Turn) -> list[_Said]:
    """Folded words of a turn, with their times and confidence where the transcript has words."""
    if turn.words:
        timed = [
            _Said(folded, word.text.strip(), word.start, word.confidence)
            for word in turn.words
            for folded in words_of(word.text)
        ]
        if timed:
            return timed
    return [_Said(folded, raw, None, None) for raw, words in pieces(turn.text) for folded in words]


def _found(words: Sequence[_Said]) -> Iterable[tuple[str, tuple[int, int]]]:
    """Meanings with the span of words of each, left to right, the longest phrase at every place."""
    lexicon = _lexicon()
    i = 0
    while i < len(words):
        size, meaning = _longest(lexicon, words, i)
        if size:
            yield meaning, (i, i + size)
        i += max(size, 1)


def _longest(
    lexicon: Mapping[str, Sequence[tuple[Phrase, str]]], words: Sequence[_Said], i: int
) -> tuple[int, str]:
    word = words[i].word
    forms = [word]
    if word.startswith(_HEBREW_PREFIXES) and len(word) > 2:
        forms.append(word[1:])
    for form in forms:
        for phrase, meaning in lexicon.get(form, ()):
            if i + len(phrase) <= len(words) and all(
                _fits(pattern, words[i + k].word) for k, pattern in enumerate(phrase) if k
            ):
                return len(phrase), meaning
    return 0, ""


def _fits(pattern: str, word: str) -> bool:
    if pattern == ANY:
        return True
    return word.startswith(pattern[:-1]) if pattern.endswith(START) else word == pattern


@cache
def _lexicon() -> Mapping[str, tuple[tuple[Phrase, str], ...]]:
    """Phrases with their meanings by first word, longest first; of equal ones the first in the data."""
    by_first: dict[str, dict[Phrase, str]] = defaultdict(dict)
    for language in (ENGLISH, HEBREW):
        for meaning, data in language.items():
            for text in data.split("|"):
                phrase = _phrase(text)
                if phrase:
                    by_first[phrase[0]].setdefault(phrase, meaning)
    return {
        first: tuple(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))
        for first, found in by_first.items()
    }


def _phrase(text: str) -> Phrase:
    """A phrase of the data as folded words, with `_` and `*` kept.

    Examples
    --------
    >>> _phrase("this is _ from"), _phrase("הגעת ל*")
    (('this', 'is', '_', 'from'), ('הגעת', 'ל*'))
    """
    words: list[str] = []
    for piece in text.split():
        if piece == ANY:
            words.append(ANY)
        elif piece.endswith(START):
            words += [f"{word}{START}" for word in words_of(piece)]
        else:
            words += words_of(piece)
    return tuple(words)
