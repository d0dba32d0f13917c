"""What the second reading of a verdict is shown: what the rules found, and how surely turns mean what counts.

Each criterion is shown the marks that it is about and nothing else: an agent who was curt does not lose a
point for a summary that was given. Hence a verdict stands on its own evidence.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from speechqa.core.finding import Verdict
from speechqa.criteria.phases import Phases
from speechqa.criteria.reading import Pair, Reading

VERSION = 1
"""To be raised with every change of what a feature means."""

DIGEST = f"verdicts-{VERSION}"
"""What a model of verdicts must have been trained on."""

Marks = Mapping[str, float]
"""Of one line every mark of its role with its probability, in [0, 1]."""

_ENDINGS = (
    "farewell", "leave", "thank", "else", "indifference", "complaint", "anger", "churn", "satisfied", "need",
    "question", "threat",
)  # fmt: skip
_LAST = 3
_UNKNOWN = 0.5
_LEAST = 1e-3
_SCALE = 3.0
_LATE, _EARLY = 6, 4
_COUNTED = 50.0


def features(
    reading: Reading,
    verdict: Verdict,
    sure: float | None,
    lines: Sequence[tuple[str, Marks]],
    phases: Phases | None = None,
) -> dict[str, float]:
    """Features of one verdict by name.

    Parameters
    ----------
    reading : Reading
        What the criterion is about.
    verdict : Verdict
        What the rules found; of a signal, `PASS` where it was found and `FAIL` where not.
    sure : float or None
        How sure the rules are of it, in [0, 1].
    lines : sequence of (role, marks)
        Every line of the call.
    phases : Phases, optional
        The course of the call, by the rules; needed where how it ends matters.
    """
    found = {f"rules {verdict.value}": 1.0, f"rules {verdict.value} sure": _UNKNOWN if sure is None else sure}
    found.update(_marked(reading, lines))
    for number, pair in enumerate(reading.pairs):
        found.update(_paired(number, pair, lines))
    if reading.ending and phases is not None:
        found.update(_ending(phases, lines))
    return found


def _marked(reading: Reading, lines: Sequence[tuple[str, Marks]]) -> Iterator[tuple[str, float]]:
    late, early = max(_LATE, len(lines) // 3), max(_EARLY, len(lines) // 2)
    for name in reading.marks:
        said = [marks.get(name, 0.0) for _, marks in lines]
        yield f"{name} most", _odds(max(said, default=0.0))
        yield f"{name} often", math.log1p(sum(said))
        yield f"{name} late", _odds(max(said[-late:], default=0.0))
        yield f"{name} early", _odds(max(said[:early], default=0.0))


def _paired(number: int, pair: Pair, lines: Sequence[tuple[str, Marks]]) -> Iterator[tuple[str, float]]:
    due = [max((marks.get(name, 0.0) for name in pair.due), default=0.0) for _, marks in lines]
    left, kept = [], []
    for met, (_, marks) in zip(most_within(due, pair.back, pair.ahead), lines, strict=True):
        value = marks.get(pair.trigger, 0.0)
        if value < _LEAST:
            continue
        left.append(value * (1 - met))
        kept.append(value * met)
    yield f"pair {number} left", _odds(max(left, default=0.0))
    yield f"pair {number} left often", math.log1p(sum(left))
    yield f"pair {number} kept", _odds(max(kept, default=0.0))


def most_within(values: Sequence[float], back: int, ahead: int) -> Iterator[float]:
    """For each place the largest value from `back` before to `ahead` after; time grows with the values.

    Examples
    --------
    >>> list(most_within([3, 1, 2, 0], 0, 1))
    [3, 2, 2, 0]
    """
    falling: deque[int] = deque()  # places ahead of which nothing as large comes, the largest first
    coming = 0
    for at in range(len(values)):
        for place in range(coming, min(len(values), at + ahead + 1)):
            while falling and values[falling[-1]] <= values[place]:
                falling.pop()
            falling.append(place)
            coming = place + 1
        while falling[0] < at - back:
            falling.popleft()
        yield values[falling[0]]


def _ending(phases: Phases, lines: Sequence[tuple[str, Marks]]) -> Iterator[tuple[str, float]]:
    how = "implied" if phases.implied else "reached" if phases.reached else phases.ended_by
    yield f"ends {how}", 1.0
    yield "lines", len(lines) / _COUNTED
    for back, (role, marks) in enumerate(reversed(lines[-_LAST:]), start=1):
        yield f"last {back} {role}", 1.0
        for name in _ENDINGS:
            if name in marks:
                yield f"last {back} {name}", _odds(marks[name])


def _odds(value: float) -> float:
    """Log odds, scaled to about [-2.3, 2.3]; what is below the model's digits counts as no chance."""
    held = min(max(value, _LEAST), 1 - _LEAST)
    return math.log(held / (1 - held)) / _SCALE
