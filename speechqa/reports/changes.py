"""What another rubric makes of calls, as a person reads it in a terminal: verdicts, scores, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.finding import Finding, Verdict
from speechqa.core.plain import isolated, printable
from speechqa.reports.wording import VERDICT_WORDS, call_name, clock, points, title
from speechqa.scoring.changes import Change, Movement, Rejudged, movements

SHOWN = 5
"""Calls that are quoted for one way in which a criterion changes; the others are counted."""

_COUNTED = {verdict.value for verdict in Verdict if verdict.counts}


def changes_view(calls: Iterable[Rejudged], *, shown: int | None = SHOWN) -> RenderableType:
    """Every way in which a criterion changes, with calls and quotes, and how the scores move.

    Parameters
    ----------
    shown : int or None
        Calls quoted for one way; None quotes all.
    """
    found = tuple(calls)
    parts: list[RenderableType] = []
    ways: dict[tuple[str, str, str], list[tuple[Rejudged, Change]]] = {}
    for call in found:
        for change in call.changes:
            ways.setdefault((change.criterion, *change.verdicts), []).append((call, change))
    for way, members in sorted(ways.items(), key=lambda item: (_rank(*item[0][1:]), item[0])):
        criterion, before, after = way
        many = "1 call" if len(members) == 1 else f"{len(members)} calls"
        what = f"{_word(before)} -> {_word(after)}" if before != after else f"{_word(after)}, other points"
        parts.append(Text(f"{title(criterion)}: {what}, {many}", style="bold"))
        if not {before, after} & _COUNTED:
            continue
        for call, change in members[:shown]:
            parts.extend(_call(call, change))
        left = len(members) - len(members[:shown])
        if left:
            parts.append(Text(f"  and {left} more; --json lists them all", style="dim"))
    judged = [call for call in found if call.state != "failed"]
    if judged and not ways:
        parts.append(Text("No verdict and no point changes."))
    if judged:
        parts.append(Text(""))
        parts.append(_moves(movements(judged)))
    return Group(*parts)


def _word(verdict: str) -> str:
    return VERDICT_WORDS.get(verdict, "not judged" if verdict == "absent" else verdict)


def _call(call: Rejudged, change: Change) -> Iterator[RenderableType]:
    name = printable(call_name(call.call_id, call.path), limit=40)
    yield Text(f"  {name}: {_earned(change.before)} -> {_earned(change.after)}")
    if change.before is not None and change.after is not None:
        old, new = change.before, change.after
        if (old.verdict, old.reason, old.evidence) == (new.verdict, new.reason, new.evidence):
            return  # the points alone are others
    if change.before is not None:
        yield from _side("was", change.before)
    if change.after is not None:
        yield from _side("now", change.after)


def _rank(before: str, after: str) -> int:
    """Other verdicts first, then other points, then criteria that come or go."""
    return 2 if "absent" in (before, after) else int(before == after)


def _earned(finding: Finding | None) -> str:
    if finding is None:
        return "not judged"
    if finding.earned is None:
        return VERDICT_WORDS[finding.verdict.value]
    return f"{finding.earned}/{finding.possible}"


def _side(when: str, finding: Finding) -> Iterator[RenderableType]:
    yield Text(f"    {when}: {printable(finding.reason)}")
    for item in finding.evidence[:1]:
        at = f"{clock(item.start)} " if item.start is not None else ""
        yield Text(f"         {at}{printable(item.speaker)}: “{isolated(printable(item.quote))}”")


def _moves(moves: Sequence[Movement]) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("scores", no_wrap=True)
    for heading in ("calls", "before", "after", "mean change", "only before", "only after"):
        table.add_column(heading, justify="right", no_wrap=True)
    for move in moves:
        mean = "–" if move.mean is None else f"{100 * move.mean:+.1f} points of 100"
        table.add_row(
            move.category,
            str(move.n),
            points(move.before),
            points(move.after),
            mean,
            str(move.lost),
            str(move.gained),
        )
    return table
