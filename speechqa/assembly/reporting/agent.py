"""What an agent's page is about: their own calls alone, as their own view gathers them."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from speechqa.assembly.own_view import OwnAsked, calls_of_agent
from speechqa.assembly.reporting.listed import Listed, listed
from speechqa.assembly.reporting.wanted import ReportWanted
from speechqa.protocols import CallFilter, Store
from speechqa.reports.own_view import AgentView

QUOTED_CALLS = 20
"""Calls whose lost points a page quotes, the newest; how many more there are is said."""


class Days(NamedTuple):
    """First and last day that a report is about, `YYYY-MM-DD`; None where there is no such bound."""

    first: str | None = None
    last: str | None = None


def agent_facts(store: Store, agent_id: str, days: Days, wanted: ReportWanted) -> AgentView:
    """Gather what is known of an agent's calls of those days.

    Raises
    ------
    CallNotFound
        If no call is theirs.
    """
    asked = OwnAsked(
        minimum_calls=wanted.minimum_calls,
        with_drafts=wanted.with_drafts,
        days=days,
        quoted_calls=QUOTED_CALLS,
        week_start=wanted.week_start,
        complete_log=wanted.complete_log,
    )
    return calls_of_agent(store, agent_id, asked)


def calls_of(store: Store, agent_id: str, days: Days) -> Listed:
    """The agent's calls of those days.

    Raises
    ------
    CallNotFound
        If there is no such agent.
    """
    store.agent(agent_id, CallFilter())
    query = CallFilter(agent_id=agent_id, date_from=days.first, date_to=days.last)
    return listed(partial(store.find, query))
