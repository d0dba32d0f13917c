"""A phrase file: one language, its word classes and its lists of patterns, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple

from speechqa.core.rubric import PhraseList, Problem, WordClass
from speechqa.criteria.detectors import ALL_LISTS, CONTACT
from speechqa.criteria.domains import KINDS, is_of_domain, place_of, read_domain
from speechqa.criteria.doubts import Doubt, doubts
from speechqa.criteria.hebrew import is_hebrew
from speechqa.criteria.normalise import tokenize
from speechqa.criteria.patterns import Item, PatternError, Sequence, covers, variants
from speechqa.criteria.sources import Source

LANGUAGES = ("en", "he")
_KEYS = ("any", "unless", "like")
_PATTERNS = ("any", "unless")
_LONGEST_SENTENCE = 40
_MOST_ALIKE = 5
_MOST_SENTENCES = 500
_MOST_COMPARED = 2_000_000
_ANY = " "
MAX_SEQUENCES = 50_000
"""Sequences that the phrases of one list stand for, at most; all the built-in ones together for 8,550."""


class PhraseFile(NamedTuple):
    """A phrase file as read; `language` is empty when it does not say a known one."""

    source: Source
    language: str
    lists: tuple[PhraseList, ...]
    classes: tuple[WordClass, ...]
    problems: tuple[Problem, ...]


def read_phrases(source: Source, *, doubting: bool) -> PhraseFile:
    """Read and check one phrase file.

    Parameters
    ----------
    doubting : bool
        Whether to look for all that can be wrong: also for what can be read and yet does no good, and for
        anything in the built-in files, whose phrases are otherwise taken as they are.
    """
    read_list = partial(_list, doubting=doubting)
    problems: list[Problem] = []
    language = source.table.get("language")
    if language not in LANGUAGES:
        problems.append(
            source.problem(
                "The phrase file does not say a language that is known",
                line=source.line(None, "language"),
                key="language",
                found="nothing" if language is None else language,
                expected=" or ".join(LANGUAGES),
            )
        )
        language = ""
    lists: list[PhraseList] = []
    classes: tuple[WordClass, ...] = ()
    for name, table in source.table.items():
        if name == "language":
            continue
        if name == "words":
            classes = _classes(source, problems, language, table)
        elif name in KINDS:
            lists += read_domain(source, problems, language, name, table, read_list)
        elif is_of_domain(name):
            problems.append(
                source.problem(
                    "The list has a name of the domain list",
                    line=source.line(name),
                    key=name,
                    found=name,
                    expected=f"[[{name.partition('.')[0]}]] tables, or a name without a dot",
                )
            )
        else:
            lists.append(read_list(source, problems, language, name, table))
    return PhraseFile(source, language, tuple(lists), classes, tuple(problems))


def alike(name: str, known: Iterable[str]) -> str:
    """The names that come nearest to one that is not known, as the end of a sentence; empty without any."""
    near = get_close_matches(name, sorted(known), n=_MOST_ALIKE)
    return f", such as {', '.join(near)}" if near else ""


def unread(files: list[PhraseFile], named: frozenset[str]) -> list[Problem]:
    """Lists that neither a detector nor a criterion of the rubric's own reads.

    Parameters
    ----------
    named : frozenset of str
        Lists that criteria name.
    """
    return [
        file.source.problem(
            "No detector reads this list",
            line=file.source.line(one.name) or file.source.line(None, one.name),
            key=one.name,
            found=one.name,
            expected=f"a list that a detector reads{alike(one.name, ALL_LISTS)}, or one that a criterion "
            "or a situation names",
        )
        for file in files
        for one in file.lists
        if one.name not in ALL_LISTS | named
        and not is_of_domain(one.name)
        and not one.name.startswith(CONTACT)
    ]


def repeated(files: list[PhraseFile]) -> list[Problem]:
    """Phrases of files of one's own that another file's list, or another list, has already, word for word.

    Of the built-in files nothing is said: some of what they hold means two things on purpose.
    """
    if all(file.source.built_in for file in files):
        return []
    first: dict[tuple[str, Sequence], tuple[str, str]] = {}
    problems = []
    pairs = ((read, listed) for read in files for listed in read.lists)
    # What does not go with one thing may not go with another, so the domain list may repeat itself.
    for file, phrase_list in (pair for pair in pairs if not is_of_domain(pair[1].name)):
        found = {pattern: variants(pattern) for pattern in phrase_list.patterns}
        for pattern, sequences in found.items() if not file.source.built_in else ():
            known = {first.get((file.language, sequence)) for sequence in sequences}
            if None in known:
                continue
            places = sorted(place for place in known if place is not None)
            same = any(name == phrase_list.name for name, _ in places)
            where = ", ".join(f"[{name}] of {place}" for name, place in places)
            problems.append(
                file.source.problem(
                    f"The phrase says nothing new: it is in {where}"
                    if same
                    else f"The phrase means two things: it is in {where} too",
                    line=file.source.line_of_text(phrase_list.name, pattern),
                    key=f"{phrase_list.name}.any",
                    found=pattern,
                    expected="not the same twice" if same else "one meaning, if it has one",
                    warning=True,
                )
            )
        for sequences in found.values():
            for sequence in sequences:
                first.setdefault((file.language, sequence), (phrase_list.name, file.source.path.name))
    return problems


def _classes(source: Source, problems: list[Problem], language: str, table: Any) -> tuple[WordClass, ...]:
    classes = []
    for name, words in table.items() if isinstance(table, dict) else [("words", table)]:
        if not isinstance(words, list) or not all(
            isinstance(w, str) and len(tokenize(w)) == 1 for w in words
        ):
            problems.append(
                source.problem(
                    "A word class holds something that is no single word",
                    line=source.line("words", name),
                    key=f"words.{name}",
                    found=words,
                    expected="a list of single words",
                )
            )
            continue
        classes.append(WordClass(name=name, language=language, words=tuple(words)))
    return tuple(classes)


def _list(
    source: Source,
    problems: list[Problem],
    language: str,
    name: str,
    table: Any,
    nth: int = 0,
    any_key: str = "any",
    *,
    doubting: bool,
) -> PhraseList:
    """The list of the `nth` table of a name; `any_key` is what the file calls its phrases."""

    def bad(
        message: str, key: str, found: object, expected: str, *, warning: bool = False, text: str = ""
    ) -> None:
        key = any_key if key == "any" else key
        line = source.line_of_text(name, text, nth=nth) if text else None
        line = line or source.line(name, key, nth=nth) or source.line(name, nth=nth)
        problems.append(
            source.problem(
                message, line=line, key=f"{name}.{key}", found=found, expected=expected, warning=warning
            )
        )

    if not isinstance(table, dict):
        bad("A list of phrases is no table", "any", table, f"[{name}] with any = [...]")
        return PhraseList(name=name, language=language, patterns=())
    for key in table:
        if key not in _KEYS:
            bad("The list has a key that is not known", key, key, ", ".join(_KEYS))
    kept: dict[str, tuple[str, ...]] = {}
    sequences: dict[str, dict[Sequence, str]] = {}
    for key in _PATTERNS:
        patterns = table.get(key, [])
        if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
            bad("The phrases are not a list of texts", key, patterns, "a list of texts")
            patterns = []
        if source.built_in and not doubting:
            kept[key] = tuple(patterns)
            continue
        sequences[key] = {}
        readable: list[str] = []
        for pattern in patterns:
            try:
                found = variants(pattern)
            except PatternError as error:
                bad(f"The phrase {error}", key, pattern, "see docs/methods/criteria.md", text=pattern)
                continue
            if doubting:
                told = sequences[key].keys() >= set(found)
                for doubt in _doubts(source, language, found, told=told, unless=key == "unless"):
                    bad(doubt.message, key, pattern, doubt.expected, warning=True, text=pattern)
            sequences[key].update(dict.fromkeys(found, pattern))
            if sum(map(len, sequences.values())) > MAX_SEQUENCES:
                bad("The phrases of the list stand for too many sequences", key, pattern,
                    f"at most {MAX_SEQUENCES}: fewer alternatives in one phrase", text=pattern)  # fmt: skip
                return PhraseList(name=name, language=language, patterns=())
            readable.append(pattern)
        kept[key] = tuple(readable)
    unless = sequences["unless"] if doubting else {}
    for pattern in _always_voided(bad, kept["any"] if unless else (), unless):
        bad("The phrase can never match: an `unless` phrase always voids it", "any", pattern,
            "a phrase that says more than the exception", warning=True, text=pattern)  # fmt: skip
    return PhraseList(
        name=name,
        language=language,
        patterns=kept["any"],
        unless=kept["unless"],
        like=_sentences(bad, table.get("like", [])),
    )


def _doubts(
    source: Source, language: str, found: tuple[Sequence, ...], *, told: bool, unless: bool
) -> Iterator[Doubt]:
    """What is doubtful about a phrase that can be read; `told` says that others say all of it already."""
    if told:
        yield Doubt("The phrase says nothing new", "not the same twice")
    if language == "en" and any(map(is_hebrew, {item.value for s in found for item in s})):
        yield Doubt("The phrase is not English", "Latin letters")
    # The built-in lists are tried on calls; what else is doubtful in them is seen there.
    if not source.built_in:
        yield from doubts(found, unless=unless)


def _sentences(bad: Any, written: Any) -> tuple[str, ...]:
    """Sentences that express what the list means, for a model of meaning."""
    usable = isinstance(written, list) and all(
        isinstance(text, str) and 0 < len(tokenize(text)) <= _LONGEST_SENTENCE for text in written
    )
    if not usable or len(written) > _MOST_SENTENCES:
        bad("What the list is like is not usable", "like", written,
            f"at most {_MOST_SENTENCES} sentences of at most {_LONGEST_SENTENCE} words")  # fmt: skip
        return ()
    return tuple(dict.fromkeys(written))


def _always_voided(bad: Any, patterns: Iterable[str], unless: Mapping[Sequence, str]) -> list[str]:
    """Phrases that an exception always voids; none where there are too many alike to tell."""
    exceptions = _Exceptions(unless)
    voided = [pattern for pattern in patterns if all(map(exceptions.void, variants(pattern)))]
    if exceptions.left > 0:
        return voided
    bad("The list has too many exceptions alike to tell which phrases they always void", "unless",
        f"{len(unless)} sequences", "fewer, or ones that begin with other words", warning=True)  # fmt: skip
    return []


class _Exceptions:
    """Exceptions by the words they begin with; `left` is how many may still be compared with a phrase."""

    def __init__(self, unless: Iterable[Sequence]) -> None:
        self.left = _MOST_COMPARED
        self._first: dict[str, list[Sequence]] = {}
        for short in unless:
            for key in _keys(short[0]):
                self._first.setdefault(key, []).append(short)

    def void(self, sequence: Sequence) -> bool:
        """Whether an exception lies wholly within the sequence, so that it holds whenever that does."""
        return any(
            self._fits(short, sequence, at) for at, item in enumerate(sequence) for short in self._near(item)
        )

    def _near(self, item: Item) -> Iterator[Sequence]:
        # What covers an item has all its words, so the first of them will do.
        yield from self._first.get(_keys(item)[0], ())
        yield from self._first.get(_ANY, ())

    def _fits(self, short: Sequence, sequence: Sequence, at: int) -> bool:
        self.left -= 1
        return (
            self.left > 0
            and len(short) <= len(sequence) - at
            and all(covers(wide, narrow) for wide, narrow in zip(short, sequence[at:], strict=False))
        )


def _keys(item: Item) -> list[str]:
    """What an item is found by: each word it may be, else what kind of step it is and of what."""
    if item.kind in ("word", "set"):
        return item.value.split()
    return [_ANY] if item.kind == "any" else [f"{item.kind} {item.value} {item.size}"]


def check_references(files: list[PhraseFile], *, doubting: bool) -> list[Problem]:
    """Word classes that patterns name and no file of the language defines; see `read_phrases`."""
    defined = {(file.language, c.name) for file in files for c in file.classes}
    problems = []
    for file in (file for file in files if doubting or not file.source.built_in):
        for phrase_list in file.lists:
            for pattern in (p for p in phrase_list.patterns + phrase_list.unless if "@" in p):
                for name in sorted({i.value for s in variants(pattern) for i in s if i.kind == "class"}):
                    if (file.language, name) not in defined:
                        problems.append(
                            file.source.problem(
                                "A phrase names a word class that is not there",
                                line=place_of(file.source, phrase_list.name, pattern),
                                key=phrase_list.name,
                                found=f"@{name}",
                                expected="a class under [words]",
                            )
                        )
    return problems
