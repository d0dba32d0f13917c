"""The only place that builds concrete objects from settings; commands and the library façade call it."""

from speechqa.assembly.batch import Batch, open_batch
from speechqa.assembly.engines import build_engines, new_stamp, open_store, rubric_minimum
from speechqa.assembly.health import Check, health
from speechqa.assembly.single import analyze
from speechqa.assembly.transcripts import score_transcripts
from speechqa.assembly.voice_stress import SpeakerStress, speaker_files, speaker_stress

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
