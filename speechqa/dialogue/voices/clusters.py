"""Pieces of speech sorted into two groups by how they sound, and how clearly they are apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline
from speechqa.core.value import Value, require

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_MIN_APART: Final = 1e-6


class VoiceSettings(Value, frozen=True, kw_only=True):
    """How windows become two voices.

    Attributes
    ----------
    piece_s : float
        Stretches of speech are clustered in pieces of at most this length.
    weight_power, weight_cap_s : float
        A piece counts with its length, up to the cap, to this power: what one says in one go is alike, so
        that twice the length is not twice the evidence.
    seed_s : float
        Pieces from this length may start a clustering.
    seeds, pieces : int
        Bounds of the clustering, whatever the length of the call: at most so many pieces are tried as starts
        and so many are clustered; all others go to the nearer voice.
    votes, tie : int and float
        So many of the best partitions are heard; one that leaves `tie` more of the spread counts 1/e.
    rounds : int
        How often the two voices are learned anew from the timeline.
    least_voice_s : float
        With less speech than this a second voice is none.
    third_voice, third_voice_s, third_from_s : float
        A voice of at least `third_from_s` that is itself two voices with this confidence, each saying at
        least `third_voice_s` at length, makes a third one likely.
    """

    piece_s: float = 3.0
    weight_power: float = 0.3
    weight_cap_s: float = 4.0
    seed_s: float = 0.4
    seeds: int = 40
    pieces: int = 400
    votes: int = 8
    tie: float = 0.004
    rounds: int = 3
    least_voice_s: float = 1.0
    third_voice: float = 0.75
    third_voice_s: float = 4.0
    third_from_s: float = 6.0

    def __post_init__(self) -> None:
        require(self.piece_s > 0 and self.rounds >= 1, "piece_s and rounds must be positive")
        require(2 <= self.seeds <= self.pieces, "2 <= seeds <= pieces must hold")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of speech: the mean of the windows in each, its seconds, and the piece of every window."""

    means: Floats
    seconds: Floats
    of_window: NDArray[np.int64]

    def weights(self, settings: VoiceSettings) -> Floats:
        """How much each piece counts."""
        return np.asarray(np.minimum(self.seconds, settings.weight_cap_s) ** settings.weight_power)

    def share(self, of_windows: Floats) -> Floats:
        """Mean over the windows of each piece."""
        total = np.bincount(self.of_window, of_windows, len(self.seconds))
        return np.asarray(total / np.bincount(self.of_window, minlength=len(self.seconds)))


def cut_in_pieces(spans: Sequence[Segment], vectors: Floats, speech: Timeline, longest_s: float) -> Pieces:
    """Pieces of at most `longest_s`, each inside one stretch of speech."""
    begins = np.array([span.start for span in spans])
    ends = np.array([span.end for span in spans])
    stretch = np.searchsorted([s.start for s in speech], begins + 1e-3, side="right") - 1
    starts = np.array([s.start for s in speech])[stretch]
    lengths = np.array([s.duration for s in speech])[stretch]
    parts = np.maximum(1, np.ceil(np.round(lengths / longest_s, 6)))
    place = ((begins + ends) / 2 - starts) / np.maximum(lengths, 1e-9) * parts
    key = stretch * 1e6 + np.clip(np.floor(place), 0, parts - 1)
    _, of_window = np.unique(key, return_inverse=True)
    count = np.bincount(of_window)
    means = np.zeros((len(count), vectors.shape[1]))
    np.add.at(means, of_window, vectors)
    first = np.full(len(count), np.inf)
    last = np.zeros(len(count))
    np.minimum.at(first, of_window, begins)
    np.maximum.at(last, of_window, ends)
    return Pieces(means / count[:, None], last - first, of_window)


def leaning(pieces: Pieces, settings: VoiceSettings) -> Floats | None:
    """How far each piece leans to the first (-1) or the second voice (1) over the best partitions.

    None where there are no two voices. The single best partition turns over with a breath when another one is
    nearly as good; what the best ones agree on does not.
    """
    chosen = np.arange(len(pieces.seconds))
    if len(chosen) > settings.pieces:
        chosen = np.unique(np.linspace(0, len(chosen) - 1, settings.pieces).astype(np.int64))
    means, weights = pieces.means[chosen], pieces.weights(settings)[chosen]
    best = sorted(_partitions(means, pieces.seconds[chosen], weights, settings).values(), key=lambda f: f[0])
    if not best:
        return None
    lean = np.zeros(len(pieces.seconds))
    total = 0.0
    for spread, side in best[: settings.votes]:
        vote = math.exp((best[0][0] - spread) / settings.tie)
        a, b = (mean(means[part], weights[part]) for part in (~side, side))
        sides = np.where(_nearer(pieces.means, a, b), 1.0, -1.0)
        if float((lean * sides) @ pieces.seconds) < 0:
            sides = -sides
        lean += vote * sides
        total += vote
    lean /= total
    return lean if bool((lean > 0).any() and (lean < 0).any()) else None


def _partitions(
    means: Floats, seconds: Floats, weights: Floats, settings: VoiceSettings
) -> dict[bytes, tuple[float, Mask]]:
    """Partitions in two groups that 2-means ends in, with the share of the spread that each leaves."""
    order = np.argsort(-seconds, kind="stable")
    long_enough = order[seconds[order] >= settings.seed_s]
    seeds = np.sort((long_enough if len(long_enough) >= 2 else order[:2])[: settings.seeds])
    whole = float(weights @ ((means - mean(means, weights)) ** 2).sum(axis=1))
    found: dict[bytes, tuple[float, Mask]] = {}
    for i, left in enumerate(seeds.tolist()):
        for right in seeds[:i].tolist():
            ended = _two_means(means, weights, left, right)
            if ended is None:
                continue
            spread, side = ended
            found.setdefault((side ^ side[0]).tobytes(), (round(spread / max(whole, _MIN_APART), 9), side))
    return found


def _two_means(means: Floats, weights: Floats, left: int, right: int) -> tuple[float, Mask] | None:
    a, b = means[left], means[right]
    side: Mask | None = None
    for _ in range(20):
        now = _nearer(means, a, b)
        if now.all() or not now.any():
            return None
        if side is not None and bool((now == side).all()):
            break
        side = now
        a, b = mean(means[~side], weights[~side]), mean(means[side], weights[side])
    assert side is not None
    spread = np.where(side, ((means - b) ** 2).sum(axis=1), ((means - a) ** 2).sum(axis=1))
    return float((weights * spread).sum()), side


def _nearer(means: Floats, a: Floats, b: Floats) -> Mask:
    """Whether each piece is nearer to `b` than to `a`."""
    return np.asarray(means @ (b - a) > (b @ b - a @ a) / 2)


def mean(vectors: Floats, weights: Floats) -> Floats:
    """The weighted mean of rows."""
    return np.asarray(weights @ vectors / weights.sum())


def least(seconds: Floats, second: Mask) -> float:
    """Seconds of the lesser group."""
    return float(min(seconds[second].sum(), seconds[~second].sum()))


def cosine(a: Floats, b: Floats) -> float:
    """Cosine of the angle between two vectors."""
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), _MIN_APART))


def silhouette(pieces: Pieces, second: Mask) -> float:
    """How much nearer pieces are to their own voice than to the other, in [-1, 1].

    Rousseeuw's silhouette (1987), with distances to means that leave the piece itself out, weighted by
    seconds.
    """
    sums = [(pieces.seconds[side, None] * pieces.means[side]).sum(axis=0) for side in (~second, second)]
    total = [float(pieces.seconds[side].sum()) for side in (~second, second)]
    scores = np.zeros(len(pieces.seconds))
    for index, (vector, length) in enumerate(zip(pieces.means, pieces.seconds.tolist(), strict=True)):
        own, other = (1, 0) if second[index] else (0, 1)
        rest = total[own] - length
        if rest <= 1e-9:
            continue
        near = float(np.linalg.norm(vector - (sums[own] - length * vector) / rest))
        far = float(np.linalg.norm(vector - sums[other] / total[other]))
        scores[index] = (far - near) / max(far, near, _MIN_APART)
    return float(scores @ pieces.seconds / pieces.seconds.sum())
