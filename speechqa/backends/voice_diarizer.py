"""Two-speaker diarization by embeddings of voices, from any model that gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline
from speechqa.dialogue.voices.clusters import VoiceSettings
from speechqa.dialogue.voices.finding import tell_apart, windows
from speechqa.protocols import CallAudio, Diarization


class VoiceEmbedder(Protocol):
    """Says in numbers what a voice sounds like."""

    @property
    def name(self) -> str:
        """What embeds, by name and version."""
        ...

    def embed(
        self, audio: CallAudio, channel: int, speech: Timeline, spans: Sequence[Segment]
    ) -> NDArray[Any]:
        """Embeddings of unit length, shape ``(spans, dimensions)``, of windows inside the speech."""
        ...


class VoiceDiarizer:
    """Tells two voices on a channel apart; overlapping speech goes to one of them and is not looked for.

    Notes
    -----
    Two parties are assumed: a third voice is given to the one it resembles more. Cost grows with the seconds
    of speech, and memory holds one embedding for each 0.2 s of it.
    """

    def __init__(self, embedder: VoiceEmbedder, settings: VoiceSettings | None = None) -> None:
        self._embedder = embedder
        self._settings = settings or VoiceSettings()

    @property
    def name(self) -> str:
        """What tells the voices apart, by name and version."""
        return self._embedder.name

    @property
    def known_by_name(self) -> bool:
        """The weights come with the package, of the version that is named."""
        return True

    def diarize(self, audio: CallAudio, channel: int, speech: Timeline) -> Diarization:
        """Give each stretch of a channel's speech to a voice.

        Raises
        ------
        EngineUnavailable
            If the model behind the embeddings is missing.
        """
        spans = windows(speech)
        if len(spans) < 2:
            return Diarization(speakers=(speech,) if speech else ())
        embeddings = self._embedder.embed(audio, channel, speech, spans)
        return tell_apart(spans, embeddings, speech, self._settings)
