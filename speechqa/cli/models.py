"""`speechqa models`: model files and their digests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from speechqa.cli.console import say, show, write
from speechqa.cli.files import as_the_user_has_it
from speechqa.cli.options import AsJson
from speechqa.core.plain import printable

app = typer.Typer(help="Model files and their digests; nothing is downloaded unasked.", no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Option("--models", envvar="SPEECHQA_MODELS", help="Folder of the models.", metavar="DIR"),
]
Name = Annotated[str, typer.Argument(help="Model's name as `models list` shows it.", metavar="NAME")]


@app.command("list")
def list_(*, folder: Folder = None, as_json: AsJson = False) -> None:
    """List known models, with languages, size, licence and what is here.

    Examples:

    `speechqa models list`

    `speechqa models list --json`
    """
    import msgspec
    from rich.table import Table
    from rich.text import Text

    from speechqa.backends.fast_models import fast_state
    from speechqa.backends.manifest import models_folder
    from speechqa.backends.model_files import list_models

    found = list_models(folder)
    fast = {each.entry.name: fast_state(each.entry, models_folder(folder)) for each in found}
    if as_json:
        for status in found:
            line = {**msgspec.to_builtins(status), "fast": fast[status.entry.name]}
            write(msgspec.json.encode(line).decode())
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("model", "languages", "MB", "licence", "here", "fast", "source"):
        table.add_column(heading, justify="right" if heading == "MB" else "left")
    words = {"here": "yes", "absent": "no", "unaccepted": "not accepted"}
    for status in found:
        entry = status.entry
        table.add_row(
            Text(entry.name),
            Text(", ".join(entry.languages)),
            "" if entry.size_mb is None else str(entry.size_mb),
            Text(entry.licence),
            Text(words[status.state], style="green" if status.state == "here" else ""),
            Text(words[fast[entry.name]], style="green" if fast[entry.name] == "here" else ""),
            Text(entry.source),
        )
    show(table)


@app.command("pull")
@as_the_user_has_it()
def pull(
    name: Name,
    *,
    sha256: Annotated[
        str | None, typer.Option(help="Digest expected of a model the list has none for.", metavar="HEX")
    ] = None,
    fast: Annotated[
        bool,
        typer.Option("--fast", help="Make the fast form too, which `--engine auto` then takes."),
    ] = False,
    folder: Folder = None,
) -> None:
    """Fetch a model file; it is kept only if its digest is right, and a broken download is continued.

    Examples:

    `speechqa models pull whisper:small`

    `speechqa models pull whisper:small --fast`
    """
    from speechqa.backends.fast_models import fast_state, installed
    from speechqa.backends.manifest import find_entry, models_folder
    from speechqa.backends.model_download import pull as fetch
    from speechqa.errors import EngineUnavailable

    if fast and not installed():
        raise EngineUnavailable(
            "the engine faster-whisper is not installed",
            hint="pip install 'speechqa[fast]', or leave out --fast",
        )
    if not sys.stderr.isatty():
        verified = fetch(name, folder, sha256=sha256)
    else:
        from rich.markup import escape
        from rich.progress import Progress

        from speechqa.cli.console import console

        with Progress(console=console(sys.stderr), transient=True) as bar:
            task = bar.add_task(escape(printable(name)), total=None)
            verified = fetch(
                name,
                folder,
                lambda here, total: bar.update(task, completed=here, total=total),
                sha256=sha256,
            )
    say(f"{verified.name} is here: {printable(verified.path)}")
    if fast:
        from speechqa.backends.fast_convert import fast_beside

        say(f"Its fast form is here: {printable(fast_beside(verified, folder).path)}")
    elif installed() and fast_state(find_entry(name, folder), models_folder(folder)) == "absent":
        say(f"For speed, once: speechqa models convert {printable(verified.path)}")


@app.command("convert")
@as_the_user_has_it()
def convert(
    source: Annotated[
        Path,
        typer.Argument(
            help="Folder with config.json and .safetensors files, or a checkpoint for its fast form.",
            metavar="FOLDER|CHECKPOINT",
        ),
    ],
    name: Annotated[
        str | None,
        typer.Argument(help="Model's name; told by a checkpoint's file name where absent.", metavar="NAME"),
    ] = None,
    *,
    precision: Annotated[
        str, typer.Option(help="How the fast form keeps weights: float16, int8, float32.", metavar="TYPE")
    ] = "float16",
    folder: Folder = None,
) -> None:
    """Make a checkpoint from a model in Hugging Face's form, or the fast form from a checkpoint.

    The Hebrew models of ivrit.ai come in Hugging Face's form. The fast form is a folder for CTranslate2, as
    faster-whisper reads it: `--engine auto` takes it where it is here, but for that of a model of your own,
    which you name: `--engine faster-whisper:FOLDER`.

    Examples:

    `speechqa models convert ~/whisper-large-v3-turbo ivrit-ai/whisper-large-v3-turbo`

    `speechqa models convert models/small.pt`

    `speechqa models convert models/small.pt --precision int8`
    """
    from speechqa.errors import UsageError

    if source.is_dir():
        from speechqa.backends.convert import convert as make

        if name is None:
            raise UsageError("a folder needs the name of its model", hint="See speechqa models list.")
        verified = make(source, name, folder)
    else:
        from typing import cast

        from speechqa.backends.fast_convert import Precision, convert_fast

        verified = convert_fast(source, name, folder, precision=cast("Precision", precision))
        if Path(verified.path).name == verified.name:
            told = f"{verified.name} is here; take it with --engine faster-whisper:{verified.path}"
            say(printable(told))
            return
    say(f"{verified.name} is here: {printable(verified.path)}")


@app.command("verify")
@as_the_user_has_it()
def verify(
    name: Annotated[str | None, typer.Argument(help="One model; all that are here where absent.")] = None,
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Record the digest of a file the list has none for.")
    ] = False,
    folder: Folder = None,
) -> None:
    """Read model files through and compare their digests.

    Examples:

    `speechqa models verify`

    `speechqa models verify ivrit-ai/whisper-large-v3-turbo --accept`
    """
    from functools import partial

    from speechqa.backends import model_files
    from speechqa.backends.fast_models import fast_state, verify_fast
    from speechqa.backends.manifest import models_folder
    from speechqa.errors import ModelDigestMismatch, ModelError, UsageError

    if name is not None:
        verified = (model_files.accept if accept else model_files.verify)(name, folder)
        write(f"{verified.name}  {verified.sha256}  {printable(verified.path)}")
        return
    if accept:
        raise UsageError("--accept needs the name of one model")
    root = models_folder(folder)
    known = model_files.list_models(folder)
    checks = [partial(model_files.verify, s.entry.name, folder) for s in known if s.state != "absent"]
    checks += [partial(verify_fast, s.entry, root) for s in known if fast_state(s.entry, root) != "absent"]
    if not checks:
        say("No model of the list is here.")
    wrong: list[ModelError] = []
    for check in checks:
        try:
            verified = check()
            write(f"{verified.name}  {verified.sha256}  {printable(verified.path)}")
        except ModelError as error:
            wrong.append(error)
            say(printable(str(error)))
    if wrong:
        raise ModelDigestMismatch(
            f"{len(wrong)} of {len(checks)} models must not be used", hint="Fetch them again, or remove them"
        )
