"""Two voices on one channel: which stretches of its speech sound alike, and how sure that is.

Works on embeddings of short windows, from whatever model they come: `voice_clusters` sorts them,
`voice_timeline` says when each voice speaks.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline, difference, seconds, union
from speechqa.core.value import require
from speechqa.dialogue.voices.clusters import (
    Floats,
    VoiceSettings,
    cosine,
    cut_in_pieces,
    leaning,
    least,
    mean,
    silhouette,
)
from speechqa.dialogue.voices.timeline import Windows, voice_timeline
from speechqa.protocols import Diarization

WINDOW_S: Final = 1.6
"""Length of a window; the models behind embeddings are trained on about this much."""
HOP_S: Final = 0.2
PAUSE_S: Final = 0.3
"""Pauses of a voice up to this are inside its talk, as in the measures and in the rules of NIST."""
_SHORTEST_S: Final = 0.2
_ENOUGH_S: Final = 8.0
_AT_LENGTH_S: Final = 1.2


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
    A third voice, where one of the two is clearly two itself, is said, and lowers the confidence.
    Pieces of up to 3 s are clustered by 2-means from every pair of long enough pieces as a start; the best
    partitions vote by their weighted spread. Starts from all pairs find what random ones miss when a
    party speaks little, and pieces instead of windows keep one party's long turns from being split in two.
    The two means are then refined in turn with a hidden Markov model over 50 ms steps (`voice_timeline`).
    The same in spirit as the clustering and resegmentation of Landini et al. 2022 (VBx), with fixed numbers.
    """
    settings = settings or VoiceSettings()
    vectors = np.asarray(embeddings, dtype=np.float64)
    require(len(vectors) == len(spans), f"one embedding a window, found {len(vectors)} for {len(spans)}")
    found = _split(spans, vectors, speech, settings)
    if found is None:
        return Diarization(speakers=(speech,) if speech else ())
    left, right = found.voices
    confidence = found.confidence
    notes: tuple[str, ...] = ()
    third = max(_third(spans, vectors, line, settings) for line in found.voices)
    if third >= settings.third_voice:
        confidence *= 1.0 - third
        notes = (f"A third voice is likely (confidence {third:.2f}); two parties are assumed",)
    voices = sorted((_bridged(left, right), _bridged(right, left)), key=lambda line: line[0])
    return Diarization(speakers=tuple(voices), confidence=round(confidence, 3), notes=notes)


@dataclass(frozen=True, slots=True)
class _Split:
    """Speech in two voices, and how sure that is."""

    voices: tuple[Timeline, Timeline]
    confidence: float


def _split(
    spans: Sequence[Segment], vectors: Floats, speech: Timeline, settings: VoiceSettings
) -> _Split | None:
    """The speech in two voices, None where there is not enough for two."""
    if len(spans) < 2:
        return None
    pieces = cut_in_pieces(spans, vectors, speech, settings.piece_s)
    lean = leaning(pieces, settings)
    if lean is None:
        return None
    timed = Windows.over(spans, speech)
    weights = pieces.weights(settings)
    sides = (weights * np.clip(-lean, 0, None) ** 2, weights * np.clip(lean, 0, None) ** 2)
    means = mean(pieces.means, sides[0]), mean(pieces.means, sides[1])
    found = voice_timeline(timed, vectors, means, rounds=settings.rounds)
    if found is None or not all(found.voices):
        return None
    second = pieces.share(found.second) > 0.5
    apart = least(pieces.seconds, second)
    if apart < settings.least_voice_s:
        return None
    confidence = _confidence(
        cosine=cosine(*found.means), silhouette=silhouette(pieces, second), seconds=apart
    )
    return _Split(found.voices, confidence)


def _third(spans: Sequence[Segment], vectors: Floats, line: Timeline, settings: VoiceSettings) -> float:
    """How sure it is that what was taken for one voice is two, in [0, 1]."""
    starts = [stretch.start for stretch in line]
    inside = []
    for index, span in enumerate(spans):
        place = bisect_right(starts, span.start + 1e-3) - 1
        if place >= 0 and span.end <= line[place].end + 1e-3:
            inside.append(index)
    held = union(spans[index] for index in inside)
    if seconds(held) < settings.third_from_s:
        return 0.0
    found = _split([spans[index] for index in inside], vectors[inside], held, settings)
    if found is None:
        return 0.0
    # A listener's "mm" sounds unlike its own speaker: only what is said at length makes a voice.
    at_length = (sum(s.duration for s in voice if s.duration >= _AT_LENGTH_S) for voice in found.voices)
    if min(at_length) < settings.third_voice_s:
        return 0.0
    return found.confidence


def _bridged(line: Timeline, other: Timeline) -> Timeline:
    """The line with its short pauses closed, save where the other voice speaks in them."""
    return difference(union(line, bridge_s=PAUSE_S), other)


def _confidence(*, cosine: float, silhouette: float, seconds: float) -> float:
    """Probability that two voices are there and at most a tenth of the speech has the wrong one.

    Logistic in how alike the voices' means are, how clearly pieces lie with their own voice, and the seconds
    of the lesser voice, which count up to 8: one long voice can be cut in two long halves. The coefficients
    were fitted on 191 mixes of the twelve voices of four HarperValley calls (CC BY 4.0) and two aws-lca calls
    (Apache-2.0): whole calls and parts, levels, noise and codecs, conversations put together from two voices,
    and, at half weight, 42 single voices. With each call predicted by a fit without it the area under the
    curve is .86, and the probabilities hold (docs/methods/turn-taking.md).
    """
    length = min(max(seconds, 0.3), _ENOUGH_S)
    odds = -6.2 + 12.5 * (1.0 - cosine) + 5.1 * silhouette + 1.9 * math.log(length)
    return 1.0 / (1.0 + math.exp(-odds))
