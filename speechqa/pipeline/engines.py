"""The engines one analysis works with, put together once a process."""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.core.rubric import Rubric
from speechqa.protocols import Decoder, PitchTracker, Transcriber, VoiceActivityDetector


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What a call is analysed with; `transcriber` is None for voice measures only."""

    decoder: Decoder
    voice_activity: VoiceActivityDetector
    pitch: PitchTracker
    transcriber: Transcriber | None
    rubric: Rubric
