"""`speechqa score`: criteria and scores from transcripts alone."""

from __future__ import annotations

from typing import Annotated

import typer

from speechqa.cli.console import say, show, write
from speechqa.cli.options import AsJson, Language, LanguageOption, Profile, ProfileOption, RubricName


def score(
    transcripts: Annotated[
        list[str], typer.Argument(help="Transcripts, in any format that is read.", metavar="TRANSCRIPT...")
    ],
    *,
    rubric: RubricName = "service",
    language: Language = LanguageOption.AUTO,
    profile: Profile = ProfileOption.EU,
    store: Annotated[
        str | None, typer.Option(help="Keep the results in this store; nothing is kept where absent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge calls from their transcripts; no recording is needed.

    Examples:

    `speechqa score call.json`

    `speechqa score transcripts/*.vtt --json`

    `speechqa score doctor.TextGrid patient.TextGrid` scores two calls; a TextGrid with two tiers is one.
    """
    from speechqa.assembly import score_transcripts
    from speechqa.config import Settings
    from speechqa.core.analysis import CallAnalysis
    from speechqa.core.codec import encode
    from speechqa.core.plain import printable
    from speechqa.reports.terminal import scorecard

    settings = Settings(engine="none", language=language.value, rubric=rubric, profile=profile.value)
    failed = 0
    for document in score_transcripts(transcripts, settings=settings, store_url=store):
        if as_json:
            write(encode(document).decode())
        if isinstance(document, CallAnalysis):
            if not as_json:
                show(scorecard(document))
            continue
        failed += 1
        if not as_json:
            hint = f"\n  next: {printable(document.error.hint)}" if document.error.hint else ""
            say(f"{document.path}: {printable(document.error.message)}{hint}")
    if failed:
        say(f"{failed} of the transcripts could not be scored.")
        raise typer.Exit(1)
