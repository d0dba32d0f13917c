"""`speechqa audit`: recordings in, scorecards out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.console import say, show, user_name
from speechqa.cli.options import (
    DEFAULT_STORE,
    AgentChannel,
    ArousalName,
    AsJson,
    DiarizerName,
    EmbeddingsName,
    Engine,
    Language,
    LanguageOption,
    Profile,
    ProfileOption,
    RawOption,
    RubricName,
    StoreUrl,
)

if TYPE_CHECKING:
    from speechqa.assembly import Batch
    from speechqa.pipeline.batch import Outcome


SECONDS_BETWEEN_LINES = 15.0
"""How often a log is told how far the batch is."""


def audit(
    paths: Annotated[
        list[str], typer.Argument(help="Recordings: files, folders or globs.", metavar="PATH...")
    ],
    *,
    manifest: Annotated[
        str | None, typer.Option(help="CSV or JSON Lines with what is known of each call.", metavar="FILE")
    ] = None,
    transcripts: Annotated[
        str | None, typer.Option(help="Folder of transcripts with the recordings' names.", metavar="DIR")
    ] = None,
    name_pattern: Annotated[
        str | None,
        typer.Option(help="What file names say, e.g. `{agent}_{customer}_{date}`.", metavar="PATTERN"),
    ] = None,
    rubric: RubricName = "service",
    language: Language = LanguageOption.AUTO,
    agent_channel: AgentChannel = None,
    engine: Engine = "auto",
    diarizer: DiarizerName = "auto",
    arousal: ArousalName = "voice",
    embeddings: EmbeddingsName = "none",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Calls at once; by default as many as there are cores.")
    ] = None,
    store: StoreUrl = DEFAULT_STORE,
    report: Annotated[
        Path | None, typer.Option(help="Make pages with sound, and PDFs, in this folder.", metavar="DIR")
    ] = None,
    raw: Annotated[
        RawOption | None, typer.Option(help="The files have no header: 8-bit G.711 at 8 kHz.")
    ] = None,
    raw_channels: Annotated[int, typer.Option(min=1, max=32, help="Channels of headerless files.")] = 1,
    profile: Profile = ProfileOption.EU,
    agent_stress: Annotated[
        bool,
        typer.Option(
            "--agent-stress",
            help="Compute the agent's vocal arousal too, which profile eu forbids; it never enters a score.",
        ),
    ] = False,
    accommodation: Annotated[
        bool,
        typer.Option(
            help="Tell how far agent and customer come to speak alike in pitch, level and rate; "
            "it never enters a score."
        ),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Analyse recordings and keep the results; what is done already is skipped.

    Examples:

    `speechqa audit recordings/`

    `speechqa audit calls/ --manifest calls.csv --engine whisper:small --report report`

    `speechqa audit '2026-11/*.wav' --name-pattern '{agent}_{customer}_{date}' --json`

    `speechqa audit raw/ --raw mulaw --raw-channels 2 --agent-channel 0`
    """
    from speechqa.assembly import open_batch
    from speechqa.config import Settings

    settings = Settings(
        engine=engine,
        language=language.value,
        rubric=rubric,
        agent_channel=agent_channel,
        profile=profile.value,
        agent_stress=agent_stress,
        raw_format=raw.value if raw else None,
        raw_channels=raw_channels,
        diarizer=diarizer,
        arousal=arousal,
        embeddings=embeddings,
        accommodation=accommodation,
    )
    with open_batch(
        paths,
        settings=settings,
        store_url=store,
        workers=workers,
        manifest=manifest,
        transcripts=transcripts,
        name_pattern=name_pattern,
        report=report,
    ) as batch:
        _run(batch, as_json=as_json)
        if batch.failed:
            raise typer.Exit(1)


def _run(batch: Batch, *, as_json: bool) -> None:
    from speechqa.cli.scorecards import print_document
    from speechqa.reports.terminal import CallsTable

    stopped = False
    try:
        for outcome in _with_progress(batch):
            if as_json:
                stands = batch.standings_to_show(outcome.document, by=user_name())
                print_document(outcome.document, stands)
    except KeyboardInterrupt:
        stopped = True
    if not as_json and (batch.done or batch.already or batch.failed):
        show(CallsTable(batch.summaries()))
    _closing_words(batch, stopped=stopped)
    if stopped:
        say("Stopped. Nothing finished is lost: run the same command again to go on.")
        raise typer.Exit(130)
    _report(batch)


def _closing_words(batch: Batch, *, stopped: bool) -> None:
    from speechqa.core.plain import printable
    from speechqa.reports.wording import call_name

    first = [printable(call_name(s.call_id, s.path), limit=40) for s in batch.listen_first()]
    if first:
        say(f"Listen first to: {', '.join(first)}")
    if batch.ignored:
        say(f"{batch.ignored} files in the folders are no recordings and were ignored.")
    for line in batch.remarks:
        say(line)
    counts = f"{batch.done} analysed, {batch.already} done before, {batch.failed} failed"
    if not batch.total:
        counts = "No recording was found in what was named, so nothing was done"
    elif batch.already and not (batch.done or batch.failed or stopped):
        counts = f"Everything is done already: {batch.already} calls"
    say(f"{counts}. Store: {batch.store_name}")
    if batch.engine_words:
        say(batch.engine_words)


def _report(batch: Batch) -> None:
    """Make the pages of the calls, where they are wanted."""
    from speechqa.assembly.reporting import Days, listed
    from speechqa.cli.report import follow

    report = batch.report(by=user_name())
    if report is not None:
        these = listed(batch.summaries)
        follow(report, report.batch(these, Days()), these.pages)


def _with_progress(batch: Batch) -> Iterator[Outcome]:
    """Pass outcomes on, with the time left on stderr: a bar for a person, a line now and then for a log."""
    import sys

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from speechqa.cli.console import console
    from speechqa.core.plain import printable

    if not sys.stderr.isatty():
        yield from _with_lines(batch)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Redirected, what goes to stdout comes out at stderr: right on a terminal, but lost to a file or a pipe.
    shared = sys.stdout.isatty()
    with Progress(*columns, console=console(sys.stderr), transient=True, redirect_stdout=shared) as progress:
        task = progress.add_task("finding calls", total=None)
        for outcome in batch.outcomes():
            progress.update(
                task, advance=1, total=batch.total, description=printable(outcome.document.call_id, limit=30)
            )
            yield outcome


def _with_lines(batch: Batch) -> Iterator[Outcome]:
    import time

    from speechqa.reports.wording import length

    begun = told = time.monotonic()
    # What was done before takes no time and would make the rest look short.
    for number, outcome in enumerate(batch.outcomes(), start=1):
        yield outcome
        now = time.monotonic()
        worked = batch.done + batch.failed
        if now - told >= SECONDS_BETWEEN_LINES and worked and number < batch.total:
            left = (now - begun) / worked * (batch.total - number)
            say(f"{number} of {batch.total} calls, about {length(left)} left")
            told = now
