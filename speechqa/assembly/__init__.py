"""The only place that builds concrete objects from settings; commands and the library façade call it.

Names are loaded when they are asked for: a list of calls needs no engine, and starts sooner without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from speechqa.assembly.batch import Batch, open_batch
    from speechqa.assembly.engines import build_engines, new_stamp, open_store, rubric_minimum
    from speechqa.assembly.health import Check, health
    from speechqa.assembly.single import analyze
    from speechqa.assembly.transcripts import score_transcripts
    from speechqa.assembly.voice_stress import SpeakerStress, speaker_files, speaker_stress

_HOMES = {
    "Batch": "batch",
    "Check": "health",
    "SpeakerStress": "voice_stress",
    "analyze": "single",
    "build_engines": "engines",
    "health": "health",
    "new_stamp": "engines",
    "open_batch": "batch",
    "open_store": "engines",
    "rubric_minimum": "engines",
    "score_transcripts": "transcripts",
    "speaker_files": "voice_stress",
    "speaker_stress": "voice_stress",
}

__all__ = [
    "Batch",
    "Check",
    "SpeakerStress",
    "analyze",
    "build_engines",
    "health",
    "new_stamp",
    "open_batch",
    "open_store",
    "rubric_minimum",
    "score_transcripts",
    "speaker_files",
    "speaker_stress",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        home = import_module(f"{__name__}.{_HOMES[name]}")
        # All of one home at once: a module of the name of a function would else stand for it.
        globals().update({own: getattr(home, own) for own, where in _HOMES.items() if where == _HOMES[name]})
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
