"""Rubrics as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.plain import isolated, printable
from speechqa.core.rubric import Criterion, PhraseList, Rubric, Situation
from speechqa.criteria.drafting import conditions_text


def rubric_view(rubric: Rubric) -> RenderableType:
    """What a rubric judges: every criterion with its points, parts and options, and the sums."""
    title = f": {printable(rubric.title)}" if rubric.title else ""
    languages = ", ".join(rubric.languages) or "no language"
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("criterion", no_wrap=True)
    table.add_column("category", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    for heading in ("parts", "options"):
        table.add_column(heading)
    table.add_column("", no_wrap=True)
    for criterion in rubric.criteria:
        table.add_row(
            criterion.id,
            criterion.category,
            str(criterion.points),
            _parts(criterion),
            _options(criterion),
            Text("critical" if criterion.critical else "", style="bold red"),
        )
    situations = [Text("")] if rubric.situations else []
    situations += [Text(line) for one in rubric.situations for line in _situation(rubric, one)]
    sums = ", ".join(
        f"{category} {sum(c.points for c in rubric.criteria if c.category == category)}"
        for category in ("courtesy", "professionalism")
    )
    return Group(
        Text(f"{rubric.reference}{title}", style="bold"),
        Text(f"Phrases in {languages}; figures of an agent from {rubric.minimum_calls} calls"),
        Text(
            f"Verdicts: {'by rules, read again by trained models' if rubric.turn_model else 'by rules alone'}"
        ),
        Text(f"Digest {rubric.digest}"),
        Text(""),
        table,
        *situations,
        Text(""),
        Text(f"{len(rubric.criteria)} criteria; points: {sums}"),
    )


def criterion_view(rubric: Rubric, criterion: Criterion, phrases: Iterable[PhraseList]) -> RenderableType:
    """One criterion, and the phrases that its detector cannot do without."""
    critical = ", critical" if criterion.critical else ""
    parts: list[RenderableType] = [
        Text(f"{criterion.id}, rubric {rubric.reference}", style="bold"),
        Text(f"{criterion.category}, {criterion.points} points{critical}; judged by {criterion.detector}"),
    ]
    if criterion.components:
        parts.append(Text(f"Parts: {_parts(criterion)}"))
    if criterion.options:
        parts.append(Text(f"Options: {_options(criterion)}"))
    parts.extend(Text(printable(line, limit=1_000)) for line in conditions_text(criterion))
    for phrase_list in phrases:
        parts.append(Text(""))
        parts.append(Text(f"[{phrase_list.name}] in {phrase_list.language}", style="bold"))
        parts.extend(_written("", phrase_list.patterns))
        parts.extend(_written("unless ", phrase_list.unless))
    return Group(*parts)


def _situation(rubric: Rubric, situation: Situation) -> Iterable[str]:
    """A situation, what tells it, and what is due in it."""
    title = f": {printable(situation.title)}" if situation.title else ""
    yield f"situation {situation.id}{title}"
    told = [f"{mention.speaker}.{mention.list}" for mention in situation.when]
    yield f"  told by {printable(', '.join(told), limit=1_000)}"
    due = [one.id for one in rubric.criteria if situation in one.situations]
    yield f"  due: {', '.join(due) or 'nothing'}"


def _parts(criterion: Criterion) -> str:
    return ", ".join(f"{part.id} {part.points}" for part in criterion.components)


def _options(criterion: Criterion) -> str:
    return ", ".join(f"{key} {value:g}" for key, value in sorted(criterion.options.items()))


def _written(before: str, patterns: Sequence[str]) -> list[Text]:
    return [Text(f"  {before}{isolated(printable(pattern, limit=400))}") for pattern in patterns]
