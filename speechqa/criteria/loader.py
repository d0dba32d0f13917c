"""Reads a rubric from its files, and says what is wrong with it: file, line, key, found and expected."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from speechqa.core.rubric import ComponentPoints, Criterion, PhraseList, Problem, Rubric, WordClass
from speechqa.criteria import sources
from speechqa.criteria.detectors import COMPONENTS, LISTS, OPTIONS
from speechqa.criteria.phrasefile import PhraseFile, check_references, read_phrases
from speechqa.criteria.sources import Source
from speechqa.errors import RubricError

_TOP = ("name", "version", "title", "minimum_calls", "phrases", "criterion")
_CRITERION = ("id", "category", "points", "detector", "components", "critical", "options")
_CATEGORIES = ("courtesy", "professionalism")
_MAX_POINTS = 1_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")


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
    rubric, problems = _read(sources.find(name_or_path))
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
        path = sources.find(name_or_path)
        _, problems = _read(path)
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


def _read(path: Path) -> tuple[Rubric | None, list[Problem]]:
    source = Source(path)
    top, problems = source.table, list[Problem]()
    for key in top:
        if key not in _TOP:
            problems.append(
                _bad(source, None, key, "The rubric has a key that is not known", key, ", ".join(_TOP))
            )
    name = top.get("name", path.stem)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        problems.append(
            _bad(source, None, "name", "The rubric's name is not usable", name, "a-z, 0-9, _ and -")
        )
    version = _whole(source, problems, top, "version", required=True)
    minimum = _whole(source, problems, top, "minimum_calls", default=1)
    title = top.get("title", "")
    if not isinstance(title, str):
        problems.append(_bad(source, None, "title", "The title is no text", title, "text"))
    criteria = _criteria(source, problems)
    files = _phrase_files(source, problems)
    phrases, words = _merged(files)
    for file in files:
        problems += file.problems
    problems += check_references(files)
    languages = tuple(sorted({file.language for file in files if file.language}))
    problems += _unsaid(source, criteria, phrases, languages)
    if any(p.severity == "error" for p in problems):
        return None, problems
    digest = hashlib.sha256()
    for part in (source, *(file.source for file in files)):
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
    )
    return rubric, problems


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


def _criteria(source: Source, problems: list[Problem]) -> list[Criterion]:
    tables = source.table.get("criterion", [])
    if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
        problems.append(
            source.problem("The rubric has no criteria", key="criterion", expected="[[criterion]] tables")
        )
        return []
    found: list[Criterion] = []
    for nth, table in enumerate(tables):
        before = len(problems)
        criterion = _one(source, problems, table, nth)
        if len(problems) == before and criterion is not None:
            if any(other.id == criterion.id for other in found):
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
            else:
                found.append(criterion)
    return found


def _one(source: Source, problems: list[Problem], table: dict[str, Any], nth: int) -> Criterion | None:
    def bad(key: str, message: str, found: object, expected: str) -> None:
        line = source.line("criterion", key, nth=nth) or source.line("criterion", nth=nth)
        problems.append(source.problem(message, line=line, key=key, found=found, expected=expected))

    for key in table:
        if key not in _CRITERION:
            bad(key, "The criterion has a key that is not known", key, ", ".join(_CRITERION))
    name = table.get("id")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        bad("id", "The criterion's id is not usable", "nothing" if name is None else name, "a-z, 0-9 and _")
        return None
    detector = table.get("detector", name)
    if not isinstance(detector, str) or detector not in LISTS:
        bad(
            "detector" if "detector" in table else "id",
            f"No detector judges {name}",
            detector,
            ", ".join(sorted(LISTS)),
        )
        return None
    category = table.get("category")
    if category not in _CATEGORIES:
        bad(
            "category",
            f"The category of {name} is not known",
            category or "nothing",
            " or ".join(_CATEGORIES),
        )
    points = table.get("points")
    if not _is_points(points):
        bad(
            "points", f"The points of {name} are not usable", "nothing" if points is None else points, _POINTS
        )
    critical = table.get("critical", False)
    if not isinstance(critical, bool):
        bad("critical", f"Whether {name} is critical is not said", critical, "true or false")
    components = _parts(bad, name, detector, points, table.get("components", {}))
    options = _options(bad, name, detector, table.get("options", {}))
    if category not in _CATEGORIES or not isinstance(points, int) or not _is_points(points):
        return None
    if components is None or options is None or not isinstance(critical, bool):
        return None
    return Criterion(
        id=name,
        category=category,
        points=points,
        detector=detector,
        components=components,
        critical=critical,
        options=options,
    )


_POINTS = f"a whole number from 1 to {_MAX_POINTS}"


def _is_points(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MAX_POINTS


def _parts(bad: Any, name: str, detector: str, points: Any, table: Any) -> tuple[ComponentPoints, ...] | None:
    known = COMPONENTS.get(detector, ())
    if not isinstance(table, dict) or not all(_is_points(value) for value in table.values()):
        bad("components", f"The parts of {name} are not usable", table, f"parts with {_POINTS} each")
        return None
    if (table or known) and set(table) != set(known):
        bad("components", f"The parts of {name} are not those it is graded by", ", ".join(table) or "none",
            ", ".join(known) or "no parts")  # fmt: skip
        return None
    if table and sum(table.values()) != points:
        bad("components", f"The parts of {name} do not add up", sum(table.values()), f"{points} in all")
        return None
    return tuple(ComponentPoints(id=part, points=value) for part, value in table.items())


def _options(bad: Any, name: str, detector: str, table: Any) -> dict[str, float] | None:
    known = OPTIONS.get(detector, {})
    if not isinstance(table, dict):
        bad("options", f"The options of {name} are not usable", table, "a table of numbers")
        return None
    for key, value in table.items():
        usable = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1e6
        if key not in known or not usable:
            bad("options", f"The option {key} of {name} is not usable", value, _known_options(known))
            return None
    return {key: float(table.get(key, default)) for key, default in known.items()}


def _known_options(known: dict[str, float]) -> str:
    return (
        ", ".join(f"{key} (a number, {default:g} if left out)" for key, default in known.items())
        or "no options"
    )


def _phrase_files(source: Source, problems: list[Problem]) -> list[PhraseFile]:
    names = source.table.get("phrases")
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
        return []
    files = []
    for name in names:
        path = sources.beside(source.path, name)
        if path is None:
            problems.append(
                _bad(source, None, "phrases", "A phrase file is not there", name,
                     "the bare name of a file beside the rubric, or of a built-in one")
            )  # fmt: skip
            continue
        files.append(read_phrases(Source(path)))
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
    problems = []
    for nth, criterion in enumerate(criteria):
        for language in languages:
            lacking = [name for name in LISTS[criterion.detector] if (language, name) not in have]
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
