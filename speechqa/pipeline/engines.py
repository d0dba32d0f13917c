"""The engines one analysis works with, put together once a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from speechqa.core.rubric import Rubric
from speechqa.protocols import (
    ArousalModel,
    Decoder,
    Diarizer,
    PitchTracker,
    TextEmbedder,
    Transcriber,
    VoiceActivityDetector,
)


def _by_voice() -> ArousalModel | None:
    return None


def _by_phrases() -> TextEmbedder | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What a call is analysed with.

    `transcriber_for` gives the engine for a call's language (None when not known), or None where words are
    not wanted; it raises `ModelError` where there is no engine for it. `diarizer` tells parties on one
    channel apart; without one, `no_diarizer` is what a call that needs it says. `arousal_model` gives the
    user's own model of arousal, None where it is measured by voice; it raises `ModelError` as well, as does
    `embedder`, which gives the user's own model of sentence embeddings, None where phrases alone tell.
    """

    decoder: Decoder
    voice_activity: VoiceActivityDetector
    pitch: PitchTracker
    transcriber_for: Callable[[str | None], Transcriber | None]
    rubric: Rubric
    diarizer: Diarizer | None = None
    no_diarizer: str = ""
    arousal_model: Callable[[], ArousalModel | None] = _by_voice
    embedder: Callable[[], TextEmbedder | None] = _by_phrases
