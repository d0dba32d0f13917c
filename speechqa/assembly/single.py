"""One recording without a batch."""

from __future__ import annotations

from pathlib import Path

from speechqa.assembly.engines import build_engines, new_stamp
from speechqa.config import Settings
from speechqa.core.analysis import CallAnalysis
from speechqa.core.source import CallSource, PartyFile


def analyze(
    path: str | Path, *, transcript: str | Path | None = None, settings: Settings | None = None
) -> CallAnalysis:
    """Analyse one recording and keep nothing.

    Parameters
    ----------
    path : str or Path
        The recording; opened read-only.
    transcript : str or Path, optional
        A transcript in any format that is read; without one the engine of the settings transcribes.
    settings : Settings, optional
        Defaults otherwise.

    Raises
    ------
    SpeechQAError
        If it cannot be analysed; which class says why.
    """
    from speechqa.ingest.identity import identity
    from speechqa.pipeline.analyze import analyze_call
    from speechqa.places.urls import local_path

    chosen = settings or Settings()
    source = CallSource(
        files=(PartyFile(path=local_path(str(path))),),
        transcript_path=str(transcript) if transcript is not None else None,
        raw_format=chosen.raw_format,
        raw_channels=chosen.raw_channels,
    )
    return analyze_call(
        source,
        identity=identity(source) or "",
        engines=build_engines(chosen),
        settings=chosen,
        stamp=new_stamp(),
    )
