"""Reads a rubric from its files, and says what is wrong with it: file, line, key, found and expected."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from speechqa.core.rubric import Criterion, PhraseList, Problem, Rubric, Situation, WordClass
from speechqa.criteria import sources
from speechqa.criteria.criterion_table import NAME, read_criterion
from speechqa.criteria.detectors import LISTS
from speechqa.criteria.domains import incomplete
from speechqa.criteria.inheritance import base_path, dropped, merged, opened, own_tables
from speechqa.criteria.phrasefile import (
    LANGUAGES,
    PhraseFile,
    alike,
    check_references,
    read_phrases,
    repeated,
    unread,
)
from speechqa.criteria.situation_table import not_due, read_situations
from speechqa.criteria.sources import Source
from speechqa.errors import RubricError

_TOP = (
    "name", "version", "extends", "title", "minimum_calls", "phrases", "drop", "criterion", "turn_model",
    "dispute_days", "situation",
)  # fmt: skip


def load_rubric(name_or_path: str | Path = "service") -> Rubric:
    """Load and validate a rubric.

    Parameters
    ----------
    name_or_path
        Name of a built-in rubric (``service``) or path of a TOML file.

    Raises
    ------
    RubricError
        If the rubric cannot be read or has an error; the message names the first one, and how many more.
    """
    read = _read(Source(sources.find(name_or_path)), doubting=False)
    rubric, problems = read.rubric, read.problems
    errors = [p for p in problems if p.severity == "error"]
    if errors or rubric is None:
        first = errors[0]
        where = first.file + (f", line {first.line}" if first.line else "")
        more = f"; {len(errors) - 1} more, see `speechqa rubric check`" if len(errors) > 1 else ""
        raise RubricError(
            first.message,
            where=where + (f", key {first.key}" if first.key else "") + more,
            found=first.found,
            expected=first.expected,
        )
    return rubric


def validate_rubric(name_or_path: str | Path) -> tuple[Problem, ...]:
    """All problems of a rubric, errors first, then warnings, each in order of file and line."""
    try:
        problems = _read(Source(sources.find(name_or_path)), doubting=True).problems
    except RubricError as error:
        problems = [
            Problem(
                severity="error",
                message=error.what,
                file=error.where or str(name_or_path),
                found=error.found,
                expected=error.expected,
            )
        ]
    return tuple(sorted(problems, key=lambda p: (p.severity, p.file, p.line or 0, p.key or "", p.message)))


class _Read(NamedTuple):
    """A rubric as read: `tables` are its criteria with what they inherit, `sources` itself and its bases.

    `named` are the phrase lists that criteria name, those it dropped too: a list that they brought may stay.
    """

    rubric: Rubric | None
    problems: list[Problem]
    tables: dict[str, dict[str, Any]]
    files: list[PhraseFile]
    sources: list[Source]
    named: frozenset[str] = frozenset()
    situations: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - never written to


def _read(source: Source, seen: tuple[Path, ...] = (), *, doubting: bool) -> _Read:
    """Read a rubric with its bases; where `doubting`, with all warnings, else with some or none."""
    top, problems = source.table, list[Problem]()
    seen = (*seen, source.path.resolve())
    base = _base(source, problems, seen, doubting=doubting)
    if "extends" in top and (base is None or base.rubric is None):
        # Without its base nothing else that could be said of it would be true.
        return _Read(None, problems + (base.problems if base else []), {}, [], [source])
    for key in top:
        if key not in _TOP:
            problems.append(
                _bad(source, None, key, "The rubric has a key that is not known", key, ", ".join(_TOP))
            )
    name = top.get("name", source.path.stem)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        problems.append(
            _bad(source, None, "name", "The rubric's name is not usable", name, "a-z, 0-9, _ and -")
        )
    if base is not None and base.rubric is not None and name == base.rubric.name:
        problems.append(
            _bad(source, None, "name", "The rubric has the name of the one it inherits from", name,
                 "a name of its own, since scores are kept by it")
        )  # fmt: skip
    version = _whole(source, problems, top, "version", required=True)
    inherited = base.rubric if base else None
    minimum = _whole(
        source, problems, top, "minimum_calls", default=inherited.minimum_calls if inherited else 1
    )
    dispute_days = _whole(
        source, problems, top, "dispute_days", default=inherited.dispute_days if inherited else 14
    )
    title = top.get("title", inherited.title if inherited else "")
    if not isinstance(title, str):
        problems.append(_bad(source, None, "title", "The title is no text", title, "text"))
    turn_model = top.get("turn_model", inherited.turn_model if inherited else False)
    if not isinstance(turn_model, bool):
        problems.append(
            _bad(
                source, None, "turn_model", "Whether trained models read verdicts too is not said",
                turn_model, "true or false",
            )
        )  # fmt: skip
    told_of, situations = read_situations(source, problems, base.situations if base else {})
    tables, criteria = _criteria(source, problems, base.tables if base else {}, situations)
    files = _phrase_files(source, problems, base.files if base else [], doubting=doubting)
    phrases, words = _merged(files)
    for file in files:
        problems += file.problems
    problems += check_references(files, doubting=doubting)
    if doubting:
        problems += repeated(files)
    named = frozenset().union(base.named if base else (), *(one.named_lists for one in criteria))
    problems += unread(files, named)
    problems += not_due(source, criteria)
    by_language = {language: [f.source for f in files if f.language == language] for language in LANGUAGES}
    if all(p.severity == "warning" for p in problems):
        problems += incomplete(by_language, phrases, words)
    languages = tuple(sorted({file.language for file in files if file.language}))
    problems += _unsaid(source, criteria, phrases, languages)
    read_from = [source, *(base.sources if base else [])]
    if any(p.severity == "error" for p in problems):
        return _Read(None, problems, tables, files, read_from, named, told_of)
    digest = hashlib.sha256()
    for part in (*read_from, *(file.source for file in files)):
        digest.update(hashlib.sha256(part.data).digest())
    rubric = Rubric(
        name=name,
        version=version,
        title=title,
        digest=digest.hexdigest(),
        languages=languages,
        minimum_calls=minimum,
        criteria=tuple(criteria),
        phrases=phrases,
        words=words,
        turn_model=turn_model is True,
        dispute_days=dispute_days,
        situations=tuple(situations.values()),
    )
    return _Read(rubric, problems, tables, files, read_from, named, told_of)


def _base(source: Source, problems: list[Problem], seen: tuple[Path, ...], *, doubting: bool) -> _Read | None:
    """The rubric this one extends, as read; what is wrong with reading it is said of this one."""
    path = base_path(source, problems, seen)
    opened_base = opened(path, source, problems) if path is not None else None
    return None if opened_base is None else _read(opened_base, seen, doubting=doubting)


def _bad(source: Source, table: str | None, key: str, message: str, found: object, expected: str) -> Problem:
    return source.problem(message, line=source.line(table, key), key=key, found=found, expected=expected)


def _whole(
    source: Source,
    problems: list[Problem],
    top: dict[str, Any],
    key: str,
    *,
    required: bool = False,
    default: int = 1,
) -> int:
    value = top.get(key, None if required else default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
        found = "nothing" if value is None else value
        problems.append(
            _bad(source, None, key, f"The rubric's {key} is not usable", found, "a whole number from 1")
        )
        return 1
    return value


def _criteria(
    source: Source,
    problems: list[Problem],
    inherited: dict[str, dict[str, Any]],
    situations: dict[str, Situation],
) -> tuple[dict[str, dict[str, Any]], list[Criterion]]:
    """The criteria, as tables and as values: the inherited ones in their order, then those that are new."""
    written = source.table.get("criterion", [])
    usable = isinstance(written, list) and all(isinstance(t, dict) for t in written)
    if not usable or not (written or inherited):
        problems.append(
            source.problem("The rubric has no criteria", key="criterion", expected="[[criterion]] tables")
        )
        return {}, []
    left_out = dropped(source, problems, inherited)
    places: dict[str, int] = {}
    tables = {name: table for name, table in inherited.items() if name not in left_out}
    new: dict[str, Criterion] = {}
    for nth, own in enumerate(own_tables(source)):
        name = own.get("id")
        table = merged(inherited.get(name, {}) if isinstance(name, str) else {}, own)
        before = len(problems)
        criterion = read_criterion(source, problems, table, nth, situations)
        if criterion is None or len(problems) > before:
            continue
        if criterion.id in places:
            line = source.line("criterion", "id", nth=nth)
            problems.append(
                source.problem(
                    "Two criteria have one id",
                    line=line,
                    key="id",
                    found=criterion.id,
                    expected="an id of its own",
                )
            )
            continue
        places[criterion.id] = nth
        tables[criterion.id] = table
        new[criterion.id] = criterion
    if not tables and len(left_out) == len(inherited) > 0:
        problems.append(
            source.problem("No criterion is left", line=source.line(None, "drop"), key="drop",
                           found=", ".join(sorted(left_out)) or "none", expected="at least one")
        )  # fmt: skip
    found = [
        new.get(name) or read_criterion(source, [], table, -1, situations) for name, table in tables.items()
    ]
    return tables, [criterion for criterion in found if criterion is not None]


def _phrase_files(
    source: Source, problems: list[Problem], inherited: list[PhraseFile], *, doubting: bool
) -> list[PhraseFile]:
    """The inherited phrase files and those the rubric adds, each once."""
    names = source.table.get("phrases")
    if names is None and inherited:
        return inherited
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        problems.append(
            _bad(
                source,
                None,
                "phrases",
                "The rubric names no phrase files",
                names,
                'such as ["service.en.toml"]',
            )
        )
        return inherited
    files = list(inherited)
    read = {file.source.path.resolve() for file in files}
    for name in names:
        path = sources.beside(source.path, name)
        if path is None:
            problems.append(
                _bad(source, None, "phrases", "A phrase file is not there", name,
                     "the bare name of a file beside the rubric, or of a built-in one")
            )  # fmt: skip
            continue
        if path.resolve() not in read:
            read.add(path.resolve())
            files.append(read_phrases(Source(path), doubting=doubting))
    return files


def _merged(files: list[PhraseFile]) -> tuple[tuple[PhraseList, ...], tuple[WordClass, ...]]:
    lists: dict[tuple[str, str], PhraseList] = {}
    classes: dict[tuple[str, str], WordClass] = {}
    for file in files:
        for new in file.lists:
            old = lists.get((new.language, new.name))
            lists[new.language, new.name] = new if old is None else PhraseList(
                name=new.name, language=new.language,
                patterns=old.patterns + new.patterns, unless=old.unless + new.unless,
                like=old.like + new.like,
            )  # fmt: skip
        for word_class in file.classes:
            before = classes.get((word_class.language, word_class.name))
            words = (before.words if before else ()) + word_class.words
            classes[word_class.language, word_class.name] = WordClass(
                name=word_class.name, language=word_class.language, words=words
            )
    return tuple(lists.values()), tuple(classes.values())


def _unsaid(
    source: Source, criteria: list[Criterion], phrases: tuple[PhraseList, ...], languages: tuple[str, ...]
) -> list[Problem]:
    """Lists a criterion cannot do without that a language lacks."""
    have = {(p.language, p.name) for p in phrases if p.patterns}
    written = [table.get("id") for table in own_tables(source)]
    places = {name: nth for nth, name in enumerate(written) if isinstance(name, str)}
    problems = []
    for criterion in criteria:
        nth = places.get(criterion.id, -1)
        unheard_of = sorted(criterion.named_lists - {name for _, name in have})
        if unheard_of:
            problems.append(
                source.problem(
                    f"{criterion.id} names phrases that are nowhere",
                    line=source.line("criterion", "id", nth=nth),
                    key="said, when or unless",
                    found=", ".join(unheard_of),
                    expected="a list in a phrase file of the rubric"
                    + alike(unheard_of[0], {name for _, name in have}),
                )
            )
        needed = (*LISTS[criterion.detector], *sorted(criterion.named_lists - frozenset(unheard_of)))
        for language in languages:
            lacking = [name for name in needed if (language, name) not in have]
            if lacking:
                problems.append(
                    source.problem(
                        f"{criterion.id} can never be met in {language}: phrases are missing",
                        line=source.line("criterion", "id", nth=nth),
                        key="id",
                        found="no " + ", ".join(lacking),
                        expected=f"these lists in a phrase file of {language}",
                        warning=True,
                    )
                )
    return problems
