"""The same call with people of another name: of another group, of the other sex, or named like a word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from zlib import crc32

from benchmarks.fairness.text import Line, Words, word_set

_TABLE = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
WOMEN, MEN = "women", "men"
_TITLES = word_set("mr mrs ms miss mister missus אדון מר גברת גב'")
_OWN = word_set(
    "is name name's i'm it's calling called מדבר מדברת שמי כאן אני זה זאת לי the speaking here myself"
)
_BEHIND = frozenset(["speaking", "here", "calling"])
_HEBREW_PREFIX = re.compile("^[ולבמשה]$")
_NO_NAMES = word_set(
    "sir madam and or of the for is on at in to from please thank thanks yes no okay you i it's this that "
    "כן לא אני את אתה תודה שלום על עם של זה יש הטלפון לאט רגע בבקשה טוב אז מה"
)


def groups(language: str) -> tuple[str, ...]:
    """The groups of a language, of which people are called."""
    return tuple(name for name in _TABLE[language] if name != "known")


def known(language: str) -> Mapping[str, str]:
    """First names that are looked for, with the sex of who bears them."""
    return {name: sex for sex in (WOMEN, MEN) for name in _TABLE[language]["known"][sex].split()}


_KNOWN = {language: known(language) for language in _TABLE}


def split(word: str, language: str) -> tuple[str, str]:
    """A word as what is written before it, and the first name; no name when it is none."""
    if word in _KNOWN[language]:
        return "", word
    if word.endswith("'s") and word[:-2] in _KNOWN[language]:
        return "", word[:-2]
    if language == "he" and _HEBREW_PREFIX.match(word[:1]) and word[1:] in _KNOWN[language]:
        return word[0], word[1:]
    return "", ""


class Renamed:
    """Gives everybody in a call names of one group, men's to men and women's to women.

    Parameters
    ----------
    language, group : str
        As in `names.toml`.
    sexes : mapping, optional
        The sex that a name's bearer is to have; the own of those left out.
    """

    def __init__(self, language: str, group: str, sexes: Mapping[str, str] | None = None) -> None:
        self._language = language
        self._group = _TABLE[language][group]
        self._sexes = sexes

    def __call__(self, lines: Sequence[Line]) -> list[Line]:
        """The call with other names; those who had one have one that is always the same."""
        return [Line(line.role, self._turn(line.text)) for line in lines]

    def _turn(self, text: str) -> str:
        words = Words(text)
        for at, word in enumerate(words.texts):
            before, name = split(word, self._language)
            if name:
                possessive = "'s" if word.endswith("'s") else ""
                words.put(at, before + self._first(name) + possessive)
            elif self._sexes is None and self._is_last(words.texts, at):
                words.put(at, _one(self._group["last"].split(), word))
        return words.text

    def _first(self, name: str) -> str:
        own = _KNOWN[self._language][name]
        if self._sexes is not None and self._sexes.get(name, own) == own:
            return name
        sex = own if self._sexes is None else self._sexes[name]
        return _one([one for one in self._group[sex].split() if one != name], name)

    def _is_last(self, words: Sequence[str], at: int) -> bool:
        if at == 0 or len(words[at]) < 3 or words[at] in _NO_NAMES:
            return False
        return words[at - 1] in _TITLES


def _one(names: Sequence[str], who: str) -> str:
    """One of the names, for the same person the same."""
    return names[crc32(who.encode()) % len(names)]


def bearers(lines: Sequence[Line], language: str) -> dict[str, str]:
    """Whose each first name is that is said in a call, agent's or customer's, where that can be told."""
    votes: dict[str, list[str]] = {}
    for line in lines:
        words = Words(line.text).texts
        other = "customer" if line.role == "agent" else "agent"
        for at, word in enumerate(words):
            name = split(word, language)[1]
            if not name or name != word:
                continue
            before = words[at - 1] if at else ""
            after = words[at + 1] if at + 1 < len(words) else ""
            if before in _OWN or after in _BEHIND:
                votes.setdefault(name, []).append("own " + line.role)
            elif at in (0, len(words) - 1) or before in _GREETED:
                votes.setdefault(name, []).append(other)
    return {name: _told(cast) for name, cast in votes.items() if _told(cast)}


_GREETED = word_set(
    "hi hello thanks thank you hey okay right morning sorry mister mr הי היי שלום תודה אדון מר גברת כן אהלן"
)


def _told(cast: Sequence[str]) -> str:
    own = {vote[4:] for vote in cast if vote.startswith("own ")}
    if len(own) == 1:
        return own.pop()
    seen = set(cast) - {"own agent", "own customer"}
    return seen.pop() if len(seen) == 1 and not own else ""


def as_sex(lines: Sequence[Line], language: str, party: str, sex: str) -> list[Line]:
    """The call with one party named as somebody of that sex is."""
    sexes = {name: sex for name, role in bearers(lines, language).items() if role == party}
    group = "english" if language == "en" else "jewish"
    return Renamed(language, group, sexes)(lines)


def swaps(language: str) -> Iterator[tuple[str, Renamed]]:
    """Every group with its swap."""
    for group in groups(language):
        yield group, Renamed(language, group)
