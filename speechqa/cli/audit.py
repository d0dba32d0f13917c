"""`speechqa audit`: recordings in, scorecards out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.cluster import (
    ExecutorName,
    ExecutorOption,
    RayAddress,
    RayCpus,
    RayGpus,
    RayMemory,
    cluster_wanted,
)
from speechqa.cli.console import LINES, say, show, user_name
from speechqa.cli.options import (
    DEFAULT_STORE,
    AgentChannel,
    ArousalName,
    AsJson,
    DiarizerName,
    EmbeddingsName,
    Engine,
    IncidentsName,
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
        list[str],
        typer.Argument(
            help="Recordings: files, folders, globs, or s3://, gs:// and abfs:// of these.", metavar="PATH..."
        ),
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
    incidents: IncidentsName = None,
    language: Language = LanguageOption.AUTO,
    agent_channel: AgentChannel = None,
    engine: Engine = "auto",
    diarizer: DiarizerName = "auto",
    arousal: ArousalName = "voice",
    embeddings: EmbeddingsName = "none",
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="Calls at once; by default what suits the engine and the machine or cluster."
        ),
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            help="Give a call up whose analysis takes longer; by default it may take any time.",
            metavar="MINUTES",
        ),
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
    cache: Annotated[
        bool,
        typer.Option(help="Take what was heard in a recording before from the cache, and keep it there."),
    ] = True,
    executor: ExecutorName = ExecutorOption.LOCAL,
    ray_address: RayAddress = None,
    ray_cpus: RayCpus = None,
    ray_gpus: RayGpus = None,
    ray_memory: RayMemory = None,
    as_json: AsJson = False,
) -> None:
    """Analyse recordings and keep the results; what is done already is skipped.

    Examples:

    `speechqa audit recordings/`

    `speechqa audit calls/ --manifest calls.csv --engine whisper:small --report report`

    `speechqa audit '2026-11/*.wav' --name-pattern '{agent}_{customer}_{date}' --json`

    `speechqa audit calls/ --manifest calls.csv --incidents incidents.csv`

    `speechqa audit raw/ --raw mulaw --raw-channels 2 --agent-channel 0`

    `speechqa audit s3://calls/2026-11/ --manifest calls.csv`

    `speechqa audit /shared/calls --executor ray --ray-address auto --store postgresql://db/quality`
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
        cluster=cluster_wanted(executor, ray_address, ray_cpus, ray_gpus, ray_memory),
        time_limit=None if time_limit is None else time_limit * 60,
        cached=cache,
        incidents=incidents,
    ) as batch:
        _run(batch, as_json=as_json)
        if batch.failed:
            raise typer.Exit(1)


def _run(batch: Batch, *, as_json: bool) -> None:
    from speechqa.cli.scorecards import print_document

    stopped = False
    try:
        for outcome in _with_progress(batch):
            if as_json:
                stands = batch.standings_to_show(outcome.document, by=user_name())
                print_document(outcome.document, stands)
    except KeyboardInterrupt:
        stopped = True
    if not as_json and (batch.done or batch.already or batch.failed):
        _table(batch)
    _closing_words(batch, stopped=stopped)
    if stopped:
        say("Stopped. Nothing finished is lost: run the same command again to go on.")
        raise typer.Exit(130)
    _report(batch)


def _table(batch: Batch) -> None:
    from speechqa.reports.terminal import CallsTable

    show(CallsTable(batch.lines.lines(LINES)))
    if batch.lines.count > LINES:
        say(f"{LINES} of {batch.lines.count:,} calls. `speechqa calls` finds the others, --json prints all.")


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
        these = listed(batch.lines.lines)
        follow(report, report.batch(these, Days()), these.pages)


def _with_progress(batch: Batch) -> Iterator[Outcome]:
    """Pass outcomes on, with the time left on stderr: a bar for a person, a line now and then for a log.

    Time left goes by the size of the recordings, for it is their length that takes time, not their number.
    """
    import sys

    from rich.progress import BarColumn, Progress, TextColumn

    from speechqa.cli.console import console
    from speechqa.core.plain import printable

    if not sys.stderr.isatty():
        yield from _with_lines(batch)
        return
    # A name of a file is no markup: [/b] in it would end the run, and [link=...] lead somewhere.
    told_as, left_as = (
        TextColumn(text, markup=False) for text in ("{task.description}", "{task.fields[told]}")
    )
    columns = (told_as, BarColumn(), left_as)
    # Redirected, what goes to stdout comes out at stderr: right on a terminal, but lost to a file or a pipe.
    shared = sys.stdout.isatty()
    with Progress(*columns, console=console(sys.stderr), transient=True, redirect_stdout=shared) as progress:
        task = progress.add_task("finding calls", total=None, told="")
        for number, left, outcome in _timed(batch):
            told = [f"{number:,}/{batch.total:,}", left, batch.short_of_memory]
            progress.update(
                task,
                completed=batch.size_gone,
                total=max(batch.size, 1),
                description=printable(outcome.call_id, limit=30),
                told=", ".join(part for part in told if part),
            )
            yield outcome


def _with_lines(batch: Batch) -> Iterator[Outcome]:
    import time

    from speechqa.reports.wording import length

    told, short = time.monotonic(), ""
    for number, left, outcome in _timed(batch):
        yield outcome
        if batch.short_of_memory and batch.short_of_memory != short:
            say(f"{batch.short_of_memory.capitalize()}; as many again as soon as there is room.")
        short = batch.short_of_memory
        now = time.monotonic()
        if now - told >= SECONDS_BETWEEN_LINES and left and number < batch.total:
            say(f"{number:,} of {batch.total:,} calls, {length(batch.sound)} of sound, {left}")
            told = now


def _timed(batch: Batch) -> Iterator[tuple[int, str, Outcome]]:
    """Outcomes with their number and the time left in words; empty while nothing was worked on."""
    import time

    from speechqa.reports.wording import length

    begun = time.monotonic()
    for number, outcome in enumerate(batch.outcomes(), start=1):
        left = ""
        # What was done before takes no time and would make the rest look short.
        if batch.size_worked:
            seconds = (time.monotonic() - begun) / batch.size_worked * max(0, batch.size - batch.size_gone)
            left = f"about {length(seconds)} left"
        yield number, left, outcome
