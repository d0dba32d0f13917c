"""When each of two voices speaks: windows scored against both, and a path through them step by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline

Floats = NDArray[np.float64]

STEP_S: Final = 0.05
EVIDENCE: Final = 80.0
"""Log-odds a window gives for each unit of difference in likeness to the voices; logistic regression on pure
windows of real telephone calls gave 57 to 80."""
INDEPENDENT_S: Final = 0.8
"""Overlapping windows of a voice say the same again: so much speech counts as one window."""
CHANGE_INSIDE: Final = 4.0
"""Minus the log-probability that the voice changes from a step to the next one."""
CHANGE_AT_PAUSE: Final = 1.5
"""The same at a pause."""
_MOST: Final = 30.0


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows over speech that is cut into steps of about 50 ms.

    `begins` and `ends` are the borders of each step, `change` is minus the log-probability of another voice
    than in the step before, `seconds` the length of each window. The entry `k` says that window `window[k]`
    lies over step `step[k]`, with a weight that falls from the window's middle to its edges.
    """

    begins: Floats
    ends: Floats
    change: Floats
    seconds: Floats
    window: NDArray[np.int64]
    step: NDArray[np.int64]
    weight: Floats

    @classmethod
    def over(cls, spans: Sequence[Segment], speech: Timeline) -> Windows:
        """Lay windows over the steps of a channel's speech."""
        begins: list[Floats] = []
        change: list[Floats] = []
        for stretch in speech:
            count = max(1, round(stretch.duration / STEP_S))
            begins.append(stretch.start + stretch.duration * np.arange(count + 1) / count)
            change.append(np.full(count, CHANGE_INSIDE))
            change[-1][0] = CHANGE_AT_PAUSE
        first = np.concatenate([edges[:-1] for edges in begins])
        last = np.concatenate([edges[1:] for edges in begins])
        middle = (first + last) / 2
        starts = np.array([span.start for span in spans])
        lengths = np.array([span.duration for span in spans])
        low = np.searchsorted(middle, starts)
        count = np.maximum(0, np.searchsorted(middle, starts + lengths) - low)
        window = np.repeat(np.arange(len(spans)), count)
        step = np.arange(len(window)) - np.repeat(np.cumsum(count) - count, count) + low[window]
        away = np.abs(middle[step] - starts[window] - lengths[window] / 2)
        weight = np.maximum(0.05, 1.0 - away / (lengths[window] / 2))
        return cls(first, last, np.concatenate(change), lengths, window, step, weight)

    def to_steps(self, of_windows: Floats) -> Floats:
        """Weighted mean, at each step, over the windows that lie over it; 0 where none does."""
        count = len(self.begins)
        total = np.bincount(self.step, self.weight * of_windows[self.window], count)
        return np.asarray(total / np.maximum(np.bincount(self.step, self.weight, count), 1e-6))

    def to_windows(self, of_steps: Floats) -> Floats:
        """Weighted mean over the steps of each window; 0.5 for a window without steps."""
        count = len(self.seconds)
        weight = np.bincount(self.window, self.weight, count)
        total = np.bincount(self.window, self.weight * of_steps[self.step], count)
        return np.asarray(np.where(weight > 0, total / np.maximum(weight, 1e-6), 0.5))


@dataclass(frozen=True, slots=True)
class FoundVoices:
    """The two voices' timelines and means, and how much of each window is the second's, in [0, 1]."""

    voices: tuple[Timeline, Timeline]
    means: tuple[Floats, Floats]
    second: Floats


def voice_timeline(
    windows: Windows, vectors: Floats, means: tuple[Floats, Floats], *, rounds: int
) -> FoundVoices | None:
    """Learn two voices and their timeline in turn.

    Parameters
    ----------
    windows : Windows
        Where the windows lie.
    vectors : array, shape (windows, dimensions)
        Their embeddings.
    means : pair of array
        Embeddings of the two voices to start from.
    rounds : int
        How often the timeline is found; the voices are learned anew before each but the first.

    Returns
    -------
    FoundVoices or None
        None where one voice takes everything.
    """
    own = windows.seconds / windows.seconds.max()
    first, second = means
    evidence = np.zeros(len(windows.begins))
    share = np.full(len(vectors), 0.5)
    for done in range(rounds):
        odds = EVIDENCE * (vectors @ (second - first) - (second @ second - first @ first) / 2)
        evidence = windows.to_steps(odds) * (STEP_S / INDEPENDENT_S)
        share = windows.to_windows(_posterior(evidence, windows.change))
        if done == rounds - 1:
            break
        # A window counts by how purely it is one voice's.
        pure = own * np.clip(2 * share - 1, 0, None) ** 2, own * np.clip(1 - 2 * share, 0, None) ** 2
        if min(pure[0].sum(), pure[1].sum()) < 0.1:
            return None
        second, first = (np.asarray(weight @ vectors / weight.sum()) for weight in pure)
    path = _best_path(evidence, windows.change)
    voices = tuple(_timeline(windows, path == voice) for voice in (False, True))
    return FoundVoices((voices[0], voices[1]), (first, second), share)


def _posterior(evidence: Floats, change: Floats) -> Floats:
    """Probability of the second voice at each step, by the forward-backward recursion in log-odds."""
    keep = (1.0 - 2.0 * np.exp(-change)).tolist()
    given = evidence.tolist()
    forward: list[float] = []
    odds = 0.0
    for value, stay in zip(given, keep, strict=True):
        odds = _bounded(value + _passed(odds, stay))
        forward.append(odds)
    backward = [0.0] * len(given)
    odds = 0.0
    for index in range(len(given) - 2, -1, -1):
        odds = _passed(_bounded(given[index + 1] + odds), keep[index + 1])
        backward[index] = odds
    total = np.clip(np.add(forward, backward), -_MOST, _MOST)
    return np.asarray(1.0 / (1.0 + np.exp(-total)))


def _passed(odds: float, stay: float) -> float:
    """Log-odds after a step in which the voice may change; `stay` is 1 - 2 p(change)."""
    return 2.0 * math.atanh(stay * math.tanh(odds / 2.0))


def _bounded(odds: float) -> float:
    return max(-_MOST, min(_MOST, odds))


def _best_path(evidence: Floats, change: Floats) -> NDArray[np.bool_]:
    """The most probable voice at each step (Viterbi); with two voices only their difference matters."""
    cost = (change + np.log1p(-np.exp(-change))).tolist()
    ahead: list[float] = []
    lead = 0.0
    for value, price in zip(evidence.tolist(), cost, strict=True):
        ahead.append(lead)
        lead = value + max(-price, min(price, lead))
    path = np.zeros(len(evidence), dtype=bool)
    now = lead > 0
    for index in range(len(evidence) - 1, -1, -1):
        path[index] = now
        now = ahead[index] >= -cost[index] if now else ahead[index] > cost[index]
    return path


def _timeline(windows: Windows, taken: NDArray[np.bool_]) -> Timeline:
    """The stretches of the steps that are taken; steps that follow each other without a pause are one."""
    found: list[tuple[float, float]] = []
    for begin, end in zip(windows.begins[taken].tolist(), windows.ends[taken].tolist(), strict=True):
        if found and begin - found[-1][1] < 1e-6:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return tuple(Segment(round(begin, 3), round(end, 3)) for begin, end in found)
