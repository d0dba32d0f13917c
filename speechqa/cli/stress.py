"""`speechqa stress`: the arousal curve of one speaker's audio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.console import show, write
from speechqa.cli.options import AsJson

if TYPE_CHECKING:
    from speechqa.assembly import SpeakerStress


def stress(
    audio: Annotated[list[str], typer.Argument(help="Recordings of one speaker.", metavar="AUDIO...")],
    *,
    baseline: Annotated[
        list[str] | None,
        typer.Option(help="Earlier, calm recordings of the same speaker; may be repeated.", metavar="AUDIO"),
    ] = None,
    channel: Annotated[
        int | None, typer.Option(min=0, help="Channel of the speaker; the one that speaks most where absent.")
    ] = None,
    min_voiced: Annotated[
        float, typer.Option(min=0.1, help="Voiced seconds a window needs for a value.")
    ] = 2.0,
    as_json: AsJson = False,
) -> None:
    """Measure vocal arousal against the speaker's own baseline: a curve and its episodes, no emotion label.

    Examples:

    `speechqa stress customer.wav`

    `speechqa stress today.wav --baseline last-week.wav --json`
    """
    import msgspec

    from speechqa.assembly import speaker_stress

    failed = False
    for result in speaker_stress(audio, baseline=baseline or (), channel=channel, min_voiced_s=min_voiced):
        failed = failed or result.error is not None
        if as_json:
            write(msgspec.json.encode(result, order="deterministic").decode())
        else:
            _print(result)
    if failed:
        raise typer.Exit(4)


def _print(result: SpeakerStress) -> None:
    from rich.text import Text

    from speechqa.core.plain import printable
    from speechqa.reports.wording import clock

    show(Text(printable(result.path), style="bold"))
    if result.error is not None:
        show(Text(f"  failed: {printable(result.error.message)}", style="red"))
        return
    source, voiced = result.baseline.source, result.baseline.voiced_seconds
    show(f"  baseline: {source}, {voiced:.1f} s voiced" + (f"; {result.reason}" if result.reason else ""))
    for window in result.windows:
        figure = "too little voiced" if window.value is None else f"{window.value:+.1f}"
        bar = "" if window.value is None else "█" * max(0, min(40, round(window.value * 5)))
        doubt = " (low confidence)" if window.confidence == "low" else ""
        show(f"  {clock(window.start):>8} to {clock(window.end):>8}  {figure:>6}{doubt} {bar}")
    for episode in result.episodes:
        because = "; ".join(episode.because)
        span = f"{clock(episode.start)} to {clock(episode.end)}, most at {clock(episode.peak)}"
        show(f"  raised from {span}: {because}")
