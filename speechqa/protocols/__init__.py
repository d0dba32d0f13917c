"""The seams of speechqa: what an engine, a store or a renderer must offer, over core types alone."""

from speechqa.protocols.engines import (
    ActModel,
    ArousalModel,
    ArousalModelInfo,
    CallAudio,
    Decoder,
    Diarization,
    Diarizer,
    EngineInfo,
    PitchTracker,
    Recognition,
    Samples,
    TextEmbedder,
    Transcriber,
    VoiceActivity,
    VoiceActivityDetector,
)
from speechqa.protocols.results import CallFilter, CallSummary, Executor, Store

__all__ = [
    "ActModel",
    "ArousalModel",
    "ArousalModelInfo",
    "CallAudio",
    "CallFilter",
    "CallSummary",
    "Decoder",
    "Diarization",
    "Diarizer",
    "EngineInfo",
    "Executor",
    "PitchTracker",
    "Recognition",
    "Samples",
    "Store",
    "TextEmbedder",
    "Transcriber",
    "VoiceActivity",
    "VoiceActivityDetector",
]
