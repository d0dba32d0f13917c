"""Two voices on one channel: which stretches of its speech sound alike, and how sure that is.

Works on embeddings of short windows, from whatever model they come; the timeline of the voices is made in
`voice_timeline`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline, difference, union
from speechqa.core.value import Value, require
from speechqa.dialogue.voice_timeline import Windows, voice_timeline
from speechqa.protocols import Diarization

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WINDOW_S: Final = 1.6
"""Length of a window; the models behind embeddings are trained on about this much."""
HOP_S: Final = 0.2
PAUSE_S: Final = 0.3
"""Pauses of a voice up to this are inside its talk, as in the measures and in the rules of NIST."""
_SHORTEST_S: Final = 0.2
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

    def __post_init__(self) -> None:
        require(self.piece_s > 0 and self.rounds >= 1, "piece_s and rounds must be positive")
        require(2 <= self.seeds <= self.pieces, "2 <= seeds <= pieces must hold")


def windows(speech: Timeline) -> tuple[Segment, ...]:
    """The stretches to embed: 1.6 s long every 0.2 s of each stretch of speech, a short one as it is.

    Examples
    --------
    >>> [round(w.start, 1) for w in windows((Segment(1.0, 3.0), Segment(5.0, 5.4)))]
    [1.0, 1.2, 1.4, 5.0]
    """
    found: list[Segment] = []
    for stretch in speech:
        room = stretch.duration - WINDOW_S
        steps = max(0, math.ceil(round(room / HOP_S, 6)))
        for step in range(steps + 1):
            start = stretch.start + (room * step / steps if steps else 0.0)
            length = max(_SHORTEST_S, min(stretch.duration, WINDOW_S))
            found.append(Segment(round(start, 3), round(start + length, 3)))
    return tuple(found)


def tell_apart(
    spans: Sequence[Segment],
    embeddings: NDArray[Any],
    speech: Timeline,
    settings: VoiceSettings | None = None,
) -> Diarization:
    """Give a channel's speech to two voices.

    Parameters
    ----------
    spans : sequence of Segment
        The windows of `windows(speech)`, in order of time.
    embeddings : array, shape (spans, dimensions)
        What each window sounds like, of unit length.
    speech : Timeline
        The channel's speech.
    settings : VoiceSettings, optional
        How.

    Returns
    -------
    Diarization
        Two voices, by who speaks first, or one where there is not enough speech for two. `confidence` is the
        probability that there are two voices and that at most a tenth of the speech has the wrong one.

    Notes
    -----
    Pieces of up to 3 s are clustered by 2-means from every pair of long enough pieces as a start; the best
    partitions vote by their weighted spread. Starts from all pairs find what random ones miss when a
    party speaks little, and pieces instead of windows keep one party's long turns from being split in two.
    The two means are then refined in turn with a hidden Markov model over 50 ms steps (`voice_timeline`).
    The same in spirit as the clustering and resegmentation of Landini et al. 2022 (VBx), with fixed numbers.
    """
    settings = settings or VoiceSettings()
    vectors = np.asarray(embeddings, dtype=np.float64)
    require(len(vectors) == len(spans), f"one embedding a window, found {len(vectors)} for {len(spans)}")
    alone = Diarization(speakers=(speech,) if speech else ())
    if len(spans) < 2:
        return alone
    pieces = _pieces(spans, vectors, speech, settings.piece_s)
    leaning = _leaning(pieces, settings)
    if leaning is None:
        return alone
    timed = Windows.over(spans, speech)
    weights = pieces.weights(settings)
    sides = (weights * np.clip(-leaning, 0, None) ** 2, weights * np.clip(leaning, 0, None) ** 2)
    means = _mean(pieces.means, sides[0]), _mean(pieces.means, sides[1])
    found = voice_timeline(timed, vectors, means, rounds=settings.rounds)
    if found is None:
        return alone
    second = pieces.share(found.second) > 0.5
    apart = _least(pieces.seconds, second)
    if apart < settings.least_voice_s:
        return alone
    confidence = _confidence(
        cosine=_cosine(*found.means), silhouette=_silhouette(pieces, second), seconds=apart
    )
    left, right = found.voices
    if not left or not right:
        return alone
    voices = sorted((_bridged(left, right), _bridged(right, left)), key=lambda line: line[0])
    return Diarization(speakers=tuple(voices), confidence=round(confidence, 3))


def _bridged(line: Timeline, other: Timeline) -> Timeline:
    """The line with its short pauses closed, save where the other voice speaks in them."""
    return difference(union(line, bridge_s=PAUSE_S), other)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Pieces of speech: the mean of the windows in each, its seconds, and the piece of every window."""

    means: Floats
    seconds: Floats
    of_window: NDArray[np.int64]

    def weights(self, settings: VoiceSettings) -> Floats:
        return np.asarray(np.minimum(self.seconds, settings.weight_cap_s) ** settings.weight_power)

    def share(self, of_windows: Floats) -> Floats:
        """Mean over the windows of each piece."""
        total = np.bincount(self.of_window, of_windows, len(self.seconds))
        return np.asarray(total / np.bincount(self.of_window, minlength=len(self.seconds)))


def _pieces(spans: Sequence[Segment], vectors: Floats, speech: Timeline, longest_s: float) -> _Pieces:
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
    return _Pieces(means / count[:, None], last - first, of_window)


def _leaning(pieces: _Pieces, settings: VoiceSettings) -> Floats | None:
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
        a, b = (_mean(means[part], weights[part]) for part in (~side, side))
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
    whole = float(weights @ ((means - _mean(means, weights)) ** 2).sum(axis=1))
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
        a, b = _mean(means[~side], weights[~side]), _mean(means[side], weights[side])
    assert side is not None
    spread = np.where(side, ((means - b) ** 2).sum(axis=1), ((means - a) ** 2).sum(axis=1))
    return float((weights * spread).sum()), side


def _nearer(means: Floats, a: Floats, b: Floats) -> Mask:
    """Whether each piece is nearer to `b` than to `a`."""
    return np.asarray(means @ (b - a) > (b @ b - a @ a) / 2)


def _mean(vectors: Floats, weights: Floats) -> Floats:
    return np.asarray(weights @ vectors / weights.sum())


def _least(seconds: Floats, second: Mask) -> float:
    return float(min(seconds[second].sum(), seconds[~second].sum()))


def _cosine(a: Floats, b: Floats) -> float:
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), _MIN_APART))


def _silhouette(pieces: _Pieces, second: Mask) -> float:
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


def _confidence(*, cosine: float, silhouette: float, seconds: float) -> float:
    """Probability that two voices are there and at most a tenth of the speech has the wrong one.

    Logistic in how alike the voices' means are, how clearly pieces lie with their own voice, and the seconds
    of the lesser voice. The coefficients were fitted on 191 mixes of the twelve voices of four HarperValley
    calls (CC BY 4.0) and two aws-lca calls (Apache-2.0): whole calls and parts, levels, noise and codecs,
    conversations put together from two voices, and, at half weight, 42 single voices. With each call
    predicted by a fit without it the area under the curve is .85, and the probabilities hold
    (docs/methods/turn-taking.md).
    """
    odds = -5.7 + 13.5 * (1.0 - cosine) + 4.7 * silhouette + 1.3 * math.log(max(seconds, 0.3))
    return 1.0 / (1.0 + math.exp(-odds))
