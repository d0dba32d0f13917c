"""Text as it is compared: one spelling for what is said the same, with the way back to the original.

A transcriber gives no punctuation or capitals, or wrong ones, so neither survives here. Every token keeps the
characters of the original it stands for; a quote is therefore always cut from the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from speechqa.criteria import english, hebrew, spoken_english, spoken_hebrew
from speechqa.criteria.word_tables import word_set

Script = Literal["latin", "hebrew", "other", "none"]

_MARKS = "\u0591-\u05bd\u05bf\u05c1-\u05c7"
_TOKEN = re.compile(
    r"[\[<][A-Za-z_ ]{1,20}[\]>]"  # tags such as [noise] or <unk>
    r"|[*•█#xX]{3,}[\d*•█#xX -]*"  # masked numbers
    r"|\d(?:[\d.,:/]*\d)?(?:[^\W\d_]{1,2}\b)?"
    rf"|(?:[^\W_]|[{_MARKS}])+(?:['’‘`´׳״\"](?:[^\W_]|[{_MARKS}])+)*"
    r"(?: (?i:['’](?:m|ve|ll|re|d|s)|n['’]t)\b)?"  # as some transcribers part them: "i 've", "do n't"
)
_MASK_TAGS = word_set(
    "number phone card account id digits email address name redacted date pii ssn amount iban code passport "
    "licence"
)
_MAX_CHARS = 20_000


class Token(NamedTuple):
    """A normalised word; `start` and `end` are characters of the original text."""

    text: str
    start: int
    end: int
    number: bool = False


def tokenize(text: str) -> tuple[Token, ...]:
    """Split and normalise; contractions become their words, fillers and immediate repetitions go.

    Examples
    --------
    >>> [t.text for t in tokenize("Um, I'm I'm SORRY about that!")]
    ['i', 'am', 'sorry', 'about', 'that']
    >>> [t.text for t in tokenize("שָׁלוֹם, מדברת דנה")] == ["שלומ", "מדברת", "דנה"]
    True
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text[:_MAX_CHARS]):
        raw = match.group()
        for word, number in _words(raw):
            found.append(Token(word, match.start(), match.end(), number))
    found = _beside(found)
    kept: list[Token] = []
    filled = 0
    for position, token in enumerate(found):
        if token.text in english.FILLERS or token.text in hebrew.FILLERS:
            continue
        filled = max(filled, position + _fills(found, position))
        if position < filled:
            continue
        if not token.number and _repeats(kept, found, position):
            continue
        kept.append(token)
    return tuple(kept)


def _beside(found: list[Token]) -> list[Token]:
    """The words, two that stand for something together as that: "tank you", "ey up"."""
    told: list[Token] = []
    skipped = False
    for position, token in enumerate(found):
        if skipped:
            skipped = False
            continue
        behind = found[position + 1] if position + 1 < len(found) else None
        before, after = found[position - 1].text if position else "", behind.text if behind else ""
        both = spoken_english.beside(before, token.text, after)
        if both is None:
            told.append(token._replace(text=spoken_hebrew.understood(token.text, after)))
            continue
        if behind is not None and both[1]:
            found[position + 1] = behind._replace(text=both[1])
        skipped = behind is not None and not both[1]
        end = behind.end if skipped and behind else token.end
        told.append(token._replace(text=both[0], end=end))
    return told


def _fills(found: list[Token], position: int) -> int:
    """How many words from here on only fill a pause."""
    before = found[position - 1].text if position else ""
    after = found[position + 1].text if position + 1 < len(found) else ""
    return spoken_hebrew.fills(before, found[position].text, after)


def _repeats(kept: list[Token], found: list[Token], position: int) -> bool:
    """Whether the token, alone or with the one before it, says what was just said ("i am i am")."""
    token = found[position]
    if kept and kept[-1].text == token.text:
        return True
    if len(kept) >= 3 and kept[-1].text == kept[-3].text and kept[-2].text == token.text:
        # The second half of "i am i am": the pair is already there once.
        kept.pop()
        return True
    return False


def _words(raw: str) -> list[tuple[str, bool]]:
    first = raw[0]
    if first in "[<":
        masked = any(part in _MASK_TAGS for part in raw[1:-1].lower().replace("_", " ").split())
        return [("0", True)] if masked else []
    if first in "*•█#" or (first in "xX" and set(raw) <= set("xX -")):
        return [("0", True)]
    if first.isdigit():
        return [(raw.lower().rstrip(".,:/"), True)]
    if hebrew.is_hebrew(raw):
        word = spoken_hebrew.standard(raw)
        return [(word, word in hebrew.NUMBERS)] if word else []
    return [(word, word in english.NUMBERS) for word in english.expand(raw.replace(" ", ""))]


def quote(text: str, tokens: tuple[Token, ...], first: int, last: int) -> str:
    """The original from token `first` to token `last`, both included, with the marks that close it."""
    start, end = tokens[first].start, tokens[last].end
    while end < len(text) and text[end] in ".,!?;:…\"'”’)":
        end += 1
    return text[start:end].strip()


def script_of(token: str) -> Script:
    """Script of a normalised token."""
    if not any(ch.isalpha() for ch in token):
        return "none"
    if hebrew.is_hebrew(token):
        return "hebrew"
    return "latin" if all(ch < "\u0250" for ch in token if ch.isalpha()) else "other"


def language_of(texts: Iterable[str]) -> str | None:
    """Language of a transcript that does not say, by script and, for Latin letters, by common words.

    Returns
    -------
    str or None
        `en`, `he`, or None when neither can be told.
    """
    counts = {"hebrew": 0, "latin": 0, "other": 0, "none": 0}
    common = 0
    for text in texts:
        for token in tokenize(text):
            counts[script_of(token.text)] += 1
            common += token.text in english.COMMON
    letters = counts["hebrew"] + counts["latin"] + counts["other"]
    if letters == 0 or counts["other"] > letters / 2:
        return None
    if counts["hebrew"] >= counts["latin"]:
        return "he"
    return "en" if common >= 0.25 * counts["latin"] else None


def content_keys(tokens: Iterable[Token]) -> frozenset[str]:
    """Keys of the words that carry content, gender and inflection taken off, for comparing what is echoed.

    Numbers are content; greetings, courtesies and function words are not.
    """
    keys = set()
    for token in tokens:
        if token.number:
            keys.add(english.DIGITS.get(token.text) or hebrew.DIGITS.get(token.text) or token.text)
        elif hebrew.is_hebrew(token.text):
            if token.text not in hebrew.FUNCTION:
                keys.add(hebrew.key(token.text))
        elif token.text not in english.FUNCTION:
            keys.add(english.stem(token.text))
    keys.discard("")
    return frozenset(keys)
