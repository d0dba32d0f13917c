"""Speech analytics for recorded calls: who said what, how, and whether the service was good.

The façade over the pipeline; every name is loaded when it is first used:

>>> import speechqa
>>> speechqa.Tally(earned=3, possible=5).rate
0.6
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from speechqa.version import __version__

if TYPE_CHECKING:
    from speechqa.assembly import analyze, open_store, score_transcripts
    from speechqa.config import Settings
    from speechqa.core.analysis import CallAnalysis, FailedCall
    from speechqa.core.finding import Evidence, Finding, Tally, Verdict
    from speechqa.core.transcript import Transcript, Turn, Word
    from speechqa.criteria import load_rubric
    from speechqa.errors import SpeechQAError

# Packages that tell their makers who uses them, and how, unless this is set before they are loaded. Each call
# goes through onnxruntime, which sends names and digests of models over the network and leaves files behind.
os.environ.update(
    {"ORT_DISABLE_TELEMETRY": "1", "PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
)
# A batch keeps all cores busy with calls. numpy's linear algebra would have a thread a core in each of its
# workers, which wait for one another by computing: a call on one channel then takes twice as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_HOMES = {
    "analyze": "speechqa.assembly",
    "open_store": "speechqa.assembly",
    "score_transcripts": "speechqa.assembly",
    "Settings": "speechqa.config",
    "CallAnalysis": "speechqa.core.analysis",
    "FailedCall": "speechqa.core.analysis",
    "Evidence": "speechqa.core.finding",
    "Finding": "speechqa.core.finding",
    "Tally": "speechqa.core.finding",
    "Verdict": "speechqa.core.finding",
    "Transcript": "speechqa.core.transcript",
    "Turn": "speechqa.core.transcript",
    "Word": "speechqa.core.transcript",
    "load_rubric": "speechqa.criteria",
    "SpeechQAError": "speechqa.errors",
}

__all__ = [
    "CallAnalysis",
    "Evidence",
    "FailedCall",
    "Finding",
    "Settings",
    "SpeechQAError",
    "Tally",
    "Transcript",
    "Turn",
    "Verdict",
    "Word",
    "__version__",
    "analyze",
    "load_rubric",
    "open_store",
    "score_transcripts",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
