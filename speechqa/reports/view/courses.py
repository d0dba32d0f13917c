"""Whether figures move, in words."""

from __future__ import annotations

from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.own_figures import course_words
from speechqa.reports.view.scorecard import capital
from speechqa.scoring.progress import Direction, Trend


class CourseView(Value, frozen=True, kw_only=True):
    """Whether a figure moves: in words, `kind` is `better`, `worse` or empty."""

    kind: str
    words: str


def course_view(found: Trend | None, say: Language) -> CourseView:
    """The course of a category with its figures, or why none is given."""
    if found is None:
        return CourseView(kind="", words="")
    return CourseView(kind=kind_of(found.direction), words=capital(say.told(course_words(found))))


def kind_of(direction: Direction | None) -> str:
    """`better` or `worse`; empty for all else."""
    return direction if direction in ("better", "worse") else ""


def short_course(found: Trend, say: Language) -> CourseView:
    """A change in a few words; nothing where calls are too few to tell."""
    if found.change is None or found.direction not in ("better", "worse"):
        return CourseView(kind="", words=say.say("no clear change") if found.direction else "")
    return CourseView(
        kind=found.direction,
        words=say.say(
            "{direction} since {day}: {change} of 100",
            direction=say.say(found.direction),
            day=found.since,
            change=signed(found.change),
        ),
    )


def signed(share: float) -> str:
    """A difference of shares in hundredths, with its sign."""
    return f"{round(100 * share):+d}"
