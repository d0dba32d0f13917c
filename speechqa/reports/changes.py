"""What another rubric makes of calls, as a person reads it in a terminal: verdicts, scores, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.finding import Finding, Verdict
from speechqa.core.plain import isolated, printable
from speechqa.reports.wording import VERDICT_WORDS, call_name, clock, points, title
from speechqa.scoring.changes import Change, Moved, Movement, Rejudged
from speechqa.scoring.scorecard import CATEGORIES

SHOWN = 5
"""Calls that are quoted for one way in which a criterion changes; the others are counted."""

_COUNTED = {verdict.value for verdict in Verdict if verdict.counts}


class ChangesView:
    """Every way in which a criterion changes, with calls and quotes, and how the scores move.

    Calls are taken in one by one; of each way the first few are held, to be quoted, and the others counted.
    """

    def __init__(self) -> None:
        self._ways: dict[tuple[str, str, str], _Way] = {}
        self._moved = [Moved(category) for category in CATEGORIES]
        self._judged = 0

    @property
    def judged(self) -> int:
        """Calls that were judged, so far."""
        return self._judged

    def add(self, call: Rejudged) -> None:
        """Take a call in; one that failed changes nothing."""
        if call.state == "failed":
            return
        self._judged += 1
        for moved in self._moved:
            moved.add(call)
        for change in call.changes:
            way = self._ways.setdefault((change.criterion, *change.verdicts), _Way())
            way.count += 1
            if len(way.first) < SHOWN:
                way.first.append((call, change))

    def __rich__(self) -> RenderableType:
        """All of it, as a person reads it."""
        parts: list[RenderableType] = []
        for (criterion, before, after), way in sorted(
            self._ways.items(), key=lambda item: (_rank(*item[0][1:]), item[0])
        ):
            many = "1 call" if way.count == 1 else f"{way.count} calls"
            what = (
                f"{_word(before)} -> {_word(after)}" if before != after else f"{_word(after)}, other points"
            )
            parts.append(Text(f"{title(criterion)}: {what}, {many}", style="bold"))
            if not {before, after} & _COUNTED:
                continue
            for call, change in way.first:
                parts.extend(_call(call, change))
            left = way.count - len(way.first)
            if left:
                parts.append(Text(f"  and {left} more; --json lists them all", style="dim"))
        if self._judged and not self._ways:
            parts.append(Text("No verdict and no point changes."))
        if self._judged:
            parts.append(Text(""))
            parts.append(_moves([moved.movement for moved in self._moved]))
        return Group(*parts)


@dataclass(slots=True)
class _Way:
    count: int = 0
    first: list[tuple[Rejudged, Change]] = field(default_factory=list)


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
