"""`speechqa rescore`: stored calls judged again by another rubric, or by the same after a change."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli import selection
from speechqa.cli.console import say, show, user_name, write
from speechqa.cli.options import DEFAULT_STORE, AsJson, IncidentsName, StoreUrl

if TYPE_CHECKING:
    from speechqa.scoring.changes import Rejudged


def rescore(
    calls: selection.Calls = None,
    *,
    rubric: Annotated[
        str | None,
        typer.Option(
            "--rubric",
            help="Built-in rubric or path of a TOML file; each call's own, as it is now, where absent.",
            metavar="NAME|FILE",
        ),
    ] = None,
    agent: selection.Agent = None,
    team: selection.Team = None,
    customer: selection.Customer = None,
    date_from: selection.From = None,
    date_to: selection.To = None,
    call_language: selection.CallLanguage = None,
    criterion: selection.OnCriterion = None,
    verdict: selection.OnVerdict = None,
    limit: selection.Limit = None,
    incidents: IncidentsName = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; keep nothing.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Judge also calls that this very rubric judged already.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that judge; by default as many as there are cores, if it pays."),
    ] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Judge stored calls again by a rubric, without transcribing; every earlier version is kept.

    Corrected roles stay. Calls of closed periods change in nothing: what would change is shown, and the exit
    code is 2 where they were named. `--json` prints a line a call: its state, scores and changes.

    Examples:

    `speechqa rescore --rubric my-queue.toml --dry-run`

    `speechqa rescore --rubric my-queue.toml --from 2026-11-01 --agent a7`

    `speechqa rescore good-call bad-call --rubric service`

    `speechqa rescore --incidents incidents.csv --from 2026-11-03 --to 2026-11-03`

    `speechqa rescore` judges each call by its own rubric, where that has changed.
    """
    from speechqa.assembly import open_store
    from speechqa.assembly.rubrics import chosen_calls, rescored, tried, usual_workers
    from speechqa.reports.changes import ChangesView

    query = selection.query_of(
        calls, agent=agent, team=team, customer=customer, date_from=date_from, date_to=date_to,
        language=call_language, criterion=criterion, verdict=verdict, limit=limit,
    )  # fmt: skip
    told, view, closed = _Told(), ChangesView(), ChangesView()
    stopped = False
    with open_store(store, create=False) as opened:
        chosen = chosen_calls(opened, calls or (), query)
        at_once = workers or usual_workers(len(chosen))
        if dry_run:
            results = tried(
                opened, chosen, rubric=rubric, by=user_name(), event="rescore tried", workers=at_once,
                incidents=incidents,
            )  # fmt: skip
        else:
            results = rescored(opened, chosen, rubric=rubric, by=user_name(), again=force, workers=at_once,
                               incidents=incidents)  # fmt: skip
        try:
            for call in selection.followed(results, len(chosen), named=attrgetter("call_id")):
                told.add(call)
                (closed if call.state == "closed" else view).add(call)
                if as_json:
                    _write(call)
        except KeyboardInterrupt:
            stopped = True
    if not as_json:
        if view.judged:
            show(view)
        if closed.judged:
            say("What would change in calls of closed periods, and was not kept:")
            show(closed)
    told.say(dry_run=dry_run)
    if stopped:
        kept = "" if dry_run else " Nothing finished is lost: run the same command again to go on."
        say(f"Stopped.{kept}")
        raise typer.Exit(130)
    if told.counts["failed"]:
        raise typer.Exit(1)
    if closed.judged and calls:
        raise typer.Exit(2)  # it was asked for by name, and was not done


def _write(call: Rejudged) -> None:
    import msgspec

    write(msgspec.json.encode(call, order="deterministic").decode())


class _Told:
    """What is to be said of calls in the end; they themselves are not held."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._failed: list[Rejudged] = []
        self._edited: set[str] = set()
        self._periods: set[str] = set()

    def add(self, call: Rejudged) -> None:
        self.counts[call.state] += 1
        if call.state == "failed":
            self._failed.append(call)
        elif call.rubric == call.rubric_before and call.rubric_digest != call.rubric_digest_before:
            self._edited.add(call.rubric)
        if call.state == "closed":
            self._periods.add(call.error)

    def say(self, *, dry_run: bool) -> None:
        counts = self.counts
        for call in self._failed:
            selection.say_failed(call)
        for name in sorted(self._edited):
            say(
                f"{name} is not the {name} these calls were judged by: it was changed, its version was not. "
                "Raise `version`, or figures of two rubrics add up under one name."
            )
        if not counts.total():
            say("No call answers to that.")
        elif dry_run:
            say(f"{counts['tried']} tried, {counts['failed']} failed. Nothing was kept.")
        else:
            say(
                f"{counts['rescored']} rescored, {counts['restored']} as a version kept before, "
                f"{counts['same']} by this rubric already, {counts['failed']} failed. "
                "Earlier versions are kept."
            )
            if counts["closed"]:
                periods = ", ".join(sorted(self._periods))
                say(
                    f"{counts['closed']} left as they are, for {periods}. To change them, have it opened: "
                    "speechqa period open PERIOD --by NAME --reason TEXT"
                )
