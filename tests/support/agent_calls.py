"""An agent among others, with calls over weeks: what tests of an agent's page show."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from speechqa.assembly.own_view import OwnAsked, calls_of_agent
from speechqa.core.finding import Evidence, Verdict
from speechqa.core.transcript import Transcript, Turn
from speechqa.reports.language import PageLanguage, language
from speechqa.reports.own_view import AgentView
from speechqa.reports.view.agent import AgentPage, agent_page
from speechqa.store import open_store
from tests.support.stores import call, finding, put

AGENT = "a2"
OTHERS = tuple(f"other{number}" for number in range(9))


def agent_store(folder: Path, *, calls: int = 24, others: int = 9) -> str:
    """A store with an agent of so many calls, four a day, two days a week, among so many others."""
    url = f"sqlite:///{folder / 'agents.db'}"
    with open_store(url) as store:
        for agent, count in ((AGENT, calls), *((name, 12) for name in OTHERS[:others])):
            for number in range(count):
                start = datetime(2026, 9, 28, 9) + timedelta(
                    days=number // 8 * 7 + number // 4 % 2, minutes=40 * (number % 4)
                )
                thanked = (number + len(agent)) % 3 != 0
                put(
                    store,
                    call(
                        f"{agent}-{number:02d}",
                        agent_id=agent,
                        agent_name=f"Name of {agent}",
                        customer_id=f"customer of {agent}",
                        started_at=start.isoformat(),
                        duration=120.0,
                        transcript=Transcript(
                            language="en", engine="e", turns=(Turn(speaker="agent", text="hello"),)
                        ),
                        findings=(
                            finding(
                                "thanks",
                                Verdict.PASS if thanked else Verdict.FAIL,
                                5 if thanked else 0,
                                confidence=0.8,
                                evidence=(
                                    Evidence(
                                        speaker="agent", quote=f"words {agent} {number}", start=83.2, end=86.0
                                    ),
                                ),
                                would_change="" if thanked else "Thank the customer for something they did",
                            ),
                            finding(
                                "needs_clarification",
                                Verdict.PASS if number % 4 else Verdict.NOT_ASSESSED,
                                10,
                                10,
                                category="professionalism",
                            ),
                        ),
                    ),
                )
    return url


def view_of(url: str, **asked: object) -> AgentView:
    """The agent's calls as their page's gathering has them."""
    with open_store(url) as store:
        return calls_of_agent(store, AGENT, OwnAsked(**{"minimum_calls": 4, **asked}))


def page_of(url: str, code: PageLanguage = "en", **asked: object) -> AgentPage:
    """The agent's page; all of their calls have a page."""
    view = view_of(url, **asked)
    paged = {name for rubric in view.rubrics for name in rubric.score.calls}
    return agent_page(view, spoken=language(code), paged=paged)
