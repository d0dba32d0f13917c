"""The course of an agent's shifts, ready to show."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.view.courses import CourseView, kind_of, signed
from speechqa.reports.view.scorecard import capital
from speechqa.reports.view.shares import ShareView, shares_view
from speechqa.scoring.peers import QUARTERS
from speechqa.scoring.progress import Trend
from speechqa.scoring.shift import Shift, ShiftPart


class ShiftRow(Value, frozen=True, kw_only=True):
    """A quarter of the shift."""

    title: str
    numbers: str
    calls: int
    shares: tuple[ShareView, ...]
    withheld: str


class ShiftView(Value, frozen=True, kw_only=True):
    """The course of a shift; `not_assessed` says why there is none."""

    rows: tuple[ShiftRow, ...]
    courses: tuple[tuple[str, CourseView], ...]
    facts: str
    not_assessed: str


def shift_view(found: Shift, categories: Sequence[str], say: Language) -> ShiftView:
    """The course of shifts; `categories` are titles, in the order of `CATEGORIES`."""
    facts = [
        say.say("Shifts: {count}, the longest of {calls} calls.", count=found.shifts, calls=found.longest)
    ]
    if found.left_out:
        facts.append(
            say.say(
                "Left out for having fewer than four calls, or a call without a known time: {count}.",
                count=found.left_out,
            )
        )
    if found.undated:
        facts.append(
            say.say("Calls without a known start, which have no place: {count}.", count=found.undated)
        )
    return ShiftView(
        rows=tuple(_shift_row(part, say) for part in found.parts),
        courses=(
            *((title, _halves(half, say)) for title, half in zip(categories, found.halves, strict=False)),
            *(((say.say("Patience"), _halves(found.patience, say)),) if found.patience else ()),
        ),
        facts=" ".join(facts) if found.shifts else "",
        not_assessed=say.told(found.withheld),
    )


def _shift_row(part: ShiftPart, say: Language) -> ShiftRow:
    numbers = say.say("calls {first} to {last}", first=part.first, last=part.last) if part.calls else ""
    return ShiftRow(
        title=capital(say.say(QUARTERS[part.part])),
        numbers=numbers,
        calls=part.calls,
        shares=shares_view(part.tallies, part.intervals, say),
        withheld=say.told(part.withheld),
    )


def _halves(found: Trend, say: Language) -> CourseView:
    if found.change is None or found.low is None or found.high is None or found.direction is None:
        return CourseView(
            kind="",
            words=say.say(
                "too few calls to compare the halves of a shift: {early} and {late}",
                early=found.earlier_calls,
                late=found.later_calls,
            ),
        )
    words = {
        "better": "higher in the later half of a shift",
        "worse": "lower in the later half of a shift",
    }.get(found.direction, "no clear difference between the halves of a shift")
    return CourseView(
        kind=kind_of(found.direction),
        words=say.say(
            "{what}: {change} of 100, {low} to {high}",
            what=say.say(words),
            change=signed(found.change),
            low=signed(found.low),
            high=signed(found.high),
        ),
    )
