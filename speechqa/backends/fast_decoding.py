"""What CTranslate2 gives for windows of speech, cut into segments of words as openai-whisper cuts it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.core.value import Value

FRAME_S = 0.01
"""Seconds of a frame of the spectrum."""
FRAMES = 3000
"""Frames of the 30 s that Whisper always hears."""
_TIME_S = 0.02
_LONGEST_WORD_S = 0.7


class Decoded(Value, frozen=True, kw_only=True):
    """The tokens of one decoding, without the sign of its end, and what the engine thinks of them."""

    tokens: tuple[int, ...]
    avg_logprob: float
    no_speech: float
    compression_ratio: float


class Said(Value, frozen=True, kw_only=True):
    """A word with its times in seconds from where the decoding began, and its probability."""

    text: str
    start: float
    end: float
    confidence: float


def decoded(result: Any, text: str) -> Decoded:
    """A result of CTranslate2 in openai-whisper's terms.

    CTranslate2 gives the mean over the tokens; openai-whisper counts the sign of the end too.
    """
    from whisper.utils import compression_ratio

    tokens = tuple(result.sequences_ids[0])
    mean = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
    return Decoded(
        tokens=tokens,
        avg_logprob=mean if math.isfinite(mean) else -math.inf,
        no_speech=float(result.no_speech_prob),
        compression_ratio=compression_ratio(text) if text else 0.0,
    )


def finished(tokens: Sequence[int], timestamp_begin: int, frames: int) -> tuple[int, int]:
    """How many of the tokens are finished, and after how many frames decoding has to go on.

    Parameters
    ----------
    tokens : sequence of int
        Of one decoding.
    timestamp_begin : int
        The token for 0 s; those above it are 0.02 s apart.
    frames : int
        Frames of sound that were decoded.
    """
    signs = [token >= timestamp_begin for token in tokens]
    pairs = [at for at in range(1, len(tokens)) if signs[at - 1] and signs[at]]
    if not pairs or signs[-2:] == [False, True]:
        return len(tokens), frames
    # What follows the last pair was not finished: it is heard again from there.
    return pairs[-1], min(frames, (tokens[pairs[-1] - 1] - timestamp_begin) * 2)


def words(alignment: Any, tokens: Sequence[int], tokenizer: Any) -> tuple[Said, ...]:
    """Words of text tokens by where attention goes on, as `whisper.timing` does it.

    One word alone may be no longer than twice the middle one, at most 1.4 s, beside the end of a sentence:
    there it would else take the pause in.
    """
    from whisper.timing import WordTiming, merge_punctuations

    texts, groups = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
    if len(groups) <= 1 or not alignment.alignments:
        return ()
    text_at, time_at = np.asarray(alignment.alignments).T
    bounds = np.pad(np.cumsum([len(group) for group in groups[:-1]]), (1, 0))
    jumps: NDArray[np.bool_] = np.pad(np.diff(text_at), (1, 0), constant_values=1).astype(bool)
    times = time_at[jumps] * _TIME_S
    timings = [
        WordTiming(
            text,
            group,
            float(times[first]),
            float(times[last]),
            float(np.mean(alignment.text_token_probs[first:last])),
        )
        for text, group, (first, last) in zip(texts[:-1], groups[:-1], pairwise(bounds), strict=True)
    ]
    _cut_long(timings)
    merge_punctuations(timings, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
    return tuple(
        Said(text=one.word.strip(), start=one.start, end=one.end, confidence=one.probability)
        for one in timings
        if one.word.strip()
    )


def _cut_long(timings: list[Any]) -> None:
    lengths = [one.end - one.start for one in timings if one.end > one.start]
    if not lengths:
        return
    longest = 2 * min(_LONGEST_WORD_S, float(np.median(lengths)))
    for before, one in pairwise(timings):
        if one.end - one.start > longest:
            if one.word in ".。!！?？":  # as in whisper.timing
                one.end = one.start + longest
            elif before.word in ".。!！?？":
                one.start = one.end - longest


def fails(heard: Decoded, limits: Mapping[str, float | None]) -> bool:
    """Whether to search again: a loop, or improbable words where there is speech."""
    ratio, floor = limits["compression_ratio"], limits["logprob"]
    if silent(heard, limits):
        return False
    return (ratio is not None and heard.compression_ratio > ratio) or (
        floor is not None and heard.avg_logprob < floor
    )


def silent(heard: Decoded, limits: Mapping[str, float | None]) -> bool:
    """Whether the engine itself says that nobody speaks."""
    no_speech, floor = limits["no_speech"], limits["logprob"]
    return (
        no_speech is not None
        and heard.no_speech > no_speech
        and (floor is None or heard.avg_logprob <= floor)
    )


def suppressed(tokenizer: Any) -> list[int]:
    """Tokens that openai-whisper never lets a transcript hold: its own signs, and what is no speech."""
    own = (tokenizer.transcribe, tokenizer.translate, tokenizer.sot, tokenizer.sot_prev, tokenizer.sot_lm)
    return sorted({*tokenizer.non_speech_tokens, *own, tokenizer.no_speech})
