"""Sentences that were made elsewhere, found again by their patterns and told in another language.

The judge and the measures make English sentences with figures, names and quotes in them. A pattern is such a
sentence with places, ``{name:kind}``:

==========  =================================================================================================
`number`    a figure or a time; it stays
`party`     a role or a party's letter; a role is told
`phrase`    what is quoted and followed by more; it stays, isolated, and ends at a quotation mark with no
            letter behind it
`text`      anything from outside: a quote, a name, a file; it stays, isolated
`told`      a sentence within the sentence: told if it is known, else as it is, isolated
`known`     the same, and without it the pattern does not fit
==========  =================================================================================================

A pattern fits the whole text or not at all, and what stands in its places is never searched for other
patterns, but for `told` and `known`. Matching takes time in proportion to the text: no place is tried twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from speechqa.core.plain import is_right_to_left

FIRST_STRONG: Final = "\u2068"
LEFT_TO_RIGHT: Final = "\u2066"
END: Final = "\u2069"

PLACE: Final = re.compile(r"\{(\w+):(number|party|phrase|text|told|known)\}")
"""A place in a pattern."""
JOINTS: Final = ("; ", ". ", ", ")
"""Between sentences that were joined into one; each must be known, else the whole is left as it is."""
_DEEPEST: Final = 6
# Atomic groups where `)++` would do: before Python 3.11.5 a possessive group matches wrongly.
_NUMBER: Final = r"[+-]?(?>\d+(?:[.,:]\d+)*)"
_PARTY: Final = r"""[^\s,;:.()"'“”]++"""
_PHRASE: Final = r'(?>(?:[^"]|"(?=\w))+)'
_FIGURES: Final = re.compile(r"\d[\d.,:]*%?")
_OPENS: Final = re.compile(r'(?<!\w)"')
_CLOSES: Final = re.compile(r'"(?!\w)')
_HEBREW: Final = re.compile(r"[\u05be\u05d0-\u05ea\u05f3\u05f4 ]+")


def isolated(text: str) -> str:
    """Text from outside in an isolate of its own direction; Hebrew words and plain figures need none.

    Examples
    --------
    >>> isolated("line 2") == "\\u2068line 2\\u2069", isolated("12.5")
    (True, '12.5')
    """
    if not text or text[0] in (FIRST_STRONG, LEFT_TO_RIGHT):
        return text
    plain = _FIGURES.fullmatch(text) or _HEBREW.fullmatch(text)
    return text if plain else f"{FIRST_STRONG}{text}{END}"


def left_as_is(text: str) -> str:
    """English that stays English within a right-to-left page; other text as `isolated` has it."""
    if not text or text[0] in (FIRST_STRONG, LEFT_TO_RIGHT) or is_right_to_left(text):
        return text
    return text if _FIGURES.fullmatch(text) else f"{LEFT_TO_RIGHT}{text}{END}"


class Pattern:
    """One sentence with places, and how it is told."""

    def __init__(self, english: str, told: str) -> None:
        pieces = PLACE.split(english)
        literals, names, kinds = pieces[::3], pieces[1::3], pieces[2::3]
        self.kinds: Mapping[str, str] = dict(zip(names, kinds, strict=True))
        self.told = told
        self.starts = literals[0]
        self.weight = sum(map(len, literals))
        free = [at for at, kind in enumerate(kinds) if kind in ("text", "told", "known")]
        expression = re.escape(literals[0])
        for at, (name, kind) in enumerate(zip(names, kinds, strict=True)):
            after = re.escape(literals[at + 1])
            fixed = {"number": _NUMBER, "party": _PARTY, "phrase": _PHRASE}.get(kind)
            if fixed is not None:
                expression += f"(?P<{name}>{fixed}){after}"
            elif at == free[-1] and "phrase" not in kinds[at:]:
                # To the last place where what follows is found; figures behind it are short.
                expression += f"(?P<{name}>.+){after}"
            else:
                # Atomic: to the first place where what follows is found, and no other.
                expression += f"(?>(?P<{name}>.+?){after})"
        self._expression = re.compile(expression, re.DOTALL)

    def places(self, text: str) -> Mapping[str, str] | None:
        """What stands in the places; None where the sentence is another one."""
        if not text.startswith(self.starts):
            return None
        found = self._expression.fullmatch(text)
        return None if found is None else found.groupdict()


class Sentences:
    """All known sentences of a language.

    Parameters
    ----------
    labels : mapping of str to str
        Sentences without places, and words, by their English.
    patterns : mapping of str to str
        Sentences with places by their English.
    party : callable
        Tells a role or a party's letter.
    """

    def __init__(
        self, labels: Mapping[str, str], patterns: Mapping[str, str], party: Callable[[str], str]
    ) -> None:
        self._party = party
        self._labels = dict(labels)
        made = [Pattern(english, told) for english, told in patterns.items() if PLACE.search(english)]
        self._labels |= {english: told for english, told in patterns.items() if not PLACE.search(english)}
        # The more a pattern says itself, the surer it is meant.
        self._patterns = tuple(sorted(made, key=lambda pattern: -pattern.weight))

    def told(self, text: str) -> str | None:
        """The sentence in this language, None where it is not known."""
        return self._told(text, _DEEPEST)

    def _told(self, text: str, deeper: int) -> str | None:
        if not text or deeper == 0:
            return None
        return self._exactly(text) or self._by_pattern(text, deeper - 1) or self._in_parts(text, deeper - 1)

    def _exactly(self, text: str) -> str | None:
        """As it stands, or with a first letter that was put in the other case within a sentence."""
        return self._labels.get(text) or self._labels.get(text[0].swapcase() + text[1:])

    def _by_pattern(self, text: str, deeper: int) -> str | None:
        for pattern in self._patterns:
            places = pattern.places(text)
            if places is None:
                continue
            filled = self._filled(pattern, places, deeper)
            if filled is not None:
                return filled
        return None

    def _filled(self, pattern: Pattern, places: Mapping[str, str], deeper: int) -> str | None:
        values = {}
        for name, kind in pattern.kinds.items():
            value: str | None = places[name]
            if kind in ("told", "known"):
                value = self._told(places[name], deeper) or (
                    left_as_is(places[name]) if kind == "told" else None
                )
            elif kind == "party":
                value = self._party(places[name])
            elif kind == "number":
                signed = places[name][0] in "+-"
                value = f"{LEFT_TO_RIGHT}{places[name]}{END}" if signed else places[name]
            else:
                value = isolated(places[name])
            if value is None:
                return None
            values[name] = value
        return pattern.told.format_map(values)

    def _in_parts(self, text: str, deeper: int) -> str | None:
        if text.endswith("."):
            whole = self._told(text[:-1], deeper)
            return None if whole is None else f"{whole}."
        for joint in JOINTS:
            if joint in text:
                parts = self._all(_pieces(text, joint), deeper)
                if parts is not None:
                    return joint.join(parts)
        return None

    def _all(self, texts: Iterable[str], deeper: int) -> list[str] | None:
        parts = []
        for text in texts:
            part = self._told(text, deeper)
            if part is None:
                return None
            parts.append(part)
        return parts


def _pieces(text: str, joint: str) -> list[str]:
    """The text cut at a joint, but not within quotes; whole where a quote does not end."""
    pieces, start = [], 0
    cut, quote = text.find(joint), _OPENS.search(text)
    while cut >= 0:
        if quote is not None and quote.start() < cut:
            closed = _CLOSES.search(text, quote.end())
            if closed is None:
                return [text]
            quote = _OPENS.search(text, closed.end())
            cut = cut if cut >= closed.end() else text.find(joint, closed.end())
            continue
        pieces.append(text[start:cut])
        start = cut + len(joint)
        cut = text.find(joint, start)
    return [*pieces, text[start:]]
