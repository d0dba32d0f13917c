"""The `speechqa` program: its commands, and how an error becomes words and an exit code."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from speechqa.cli import (
    accesses,
    agents,
    audit,
    cache,
    calls,
    charter,
    clip,
    customers,
    dispute,
    doctor,
    hold,
    models,
    numbers,
    organisation,
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
    store,
    stress,
    transcript,
)
from speechqa.cli.console import open_streams
from speechqa.cli.files import owner_only
from speechqa.cli.stopping import stoppable
from speechqa.core.accidents import accident
from speechqa.errors import SpeechQAError
from speechqa.version import __version__


class _Commands(TyperGroup):
    """Whose complaints about arguments quote them with numbers masked."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        with _masked():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        with _masked():
            return super().invoke(ctx)


@contextmanager
def _masked() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if hasattr(error, "format_message") and isinstance(getattr(error, "message", None), str):
            error.message = _said(error.message)  # type: ignore[attr-defined]
        raise


app = typer.Typer(
    name="speechqa",
    cls=_Commands,
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
app.command("charter")(charter.charter)
app.command("organisation")(organisation.organisation)
app.add_typer(review.app, name="review")
app.add_typer(dispute.app, name="dispute")
app.add_typer(period.app, name="period")
app.add_typer(rubric.app, name="rubric")
app.add_typer(models.app, name="models")
app.command("pack")(pack.pack)
app.command("verify")(pack.verify)
app.command("accesses")(accesses.accesses)
app.add_typer(hold.app, name="hold")
app.add_typer(store.app, name="store")
app.command("redact")(numbers.redact)
app.command("number-key")(numbers.number_key)
app.command("purge")(purge.purge)
app.add_typer(cache.app, name="cache")
app.command("doctor")(doctor.doctor)
app.command("schema")(show.schema)

_WHOLE = re.compile(r"(\b(?=\d*[a-f])[0-9a-f]{64}\b|\bpostgresql://(?!\S*:\S*@)[^\s;]+)")
"""A SHA-256: digits in a row inside it are no card, and who compares it needs it whole. A store's URL without
a password: USER@HOST in it is no e-mail address, and who mends it needs to see the host."""


CRASHED = 70
"""Exit code of an error in speechqa itself, as sysexits.h has it: no code that says anything of calls."""
STOPPED = 130
"""Exit code of a command that was stopped."""
_LONGEST = 500


def main() -> None:
    """Run the program; every error of ours is one message on stderr and its own exit code."""
    open_streams()
    with owner_only(), stoppable(), _told_alike():
        try:
            app()
        except SpeechQAError as error:
            _complain(error)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:  # before or behind the command itself, within which typer answers it
            print("Aborted.", file=sys.stderr)  # noqa: T201
            sys.exit(STOPPED)
        except Exception as error:
            told = accident(error)
            if told is None:
                _confess(error)
                sys.exit(CRASHED)
            _complain(told)
            sys.exit(told.exit_code)


def _complain(error: SpeechQAError) -> None:
    print(f"speechqa: {_said(error.message)}", file=sys.stderr)  # noqa: T201
    if error.hint:
        print(f"  next: {_said(error.hint)}", file=sys.stderr)  # noqa: T201


@contextmanager
def _told_alike() -> Iterator[None]:
    """An error of a thread, or of something on its way out of memory, is told as ours are: without values."""

    def told(what: threading.ExceptHookArgs | sys.UnraisableHookArgs) -> None:
        if isinstance(what.exc_value, Exception):
            _confess(what.exc_value)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook = sys.unraisablehook = told
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before


def _confess(error: Exception) -> None:
    """Say where an error of speechqa itself came from: places in the code, never a value but the message."""
    import traceback

    for frame in traceback.extract_tb(error.__traceback__):
        print(f"  {frame.filename}:{frame.lineno} in {frame.name}", file=sys.stderr)  # noqa: T201
    text = _said(str(error))[:_LONGEST]
    print(f"speechqa: An error in speechqa itself: {type(error).__name__}: {text}", file=sys.stderr)  # noqa: T201
    print("  next: Nothing finished is lost. Tell whoever looks after speechqa these lines.", file=sys.stderr)  # noqa: T201


def _said(text: str) -> str:
    """What an error quotes may be a customer's number, or obeyed by a terminal."""
    from speechqa.core.plain import printable
    from speechqa.privacy.redaction import redact_text

    return printable(
        "".join(piece if _WHOLE.fullmatch(piece) else redact_text(piece) for piece in _WHOLE.split(text))
    )
