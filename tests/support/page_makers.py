"""Every kind of page, paper and terminal output that documents are shown on, as tests make them.

A new one joins by a line in `PAGES`, `PAPERS` or `TERMINAL`; all tests of what shows documents then try it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console, RenderableType

from speechqa.core.analysis import CallAnalysis
from speechqa.core.customers import (
    ChurnStage,
    Contact,
    ContactChange,
    CustomerHistory,
    LaterWord,
    OpenPromise,
    RepeatContacts,
    StageStep,
)
from speechqa.reports.agreed import agreed, agreed_page
from speechqa.reports.language import language
from speechqa.reports.own_view import AgentView, LostPoints, RubricView
from speechqa.reports.pages.agent import agent_html
from speechqa.reports.pages.call import call_html
from speechqa.reports.pages.customer import customer_html
from speechqa.reports.pages.folder import PageFolder
from speechqa.reports.print.call import call_pdf
from speechqa.reports.print.customer import customer_pdf
from speechqa.reports.terminal import CallsTable, scorecard
from speechqa.reports.transcript_pages import transcript_page, transcript_pdf
from speechqa.reports.view.agent import AgentPage, agent_page
from speechqa.reports.view.batch_facts import PromiseDue, Unassessed, Waiting
from speechqa.reports.view.call import call_page
from speechqa.reports.view.customer import CustomerPage, customer_page
from speechqa.scoring import pool
from speechqa.scoring.examples import examples
from speechqa.scoring.per_criterion import per_criterion
from speechqa.scoring.progress import progress
from speechqa.scoring.shift import over_shifts
from speechqa.store.projection import summary_of
from speechqa.transcripts.telling import tell
from tests.support.batches import facts_of, written

Pages = Callable[[Sequence[CallAnalysis], Path], Sequence[Path]]
"""Writes the pages of documents into a folder that exists; pages in the order of the documents."""


def _calls(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    made = []
    for number, document in enumerate(documents):
        one = PageFolder(folder / f"call-{number}")
        made.append(one.write("call.html", call_html(call_page(document, home="index.html"))))
    return made


def _batch(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    facts = facts_of(
        [summary_of(document) for document in documents],
        promises=tuple(
            PromiseDue(
                call_id=document.call_id, who=one.who, what=one.what.quote, due="2026-11-22", past=False,
                by_when=one.when.quote if one.when else "", start=one.what.start,
            )
            for document in documents
            for one in document.signals.promises or ()
        ),
        waiting=tuple(
            Waiting(call_id=document.call_id, criterion=one.criterion)
            for document in documents
            for one in document.findings
        ),
        unassessed=tuple(
            Unassessed(verdicts=2, calls=1, reason=one.reason)
            for document in documents
            for one in document.findings
        ),
    )  # fmt: skip
    return [written(folder, facts)]


def _transcripts(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    made = []
    for number, document in enumerate(documents):
        path = folder / f"transcript-{number}.html"
        # As the command writes them: a letter that UTF-8 has no bytes for is shown as its number.
        path.write_text(transcript_page(tell(document)), encoding="utf-8", errors="backslashreplace")
        made.append(path)
    return made


def _agents(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    made = []
    for number, document in enumerate(documents):
        path = folder / f"agent-{number}.html"
        path.write_text(agent_html(_agent_page(document)), encoding="utf-8", errors="backslashreplace")
        made.append(path)
    return made


def _agent_page(document: CallAnalysis) -> AgentPage:
    """The page of the call's agent, whose only call it is: nobody disputes it, everything is shown."""
    agent_id = document.metadata.agent_id or "a1"
    lost = [
        LostPoints(
            call_id=document.call_id,
            started_at=document.metadata.started_at,
            criterion=one.criterion,
            category=one.category,
            earned=one.earned or 0,
            possible=one.possible or 0,
            reason=one.reason,
            evidence=one.evidence,
            would_change=one.would_change,
        )
        for one in document.findings
        if one.verdict.counts
    ]
    rubrics = tuple(
        RubricView(
            score=score,
            lost=tuple(lost),
            examples=examples([document]),
            progress=progress([document], minimum_calls=1),
            criteria=per_criterion([document], [], minimum_calls=1),
            shift=over_shifts([document], [], minimum_calls=1, complete=True),
        )
        for score in pool([document], minimum_calls=1, include_drafts=True)
    )
    view = AgentView(agent_id=agent_id, agent_name=document.metadata.agent_name, rubrics=rubrics)
    return agent_page(view, paged=[document.call_id])


def _agreed(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    path = folder / "timeline.html"
    path.write_bytes(agreed_page(agreed(documents)).encode("utf-8", "backslashreplace"))
    return [path]


def _customers(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    made = []
    for number, document in enumerate(documents):
        path = folder / f"customer-{number}.html"
        path.write_text(customer_html(_customer_page(document)), "utf-8", "backslashreplace")
        made.append(path)
    return made


def _customer_page(document: CallAnalysis) -> CustomerPage:
    """The page of the call's customer, whose only call it is: everything in it is shown."""
    about, signals = document.metadata, document.signals
    told = document.listen_to[0].reason if document.listen_to else "nothing is worth hearing first"
    news = tuple(
        LaterWord(call_id=document.call_id, started_at=about.started_at, done=one.done, said=one.said)
        for one in signals.promise_news or ()
    )
    promises = tuple(
        OpenPromise(
            call_id=document.call_id, who=one.who, what=one.what.quote, start=one.what.start, later=news,
            by_when=one.when.quote if one.when else None, state="past_due", due="2026-11-21",
            why=told,
        )
        for one in signals.promises or ()
    )  # fmt: skip
    step = StageStep(
        call_id=document.call_id, started_at=about.started_at, before=1, after=2, why="it says",
        signs=signals.stage_signs or (),
    )  # fmt: skip
    call = Contact(
        call_id=document.call_id, path=document.path, started_at=about.started_at, direction=about.direction,
        agent_id=about.agent_id, agent_name=about.agent_name, outcome="complaint_open",
        signals=("complaint",), draft=True, promises=promises,
    )  # fmt: skip
    found = CustomerHistory(
        customer_id=about.customer_id or "k1", calls=(call,), day="2026-11-22", complete_log=True, agents=1,
        first_at=about.started_at, last_at=about.started_at, signals={"complaint": 1},
        churn=ChurnStage(stage=2, steps=(step,)), gaps=(f"the day of call {document.call_id} is not known",),
        gap_days=((None, None),), change=ContactChange(days=90, withheld=told),
        repeat=RepeatContacts(days=7, first=1, resolved=1, repeats=0),
    )  # fmt: skip
    return customer_page(found, paged=[document.call_id])


PAGES: Mapping[str, Pages] = {
    "call": _calls,
    "batch": _batch,
    "transcript": _transcripts,
    "agent": _agents,
    "agreed": _agreed,
    "customer": _customers,
}
PAPERS: Mapping[str, Callable[[CallAnalysis], bytes]] = {
    "call": lambda document: call_pdf(call_page(document, language=language("en"))),
    "transcript": lambda document: transcript_pdf(tell(document)),
    "customer": lambda document: customer_pdf(_customer_page(document)),
}
TERMINAL: Mapping[str, Callable[[CallAnalysis], RenderableType]] = {
    "scorecard": scorecard,
    "calls": lambda document: CallsTable([summary_of(document)]),
}


def printed(shown: RenderableType, *, colours: bool) -> str:
    """What a terminal of 100 columns is sent."""
    sent = io.StringIO()
    console = Console(
        file=sent,
        width=100,
        force_terminal=colours,
        color_system="standard" if colours else None,
        highlight=False,
    )
    console.print(shown)
    return sent.getvalue()
