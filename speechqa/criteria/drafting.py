"""A new rubric as files to edit: what it inherits is written beside it as comments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from speechqa.core.rubric import Criterion, Limit, Mention, Rubric, Said, Situation
from speechqa.criteria import sources
from speechqa.criteria.criterion_table import NAME
from speechqa.criteria.loader import load_rubric
from speechqa.errors import RubricError, UsageError


def draft(name: str, *, base: str, folder: Path) -> Mapping[Path, str]:
    """The files of a new rubric that extends another, by path; nothing is written.

    Parameters
    ----------
    base : str
        A built-in rubric's name, or a file in that folder.

    Raises
    ------
    UsageError
        If the name cannot be a rubric's, or a file of it is there already.
    RubricError
        If the base cannot be used, or lies in another folder.
    """
    if not NAME.fullmatch(name) or name in sources.built_in():
        raise UsageError(
            "The new rubric cannot have that name",
            found=name,
            expected="a-z, 0-9, _ and -, and not " + " or ".join(sources.built_in()),
        )
    inherited = load_rubric(base)
    path = sources.find(base)
    if path.parent.resolve() not in (sources.BUILT_IN, folder.resolve()):
        raise RubricError(
            "The rubric to inherit from lies in another folder",
            where=str(path),
            expected=f"a file in {folder}",
            hint="Put the new one beside it: --folder",
        )
    if inherited.name == name:
        raise UsageError("The new rubric has the name of the one it inherits from", found=name)
    extends = path.stem if path.parent.resolve() == sources.BUILT_IN else path.name
    phrases = {language: folder / f"{name}.{language}.toml" for language in inherited.languages}
    files = {folder / f"{name}.toml": _rubric(name, extends, inherited, [p.name for p in phrases.values()])}
    files |= {place: _phrases(language) for language, place in phrases.items()}
    present = [str(place) for place in files if place.exists()]
    if present:
        raise UsageError(
            "A file of the new rubric is there already, and is left as it is",
            where=", ".join(present),
            hint="Choose another name or --folder",
        )
    return files


def _rubric(name: str, extends: str, inherited: Rubric, phrases: list[str]) -> str:
    listed = ", ".join(f'"{phrase}"' for phrase in phrases)
    lines = [
        f"# What is not said here is as in {inherited.reference}. How to write it: docs/methods/criteria.md.",
        "# Raise `version` whenever you change anything: scores are kept per version.",
        "",
        f'name = "{name}"',
        "version = 1",
        f'extends = "{extends}"',
        f"minimum_calls = {inherited.minimum_calls}",
        f"turn_model = {str(inherited.turn_model).lower()}    # trained models read verdicts a second time",
        f"phrases = [{listed}]",
        '# drop = ["anything_else"]    # criteria that are not judged',
        "",
        "# To change a criterion take the marks off its lines and edit them; what is left out is inherited.",
    ]
    for situation in inherited.situations:
        lines += ["", *(f"# {line}" for line in situation_text(situation))]
    for criterion in inherited.criteria:
        lines += ["", *(f"# {line}" for line in criterion_text(criterion))]
    return "\n".join(lines) + "\n"


def criterion_text(criterion: Criterion) -> list[str]:
    """A criterion as a rubric writes it, line by line."""
    lines = [
        "[[criterion]]",
        f'id = "{criterion.id}"',
        f'category = "{criterion.category}"',
        f"points = {criterion.points}",
    ]
    if criterion.detector != criterion.id:
        lines.append(f'detector = "{criterion.detector}"')
    if criterion.components:
        parts = ", ".join(f"{part.id} = {part.points}" for part in criterion.components)
        lines.append(f"components = {{ {parts} }}")
    if criterion.options:
        options = ", ".join(f"{key} = {value:g}" for key, value in criterion.options.items())
        lines.append(f"options = {{ {options} }}")
    if criterion.critical:
        lines.append("critical = true")
    return lines + conditions_text(criterion)


def situation_text(situation: Situation) -> list[str]:
    """A situation as a rubric writes it, line by line."""
    lines = ["[[situation]]", f'id = "{situation.id}"']
    lines += [f"title = {_value(situation.title)}"] if situation.title else []
    return lines + [
        f"{key} = {_value(mentions)}"
        for key, mentions in (("when", situation.when), ("unless", situation.unless))
        if mentions
    ]


def conditions_text(criterion: Criterion) -> list[str]:
    """What a criterion looks for or measures and when it applies, as a rubric writes it, line by line."""
    lines = [
        f"{key} = {_value([f'{mention.speaker}.{mention.list}' for mention in mentions])}"
        for key, mentions in (("when", criterion.when), ("unless", criterion.unless))
        if mentions
    ]
    if criterion.situations:
        lines.append(f"situation = {_value([one.id for one in criterion.situations])}")
    if criterion.limit is not None:
        lines.append(f"limit = {_value(_unlike(criterion.limit, Limit(measure='')))}")
    said = [_value(_unlike(one, Said(lists=()))) for one in criterion.said]
    if said:
        lines.append(f"said = {said[0]}" if len(said) == 1 else f"said = [{', '.join(said)}]")
    return lines


def _unlike(value: Limit | Said, plain: Limit | Said) -> dict[str, object]:
    """The fields that say something: those that are not as they would be if they were left out."""
    return {
        name: got for name in value.__struct_fields__ if (got := getattr(value, name)) != getattr(plain, name)
    }


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mention):
        return _value(f"{value.speaker}.{value.list}")
    if isinstance(value, bool):
        return str(value).lower()
    # What JSON writes of a text is a text of TOML too.
    return f"{value:g}" if isinstance(value, (int, float)) else json.dumps(value, ensure_ascii=False)


_EXAMPLES = {"en": "have a (good|nice) one", "he": "יום (טוב|נעים)"}


def _phrases(language: str) -> str:
    return (
        "# Phrases added to the inherited ones. How to write one: docs/methods/criteria.md.\n"
        f'language = "{language}"\n\n'
        f'# [goodbye]\n# any = ["{_EXAMPLES.get(language, "...")}"]\n'
        "# unless = []    # voids a match that it overlaps, an inherited one too\n"
    )
