"""A phrase file: one language, its word classes and its lists of patterns, with what is wrong in them."""

from __future__ import annotations

from typing import Any, NamedTuple

from speechqa.core.rubric import PhraseList, Problem, WordClass
from speechqa.criteria.detectors import ALL_LISTS
from speechqa.criteria.domains import KINDS, is_of_domain, place_of, read_domain
from speechqa.criteria.doubts import doubts
from speechqa.criteria.normalise import script_of, tokenize
from speechqa.criteria.patterns import PatternError, Sequence, covers, variants
from speechqa.criteria.sources import BUILT_IN, Source

LANGUAGES = ("en", "he")
_KEYS = ("any", "unless", "like")
_PATTERNS = ("any", "unless")
_LONGEST_SENTENCE = 40
_MOST_SENTENCES = 500
MAX_SEQUENCES = 50_000
"""Sequences that the phrases of one list stand for, at most; all the built-in ones together for 8,550."""


class PhraseFile(NamedTuple):
    """A phrase file as read; `language` is empty when it does not say a known one."""

    source: Source
    language: str
    lists: tuple[PhraseList, ...]
    classes: tuple[WordClass, ...]
    problems: tuple[Problem, ...]


def read_phrases(source: Source) -> PhraseFile:
    """Read and check one phrase file."""
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
            lists += read_domain(source, problems, language, name, table, _list)
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
            lists.append(_list(source, problems, language, name, table))
    return PhraseFile(source, language, tuple(lists), classes, tuple(problems))


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
            expected=", ".join(sorted(ALL_LISTS)) + ", or one that a criterion names in `said`",
        )
        for file in files
        for one in file.lists
        if one.name not in ALL_LISTS | named and not is_of_domain(one.name)
    ]


def repeated(files: list[PhraseFile]) -> list[Problem]:
    """Phrases of files of one's own that another file's list, or another list, has already, word for word.

    Of the built-in files nothing is said: some of what they hold means two things on purpose.
    """
    if all(_built_in(file.source) for file in files):
        return []
    first: dict[tuple[str, Sequence], tuple[str, str]] = {}
    problems = []
    pairs = ((read, listed) for read in files for listed in read.lists)
    # What does not go with one thing may not go with another, so the domain list may repeat itself.
    for file, phrase_list in (pair for pair in pairs if not is_of_domain(pair[1].name)):
        found = {pattern: variants(pattern) for pattern in phrase_list.patterns}
        for pattern, sequences in found.items() if not _built_in(file.source) else ():
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


def _built_in(source: Source) -> bool:
    return source.path.resolve().parent == BUILT_IN


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
    own = not _built_in(source)
    for key in _PATTERNS:
        patterns = table.get(key, [])
        if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
            bad("The phrases are not a list of texts", key, patterns, "a list of texts")
            patterns = []
        sequences[key] = {}
        for pattern in patterns:
            try:
                found = variants(pattern)
            except PatternError as error:
                bad(f"The phrase {error}", key, pattern, "see docs/methods/criteria.md", text=pattern)
                continue
            if all(sequence in sequences[key] for sequence in found):
                bad(
                    "The phrase says nothing new",
                    key,
                    pattern,
                    "not the same twice",
                    warning=True,
                    text=pattern,
                )
            if language == "en" and any(script_of(i.value) == "hebrew" for s in found for i in s):
                bad("The phrase is not English", key, pattern, "Latin letters", warning=True, text=pattern)
            # The built-in lists are tried on calls; what is doubtful in them is seen there.
            for doubt in doubts(found, unless=key == "unless") if own else ():
                bad(doubt.message, key, pattern, doubt.expected, warning=True, text=pattern)
            sequences[key].update(dict.fromkeys(found, pattern))
            if sum(map(len, sequences.values())) > MAX_SEQUENCES:
                bad("The phrases of the list stand for too many sequences", key, pattern,
                    f"at most {MAX_SEQUENCES}: fewer alternatives in one phrase", text=pattern)  # fmt: skip
                return PhraseList(name=name, language=language, patterns=())
        kept[key] = tuple(p for p in patterns if p in set(sequences[key].values()))
    voided = [p for p in kept["any"] if all(_voided(s, sequences["unless"]) for s in variants(p))]
    for pattern in voided:
        bad("The phrase can never match: an `unless` phrase always voids it", "any", pattern,
            "a phrase that says more than the exception", warning=True, text=pattern)  # fmt: skip
    return PhraseList(
        name=name,
        language=language,
        patterns=kept["any"],
        unless=kept["unless"],
        like=_sentences(bad, table.get("like", [])),
    )


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


def _voided(sequence: Sequence, unless: dict[Sequence, str]) -> bool:
    """Whether an exception lies wholly within the sequence, so that it holds whenever the sequence does."""
    return any(
        all(covers(wide, narrow) for wide, narrow in zip(short, sequence[at:], strict=False))
        for short in unless
        for at in range(len(sequence) - len(short) + 1)
    )


def check_references(files: list[PhraseFile]) -> list[Problem]:
    """Word classes that patterns name and no file of the language defines."""
    defined = {(file.language, c.name) for file in files for c in file.classes}
    problems = []
    for file in files:
        for phrase_list in file.lists:
            for pattern in phrase_list.patterns + phrase_list.unless:
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
