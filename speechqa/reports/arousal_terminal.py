"""One speaker's arousal as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from speechqa.core.plain import printable
from speechqa.core.stress import StressCurve, StressThresholds, StressWindow
from speechqa.reports.wording import clock, length, signed

_BLOCKS = "▁▂▃▄▅▆▇█"
_FULL = 4.0
"""Deviations that fill a block."""
_COLUMNS = 60
_SOURCES = {"call": "from this recording itself", "recordings": "from the recordings named as baseline"}


def voice_curve(
    name: str,
    curve: StressCurve,
    *,
    duration: float | None = None,
    channel: str = "",
    windows: bool = True,
) -> RenderableType:
    """A recording's curve over time as a row of blocks, its baseline, its episodes and why.

    Parameters
    ----------
    name : str
        What the recording is called.
    duration : float, optional
        Its length in seconds.
    channel : str, optional
        Which channel was measured, in words.
    windows : bool
        Whether every window is listed.
    """
    facts = [length(duration)] if duration is not None else []
    facts += [channel] if channel else []
    parts: list[RenderableType] = [
        Text.assemble((printable(name), "bold"), f"  {', '.join(facts)}" if facts else "")
    ]
    parts.append(Text(f"  calm level: {_calm_level(curve)}"))
    values = [window for window in curve.windows if window.value is not None]
    if curve.reason or not values:
        parts.append(Text(f"  no value: {printable(curve.reason or 'no speech')}", style="yellow"))
    if values:
        end = max(duration or 0.0, *(window.end for window in curve.windows))
        parts.append(Text.assemble("  ", _blocks(curve, end), f"  0:00 to {length(end)}"))
        parts.append(Text(f"  {_in_figures(values, curve)}"))
    if windows:
        parts.extend(_rows(curve))
    parts.extend(_episodes(curve))
    return Group(*parts)


def _calm_level(curve: StressCurve) -> str:
    baseline = curve.baseline
    if baseline.source == "none":
        return "unknown"
    pitch = baseline.features.get("f0_hz")
    hertz = f", pitch {pitch:.0f} Hz" if pitch else ""
    return f"{_SOURCES[baseline.source]}, {baseline.voiced_seconds:.1f} s voiced{hertz}"


def _blocks(curve: StressCurve, end: float) -> Text:
    """A block a stretch of time, of the window whose middle is nearest; a dot where it has no value."""
    columns = max(8, min(_COLUMNS, round(end / 2)))
    row = Text()
    first = 0
    ordered = sorted(curve.windows, key=lambda window: (window.end, window.start))
    for column in range(columns):
        time = (column + 0.5) * end / columns
        while first < len(ordered) and ordered[first].end <= time:
            first += 1
        over = []
        for window in ordered[first:]:
            if window.start > time:
                break
            over.append(window)
        nearest = min(over, key=lambda w: abs(w.start + w.end - 2 * time), default=None)
        row.append(*_block(nearest, curve.thresholds))
    return row


def _block(window: StressWindow | None, thresholds: StressThresholds | None) -> tuple[str, str]:
    if window is None:
        return " ", ""
    if window.value is None:
        return "·", "dim"
    height = int(max(0.0, min(1.0, window.value / _FULL)) * (len(_BLOCKS) - 1) + 0.5)
    style = "bold red" if thresholds and window.value >= thresholds.begins else ""
    return _BLOCKS[height], f"{style} dim".strip() if window.confidence == "low" else style


def _in_figures(values: list[StressWindow], curve: StressCurve) -> str:
    top = max(values, key=lambda window: window.value or 0.0)
    summary = curve.summary
    low = sum(window.confidence == "low" for window in values)
    at = summary.peak_at if summary is not None else (top.start + top.end) / 2
    text = f"highest {signed(top.value or 0.0)} at {length(at)}; "
    text += f"{len(values)} of {len(curve.windows)} windows have a value"
    text += f", {low} with low confidence" if low else ""
    if summary is not None and summary.ended and summary.first is not None and summary.last is not None:
        ended = (
            "no clear difference of beginning and end"
            if summary.ended == "same"
            else f"ended {summary.ended}"
        )
        text += f"; {ended}, {signed(summary.first)} to {signed(summary.last)}"
    return text


def _rows(curve: StressCurve) -> Iterator[Text]:
    for window in curve.windows:
        times = f"  {clock(window.start):>8} to {clock(window.end):>8}"
        if window.value is None:
            yield Text(f"{times}         {window.voiced_seconds:.1f} s voiced, no value", style="dim")
            continue
        bar = "█" * max(0, min(40, round(window.value * 5)))
        doubt = (
            f" (low confidence, {window.voiced_seconds:.1f} s voiced)" if window.confidence == "low" else ""
        )
        yield Text(f"{times}  {window.value:+6.1f} {bar}{doubt}")


def _episodes(curve: StressCurve) -> Iterator[Text]:
    for episode in curve.episodes:
        because = f": {printable('; '.join(episode.because))}" if episode.because else ""
        span = f"{length(episode.start)} to {length(episode.end)}"
        peak = f"peak {signed(episode.peak_value)} at {length(episode.peak)}"
        yield Text(f"  raised {span}, {peak}{because}", style="bold")
    for change in curve.changes:
        low = ", low confidence" if change.confidence == "low" else ""
        span = f"{change.kind} at {length(change.at)} ({length(change.start)} to {length(change.end)})"
        before = f"{signed(change.from_value)} (at {length(change.from_at)})"
        after = f"{signed(change.to_value)} (at {length(change.to_at)})"
        yield Text(f"  {span}: {before} to {after}{low}")
    if not curve.episodes and any(window.value is not None for window in curve.windows):
        yield Text("  no episode of raised arousal")
