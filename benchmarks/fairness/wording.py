"""The same said in other words: as in a dialect, a register or an accent, with pauses filled or not."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zlib import crc32

from benchmarks.fairness.text import Line, Words, word_set

_TABLE = tomllib.loads(Path(__file__).with_name("wording.toml").read_text(encoding="utf-8"))
_KEPT = word_set("thing bring king ring sing spring string wing swing nursing sterling")
"""Words in "ing" that nobody clips."""


class Reworded:
    """Says things as a table has them.

    Parameters
    ----------
    table : dict
        `say`, lines of what is said and what is said for it; `clipped` for "callin" in the place of
        "calling"; `share`, of how many occurrences one is changed, all if left out.
    """

    def __init__(self, table: dict[str, object]) -> None:
        self._clipped = bool(table.get("clipped"))
        self._share = int(str(table.get("share", 1)))
        self._rules: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for line in str(table["say"]).strip().splitlines():
            said, _, other = line.partition("=")
            words = tuple(said.split())
            first = words[1] if words[0] == "^" else words[0]
            self._rules.setdefault(first, []).append((words, other.strip()))
        for rules in self._rules.values():
            rules.sort(key=lambda rule: -len(rule[0]))

    def __call__(self, lines: Sequence[Line]) -> list[Line]:
        """The call in these words."""
        return [Line(line.role, self._turn(line.text)) for line in lines]

    def _turn(self, text: str) -> str:
        words = Words(text)
        at = 0
        while at < len(words.texts):
            rule = self._rule(words.texts, at)
            if rule is not None and crc32(f"{at} {text}".encode()) % self._share == 0:
                size, other = rule
                words.put(at, other)
                for more in range(at + 1, at + size):
                    words.put(more, "")
                at += size
                continue
            word = words.texts[at]
            if self._clipped and len(word) > 4 and word.endswith("ing") and word not in _KEPT:
                words.put(at, word[:-1] + ("'" if crc32(word.encode()) % 2 else ""))
            at += 1
        return words.text

    def _rule(self, words: Sequence[str], at: int) -> tuple[int, str] | None:
        for said, other in self._rules.get(words[at], ()):
            start = said[0] == "^"
            bare = said[1:] if start else said
            opens = at == 0 and len(words) > len(bare)
            if tuple(words[at : at + len(bare)]) == bare and (opens or not start):
                return len(bare), other
        return None


def fillers_dropped(language: str) -> Callable[[Sequence[Line]], list[Line]]:
    """Without the words that only fill a pause or open a turn; a turn of nothing else stays."""
    table = _TABLE[language]["fillers"]
    anywhere = sorted((tuple(one.split()) for one in table["anywhere"].split("|")), key=len, reverse=True)
    starts = frozenset(table["starts"].split())

    def turn(text: str) -> str:
        words = Words(text)
        kept, at = 0, 0
        while at < len(words.texts):
            size = next((len(one) for one in anywhere if tuple(words.texts[at : at + len(one)]) == one), 0)
            opens = kept == 0 and words.texts[at] in starts and len(words.texts) - at > 2
            if not size and not opens:
                kept += 1
            for more in range(at, at + (size or int(opens))):
                words.put(more, "")
            at += size or 1
        return words.text if kept else text

    return lambda lines: [Line(line.role, turn(line.text)) for line in lines]


def fillers_added(language: str) -> Callable[[Sequence[Line]], list[Line]]:
    """With pauses filled at the start of turns and before what joins clauses, in half of these places."""
    table = _TABLE[language]["fillers"]
    fillers, joins = table["add"].split("|"), frozenset(table["before"].split())

    def turn(text: str) -> str:
        words = Words(text)
        for at, word in enumerate(words.texts):
            drawn = crc32(f"{at} {text}".encode())
            if (at == 0 or word in joins) and drawn % 2:
                words.put(at, f"{fillers[drawn // 2 % len(fillers)]} {word}")
        return words.text

    return lambda lines: [Line(line.role, turn(line.text)) for line in lines]


def swaps(language: str) -> Iterator[tuple[str, Callable[[Sequence[Line]], list[Line]]]]:
    """Every way to say it otherwise, with its name."""
    for name, table in _TABLE[language].items():
        if name != "fillers":
            yield name.replace("_", " "), Reworded(table)
    yield "fillers dropped", fillers_dropped(language)
    yield "fillers added", fillers_added(language)
