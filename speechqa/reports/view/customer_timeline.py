"""A customer's calls over time, ready to draw: who began each, what came of it, and the steps of stages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

from speechqa.core.customers import Contact, CustomerHistory
from speechqa.core.period import day_of
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.reports.customers import STAGES
from speechqa.reports.language import Language
from speechqa.scoring.contact_log import side_of

Side = Literal["inbound", "outbound", "unknown"]

BEGAN: Final[dict[Side, str]] = {
    "inbound": "the customer called",
    "outbound": "we called",
    "unknown": "who called is not known",
}
"""Who began a call, in words."""
OUTCOMES: Final = {
    "satisfied": "satisfied",
    "complaint_open": "complaint open",
    "agreed": "agreed",
    "nothing_agreed": "nothing agreed",
    "unknown": "not known",
    "failed": "could not be analysed",
}
"""What came of a call, in words."""

ROW: Final = 20
"""Height of a row of marks and of a stage, in pixels."""
_NEAREST: Final = 2.6
"""Hundredths of the width that marks of a row are apart: their own width where the picture is narrowest."""
_MOST_ROWS: Final = 6
_TITLE: Final = 15
"""Height of the words over a lane."""
_APART: Final = 4
_MOST_TICKS: Final = 8
_LAST_TICK: Final = 94.0
"""Behind it a day's name would stand outside of the picture."""
_STEPS_DAYS: Final = (1, 2, 3, 7, 14)
_STEPS_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_DAY_ALONE: Final = len("2026-11-22")


class Mark(Value, frozen=True, kw_only=True):
    """A call: `x` in hundredths of the width, `y` in pixels, `number` of its line in the table."""

    x: float
    y: int
    kind: str
    label: str
    number: int


class Lane(Value, frozen=True, kw_only=True):
    """Calls that one side began; `y` and `height` in pixels."""

    title: str
    y: int
    height: int
    marks: tuple[Mark, ...]


class StageSpan(Value, frozen=True, kw_only=True):
    """Days at one stage; `rise` is where it came from, in pixels, None at the beginning."""

    x: float
    width: float
    y: int
    rise: int | None
    label: str


class Hatched(Value, frozen=True, kw_only=True):
    """Days that are not assessed, and why."""

    x: float
    width: float
    label: str


class CustomerTimeline(Value, frozen=True, kw_only=True):
    """The picture; hundredths of its width across, pixels down.

    Attributes
    ----------
    levels : tuple of (int, str, int)
        The stages: number, name, height of each.
    spans : tuple of StageSpan
        Empty where no stage is told.
    unassessed : tuple of Hatched
        Of the stages; `gaps` are those of the log of calls.
    kinds : tuple of (str, str)
        What came of the calls that are drawn, in words.
    ticks : tuple of (float, str)
        Days along the foot.
    description : str
        For those who cannot see it.
    """

    height: int
    lanes: tuple[Lane, ...]
    stages_y: int
    stages_height: int
    levels: tuple[tuple[int, str, int], ...]
    spans: tuple[StageSpan, ...]
    unassessed: tuple[Hatched, ...]
    gaps: tuple[Hatched, ...]
    kinds: tuple[tuple[str, str], ...]
    ticks: tuple[tuple[float, str], ...]
    description: str


class _Axis:
    """Days across the picture."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.days = (last - first).days + 1

    def at(self, started_at: str | None) -> float | None:
        """Where a call stands, by its own clock; at noon where it has none."""
        day = day_of(started_at)
        return None if day is None else self.of(day, _share_of_day(started_at or ""))

    def of(self, day: date, share: float = 0.0) -> float:
        """Where a moment of a day stands, kept within the picture."""
        return round(min(max(100 * ((day - self.first).days + share) / self.days, 0.0), 100.0), 2)


def customer_timeline(found: CustomerHistory, say: Language) -> CustomerTimeline | None:
    """The picture of a customer's calls; None where no call has a day."""
    dated = [day for one in found.calls if (day := day_of(one.started_at)) is not None]
    if not dated:
        return None
    as_of = day_of(found.day) if found.complete_log else None
    axis = _Axis(min(dated), max(*dated, as_of) if as_of else max(dated))
    lanes, at = [], 0
    for side in BEGAN:
        lane = _lane(found.calls, side, axis, at, say)
        if lane is not None:
            lanes.append(lane)
            at += lane.height
    top = at + _APART
    height = ROW * len(STAGES)
    y_of = {stage: top + height - ROW * place - ROW // 2 for place, stage in enumerate(sorted(STAGES))}
    spans, unassessed = _stages(found, axis, min(dated), y_of, say)
    kinds = [kind for kind in OUTCOMES if any(one.kind == kind for lane in lanes for one in lane.marks)]
    return CustomerTimeline(
        height=top + height + 2 * ROW,
        lanes=tuple(lanes),
        stages_y=top,
        stages_height=height,
        levels=tuple((stage, say.say(name), y_of[stage]) for stage, name in STAGES.items()),
        spans=spans,
        unassessed=unassessed,
        gaps=tuple(_gaps(found, axis, say)),
        kinds=tuple((kind, say.say(OUTCOMES[kind])) for kind in kinds),
        ticks=tuple(tick for tick in _ticks(axis) if tick[0] <= _LAST_TICK),
        description=say.say(
            "{count} calls from {first} to {last}, and the stages; the lists below say the same in words",
            count=len(dated),
            first=min(dated).isoformat(),
            last=max(dated).isoformat(),
        ),
    )


def side(contact: Contact) -> Side:
    """Who began a call."""
    known = side_of(contact.direction)
    return "inbound" if known == "inbound" else "outbound" if known == "outbound" else "unknown"


def _lane(calls: Sequence[Contact], whose: Side, axis: _Axis, top: int, say: Language) -> Lane | None:
    placed = sorted(
        (x, number, one)
        for number, one in enumerate(calls, start=1)
        if side(one) == whose and (x := axis.at(one.started_at)) is not None
    )
    if not placed:
        return None
    ends: list[float] = []
    marks = []
    for x, number, one in placed:
        free = next((row for row, end in enumerate(ends) if x - end >= _NEAREST), None)
        if free is None and len(ends) < _MOST_ROWS:
            ends.append(x)
            free = len(ends) - 1
        elif free is None:
            free = ends.index(min(ends))
        ends[free] = x
        marks.append(
            Mark(
                x=x,
                y=top + _TITLE + ROW * free + ROW // 2,
                kind=one.outcome,
                label=_label(one, whose, say),
                number=number,
            )
        )
    height = _TITLE + ROW * len(ends) + _APART
    return Lane(title=say.say(BEGAN[whose]), y=top, height=height, marks=tuple(marks))


def _label(one: Contact, whose: Side, say: Language) -> str:
    parts = [
        printable((one.started_at or "")[:_DAY_ALONE]),
        say.say(BEGAN[whose]),
        printable(one.agent_name or one.agent_id or ""),
        say.say(OUTCOMES[one.outcome]),
    ]
    return ", ".join(filter(None, parts))


def _stages(
    found: CustomerHistory, axis: _Axis, first: date, y_of: dict[int, int], say: Language
) -> tuple[tuple[StageSpan, ...], tuple[Hatched, ...]]:
    """Stages from the first known call to the day they are told of; what lies outside is not assessed."""
    churn, until = found.churn, day_of(found.day)
    if churn is None or churn.stage is None or until is None:
        why = say.told(printable(churn.withheld)) if churn else ""
        return (), (Hatched(x=0.0, width=100.0, label=say.say("Not assessed: {why}.", why=why)),)
    end = axis.of(until, 1.0)
    changes = [(axis.at(step.started_at), step.before, step.after) for step in churn.steps]
    known = [(x, before, after) for x, before, after in changes if x is not None]
    starts = [(axis.of(first), None, 1), *known]
    spans = []
    for number, (x, before, stage) in enumerate(starts):
        until_x = starts[number + 1][0] if number + 1 < len(starts) else end
        spans.append(
            StageSpan(
                x=x,
                width=round(max(until_x - x, 0.0), 2),
                y=y_of[stage],
                rise=None if before is None else y_of[before],
                label=f"{stage}, {say.say(STAGES[stage])}",
            )
        )
    if end >= 100.0:
        return tuple(spans), ()
    why = say.say("calls after {day} are not looked at", day=found.day)
    later = Hatched(x=end, width=round(100.0 - end, 2), label=say.say("Not assessed: {why}.", why=why))
    return tuple(spans), (later,)


def _gaps(found: CustomerHistory, axis: _Axis, say: Language) -> Iterable[Hatched]:
    for (first, last), why in zip(found.gap_days, found.gaps, strict=False):
        since, until = day_of(first), day_of(last)
        if since is not None and until is not None:
            x, end = axis.of(since), axis.of(until, 1.0)
            if end > x:
                yield Hatched(x=x, width=round(end - x, 2), label=say.told(printable(why)))


def _ticks(axis: _Axis) -> Iterable[tuple[float, str]]:
    """Days, or the first of months: so many that their names stand beside each other."""
    days = next((step for step in _STEPS_DAYS if axis.days <= step * _MOST_TICKS), None)
    if days is not None:
        for at in range(0, axis.days, days):
            day = axis.first + timedelta(days=at)
            yield axis.of(day), day.isoformat()
        return
    months = axis.days / 30.4
    step = next((step for step in _STEPS_MONTHS if months <= step * _MOST_TICKS), _STEPS_MONTHS[-1])
    count = axis.first.year * 12 + axis.first.month - 1
    count += (axis.first.day > 1) + -(count + (axis.first.day > 1)) % step
    while (day := date(count // 12, count % 12 + 1, 1)) < axis.first + timedelta(days=axis.days):
        yield axis.of(day), day.isoformat()[:7]
        count += step


def _share_of_day(started_at: str) -> float:
    try:
        at = datetime.fromisoformat(started_at.strip())
    except ValueError:
        return 0.5
    if len(started_at.strip()) <= _DAY_ALONE:
        return 0.5
    return (at.hour * 60 + at.minute) / (24 * 60)
