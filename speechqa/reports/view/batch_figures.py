"""What a batch page says in figures: scores and how they spread, criteria, agents, and what was left open."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from speechqa.core.finding import Tally
from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.naming import agent_page_name
from speechqa.reports.view.batch_facts import BatchFacts
from speechqa.reports.view.scorecard import capital
from speechqa.reports.view.shares import ShareView, between, points_view, share_view, too_few
from speechqa.reports.wording import length, title
from speechqa.scoring import CATEGORIES
from speechqa.scoring.batch_figures import BINS, AgentInBatch, BatchFigures, CriterionCount, Spread
from speechqa.scoring.intervals import sums_interval, wilson_interval

_FEWEST = 4
"""Judged calls below which a criterion has no share: the counts say all."""


class NumberView(Value, frozen=True, kw_only=True):
    """A figure of the headline: what it is, the figure, and what it rests on."""

    title: str
    value: str
    detail: str = ""


class BarView(Value, frozen=True, kw_only=True):
    """A bar of a distribution; heights are hundredths of the tallest bar.

    `height` is the whole bar's, `drafts` that of the part that rests on draft words.
    """

    x: float
    label: str
    count: int
    height: float
    drafts: float


class SpreadView(Value, frozen=True, kw_only=True):
    """How the scores of a category spread, and the same in words."""

    title: str
    bars: tuple[BarView, ...]
    text: str
    without: str
    drafts: bool


class CriterionView(Value, frozen=True, kw_only=True):
    """A criterion: how many of the judged calls failed it, and what could not be judged."""

    id: str
    title: str
    failed: ShareView
    drafts: str
    not_applicable: int
    not_assessed: int


class AgentView(Value, frozen=True, kw_only=True):
    """An agent with enough calls."""

    id: str
    name: str
    link: str
    calls: int
    note: str
    scores: tuple[ShareView, ShareView]
    interruptions: str
    average: str


def numbers(facts: BatchFacts, language: Language) -> tuple[NumberView, ...]:
    """The headline in figures."""
    figures = facts.figures
    say = language.say
    shown = [_pooled(category, figures.scores.get(category, Spread()), language) for category in CATEGORIES]
    judged = sum(one.judged for one in figures.criteria.values())
    open_ = sum(one.not_assessed for one in figures.criteria.values())
    apart = sum(one.not_applicable for one in figures.criteria.values())
    could = judged + open_
    shown.append(
        NumberView(
            title=say("Verdicts that could be given"),
            value=f"{100 * judged / could:.0f}%" if could else "–",
            detail=say(
                "{judged} of {could}; {apart} did not apply",
                judged=f"{judged:,}",
                could=f"{could:,}",
                apart=f"{apart:,}",
            )
            if could
            else "",
        )
    )
    counted = figures.interruption_calls
    shown.append(
        NumberView(
            title=say("Agents' interruptions"),
            value=f"{figures.interruptions:,}" if counted else "–",
            detail=say(
                "in {some} of {all} calls where they can be heard",
                some=f"{figures.interrupted_calls:,}",
                all=f"{counted:,}",
            )
            if counted
            else say("not assessed"),
        )
    )
    return tuple(shown)


def spreads(figures: BatchFigures, language: Language) -> tuple[SpreadView, ...]:
    """The distribution of each score of record; none where no call has a score."""
    if not any(sum(one.audited) + sum(one.drafts) for one in figures.scores.values()):
        return ()
    return tuple(
        _spread(category, figures.scores.get(category, Spread()), language) for category in CATEGORIES
    )


def criteria(figures: BatchFigures, language: Language) -> tuple[CriterionView, ...]:
    """Criteria by how surely they fail often: by the interval's lower end, then by how often of how many."""
    views = [(_criterion(name, count, language), count) for name, count in figures.criteria.items()]
    views.sort(
        key=lambda pair: (
            -_surely(pair[0].failed),
            -pair[1].failed,
            not pair[1].judged,
            pair[1].judged,
            pair[0].id,
        )
    )
    return tuple(view for view, _ in views)


def _surely(failed: ShareView) -> float:
    """The lower end of a share's interval; a share without one comes after those that have it."""
    return -1.0 if failed.strip is None or failed.strip.low is None else failed.strip.low


def agents(
    figures: BatchFigures, language: Language, agent_pages: Collection[str]
) -> tuple[tuple[AgentView, ...], tuple[str, ...]]:
    """Agents with enough calls, by name; and in words those without."""
    enough: list[AgentView] = []
    few: list[str] = []
    rubrics = len({(one.score.rubric, one.score.rubric_digest) for one in figures.agents})
    for one in sorted(figures.agents, key=_by_name):
        if one.score.withheld:
            left_out = _left_out(one, language)
            counted = f"{one.score.n}, {left_out}" if left_out else one.score.n
            few.append(language.say("{name} ({count})", name=_name(one), count=counted))
        else:
            enough.append(_agent(one, language, agent_pages, tell_rubric=rubrics > 1))
    return tuple(enough), tuple(few)


def _pooled(category: str, spread: Spread, language: Language) -> NumberView:
    sums = spread.sums
    if sums.possible:
        found = sums_interval(sums)
        parts = [f"{sums.earned:,}/{sums.possible:,}", language.say("{count} calls", count=sums.calls)]
        if found is not None:
            parts.insert(1, between(found, language))
        detail = " · ".join(parts)
    elif any(spread.drafts):
        detail = language.say("scored in draft words alone, which are left out")
    else:
        detail = language.say("nothing was scored")
    return NumberView(
        title=capital(language.say(category)),
        value=f"{100 * sums.earned / sums.possible:.0f}%" if sums.possible else "–",
        detail=detail,
    )


def _spread(category: str, spread: Spread, language: Language) -> SpreadView:
    counts = [sum(pair) for pair in zip(spread.audited, spread.drafts, strict=True)]
    tallest = max(counts) or 1
    labels = [f"{10 * place}–{10 * place + (10 if place == BINS - 1 else 9)}%" for place in range(BINS)]
    bars = tuple(
        BarView(
            x=100.0 * place / BINS,
            label=labels[place],
            count=count,
            height=round(100 * count / tallest, 1),
            drafts=round(100 * spread.drafts[place] / tallest, 1),
        )
        for place, count in enumerate(counts)
    )
    name = capital(language.say(category))
    told = [f"{bar.label} {language.say('{count} calls', count=bar.count)}" for bar in bars if bar.count]
    return SpreadView(
        title=name,
        bars=bars,
        text=f"{name}: {'; '.join(told)}",
        without=language.say("{count} calls have no score: nothing could be scored.", count=spread.without)
        if spread.without
        else "",
        drafts=any(spread.drafts),
    )


def _criterion(name: str, count: CriterionCount, language: Language) -> CriterionView:
    counted = (count.failed, count.judged)
    drafts = count.draft_passed + count.draft_failed
    return CriterionView(
        id=printable(name),
        title=capital(language.say(title(name))),
        failed=too_few(counted, language)
        if 0 < count.judged < _FEWEST
        else share_view(counted, wilson_interval(*counted) if count.judged else None, language),
        drafts=f"{count.draft_failed}/{drafts}" if drafts else "–",
        not_applicable=count.not_applicable,
        not_assessed=count.not_assessed,
    )


def _agent(
    one: AgentInBatch, language: Language, agent_pages: Collection[str], *, tell_rubric: bool
) -> AgentView:
    score = one.score
    notes: Sequence[str] = (
        printable(score.rubric) if tell_rubric else "",
        language.say("{count} in draft words", count=score.drafts) if score.drafts else "",
        _left_out(one, language),
    )
    shares = [
        points_view(score.tallies.get(name, Tally()), score.intervals.get(name), language)
        for name in CATEGORIES
    ]
    return AgentView(
        id=printable(score.agent_id),
        name=_name(one),
        link=agent_page_name(score.agent_id) if score.agent_id in agent_pages else "",
        calls=score.n,
        note=", ".join(note for note in notes if note),
        scores=(shares[0], shares[1]),
        interruptions=language.say(
            "{count} in {calls} calls", count=f"{one.interruptions:,}", calls=one.interruption_calls
        )
        if one.interruption_calls
        else language.say("not assessed"),
        average=length(score.handling_s),
    )


def _left_out(one: AgentInBatch, language: Language) -> str:
    count = one.score.drafts_left_out
    return language.say("{count} more in draft words left out", count=count) if count else ""


def _by_name(one: AgentInBatch) -> tuple[list[tuple[int, str]], str, str]:
    """Names as people order them: 9 before 10."""
    pieces = re.split(r"(\d{1,18})", _name(one).casefold())
    natural = [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]
    return natural, one.score.agent_id, one.score.rubric


def _name(one: AgentInBatch) -> str:
    return printable(one.score.agent_name or one.score.agent_id)
