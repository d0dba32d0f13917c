"""`speechqa score`: criteria and scores from transcripts alone."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import say, user_name
from speechqa.cli.options import (
    AsJson,
    EmbeddingsName,
    IncidentsName,
    Language,
    LanguageOption,
    Profile,
    ProfileOption,
    RubricName,
    without_password,
)
from speechqa.errors import UsageError


def score(
    transcripts: Annotated[
        list[str],
        typer.Argument(
            help="Transcripts, in any format that is read, or folders of them.", metavar="TRANSCRIPT..."
        ),
    ],
    *,
    pair: Annotated[
        bool | None,
        typer.Option(
            "--pair/--no-pair",
            help="Whether every two files, in the order given, are the parties of one call, or none are. By "
            "default two files with one speaker each are, whose names differ in the last part alone.",
            show_default=False,
        ),
    ] = None,
    rubric: RubricName = "service",
    incidents: IncidentsName = None,
    language: Language = LanguageOption.AUTO,
    profile: Profile = ProfileOption.EU,
    embeddings: EmbeddingsName = "none",
    store: Annotated[
        str | None,
        typer.Option(
            help="Keep the results in this store; nothing is kept where absent.", callback=without_password
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="With --store: judge only what is not in it yet by the same rubric and settings. A run that "
            "was stopped goes on where it was.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Judge calls from their transcripts; no recording is needed.

    Examples:

    `speechqa score call.json`

    `speechqa score transcripts/*.vtt --json`

    `speechqa score call1.agent.TextGrid call1.caller.TextGrid` is one call with a file a party.

    `speechqa score doctor.TextGrid patient.TextGrid --pair`

    `speechqa score transcripts/ --store sqlite:///calls.db --resume`
    """
    from speechqa.assembly.transcripts import scored_calls
    from speechqa.cli.scorecards import print_call, print_document
    from speechqa.config import Settings
    from speechqa.core.analysis import CallAnalysis
    from speechqa.core.plain import printable

    if resume and store is None:
        raise UsageError("--resume goes with --store", hint="Name the store that holds what was done.")
    settings = Settings(
        engine="none",
        language=language.value,
        rubric=rubric,
        profile=profile.value,
        embeddings=embeddings,
    )
    failed = 0
    scored = scored_calls(
        transcripts,
        settings=settings,
        store_url=store,
        pairs=pair,
        resume=resume,
        tell=say,
        by=user_name(),
        incidents=incidents,
    )
    for document, standings in scored:
        if as_json:
            print_document(document, standings)
        if isinstance(document, CallAnalysis):
            if not as_json:
                print_call(document, standings)
            continue
        failed += 1
        if not as_json:
            hint = f"\n  next: {printable(document.error.hint)}" if document.error.hint else ""
            say(f"{document.path}: {printable(document.error.message)}{hint}")
    if failed:
        say(f"{failed} of the transcripts could not be scored.")
        raise typer.Exit(1)
