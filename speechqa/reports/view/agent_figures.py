"""An agent's figures under one rubric: scores, weeks, criteria and the course of a shift, ready to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from speechqa.core.finding import Tally
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.own_figures import course_words
from speechqa.reports.own_view import RubricView
from speechqa.reports.view.agent_charts import CriteriaChart, CriterionPoint, WeekPoint, WeeksChart
from speechqa.reports.view.scorecard import capital, criterion_title
from speechqa.reports.view.shares import ShareView, points_view, share_view
from speechqa.scoring import CATEGORIES, Interval
from speechqa.scoring.peers import QUARTERS, PeerPlace
from speechqa.scoring.per_criterion import LEAST_FOR_HALF, CriterionFigure
from speechqa.scoring.progress import Direction, Progress, Trend, WeekFigures
from speechqa.scoring.shift import Shift, ShiftPart


class CourseView(Value, frozen=True, kw_only=True):
    """Whether a figure moves: in words, `kind` is `better`, `worse` or empty."""

    kind: str
    words: str


class ScoreBlock(Value, frozen=True, kw_only=True):
    """A category over all calls: its share, where it stands among others, and whether it moves."""

    title: str
    share: ShareView
    place: str
    course: CourseView


class WeekRow(Value, frozen=True, kw_only=True):
    """A week's figures; `withheld` says why there are none."""

    week: str
    first: str
    calls: int
    shares: tuple[ShareView, ...]
    withheld: str


class CriterionRow(Value, frozen=True, kw_only=True):
    """A criterion over all calls.

    Attributes
    ----------
    share : ShareView
        Calls passed of calls assessed; a call can pass a graded criterion and lose points.
    points : str
        Points earned of points possible in the calls assessed; empty where there are none.
    others : str
        Between which shares the middle half of the other agents lies; empty where it is not known.
    uncounted : str
        Calls to which it did not apply, or in which it could not be assessed.
    """

    title: str
    share: ShareView
    points: str
    others: str
    course: CourseView
    uncounted: str


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


class RubricFigures(Value, frozen=True, kw_only=True):
    """All figures under one rubric.

    Attributes
    ----------
    withheld : str
        Why there are no figures over all calls; empty where there are.
    notices : tuple of str
        Draft words, verdicts that wait for a person.
    categories : tuple of str
        Titles of the columns of weeks and shift.
    undated : str
        Calls that are in no week.
    by_people : str
        How many verdicts people gave; empty where none.
    criteria : tuple
        Criteria by category.
    others : str
        What is said of other agents' middle half, or why it is not given.
    """

    rubric: str
    calls: int
    withheld: str
    notices: tuple[str, ...]
    by_people: str
    scores: tuple[ScoreBlock, ...]
    categories: tuple[str, ...]
    weeks: tuple[WeekRow, ...]
    weeks_chart: WeeksChart
    undated: str
    criteria: tuple[tuple[str, tuple[CriterionRow, ...]], ...]
    criteria_chart: CriteriaChart
    others: str
    shift: ShiftView


def rubric_figures(view: RubricView, name: str, say: Language) -> RubricFigures:
    """The figures of a view; `name` is the agent's, for headings of charts."""
    score = view.score
    categories = tuple(capital(say.say(category)) for category in CATEGORIES)
    courses = {one.category: one for one in view.progress.trends}
    places = {one.category: one for one in view.peers}
    weeks = tuple(_week(week, say) for week in view.progress.weeks)
    facts = f"{say.say('{count} calls', count=score.n)} · {printable(score.rubric)}"
    if score.drafts:
        facts += f" · {_drafts(score.drafts, say)}"
    return RubricFigures(
        rubric=printable(score.rubric),
        calls=score.n,
        withheld=say.told(f"Figures are withheld: {score.withheld}") if score.withheld else "",
        notices=tuple(_notices(view, say)),
        by_people=say.say("Verdicts that people gave: {count}.", count=view.by_people)
        if view.by_people
        else "",
        scores=tuple(
            ScoreBlock(
                title=title,
                share=points_view(score.tallies[category], score.intervals.get(category), say),
                place=_place(places.get(category), say),
                course=_course(courses.get(category), say),
            )
            for category, title in zip(CATEGORIES, categories, strict=True)
            if category in score.tallies
        ),
        categories=categories,
        weeks=weeks,
        weeks_chart=WeeksChart(
            heading=say.say("{name}, week by week", name=name),
            facts=f"{facts} · {say.say('points earned of points possible, with the 95% interval')}",
            weeks=tuple(
                WeekPoint(
                    label=week.first[5:], calls=week.calls, shares=tuple(one.strip for one in week.shares)
                )
                for week in weeks
            ),
            series=categories,
            few=say.say("too few calls for a figure"),
            axis=say.say("first day of the week"),
            description=_weeks_description(weeks, categories),
        ),
        undated=_undated(view.progress, say),
        criteria=tuple(
            (title, tuple(_criterion(one, say) for one in view.criteria if one.category == category))
            for category, title in zip(CATEGORIES, categories, strict=True)
        ),
        criteria_chart=_criteria_chart(view.criteria, categories, name, facts, say),
        others=_others(view.criteria, say),
        shift=_shift(view.shift, categories, say),
    )


def _notices(view: RubricView, say: Language) -> list[str]:
    score = view.score
    told = []
    if score.drafts_left_out:
        told.append(say.told(f"{score.drafts_left_out} calls with draft words left out"))
    if score.drafts:
        told.append(_drafts(score.drafts, say))
    if view.waiting:
        told.append(
            say.say(
                "Verdicts that wait for a person: {count}. Until then they count as the machine has them.",
                count=view.waiting,
            )
        )
    return told


def _drafts(count: int, say: Language) -> str:
    return say.told(f"{count} of the calls rest on draft words: no basis for an audit")


def _place(found: PeerPlace | None, say: Language) -> str:
    if found is None:
        return ""
    if found.quarter is None:
        return say.told(f"no place is given, {found.withheld}")
    return say.told(
        f"the {QUARTERS[found.quarter]} of {found.peers + 1} agents, over {len(found.criteria)} criteria"
    )


def _course(found: Trend | None, say: Language) -> CourseView:
    if found is None:
        return CourseView(kind="", words="")
    return CourseView(kind=_kind(found.direction), words=capital(say.told(course_words(found))))


def _kind(direction: Direction | None) -> str:
    return direction if direction in ("better", "worse") else ""


def _week(week: WeekFigures, say: Language) -> WeekRow:
    return WeekRow(
        week=week.week,
        first=week.first,
        calls=week.calls,
        shares=_shares(week.tallies, week.intervals, say),
        withheld=say.told(week.withheld),
    )


def _shares(
    tallies: Mapping[str, Tally], intervals: Mapping[str, Interval | None], say: Language
) -> tuple[ShareView, ...]:
    if not tallies:
        return tuple(ShareView() for _ in CATEGORIES)
    return tuple(points_view(tallies.get(name), intervals.get(name), say) for name in CATEGORIES)


def _undated(found: Progress, say: Language) -> str:
    if not found.undated:
        return ""
    return say.say("Calls without a known day, which are in no week: {count}.", count=found.undated)


def _weeks_description(weeks: Sequence[WeekRow], categories: Sequence[str]) -> str:
    """Every figure of the chart in words, for those who cannot see it."""
    told = []
    for week in weeks:
        figures = week.withheld or ", ".join(
            f"{title} {share.percent} {share.between}".rstrip()
            for title, share in zip(categories, week.shares, strict=True)
        )
        told.append(f"{week.first}: {figures}")
    return "; ".join(told)


def _criterion(one: CriterionFigure, say: Language) -> CriterionRow:
    half = one.middle_half
    share = (
        ShareView(counted=f"{one.passed}/{one.assessed}", withheld=say.say("too few calls for a figure"))
        if one.rate is None and one.assessed
        else share_view((one.passed, one.assessed), one.interval, say, others=half)
    )
    uncounted = [
        say.say(words, count=count)
        for count, words in (
            (one.verdicts.get("not_applicable", 0), "did not apply: {count}"),
            (one.verdicts.get("not_assessed", 0), "not assessed: {count}"),
        )
        if count
    ]
    return CriterionRow(
        title=criterion_title(one.criterion, say),
        share=share,
        points=f"{one.tally.earned}/{one.tally.possible}" if one.tally.possible else "",
        others=""
        if half is None
        else say.say("{low} to {high}%", low=round(100 * half[0]), high=round(100 * half[1])),
        course=_short_course(one.course, say),
        uncounted=", ".join(uncounted),
    )


def _short_course(found: Trend, say: Language) -> CourseView:
    """A change in a few words; a criterion that shows none, or has too few calls, says nothing."""
    if found.change is None or found.direction not in ("better", "worse"):
        return CourseView(kind="", words=say.say("no clear change") if found.direction else "")
    return CourseView(
        kind=found.direction,
        words=say.say(
            "{direction} since {day}: {change} of 100",
            direction=say.say(found.direction),
            day=found.since,
            change=_signed(found.change),
        ),
    )


def _others(criteria: Sequence[CriterionFigure], say: Language) -> str:
    if any(one.middle_half is not None for one in criteria):
        return say.say(
            "Others: between which shares the middle half of the other agents lies, each with enough calls."
            " Nobody is named."
        )
    most = max((one.peers for one in criteria), default=0)
    return say.say(
        "How others do is not shown: it needs {least} other agents with enough calls, so that no figure is"
        " one person's; there are {count}.",
        count=most,
        least=LEAST_FOR_HALF,
    )


def _criteria_chart(
    criteria: Sequence[CriterionFigure], categories: Sequence[str], name: str, facts: str, say: Language
) -> CriteriaChart:
    rows = [(one.category, _criterion(one, say)) for one in criteria]
    return CriteriaChart(
        heading=say.say("{name}, criterion by criterion", name=name),
        facts=facts,
        categories=tuple(
            (
                title,
                tuple(
                    CriterionPoint(
                        title=row.title,
                        share=row.share.strip,
                        counted=row.share.counted,
                        without=row.share.withheld or say.say("not assessed"),
                    )
                    for kind, row in rows
                    if kind == category
                ),
            )
            for category, title in zip(CATEGORIES, categories, strict=True)
        ),
        own=say.say("calls passed, with the 95% interval"),
        middle_half=say.say("middle half of the other agents"),
        axis=say.say("calls passed of calls assessed"),
        description="; ".join(
            f"{row.title}: {row.share.withheld or f'{row.share.percent} {row.share.counted}'}"
            for _, row in rows
        ),
    )


def _shift(found: Shift, categories: Sequence[str], say: Language) -> ShiftView:
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
        courses=tuple(
            (title, _halves(half, say)) for title, half in zip(categories, found.halves, strict=False)
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
        shares=_shares(part.tallies, part.intervals, say),
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
        kind=_kind(found.direction),
        words=say.say(
            "{what}: {change} of 100, {low} to {high}",
            what=say.say(words),
            change=_signed(found.change),
            low=_signed(found.low),
            high=_signed(found.high),
        ),
    )


def _signed(share: float) -> str:
    return f"{round(100 * share):+d}"
