"""What an engine must offer: one that decodes, hears speech, tells voices apart, or reads words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from speechqa.core.recording import Recording
from speechqa.core.segment import Timeline
from speechqa.core.source import CallSource
from speechqa.core.transcript import ActName, RejectedText, Word
from speechqa.core.value import Value

Samples = NDArray[np.float32]
"""One channel's samples in [-1, 1], shape ``(frames,)``."""


class CallAudio(Protocol):
    """Decoded sound of one call, read piece by piece so that memory does not grow with its length.

    All channels share one clock and one working rate: 8,000 Hz for a telephone-band source, else 16,000 Hz.
    """

    @property
    def sample_rate(self) -> int:
        """Working rate in samples a second."""

    @property
    def channels(self) -> int:
        """How many channels, at least one."""

    @property
    def duration(self) -> float:
        """Seconds of the longest channel on the call's clock."""

    def read(self, channel: int, start: float, end: float) -> Samples:
        """Samples of one channel between two times in seconds; cut at the ends of the call, never padded."""

    def close(self) -> None:
        """Give back what the audio holds; the object is of no use after."""


class Decoder(Protocol):
    """Opens recordings read-only and gives their sound on one clock."""

    def open(self, source: CallSource) -> tuple[Recording, CallAudio]:
        """Decode all files of a call.

        Raises
        ------
        RecordingError
            If nothing of it can be heard: absent, unreadable, or empty.
        """


class VoiceActivity(Value, frozen=True, kw_only=True):
    """Where somebody speaks, a timeline a channel, times in seconds.

    `speech` is what measures rest on. `faint` holds it and more: what may be speech too, enough to bear out a
    word an engine heard there.
    """

    speech: tuple[Timeline, ...]
    faint: tuple[Timeline, ...]


class VoiceActivityDetector(Protocol):
    """Finds where somebody speaks."""

    name: str

    def listen(self, audio: CallAudio) -> VoiceActivity:
        """Speech of each channel."""


class Diarization(Value, frozen=True, kw_only=True):
    """Who speaks when on a channel that several share.

    Attributes
    ----------
    speakers : tuple of Timeline
        Speech of each voice in seconds, by who speaks first; one alone where a single voice was found. Two
        timelines meet where both speak at once.
    overlapped : Timeline
        Where several speak at once, as far as the engine can tell.
    finds_overlap : bool
        Whether the engine looks for overlapping speech well enough to classify what it finds.
    confidence : float
        How sure the whole is, in [0, 1].
    notes : tuple of str
        What a reader should know, in plain words.
    """

    speakers: tuple[Timeline, ...]
    overlapped: Timeline = ()
    finds_overlap: bool = False
    confidence: float = 1.0
    notes: tuple[str, ...] = ()


class Diarizer(Protocol):
    """Tells the voices on one channel apart."""

    @property
    def name(self) -> str:
        """What tells them apart, by name and version."""

    @property
    def known_by_name(self) -> bool:
        """Whether the name stands for one model, so that what it found may be kept for another time."""

    def diarize(self, audio: CallAudio, channel: int, speech: Timeline) -> Diarization:
        """Give each stretch of a channel's speech to a voice."""


class PitchTracker(Protocol):
    """Finds the fundamental frequency of a voice."""

    @property
    def name(self) -> str:
        """What tracks, by name and version."""

    @property
    def hop_s(self) -> float:
        """Seconds between frames; frame `i` is centred at `i * hop_s`."""

    def track(self, samples: Samples, sample_rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Frequency in Hz and voicing in [0, 1] (voiced from 0.5 on) of each frame of up to 10 s of sound."""


class ArousalModelInfo(Value, frozen=True, kw_only=True):
    """What a model of arousal is, for the document and for the figures made of its output.

    Attributes
    ----------
    name, digest : str
        What documents call it, and the SHA-256 over all files it is made of.
    sample_rate : int
        Rate in Hz of the sound it takes.
    calm_deviation : float
        Deviation of its output over pieces of calm speech of one speaker.
    piece_s : float
        Seconds of talk it is given at once.
    """

    name: str
    digest: str
    sample_rate: int
    calm_deviation: float
    piece_s: float = 4.0


class ArousalModel(Protocol):
    """Says how aroused a voice sounds, on a scale of its own that rises with arousal."""

    @property
    def info(self) -> ArousalModelInfo:
        """What the model is."""

    def arousal(self, samples: Samples) -> float:
        """A finite number for a piece of one voice at the model's rate; `ModelError` where it has none."""


class TextEmbedder(Protocol):
    """Puts texts in a space where those that mean the same lie near each other."""

    @property
    def name(self) -> str:
        """What it is, with the digest of its files."""

    @property
    def alike(self) -> float:
        """Cosine from which two texts count as saying the same."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, of shape (texts, dimensions); `ModelError` where it has none."""


class ActModel(Protocol):
    """Tells speech acts of turns from numbers that describe them."""

    @property
    def name(self) -> str:
        """What it is, with the digest of its file."""

    @property
    def thresholds(self) -> Mapping[ActName, float]:
        """The acts it gives, in its order, and the score from which each counts as found."""

    def scores(self, turns: NDArray[np.float32]) -> NDArray[np.float64]:
        """A score in [0, 1] of every turn and act; `ModelError` where it has none."""


class EngineInfo(Value, frozen=True, kw_only=True):
    """What a transcriber is, for the document and for the caches."""

    name: str
    model: str
    model_digest: str | None
    draft: bool = False
    languages: tuple[str, ...] = ()
    confidence_floor: float = 0.5


class Recognition(Value, frozen=True, kw_only=True):
    """Words an engine heard, a tuple a channel, in order of time; `language` is ISO 639-1.

    `rejected` is text the engine gave and itself disowns, with the channel it came from.
    """

    language: str | None
    channels: tuple[tuple[Word, ...], ...]
    rejected: tuple[RejectedText, ...] = ()


class Transcriber(Protocol):
    """Turns speech into words with times and confidence. Gets speech only, never silence."""

    @property
    def info(self) -> EngineInfo:
        """What the engine is."""

    def transcribe(
        self, audio: CallAudio, speech: Sequence[Timeline], *, language: str | None
    ) -> Recognition:
        """Recognise the speech of each channel; `language` None lets the engine detect it, once a call."""
        ...


class Spoken(NamedTuple):
    """What `Transcriber.transcribe` is given of a call."""

    audio: CallAudio
    speech: Sequence[Timeline]
    language: str | None


@runtime_checkable
class TranscriberOfSeveral(Transcriber, Protocol):
    """A `Transcriber` that several calls at once cost less than one by one."""

    def transcribe_several(self, calls: Sequence[Spoken]) -> Sequence[Recognition | Exception]:
        """For each call, in their order, what `transcribe` gives for it alone, or would raise."""
        ...
