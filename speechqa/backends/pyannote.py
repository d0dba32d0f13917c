"""Diarization by a pyannote.audio pipeline that the user brings; it also finds overlapping speech."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from speechqa.core.segment import Segment, Timeline, intersection, union
from speechqa.errors import EngineUnavailable
from speechqa.protocols import CallAudio, Diarization

CONFIDENCE: Final = 0.9
"""pyannote gives no confidence of its own; on calls like these its published error is near a tenth."""
_BLOCK_S: Final = 60.0
_HINT: Final = "pip install 'speechqa[pyannote]', and name a pipeline that lies on this machine"


def require_pipeline(path: str) -> None:
    """Make sure that there is something at a pipeline's path.

    Raises
    ------
    EngineUnavailable
        If there is not.
    """
    if not Path(path).exists():
        raise EngineUnavailable(
            "there is no pyannote pipeline", where=path, found="no such file or folder", hint=_HINT
        )


class PyannoteDiarizer:
    """Tells two voices apart, and finds where both speak.

    Nothing is fetched: the pipeline and its models must lie in a folder the user names, and the package
    pyannote.audio is imported when the first call needs it.

    Parameters
    ----------
    path : str
        A pipeline's folder, or its `config.yaml`.

    References
    ----------
    Bredin, H. (2023), pyannote.audio 2.1 speaker diarization pipeline, Interspeech.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """What tells the voices apart, by name, version and model."""
        try:
            found = f" {version('pyannote.audio')}"
        except PackageNotFoundError:
            found = ""
        return f"pyannote{found}:{Path(self._path).name}"

    @property
    def known_by_name(self) -> bool:
        """A folder of the user's own may hold another pipeline tomorrow and name models elsewhere."""
        return False

    def diarize(self, audio: CallAudio, channel: int, speech: Timeline) -> Diarization:
        """Give each stretch of a channel's speech to a voice.

        The pipeline's own voice activity is held to `speech`, so that music and noise that were taken out
        before stay out.

        Raises
        ------
        EngineUnavailable
            If the package is missing or the pipeline does not load.
        """
        if not speech:
            return Diarization(speakers=())
        import torch

        waveform = torch.cat([torch.from_numpy(piece.copy()) for piece in _whole(audio, channel)])[None]
        answer = self._pipeline({"waveform": waveform, "sample_rate": audio.sample_rate}, num_speakers=2)
        # From version 4 on a pipeline gives several annotations, this the one with overlaps.
        annotation = getattr(answer, "speaker_diarization", answer)
        lines: dict[str, list[Segment]] = {}
        for turn, _, label in annotation.itertracks(yield_label=True):
            if turn.end > turn.start:
                start = max(0.0, float(turn.start))
                lines.setdefault(str(label), []).append(Segment(round(start, 3), round(float(turn.end), 3)))
        voices = [intersection(union(line), speech) for _, line in sorted(lines.items())]
        ordered = sorted((voice for voice in voices if voice), key=lambda voice: voice[0])
        both = union(
            segment
            for index, left in enumerate(ordered)
            for right in ordered[:index]
            for segment in intersection(left, right)
        )
        return Diarization(
            speakers=tuple(ordered), overlapped=both, finds_overlap=True, confidence=CONFIDENCE
        )

    @cached_property
    def _pipeline(self) -> Any:
        require_pipeline(self._path)
        try:
            from pyannote.audio import Pipeline

            loaded = Pipeline.from_pretrained(self._path)
        except Exception as error:  # the library raises its own kinds, all of them mean the same here
            raise EngineUnavailable(
                "the pyannote pipeline does not load",
                where=self._path,
                found=str(error) or type(error).__name__,
                hint=_HINT,
            ) from error
        if loaded is None:
            raise EngineUnavailable("the pyannote pipeline does not load", where=self._path, hint=_HINT)
        return loaded


def _whole(audio: CallAudio, channel: int) -> list[Any]:
    """The channel in blocks; the pipeline needs it whole."""
    pieces = []
    start = 0.0
    while start < audio.duration:
        pieces.append(audio.read(channel, start, start + _BLOCK_S))
        start += _BLOCK_S
    return pieces
