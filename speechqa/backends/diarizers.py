"""Chooses what tells parties on one channel apart; nothing is ever fetched."""

from __future__ import annotations

from typing import Final

from speechqa.backends.resemblyzer import HOW_TO_GET, ResemblyzerEmbedder, weights_path
from speechqa.backends.voice_diarizer import VoiceDiarizer
from speechqa.errors import EngineUnavailable, UsageError
from speechqa.protocols import Diarizer

DIARIZERS: Final = ("auto", "none", "resemblyzer", "pyannote")
NOT_HERE: Final = (
    "The parties share one channel and cannot be told apart: the package resemblyzer is not installed "
    f"({HOW_TO_GET})"
)
TURNED_OFF: Final = "The parties share one channel and are not told apart: the diarizer is none"


def choose_diarizer(spec: str) -> tuple[Diarizer | None, str]:
    """What `spec` names, and where that is nothing what to say of a call whose parties share a channel.

    Parameters
    ----------
    spec : str
        `auto`: resemblyzer where it is installed. `none`. `resemblyzer`. `pyannote:PATH` of a pipeline's
        folder or configuration file.

    Raises
    ------
    UsageError
        If there is no such diarizer.
    EngineUnavailable
        If one that was named is not installed, or its path does not exist.
    """
    name, _, model = spec.strip().partition(":")
    if name not in DIARIZERS or bool(model) != (name == "pyannote"):
        raise UsageError(
            "there is no such diarizer",
            found=repr(spec),
            expected="auto, none, resemblyzer or pyannote:PATH",
        )
    if name == "none":
        return None, TURNED_OFF
    if name == "pyannote":
        from speechqa.backends.pyannote import PyannoteDiarizer, require_pipeline

        require_pipeline(model)
        return PyannoteDiarizer(model), ""
    try:
        weights_path()
    except EngineUnavailable:
        if name == "resemblyzer":
            raise
        return None, NOT_HERE
    return VoiceDiarizer(ResemblyzerEmbedder()), ""
