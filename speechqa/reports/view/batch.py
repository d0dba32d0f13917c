"""The batch page: what many calls come to, which to listen to first, and a line a call."""

from __future__ import annotations

from collections.abc import Collection

from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.language import language as language_by_code
from speechqa.reports.view import batch_figures, batch_lists
from speechqa.reports.view.batch_facts import BatchFacts
from speechqa.reports.view.batch_figures import AgentView, CriterionView, NumberView, SpreadView
from speechqa.reports.view.batch_lists import (
    FailureView,
    ListenView,
    Naming,
    OpenView,
    PromiseView,
    RiskView,
)
from speechqa.reports.view.batch_rows import RowView, row_view
from speechqa.reports.view.scorecard import capital
from speechqa.reports.wording import length, signal_words, title

_FIRST = 12
_HOUR = 3600


class CauseView(Value, frozen=True, kw_only=True):
    """Why verdicts could not be given: how many in how many calls, and one of the reasons in full."""

    count: str
    reason: str


class SignalView(Value, frozen=True, kw_only=True):
    """A signal: in how many calls it was found, was not, and could not be told."""

    id: str
    title: str
    yes: int
    no: int
    unknown: int


class BatchPage(Value, frozen=True, kw_only=True):
    """A batch page.

    Attributes
    ----------
    heading, summary : str, tuple of str
        The headline.
    notices : tuple of str
        What limits all figures: calls that failed, draft words, calls beyond those held.
    numbers, spreads, criteria, agents : tuple
        Figures over all calls.
    few_agents, agents_note : tuple of str, str
        Agents with too few calls, and what holds of all figures of agents.
    listen, listen_more : tuple of ListenView, int
        What to listen to first, and how many more calls there is a reason for.
    risks_more, waiting_more, disputes_more, failures_more, promises_more : int
        How many there are beyond those that are listed.
    causes, causes_note : tuple of CauseView, str
        Why verdicts could not be given.
    rows : tuple of RowView
        A line a call, those to listen to first before the others.
    row_criteria : tuple
        Id and title of the criteria in the order of `RowView.answers`.
    """

    language: Language
    heading: str
    summary: tuple[str, ...]
    notices: tuple[str, ...]
    draft: str
    numbers: tuple[NumberView, ...]
    spreads: tuple[SpreadView, ...]
    criteria: tuple[CriterionView, ...]
    agents: tuple[AgentView, ...]
    few_agents: tuple[str, ...]
    agents_note: str
    listen: tuple[ListenView, ...]
    listen_more: int
    risks: tuple[RiskView, ...]
    risks_more: int
    signals: tuple[SignalView, ...]
    promises: tuple[PromiseView, ...]
    promises_more: int
    waiting: tuple[OpenView, ...]
    waiting_more: int
    disputes: tuple[OpenView, ...]
    disputes_more: int
    failures: tuple[FailureView, ...]
    failures_more: int
    causes: tuple[CauseView, ...]
    causes_note: str
    rows: tuple[RowView, ...]
    row_criteria: tuple[tuple[str, str], ...]


def language_of_batch(facts: BatchFacts) -> Language:
    """The language of most calls: Hebrew where more than half of those of a known language are."""
    known = {code: count for code, count in facts.figures.languages.items() if code}
    return language_by_code("he" if 2 * known.get("he", 0) > sum(known.values()) else "en")


def batch_page(
    facts: BatchFacts, *, language: Language | None = None, agent_pages: Collection[str] = ()
) -> BatchPage:
    """All that a batch page shows.

    Parameters
    ----------
    language : Language, optional
        The page's; that of most calls where absent.
    agent_pages : collection of str
        Ids of the agents who have a page beside this one.
    """
    spoken = language or language_of_batch(facts)
    say = spoken.say
    figures = facts.figures
    named = Naming(facts)
    names = tuple(figures.criteria)
    enough, few = batch_figures.agents(figures, spoken, agent_pages)
    pressing = [call for call in facts.held if call.listen_weight > 0 and call.status != "failed"]
    return BatchPage(
        language=spoken,
        heading=say("{count} calls", count=figures.calls),
        summary=_summary(facts, spoken),
        notices=_notices(facts, spoken),
        draft=say(
            "{count} calls were transcribed by a draft engine: a first impression, no basis for an audit.",
            count=figures.drafts,
        )
        if figures.drafts
        else "",
        numbers=batch_figures.numbers(facts, spoken),
        spreads=batch_figures.spreads(figures, spoken),
        criteria=batch_figures.criteria(figures, spoken),
        agents=enough,
        few_agents=few,
        agents_note=_agents_note(facts, spoken),
        listen=tuple(batch_lists.listen_view(call, named, spoken) for call in pressing[:_FIRST]),
        listen_more=figures.to_listen - min(len(pressing), _FIRST),
        risks=tuple(batch_lists.risk_view(one, spoken) for one in figures.at_risk),
        risks_more=figures.at_risk_count - len(figures.at_risk),
        signals=tuple(
            SignalView(
                id=printable(name),
                title=capital(signal_words(name, say)),
                yes=count.yes,
                no=count.no,
                unknown=count.unknown,
            )
            for name, count in figures.signals.items()
        ),
        promises=tuple(batch_lists.promise_view(one, named, spoken) for one in facts.promises),
        promises_more=facts.promises_due + facts.promises_past - len(facts.promises),
        waiting=tuple(
            OpenView(call=named(one.call_id), criterion=say(title(one.criterion))) for one in facts.waiting
        ),
        waiting_more=facts.waiting_count - len(facts.waiting),
        disputes=tuple(batch_lists.dispute_view(one, named, spoken) for one in facts.disputes),
        disputes_more=facts.disputes_count - len(facts.disputes),
        failures=tuple(batch_lists.failure_view(one, facts.hints, spoken) for one in figures.failures),
        failures_more=figures.failed - len(figures.failures),
        causes=tuple(
            CauseView(
                count=", ".join(
                    (
                        say("{count} verdicts", count=one.verdicts),
                        say("{count} calls", count=one.calls),
                    )
                ),
                reason=spoken.told(printable(one.reason)),
            )
            for one in facts.unassessed
        ),
        causes_note=say("{count} calls were looked into for reasons.", count=facts.unassessed_calls)
        if facts.unassessed_calls
        else "",
        rows=tuple(row_view(call, spoken, names) for call in facts.held),
        row_criteria=tuple((printable(name), capital(say(title(name)))) for name in names),
    )


def _summary(facts: BatchFacts, language: Language) -> tuple[str, ...]:
    figures, say = facts.figures, language.say
    parts = []
    if figures.first and figures.last:
        days = (figures.first, figures.last)
        parts.append(days[0] if days[0] == days[1] else say("{first} to {last}", first=days[0], last=days[1]))
    if figures.timed_calls:
        whole = figures.seconds >= _HOUR
        hours = say("{hours} hours", hours=f"{figures.seconds / _HOUR:,.1f}")
        parts.append(hours if whole else say("{length} in all", length=length(figures.seconds)))
    parts.append(say("{count} agents", count=len({one.score.agent_id for one in figures.agents})))
    if figures.nobodys:
        parts.append(say("{count} calls of nobody known", count=figures.nobodys))
    return tuple(parts)


def _notices(facts: BatchFacts, language: Language) -> tuple[str, ...]:
    figures, say = facts.figures, language.say
    notices = []
    if figures.failed:
        notices.append(say("{count} calls could not be analysed.", count=figures.failed))
    if figures.without_words:
        notices.append(
            say(
                "{count} calls have no words: nothing that was said in them is judged.",
                count=figures.without_words,
            )
        )
    if figures.calls > len(facts.held):
        notices.append(
            say(
                "The table holds the {held} calls to listen to first; all figures cover {all}.",
                held=len(facts.held),
                all=figures.calls,
            )
        )
    return tuple(notices)


def _agents_note(facts: BatchFacts, language: Language) -> str:
    least = language.say(
        "Points of all calls added up, with 95% intervals; figures from {count} calls on.",
        count=facts.minimum_calls,
    )
    if facts.with_drafts or not facts.figures.drafts:
        return least
    return f"{least} {language.say('Calls with draft words are left out.')}"
