"""What a call's document says of voices, in words: summary, episodes, changes and what came before them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from speechqa.core.analysis import CallAnalysis
from speechqa.core.stress import AbsoluteView, SpokenTurn, StressChange, StressCurve, StressSummary
from speechqa.core.value import Value
from speechqa.reports.wording import clock

UNIT: Final = (
    "Arousal of a voice in deviations over the speaker's own calm level: no emotion, and no part of a score"
)
NOT_BECAUSE: Final = "What was said before a change is where to listen, not its proven cause"

_VERBS: Final = {"rise": "rises", "fall": "falls"}
_ENDED: Final = {
    "calmer": "ends calmer than it began",
    "same": "ends as it began, as far as can be told",
    "more aroused": "ends more aroused than it began, be it agitated or lively",
}


class VoiceLine(Value, frozen=True, kw_only=True):
    """One thing said of a voice; `time` where it has one, `before` what the other party said before it."""

    text: str
    time: float | None = None
    before: tuple[SpokenTurn, ...] = ()


def voices(analysis: CallAnalysis) -> tuple[tuple[str, tuple[VoiceLine, ...]], ...]:
    """Whose voice was measured and what is said of it: of the whole call, then in order of time."""
    return tuple((who, tuple(_lines(curve))) for who, curve in sorted(analysis.stress.items()))


def _lines(curve: StressCurve) -> Iterator[VoiceLine]:
    if curve.reason is not None:
        yield VoiceLine(text=f"not assessed: {curve.reason}")
    if curve.summary is not None:
        yield from (VoiceLine(text=text) for text in _summary(curve.summary))
    if curve.absolute is not None:
        yield from (VoiceLine(text=text) for text in _absolute(curve.absolute))
    events = [
        VoiceLine(
            time=episode.start,
            text=f"raised until {clock(episode.end)}: {'; '.join(episode.because)}".removesuffix(": "),
        )
        for episode in curve.episodes
    ]
    events += [VoiceLine(time=c.at, text=change_words(c), before=c.before) for c in curve.changes]
    yield from sorted(events, key=lambda line: (line.time or 0.0, line.text))


def _summary(found: StressSummary) -> Iterator[str]:
    peak = f"peak {found.peak:+.1f} at {clock(found.peak_at)}"
    raised = f"raised in {100 * found.raised_share:.0f} % of {found.windows} windows"
    yield f"mean {found.mean:+.1f}, {peak}, {raised}"
    if found.ended is not None and found.first is not None and found.last is not None:
        sure = "" if found.uncertainty is None else f", uncertain by {found.uncertainty:.1f}"
        yield f"{_ENDED[found.ended]}: {found.first:+.1f} at first, {found.last:+.1f} at last{sure}"
    elif found.reason:
        yield f"how it ended against how it began is not assessed: {found.reason}"
    trend = found.trend
    if trend is not None and (trend.low > 0 or trend.high < 0):
        yield f"trend {trend.per_minute:+.2f} a minute ({trend.low:+.2f} to {trend.high:+.2f})"


def _absolute(view: AbsoluteView) -> Iterator[str]:
    if view.flagged:
        yield f"perhaps agitated from the first word (low confidence): {view.reason}"


def change_words(change: StressChange) -> str:
    """A rise or fall in words.

    Examples
    --------
    >>> change_words(StressChange(
    ...     kind="rise", at=62.0, start=58.0, end=66.0, from_value=0.2, to_value=3.4,
    ...     from_at=40.0, to_at=80.0, uncertainty=1.8))
    'rises from +0.2 (at 0:40.0) to +3.4 (at 1:20.0; uncertain by 1.8), between 0:58.0 and 1:06.0'
    """
    doubt = ", low confidence" if change.confidence == "low" else ""
    before = f"{change.from_value:+.1f} (at {clock(change.from_at)})"
    when = f"between {clock(change.start)} and {clock(change.end)}"
    after = f"{change.to_value:+.1f} (at {clock(change.to_at)}; uncertain by {change.uncertainty:.1f}{doubt})"
    words = f"{_VERBS[change.kind]} from {before} to {after}, {when}"
    return f"{words}; what came before is unknown: {change.reason}" if change.reason else words


def acts_in_words(turn: SpokenTurn) -> str:
    """The speech acts of a turn as a note behind its speaker; empty where there are none."""
    return f" ({', '.join(act.replace('_', ' ') for act in turn.acts)})" if turn.acts else ""
