"""The agent page: an agent's own calls, fit to be handed to them; other agents only as numbers of many."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from itertools import groupby
from urllib.parse import quote as quote_part

from speechqa.core.finding import Evidence
from speechqa.core.period import day_of
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.reports.disputes import REASON_WORDS, dispute_lines
from speechqa.reports.language import Language, language
from speechqa.reports.naming import page_name
from speechqa.reports.own_view import SOURCE_WORDS, AgentView, LostPoints, RubricView
from speechqa.reports.view.agent_figures import RubricFigures, rubric_figures
from speechqa.reports.view.quotes import QuoteView, quote
from speechqa.reports.view.scorecard import criterion_title
from speechqa.scoring.disputes import Acknowledged
from speechqa.scoring.examples import CriterionExamples, Example

_OPEN_CALLS = 5
_OPEN_EXAMPLES = 4
"""So many are seen at once; the others are unfolded."""


class LinkedQuote(Value, frozen=True, kw_only=True):
    """A quote, and where its call's page plays it; the link is empty where there is no page, or no time."""

    said: QuoteView
    link: str


class LostView(Value, frozen=True, kw_only=True):
    """Points lost on one criterion.

    Attributes
    ----------
    link : str
        Where the call's page tells of it; empty where there is none.
    notes : tuple of str
        Whose verdict it is where it is not the machine's, what it waits for, its dispute, its closed period.
    contest : str
        The command that contests it; empty where it is contested already or cannot be any more.
    """

    title: str
    link: str
    points: str
    reason: str
    quotes: tuple[LinkedQuote, ...]
    would_change: str
    notes: tuple[str, ...]
    contest: str


class LostCall(Value, frozen=True, kw_only=True):
    """A call in which points were lost; `link` is its page, empty where there is none."""

    call: str
    day: str
    link: str
    lost: tuple[LostView, ...]


class ExampleView(Value, frozen=True, kw_only=True):
    """A verdict to learn from."""

    call: str
    day: str
    link: str
    points: str
    reason: str
    quotes: tuple[LinkedQuote, ...]


class ExamplesView(Value, frozen=True, kw_only=True):
    """The best and the weakest of one criterion."""

    title: str
    best: tuple[ExampleView, ...]
    weakest: tuple[ExampleView, ...]


class RubricPage(Value, frozen=True, kw_only=True):
    """An agent's calls under one rubric.

    Attributes
    ----------
    lost, older : tuple of LostCall
        The newest calls in which points were lost, and those before them.
    nothing_lost : str
        What is said where no point was lost, or none could be; empty where any was.
    more_calls : str
        How many calls neither holds; empty where there is none.
    examples, more_examples : tuple of ExamplesView
        The criteria that lost the most points, and the others.
    """

    figures: RubricFigures
    lost: tuple[LostCall, ...]
    older: tuple[LostCall, ...]
    nothing_lost: str
    more_calls: str
    examples: tuple[ExamplesView, ...]
    more_examples: tuple[ExamplesView, ...]


class SeenView(Value, frozen=True, kw_only=True):
    """What the agent acknowledged."""

    day: str
    what: str
    said: str


class AgentPage(Value, frozen=True, kw_only=True):
    """An agent's page.

    Attributes
    ----------
    home : str
        The page above it; empty where there is none.
    summary : tuple of str
        Id, calls and days.
    open_disputes, resolved : tuple
        Disputes, each in a few lines.
    contest : str
        The command that contests a verdict; `reasons` are its reasons, as it takes them and in words.
    closed : tuple of str
        Closed periods that calls of theirs lie in.
    facts : tuple of (str, str)
        What the figures rest on.
    """

    language: Language
    heading: str
    home: str
    summary: tuple[str, ...]
    rubrics: tuple[RubricPage, ...]
    open_disputes: tuple[tuple[str, ...], ...]
    resolved: tuple[tuple[str, ...], ...]
    contest: str
    reasons: tuple[tuple[str, str], ...]
    acknowledged: tuple[SeenView, ...]
    closed: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def agent_page(
    view: AgentView, *, spoken: Language | None = None, paged: Collection[str] = (), home: str = ""
) -> AgentPage:
    """All that an agent's page shows.

    Parameters
    ----------
    spoken : Language, optional
        The page's; English where absent.
    paged : collection of str
        Ids of the calls that have a page beside this one.
    home : str
        Name of the page above it.
    """
    say = spoken or language("en")
    disputes = [
        (one, tuple(say.told(line.plain.strip()) for line in dispute_lines(one))) for one in view.disputes
    ]
    name = printable(view.agent_name or view.agent_id)
    return AgentPage(
        language=say,
        heading=name,
        home=home,
        summary=_summary(view, say),
        rubrics=tuple(_rubric(one, view.agent_id, name, frozenset(paged), say) for one in view.rubrics),
        open_disputes=tuple(lines for one, lines in disputes if one.open),
        resolved=tuple(lines for one, lines in disputes if not one.open),
        contest=_contest("CALL", "CRITERION", view.agent_id),
        reasons=tuple((reason, say.say(words)) for reason, words in REASON_WORDS.items()),
        acknowledged=tuple(_seen(one, say) for one in view.acknowledged),
        closed=tuple(printable(period.name) for period in view.closed),
        facts=_facts(view, say),
    )


def _summary(view: AgentView, say: Language) -> tuple[str, ...]:
    first, last = view.days
    count = sum(one.score.n for one in view.rubrics)
    parts = [printable(view.agent_id)] if view.agent_name else []
    parts.append(say.say("{count} calls", count=count))
    if first and last:
        parts.append(say.say("{first} to {last}", first=printable(first), last=printable(last)))
    elif first:
        parts.append(say.say("since {first}", first=printable(first)))
    elif last:
        parts.append(say.say("until {last}", last=printable(last)))
    return tuple(parts)


def _rubric(view: RubricView, agent_id: str, name: str, paged: frozenset[str], say: Language) -> RubricPage:
    lost = tuple(
        LostCall(
            call=printable(call_id),
            day=_day(started_at),
            link=_link(call_id, None, paged),
            lost=tuple(_lost(one, agent_id, paged, say) for one in those),
        )
        for (call_id, started_at), those in groupby(view.lost, key=lambda one: (one.call_id, one.started_at))
    )
    points = {one.criterion: one.tally.possible - one.tally.earned for one in view.criteria}
    found = sorted(
        (one for one in view.examples if one.weakest), key=lambda one: -points.get(one.criterion, 0)
    )
    examples = tuple(_examples(one, paged, say) for one in found)
    return RubricPage(
        figures=rubric_figures(view, name, say),
        lost=lost[:_OPEN_CALLS],
        older=lost[_OPEN_CALLS:],
        nothing_lost="" if lost else _nothing_lost(view, say),
        more_calls=say.say(
            "Older calls with points lost that are not on this page: {count}.", count=view.more_calls
        )
        if view.more_calls
        else "",
        examples=examples[:_OPEN_EXAMPLES],
        more_examples=examples[_OPEN_EXAMPLES:],
    )


def _nothing_lost(view: RubricView, say: Language) -> str:
    """Why no lost point is told of: not scored is not flawless."""
    if not view.score.n:
        return say.say("No call is counted, so that nothing is said of points.")
    if not any(one.tally.possible for one in view.criteria):
        return say.say("Nothing was scored in these calls, so that nothing is said of points.")
    return say.say("None was found.")


def _lost(one: LostPoints, agent_id: str, paged: frozenset[str], say: Language) -> LostView:
    notes = []
    if one.source in SOURCE_WORDS:
        notes.append(say.say(SOURCE_WORDS[one.source]))
    if one.waits:
        notes.append(say.say("Waits for {what}.", what=say.told(printable(one.waits))))
    if one.dispute is not None:
        notes.append(
            say.say("Dispute {number}: {state}", number=one.dispute, state=say.say(one.dispute_state))
        )
    if one.closed:
        notes.append(
            say.say("Cannot be contested any more: {period} is closed.", period=printable(one.closed))
        )
    return LostView(
        title=criterion_title(one.criterion, say),
        link=f"{page_name(one.call_id)}#{quote_part(one.criterion)}" if one.call_id in paged else "",
        points=f"{one.earned}/{one.possible}",
        reason=say.told(printable(one.reason)),
        quotes=_quotes(one.evidence, one.call_id, paged, say),
        would_change=say.told(printable(one.would_change)),
        notes=tuple(notes),
        contest=""
        if one.closed or one.dispute is not None
        else _contest(one.call_id, one.criterion, agent_id),
    )


def _examples(found: CriterionExamples, paged: frozenset[str], say: Language) -> ExamplesView:
    return ExamplesView(
        title=criterion_title(found.criterion, say),
        best=tuple(_example(one, paged, say) for one in found.best),
        weakest=tuple(_example(one, paged, say) for one in found.weakest),
    )


def _example(one: Example, paged: frozenset[str], say: Language) -> ExampleView:
    finding = one.finding
    return ExampleView(
        call=printable(one.call_id),
        day=_day(one.started_at),
        link=_link(one.call_id, None, paged),
        points=f"{finding.earned}/{finding.possible}",
        reason=say.told(printable(finding.reason)),
        quotes=_quotes(finding.evidence[:1], one.call_id, paged, say),
    )


def _quotes(
    evidence: Sequence[Evidence], call_id: str, paged: frozenset[str], say: Language
) -> tuple[LinkedQuote, ...]:
    return tuple(
        LinkedQuote(said=quote(one, say), link="" if one.start is None else _link(call_id, one.start, paged))
        for one in evidence
    )


def _link(call_id: str, start: float | None, paged: frozenset[str]) -> str:
    """A call's page, at that second; empty where it has none."""
    if call_id not in paged:
        return ""
    return page_name(call_id) if start is None else f"{page_name(call_id)}#t={start:.1f}"


def _contest(call: str, criterion: str, agent_id: str) -> str:
    return printable(
        f"speechqa dispute open {shlex.quote(call)} --criterion {shlex.quote(criterion)} "
        f'--reason verdict_wrong --comment "..." --by {shlex.quote(agent_id)}'
    )


def _seen(one: Acknowledged, say: Language) -> SeenView:
    criterion = one.acknowledgement.criterion
    what = (
        say.say("the scorecard of {call}", call=printable(one.call_id))
        if criterion is None
        else say.say(
            "{criterion} of {call}", criterion=criterion_title(criterion, say), call=printable(one.call_id)
        )
    )
    return SeenView(day=one.at[:10], what=what, said=printable(one.acknowledgement.comment))


def _facts(view: AgentView, say: Language) -> tuple[tuple[str, str], ...]:
    over_all_days = say.say(
        "others' figures, and the place among them, are over all days, not only over those of this page"
    )
    return (
        (
            say.say("Verdicts"),
            say.say(
                "those of record: what a person decided in a review or a dispute counts over the machine"
            ),
        ),
        (
            say.say("Points"),
            say.say(
                "points of all calls added up, never an average of calls; what did not apply is left out"
            ),
        ),
        (
            say.say("Among others"),
            say.say(
                "the first quarter is the highest; others are compared on criteria assessed for both, without"
                " names"
            ),
        ),
        *(((say.say("Days"), over_all_days),) if any(view.days) else ()),
        (
            say.say("Too few calls"),
            say.say("below {count} calls no figure is given and none is drawn", count=view.minimum_calls),
        ),
        (
            say.say("How sure"),
            say.say(
                "ranges are 95% intervals: with other calls of the same kind the figure could lie anywhere in"
                " its range"
            ),
        ),
        (
            say.say("Changes"),
            say.say(
                "a change is stated only where chance is an unlikely explanation; of twenty criteria that do"
                " not change, about one will show a change"
            ),
        ),
        *(
            (say.say("Rubric"), printable(f"{one.score.rubric}, {one.score.rubric_digest[:12]}"))
            for one in view.rubrics
        ),
    )


def _day(started_at: str | None) -> str:
    day = day_of(started_at)
    return "" if day is None else day.isoformat()
