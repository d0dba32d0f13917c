"""An agent's figures under one rubric: scores, weeks, criteria and the course of a shift, ready to show."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.own_view import RubricView
from speechqa.reports.view.agent_charts import CriteriaChart, CriterionPoint, WeekPoint, WeeksChart
from speechqa.reports.view.agent_shift import ShiftView, shift_view
from speechqa.reports.view.courses import CourseView, course_view, short_course
from speechqa.reports.view.scorecard import capital, criterion_title
from speechqa.reports.view.shares import ShareView, points_view, share_view, shares_view, too_few
from speechqa.scoring import CATEGORIES
from speechqa.scoring.peers import QUARTERS, PeerPlace
from speechqa.scoring.per_criterion import LEAST_FOR_HALF, CriterionFigure
from speechqa.scoring.progress import Progress, WeekFigures


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
                course=course_view(courses.get(category), say),
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
        shift=shift_view(view.shift, categories, say),
    )


def _notices(view: RubricView, say: Language) -> list[str]:
    score = view.score
    told = []
    if score.drafts_left_out:
        told.append(say.say("{count} calls with draft words left out", count=score.drafts_left_out))
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
    return say.say("{count} of the calls rest on draft words: no basis for an audit", count=count)


def _place(found: PeerPlace | None, say: Language) -> str:
    if found is None:
        return ""
    if found.quarter is None:
        return say.told(f"no place is given, {found.withheld}")
    return say.say(
        "the {quarter} of {agents} agents, over {count} criteria",
        quarter=say.say(QUARTERS[found.quarter]),
        agents=f"{found.peers + 1:,}",
        count=len(found.criteria),
    )


def _week(week: WeekFigures, say: Language) -> WeekRow:
    return WeekRow(
        week=week.week,
        first=week.first,
        calls=week.calls,
        shares=shares_view(week.tallies, week.intervals, say),
        withheld=say.told(week.withheld),
    )


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
    counted = (one.passed, one.assessed)
    share = (
        too_few(counted, say)
        if one.rate is None and one.assessed
        else share_view(counted, one.interval, say, others=half)
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
        course=short_course(one.course, say),
        uncounted=", ".join(uncounted),
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
