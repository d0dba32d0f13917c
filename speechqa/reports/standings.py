"""Figures of agents, teams and weeks as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.finding import Tally
from speechqa.core.plain import printable
from speechqa.reports.wording import figure, interval, length, points, title
from speechqa.scoring import AgentScore
from speechqa.scoring.groups import Compared, GroupFigure, WeeklyFigures
from speechqa.scoring.trend import Trend

_CATEGORIES = ("courtesy", "professionalism")
_WHOLE = 3
"""So many agents or teams are shown with every week."""

_Figure = AgentScore | GroupFigure


def agent_table(scores: Sequence[AgentScore]) -> RenderableType:
    """One line an agent and rubric: calls, scores with their 95 % intervals, or why they are withheld."""
    table = _table("agent", "name", "calls", *_CATEGORIES, *_more(scores), "rubric", "note")
    for one in scores:
        table.add_row(
            Text(printable(one.agent_id, limit=20)),
            Text(printable(one.agent_name or "", limit=24)),
            str(one.n),
            *_figures(one, scores),
            Text(printable(one.rubric, limit=24)),
            Text(note(one)),
        )
    return _with_resolution(table, scores)


def team_table(teams: Sequence[GroupFigure]) -> RenderableType:
    """One line a team and rubric."""
    table = _table("team", "calls", *_CATEGORIES, *_more(teams), "rubric", "note")
    for one in teams:
        table.add_row(
            _team(one.team),
            str(one.n),
            *_figures(one, teams),
            Text(printable(one.rubric, limit=24)),
            Text(note(one)),
        )
    return _with_resolution(table, teams)


def weekly(found: Sequence[WeeklyFigures]) -> RenderableType:
    """Every week of a few agents or teams; of many the first and last week with a figure, and the trend."""
    if len(found) <= _WHOLE:
        return Group(*(part for one in found for part in _weeks(one)))
    table = _table(
        "whose", "weeks", "courtesy first to last", "trend", "professionalism first to last", "trend"
    )
    for one in found:
        cells: list[RenderableType] = [_whose(one), str(len(one.weeks))]
        for category in _CATEGORIES:
            cells += [_course(one, category), Text(_trend(one.trends[category]))]
        table.add_row(*cells)
    return Group(table, Text(_method(found), style="dim"))


def comparisons(found: Sequence[Compared]) -> RenderableType:
    """Agents beside each other, rubric by rubric."""
    return Group(*(_comparison(one) for one in found))


def _comparison(found: Compared) -> RenderableType:
    """Agents beside each other: the two scores over the same criteria, then criterion by criterion."""
    table = _table("", *(printable(_name(one), limit=24) for one in found.agents))
    table.add_row("calls", *(str(one.n) for one in found.agents))
    for category in _CATEGORIES:
        table.add_row(category, *(figure(one.tallies, one.intervals, category) for one in found.agents))
    for name in found.criteria:
        cells = []
        for one in found.agents:
            cells.append(points(found.points[one.agent_id or ""][name]))
        table.add_row(Text(printable(title(name))), *cells)
    parts: list[RenderableType] = [
        Text(
            printable(f"Rubric {found.rubric}: {len(found.criteria)} criteria assessed for all"), style="bold"
        ),
        table,
    ]
    parts += [
        Text(printable(f"{_name(one)}: {note(one)}"), style="yellow") for one in found.agents if note(one)
    ]
    if found.left_out:
        names = ", ".join(title(name) for name in found.left_out)
        parts.append(
            Text(printable(f"Left out, for not each has enough calls assessed: {names}"), style="dim")
        )
    return Group(*parts)


_METHOD = "Trend: Mann and Kendall's test over weeks with enough calls, p < 0.05; slope in points a week."


def _method(found: Sequence[WeeklyFigures]) -> str:
    sunday = any(one.week_start == "sunday" for one in found)
    return f"{_METHOD} Weeks begin on Sunday, numbered by their Monday." if sunday else _METHOD


def _weeks(one: WeeklyFigures) -> Iterator[RenderableType]:
    yield Text.assemble(_whose(one), (f", rubric {printable(one.rubric, limit=24)}", "bold"))
    table = _table("week", "calls", *_CATEGORIES, "average call", "note")
    for week in one.weeks:
        figures = (figure(week.tallies, week.intervals, category) for category in _CATEGORIES)
        table.add_row(week.week or "", str(week.n), *figures, _handling(week), Text(note(week)))
    yield table
    for category in _CATEGORIES:
        yield Text(f"  {category}: {_trend(one.trends[category])}")
    yield Text(f"  {_method([one])}", style="dim")


def _course(one: WeeklyFigures, category: str) -> str:
    rates = [
        100 * tally.earned / tally.possible
        for week in one.weeks
        if (tally := week.tallies.get(category)) is not None and tally.possible
    ]
    return f"{rates[0]:.0f}% to {rates[-1]:.0f}%" if rates else "withheld"


def _trend(found: Trend) -> str:
    if found.direction == "too_few_weeks":
        return f"too few weeks ({found.weeks})"
    if found.direction == "none_shown":
        return f"none shown (p {found.p:.2f})"
    return f"{found.direction} {100 * (found.slope or 0.0):+.1f} a week (p {found.p:.3f})"


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        right = heading in ("calls", "average call", "weeks")
        table.add_column(
            heading, justify="right" if right else "left", ratio=1 if heading == "note" else None
        )
    return table


def _more(found: Sequence[_Figure]) -> tuple[str, ...]:
    resolved = any(one.resolution is not None for one in found)
    return ("average call", "first contact") if resolved else ("average call",)


def _figures(one: _Figure, every: Sequence[_Figure]) -> Iterator[str]:
    yield from (figure(one.tallies, one.intervals, category) for category in _CATEGORIES)
    yield _handling(one)
    if len(_more(every)) > 1:
        yield _resolution(one)


def _handling(one: _Figure) -> str:
    return "" if one.handling_s is None else length(one.handling_s)


def _resolution(one: _Figure) -> str:
    found = one.resolution
    if found is None or found.rate is None:
        return "withheld"
    return f"{100 * found.rate:.0f}% {found.resolved}/{found.first}{interval(found.interval)}"


def _with_resolution(table: Table, found: Sequence[_Figure]) -> RenderableType:
    stated = [one.resolution for one in found if one.resolution is not None]
    if not stated:
        return table
    unknown, edge = sum(one.unknown for one in stated), sum(one.edge for one in stated)
    return Group(
        table,
        Text(
            f"First contact: no other call of the customer within {stated[0].days} days. Left out: {unknown} "
            f"calls without a known customer or time, {edge} too near to an end of the log.",
            style="dim",
        ),
    )


def _team(name: str | None) -> Text:
    return Text(printable(name, limit=24)) if name else Text("not known", style="dim")


def _whose(one: WeeklyFigures) -> Text:
    if one.agent_id is not None:
        return Text(printable(f"{one.agent_id} {one.agent_name or ''}".strip(), limit=40))
    return _team(one.team)


def _name(one: GroupFigure) -> str:
    return f"{one.agent_id} {one.agent_name or ''}".strip()


def note(one: AgentScore | GroupFigure) -> str:
    """What a figure rests on beside the machine's verdicts, and why it is withheld."""
    notes = [one.withheld] if one.withheld else []
    if one.by_people:
        notes.append(f"{one.by_people} verdict{'s' * (one.by_people > 1)} by people" + _alone(one.machine))
    if one.waiting:
        notes.append(f"{one.waiting} critical failure{'s' * (one.waiting > 1)} to be confirmed")
    if one.drafts_left_out:
        notes.append(f"{one.drafts_left_out} calls with draft words left out")
    if one.drafts:
        notes.append(f"{one.drafts} of the calls rest on draft words: no basis for an audit")
    return "; ".join(notes)


def _alone(machine: Mapping[str, Tally]) -> str:
    """The machine's points where people's verdicts make a difference."""
    told = [f"{name} {points(machine[name])}" for name in _CATEGORIES if name in machine]
    return f" (by the machine {', '.join(told)})" if told else ""
