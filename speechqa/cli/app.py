"""The `speechqa` program: its commands, and how an error becomes words and an exit code."""

from __future__ import annotations

import re
import sys
from typing import Annotated

import typer

from speechqa.cli import (
    accesses,
    agents,
    audit,
    calls,
    clip,
    customers,
    dispute,
    doctor,
    hold,
    models,
    numbers,
    pack,
    period,
    purge,
    report,
    rescore,
    review,
    roles,
    rubric,
    score,
    show,
    standings,
    stress,
    transcript,
)
from speechqa.cli.console import open_streams
from speechqa.errors import SpeechQAError
from speechqa.version import __version__

app = typer.Typer(
    name="speechqa",
    help="Audit recorded service calls: who said what, how, and whether the service was good. Offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"speechqa {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version_wanted: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop."),
    ] = False,
) -> None:
    """Audit recorded service calls: who said what, how, and whether the service was good. Offline."""


app.command("audit")(audit.audit)
app.command("score")(score.score)
app.command("stress")(stress.stress)
app.command("calls")(calls.calls)
app.command("show")(show.show)
app.command("report")(report.report)
app.command("transcript")(transcript.transcript)
app.command("clip")(clip.clip)
app.command("roles")(roles.roles)
app.command("rescore")(rescore.rescore)
app.command("agents")(standings.agents)
app.command("agent")(agents.agent)
app.command("customers")(customers.customers)
app.add_typer(review.app, name="review")
app.add_typer(dispute.app, name="dispute")
app.add_typer(period.app, name="period")
app.add_typer(rubric.app, name="rubric")
app.add_typer(models.app, name="models")
app.command("pack")(pack.pack)
app.command("verify")(pack.verify)
app.command("accesses")(accesses.accesses)
app.add_typer(hold.app, name="hold")
app.command("redact")(numbers.redact)
app.command("number-key")(numbers.number_key)
app.command("purge")(purge.purge)
app.command("doctor")(doctor.doctor)
app.command("schema")(show.schema)

_DIGEST = re.compile(r"(\b(?=\d*[a-f])[0-9a-f]{64}\b)")
"""A SHA-256: digits in a row inside it are no card, and who compares it needs it whole."""


def main() -> None:
    """Run the program; every error of ours is one message on stderr and its own exit code."""
    open_streams()
    try:
        app()
    except SpeechQAError as error:
        _complain(error)
        sys.exit(error.exit_code)


def _complain(error: SpeechQAError) -> None:
    from speechqa.core.plain import printable
    from speechqa.privacy.redaction import redact_text

    # An error quotes what it found, and that may be a customer's number.
    said = "".join(
        piece if _DIGEST.fullmatch(piece) else redact_text(piece) for piece in _DIGEST.split(error.message)
    )
    print(f"speechqa: {printable(said)}", file=sys.stderr)  # noqa: T201
    if error.hint:
        print(f"  next: {printable(error.hint)}", file=sys.stderr)  # noqa: T201
