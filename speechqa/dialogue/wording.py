"""Text as the dialogue stage compares it: folded words, and which of them add something to the talk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from speechqa.dialogue import listener_tokens as lists

Phrase = tuple[str, ...]

# Marks of transcribers: <UNIN/>, <UNSURE>word</UNSURE>, [noise], (inaudible). Only what stands in square or
# angle brackets goes; round brackets may hold speech. Bounded so that hostile text costs linear time.
_MARK: Final = re.compile(r"<[^<>]{0,40}>|\[[^\[\]]{0,40}\]")
_WORD: Final = re.compile(r"[^\W_]+(?:['’׳״\"][^\W_]+)*")
_FINALS: Final = str.maketrans("ךםןףץ", "כמנפצ")
_LONG_RUN: Final = re.compile(r"(.)\1{2,}")
# The same within a word, "O<UNSURE>K</UNSURE>", where it parts nothing.
_MARK_IN_WORD: Final = re.compile(r"(?<=[^\W_])</?[A-Z]{1,20}>(?=[^\W_])")
_UNHEARD: Final = re.compile(r"<\s*(?:unin|inaudible|unclear|unk)", re.IGNORECASE)
_LONGEST_PHRASE: Final = 5
SENTENCE_ENDS: Final = (".", "?", "!", "؟")


def words_of(text: str) -> tuple[str, ...]:
    """Folded words: lower case, no marks or niqqud, final letters folded, drawn-out letters shortened.

    Examples
    --------
    >>> words_of("Mm-hmm, <UNIN/> that's fiiine [noise]")
    ('mm', 'hmm', "that's", 'fiine')
    >>> words_of("שָׁלוֹם לכם")
    ('שלומ', 'לכמ')
    """
    plain = _MARK.sub(" ", _MARK_IN_WORD.sub("", text))
    return tuple(_fold(match) for match in _WORD.findall(_stripped(plain)))


def _stripped(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def _fold(word: str) -> str:
    plain = word.lower().replace("’", "'").replace("׳", "'").replace("״", '"').translate(_FINALS)
    return _LONG_RUN.sub(r"\1\1", plain)


def pieces(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The text cut at spaces, each piece as it came and its folded words; marks of unheard speech stay.

    Examples
    --------
    >>> pieces("so <UNIN/> yes.")
    (('so', ('so',)), ('<?>', ()), ('yes.', ('yes',)))
    """
    whole = _MARK_IN_WORD.sub("", text)
    plain = _MARK.sub(lambda mark: " <?> " if _UNHEARD.match(mark.group()) else " ", whole)
    return tuple((raw, () if raw == "<?>" else words_of(raw)) for raw in plain.split())


def phrases(data: str) -> frozenset[Phrase]:
    """Phrases from a list separated by bars and lines, folded."""
    return frozenset(words_of(item) for item in data.split("|")) - {()}


@cache
def _pack(name: str) -> frozenset[Phrase]:
    english, hebrew = f"ENGLISH_{name}", f"HEBREW_{name}"
    return phrases(getattr(lists, english)) | phrases(getattr(lists, hebrew))


def covered(words: Sequence[str], known: frozenset[Phrase]) -> tuple[bool, ...]:
    """For each word whether it belongs to one of the phrases, longest phrase first, left to right."""
    marks = [False] * len(words)
    i = 0
    while i < len(words):
        size = next(
            (
                n
                for n in range(min(_LONGEST_PHRASE, len(words) - i), 0, -1)
                if tuple(words[i : i + n]) in known
            ),
            0,
        )
        marks[i : i + size] = [True] * size
        i += max(size, 1)
    return tuple(marks)


@cache
def _empty_talk() -> frozenset[Phrase]:
    return _pack("TOKENS") | _pack("FILLERS")


def content_flags(words: Sequence[str]) -> tuple[bool, ...]:
    """For each word whether it adds something: no listener's token, thanks, filler or farewell.

    Examples
    --------
    >>> content_flags(words_of("OK, I see. And your name?"))
    (False, False, False, False, True, True)
    """
    return tuple(not mark for mark in covered(words, _empty_talk() | _pack("FAREWELLS")))


def is_listening(words: Sequence[str]) -> bool:
    """Whether the words are a listener's tokens and nothing else; false for no words at all.

    Examples
    --------
    >>> is_listening(words_of("yeah yeah, okay")), is_listening(words_of("כן כן הבנתי אותך"))
    (True, True)
    >>> is_listening(words_of("yes, on Monday"))
    False
    """
    return bool(words) and all(covered(words, _empty_talk()))


def is_filler(words: Sequence[str]) -> bool:
    """Whether the words only fill time ("um", "so", "כאילו")."""
    return bool(words) and all(covered(words, _pack("FILLERS")))


def is_hesitation(words: Sequence[str]) -> bool:
    """Whether the words are sounds of hesitation and no words at all ("um", "uh", "אממ")."""
    return bool(words) and all((word,) in _pack("HESITATIONS") for word in words)


def is_conjunction(words: Sequence[str]) -> bool:
    """Whether the last word joins something that is still to come ("and", "but", "כי")."""
    return bool(words) and (words[-1],) in _pack("CONJUNCTIONS")


def has_phrase(words: Sequence[str], known: frozenset[Phrase]) -> Phrase | None:
    """The first of the phrases in the words, the longest at its place; None if there is none."""
    for i in range(len(words)):
        for n in range(min(_LONGEST_PHRASE, len(words) - i), 0, -1):
            piece = tuple(words[i : i + n])
            if piece in known:
                return piece
    return None


def takes_leave(words: Sequence[str]) -> bool:
    """Whether a farewell is among the words.

    Examples
    --------
    >>> takes_leave(words_of("take care then")), takes_leave(words_of("we'll take care of everything"))
    (True, False)
    """
    rest = list(words)
    for i in range(len(rest) - 2):
        if tuple(rest[i : i + 3]) in _pack("NO_FAREWELLS"):
            rest[i : i + 3] = ["", "", ""]
    return has_phrase(rest, _pack("FAREWELLS")) is not None


def gives_way(words: Sequence[str]) -> bool:
    """Whether what was said ends with words that leave the floor to the other.

    Examples
    --------
    >>> gives_way(words_of("what I think is, go on.")), gives_way(words_of("Go on."))
    (True, False)
    """
    return any(tuple(words[-n:]) in _pack("GIVES_WAY") for n in (1, 2, 3) if len(words) > n)


def is_answer(words: Sequence[str]) -> bool:
    """Whether the words begin as an answer to a question does ("yes", "no", "לא")."""
    return bool(words) and (words[0],) in _pack("ANSWERS")


def announces_hold(words: Sequence[str]) -> bool:
    """Whether the words ask for a moment or tell of a wait."""
    return has_phrase(words, _pack("HOLDS")) is not None


def breaks_off(words: Sequence[str], raw: str = "", *, punctuated: bool = True) -> bool:
    """Whether what was said stops in mid-phrase: at a word that needs another, or at a dash.

    Fillers at the end are passed over, for a speaker who trails off with "so, um" has made the point. Where
    the text is `punctuated` the mark that is missing tells too, and words that mostly need another are enough
    ("what", "you"); else only those that always do.

    Examples
    --------
    >>> breaks_off(words_of("I think it's maybe a")), breaks_off(words_of("it hurts at night. So, um"))
    (True, False)
    >>> [breaks_off(words_of(said), punctuated=False) for said in ("am I what", "so it's the")]
    [False, True]
    """
    if raw.rstrip().endswith(("-", "–", "—")):
        return True
    ends = covered(words, _pack("TOKENS") | _pack("CLOSINGS"))
    dots = raw.endswith(("...", "…"))
    if (raw.endswith(SENTENCE_ENDS) and not dots) or (words and ends[-1] and not dots):
        return False
    kept = list(words)
    fillers = _pack("FILLERS")
    cut = len(kept)
    while cut and not ends[cut - 1] and any(tuple(kept[max(0, cut - n) : cut]) in fillers for n in (1, 2)):
        cut -= 2 if cut > 1 and tuple(kept[cut - 2 : cut]) in fillers else 1
    last = tuple(kept[cut - 1 : cut])
    return last in _pack("OPEN_ENDINGS") or (punctuated and last in _pack("MOSTLY_OPEN_ENDINGS"))


def flatten(texts: Iterable[str]) -> tuple[str, ...]:
    """Folded words of several texts, in order."""
    return tuple(word for text in texts for word in words_of(text))
