"""`speechqa stress`: the arousal curve of one speaker's audio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.console import say, show, write
from speechqa.cli.options import ArousalName, AsJson
from speechqa.core.plain import printable

if TYPE_CHECKING:
    from rich.text import Text

    from speechqa.assembly import SpeakerStress
    from speechqa.errors import UsageError


def stress(
    audio: Annotated[
        list[str],
        typer.Argument(help="Recordings of one speaker: files, folders or globs.", metavar="AUDIO..."),
    ],
    *,
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            help="Another recording of the same speaker, or a folder of them, to take the calm level from; "
            "may be repeated. Without any it is taken from each recording itself.",
            metavar="AUDIO",
        ),
    ] = None,
    channel: Annotated[
        int | None,
        typer.Option(min=0, help="Channel of the speaker, from 0; the one that speaks most where absent."),
    ] = None,
    min_voiced: Annotated[
        float, typer.Option(min=0.1, max=60.0, help="Voiced seconds a window needs for a value.")
    ] = 2.0,
    arousal: ArousalName = "voice",
    windows: Annotated[
        bool | None,
        typer.Option(
            "--windows/--no-windows",
            help="Whether every window is listed; by default those of one recording are.",
            show_default=False,
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            help="Draw the curve into this .png or .svg; of several recordings into a folder, a PNG each.",
            metavar="FILE|DIR",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure vocal arousal against the speaker's own calm level: a curve and its episodes, no emotion label.

    The unit is the deviation within calm speech of one speaker. A raised voice may be anger, fear or joy.
    Whose voice it is cannot be known here: inferring emotions of employees from their voice is prohibited in
    the EU (AI Act, Art. 5(1)(f)).

    Examples:

    `speechqa stress customer.wav`

    `speechqa stress today.wav --baseline last-week.wav --baseline last-month.wav --json`

    `speechqa stress call.wav --channel 1 --picture call.svg`

    `speechqa stress voices/ --picture pictures/`
    """
    import msgspec

    from speechqa.assembly import speaker_files
    from speechqa.reports.arousal_terminal import voice_curve

    files = speaker_files(audio)
    if not files.paths:
        say("No recording was found in what was named, so nothing was done.")
        return
    draw = _drawer(picture, several=len(files.paths) > 1) if picture is not None else None
    each = windows if windows is not None else len(files.paths) == 1
    counts = {"measured": 0, "without a value": 0, "failed": 0}
    calm = speaker_files(baseline or ()).paths
    if baseline and not calm:
        raise _no_baseline(baseline)
    stopped = False
    try:
        for result in _with_progress(files.paths, calm, channel, min_voiced, arousal, shown=not as_json):
            counts[_outcome(result)] += 1
            if as_json:
                write(msgspec.json.encode(result, order="deterministic").decode())
            elif result.error is not None:
                show(_failure(result))
            else:
                show(
                    voice_curve(
                        result.path,
                        result.curve,
                        duration=result.duration,
                        channel=_channel(result, chosen=channel is not None),
                        windows=each,
                    )
                )
            if draw is not None and result.error is None:
                draw(result)
    except KeyboardInterrupt:
        stopped = True
    if files.ignored and not as_json:
        several = files.ignored > 1
        what = f"{files.ignored} files in the folders are" if several else "1 file in the folders is"
        say(f"{what} no recording{'s' * several} and ignored.")
    if len(files.paths) > 1 and (not as_json or counts["failed"]):
        say(", ".join(f"{count} {name}" for name, count in counts.items()) + ".")
    if stopped:
        say("Stopped.")
        raise typer.Exit(130)
    if counts["failed"]:
        raise typer.Exit(4)


def _with_progress(
    paths: Sequence[str],
    calm: Sequence[str],
    channel: int | None,
    min_voiced: float,
    arousal: str,
    *,
    shown: bool,
) -> Iterator[SpeakerStress]:
    """Results as they come, with a bar on a terminal's stderr."""
    import sys

    from speechqa.assembly import speaker_stress

    def results() -> Iterator[SpeakerStress]:
        return speaker_stress(
            paths, baseline=calm, channel=channel, min_voiced_s=min_voiced, arousal=arousal, tell=say
        )

    if not (shown and sys.stderr.isatty()):
        yield from results()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from speechqa.cli.console import console

    # A name of a file is no markup: [/b] in it would end the run.
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    # Redirected, what goes to stdout would come out at stderr. The bar steps aside for it instead.
    progress = Progress(*columns, console=console(sys.stderr), transient=True, redirect_stdout=False)
    with progress:
        task = progress.add_task("baseline" if calm else printable(paths[0], limit=40), total=len(paths))
        for done, result in enumerate(results(), start=1):
            progress.stop()
            yield result
            if done < len(paths):
                progress.update(task, completed=done, description=printable(paths[done], limit=40))
                progress.start()


def _channel(result: SpeakerStress, *, chosen: bool) -> str:
    if result.channels is None or result.channels < 2:
        return ""
    which = f"channel {result.channel} of 0 to {result.channels - 1}"
    return which if chosen else f"{which}, which speaks most"


def _outcome(result: SpeakerStress) -> str:
    if result.error is not None:
        return "failed"
    return "measured" if any(w.value is not None for w in result.windows) else "without a value"


def _failure(result: SpeakerStress) -> Text:
    from rich.text import Text

    assert result.error is not None
    text = Text(f"{printable(result.path)}\n  failed: {printable(result.error.message)}", style="red")
    if result.error.hint:
        text.append(f"\n  next: {printable(result.error.hint)}")
    return text


def _no_baseline(named: Sequence[str]) -> UsageError:
    from speechqa.errors import UsageError

    return UsageError(
        "There is no recording in what is named as baseline",
        found=", ".join(printable(path, limit=80) for path in named[:3]),
        expected="a recording of the same speaker, or a folder of them",
    )


def _drawer(target: Path, *, several: bool) -> Callable[[SpeakerStress], None]:
    from speechqa.reports.arousal_picture import PictureTarget, save_picture, voice_picture

    pictures = PictureTarget(target, several=several)

    def draw(result: SpeakerStress) -> None:
        path = pictures.path_of(result.path)
        name = Path(result.path).name
        # Where nothing was voiced, nobody is known to speak.
        speech = result.speech if any(window.voiced_seconds for window in result.windows) else ()
        picture = voice_picture(name, result.curve, pictures.form, speech=speech, duration=result.duration)
        save_picture(path, picture)
        say(f"Picture: {printable(str(path))}")

    return draw
