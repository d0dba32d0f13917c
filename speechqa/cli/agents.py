"""`speechqa agent`: one agent's own view; `agents` is in `standings`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli import selection
from speechqa.cli.console import actor_name, show, user_name, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, RubricName, StoreUrl
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from speechqa.core.analysis import CallAnalysis
    from speechqa.scoring import AgentScore
    from speechqa.store.sql import SqlStore

QUOTED_CALLS = 20
"""Calls whose lost points an agent is shown unless they ask for more."""

WithDrafts = Annotated[
    bool, typer.Option("--with-drafts", help="Count calls whose words come from a draft engine too.")
]
Minimum = Annotated[
    int | None,
    typer.Option(min=1, help="Calls below which no figure is shown; the number of --rubric where absent."),
]

CompleteLog = Annotated[
    bool,
    typer.Option(
        "--complete-log",
        help="No call of the agent is missing from the store: how difficult calls ended; with --own figures "
        "by the place of a call in the shift.",
    ),
]


def agent(
    agent_id: Annotated[str, typer.Argument(help="Agent's id.", metavar="ID")],
    *,
    own: Annotated[
        bool, typer.Option("--own", help="Your own view, for the agent alone: who looks is --by.")
    ] = False,
    by: Annotated[
        str | None, typer.Option(help="With --own: your id; the user where absent.", metavar="ID")
    ] = None,
    date_from: selection.From = None,
    date_to: selection.To = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="With --own: quote at most so many calls, the newest; 20 where absent."),
    ] = None,
    complete_log: CompleteLog = False,
    with_drafts: WithDrafts = False,
    minimum_calls: Minimum = None,
    rubric: RubricName = "service",
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show one agent's scores of record, each criterion, and the call and words behind every lost point.

    How the agent's customers end their calls, and how difficult calls ended where the log is complete, stands
    apart: it is no score, and `agents` does not compare it.
    `--own` is what agents see of themselves: what would have earned each lost point and the command that
    plays it, examples to learn from, progress by week, the place among others without names, and disputes.

    Examples:

    `speechqa agent a7`

    `speechqa agent a7 --with-drafts --json`

    `speechqa agent a7 --complete-log`

    `speechqa agent a7 --own --by a7 --from 2026-11-01`
    """
    import msgspec

    if own:
        _own(
            agent_id,
            actor_name(by),
            minimum_calls=minimum_calls,
            rubric=rubric,
            with_drafts=with_drafts,
            days=(date_from, date_to),
            limit=limit or QUOTED_CALLS,
            complete_log=complete_log,
            store=store,
            as_json=as_json,
        )
        return
    if any((by, limit, date_from, date_to)):
        raise UsageError("--by, --from, --to and --limit go with --own")

    from speechqa.assembly import open_store
    from speechqa.reports.agents import own_view
    from speechqa.reports.difficult import difficult_calls
    from speechqa.reports.endings import customer_endings
    from speechqa.scoring import pool

    with open_store(store, create=False) as opened:
        opened.agent(agent_id)  # says so where there is no such agent
        least = _least(minimum_calls, rubric)
        calls = _calls(opened, agent_id)
        scores = list(pool(calls, minimum_calls=least, include_drafts=with_drafts))
        names = [frozenset(one.calls) for one in scores]
        counted = [[c for c in calls if c.call_id in of_score] for of_score in names]
        endings = [customer_endings(of_score, minimum_calls=least) for of_score in counted]
        difficult = [
            difficult_calls(of_score, minimum_calls=least, complete=complete_log) for of_score in counted
        ]
        if as_json:
            for one, ended, hard in zip(scores, endings, difficult, strict=True):
                line = {
                    **msgspec.to_builtins(one),
                    "customer_endings": ended,
                    "difficult_calls": hard,
                }
                write(msgspec.json.encode(line, order="deterministic").decode())
            return
        views: list[RenderableType] = [
            own_view(one, ended, _behind(opened, one), hard)
            for one, ended, hard in zip(scores, endings, difficult, strict=True)
        ]
    for view in views:
        show(view)


def _own(
    agent_id: str,
    by: str,
    *,
    minimum_calls: int | None,
    rubric: str,
    with_drafts: bool,
    days: tuple[str | None, str | None],
    limit: int,
    complete_log: bool,
    store: str,
    as_json: bool,
) -> None:
    import os

    import msgspec

    from speechqa.assembly import open_store
    from speechqa.assembly.own_view import OwnAsked, own_view
    from speechqa.config import week_start
    from speechqa.reports.own_view import agent_view

    with open_store(store, create=False) as opened:
        asked = OwnAsked(
            minimum_calls=_least(minimum_calls, rubric),
            with_drafts=with_drafts,
            days=days,
            quoted_calls=limit,
            week_start=week_start(os.environ),
            complete_log=complete_log,
        )
        view = own_view(opened, agent_id, by=by, asked=asked)
    if as_json:
        write(msgspec.json.encode(view, order="deterministic").decode())
    else:
        show(agent_view(view))


def _least(minimum_calls: int | None, rubric: str) -> int:
    from speechqa.assembly import rubric_minimum

    return minimum_calls if minimum_calls is not None else rubric_minimum(rubric)


def _calls(store: SqlStore, agent_id: str) -> list[CallAnalysis]:
    """An agent's calls by the verdicts of record."""
    from speechqa.assembly.of_record import document_of_record
    from speechqa.core.analysis import CallAnalysis
    from speechqa.protocols import CallFilter

    return [
        document_of_record(store, document)
        for document in store.documents(CallFilter(agent_id=agent_id, status="done"))
        if isinstance(document, CallAnalysis)
    ]


def _behind(store: SqlStore, score: AgentScore) -> Iterator[CallAnalysis]:
    from speechqa.assembly.of_record import document_of_record
    from speechqa.core.analysis import CallAnalysis

    for call_id in sorted({call for criterion in score.criteria for call in criterion.lost_in}):
        document = store.get(call_id)
        if isinstance(document, CallAnalysis):
            # The quotes behind lost points are shown, and nobody reads those without a trace of it.
            store.log("agent", call=document.call_id, actor=user_name())
            yield document_of_record(store, document)
