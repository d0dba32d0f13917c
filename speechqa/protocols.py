"""The seams of speechqa: what an engine, a store or a renderer must offer, over core types alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.finding import Tally
from speechqa.core.recording import Recording
from speechqa.core.segment import Timeline
from speechqa.core.source import CallSource, RoleCorrection
from speechqa.core.totals import AccessRecord, AgentSummary, StoredVersion
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


class Renderer(Protocol):
    """Writes a document for people."""

    def render(self, analysis: CallAnalysis) -> str:
        """The document as text in the renderer's format."""


class CallSummary(Value, frozen=True, kw_only=True):
    """One line about a call in lists."""

    call_id: str
    path: str | None
    status: str
    agent_id: str | None = None
    agent_name: str | None = None
    customer_id: str | None = None
    started_at: str | None = None
    duration: float | None = None
    language: str | None = None
    draft: bool = False
    scores: Mapping[str, Tally] = {}
    verdicts: Mapping[str, str] = {}
    signals: Mapping[str, bool | None] = {}
    interruptions: int | None = None
    listen_to: str | None = None
    error: str | None = None
    team: str | None = None
    listen_at: float | None = None
    listen_weight: int = 0
    customer_type: tuple[str, ...] = ()
    engine: str | None = None
    rubric: str | None = None


class CallFilter(Value, frozen=True, kw_only=True):
    """What `calls` may ask for; None means no condition. Conditions add up.

    Attributes
    ----------
    date_from, date_to : str or None
        First and last day, `YYYY-MM-DD`, local to the call. A call without a start answers to neither.
    hour_from, hour_to : int or None
        First and last hour, 0 to 23, local to the call; from 22 to 5 is the night.
    category, score_below, score_above : str or None, float or None
        Score as a rate in [0, 1], of that category or, without one, of any; a category alone asks for calls
        that have a score there.
    criterion, verdict : str or None
        The verdict on the criterion; without a verdict one that counts, without a criterion any of them.
    signal : str or None
        A signal that is true, or `customer_type:NAME`.
    phrase, phrase_by : str or None
        Words said in a row in one turn, by `agent`, `customer` or, without, anybody. Case, accents, Hebrew
        points and final letters do not matter.
    status : str or None
        `done` or `failed`.
    interruptions_from : int or None
        At least so many interruptions by the agent.
    limit, offset : int or None, int
        At most so many calls, after leaving out the first `offset`.
    """

    agent_id: str | None = None
    customer_id: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    hour_from: int | None = None
    hour_to: int | None = None
    category: str | None = None
    score_below: float | None = None
    score_above: float | None = None
    criterion: str | None = None
    verdict: str | None = None
    signal: str | None = None
    phrase: str | None = None
    status: str | None = None
    limit: int | None = None
    offset: int = 0
    team: str | None = None
    language: str | None = None
    draft: bool | None = None
    phrase_by: str | None = None
    interruptions_from: int | None = None


class Store(Protocol):
    """Keeps documents; nothing is overwritten, a newer analysis of a call supersedes the older."""

    def put(self, identity: str, fingerprint: str, document: Document) -> None:
        """Keep a document in one transaction; it becomes the call's current one.

        `identity` is the recording's digest, `fingerprint` the digest of all that the result depends on. A
        failure after a success is kept but leaves the success current.

        Raises
        ------
        DocumentRefused
            If the call id already belongs to another recording, or the document cannot be kept.
        StoreError
            If the store cannot be written.
        """

    def get(self, reference: str, *, version: int | None = None) -> Document:
        """The current document, or an older version, by call id, path, file name, stem or prefix of the id.

        Raises
        ------
        CallNotFound
            If no call, or more than one, answers to the reference, or it has no such version.
        """

    def done(self, identity: str, fingerprint: str) -> Document | None:
        """The analysed (not failed) document of exactly this input, or None."""

    def make_current(self, identity: str, fingerprint: str) -> bool:
        """Make the document that `done` gives the current one again; False if there is none."""

    def history(self, reference: str) -> tuple[StoredVersion, ...]:
        """All kept documents of a call, newest first; `CallNotFound` as in `get`."""

    def identity(self, reference: str) -> str:
        """The digest of a call's recording; `CallNotFound` as in `get`, and where it was never analysed."""

    def correct_roles(self, identity: str, correction: RoleCorrection) -> None:
        """Keep what a person said of who is who; one without roles undoes those before it."""

    def role_correction(self, identity: str) -> RoleCorrection | None:
        """The correction that holds for a recording, None where none does."""

    def role_corrections(self, identity: str) -> tuple[RoleCorrection, ...]:
        """All corrections of a recording, oldest first, those without roles too."""

    def find(self, query: CallFilter) -> Iterator[CallSummary]:
        """Summaries of current documents, newest call first, then by id; `UsageError` for a bad query."""

    def documents(self, query: CallFilter) -> Iterator[Document]:
        """Current documents in the order of `find`."""

    def failures(self) -> Iterator[CallSummary]:
        """Calls whose latest attempt failed, also those done before, in the order of `find`."""

    def counts(self) -> Mapping[str, int]:
        """How many calls have a current document of each status, `done` and `failed` always among them."""

    def agents(self, query: CallFilter) -> tuple[AgentSummary, ...]:
        """Totals per agent over the calls that `find` would give, by agent id, those without one last."""

    def agent(self, agent_id: str, query: CallFilter) -> AgentSummary:
        """Totals of one agent; `CallNotFound` if no call of the query is theirs."""

    def log(
        self,
        event: str,
        *,
        call: str | None = None,
        actor: str,
        reason: str = "",
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Write down an access; entries are never changed or removed."""

    def accesses(self, call: str | None = None) -> Iterator[AccessRecord]:
        """What was written down, oldest first, of one call or of all."""

    def close(self) -> None:
        """Give back the connection."""


class Executor(Protocol):
    """Runs one function over many items, results in the order they finish."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """Apply `function` to every item; an item's own failure is a result, never an exception."""


__all__ = [
    "ActModel",
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
    "Renderer",
    "Samples",
    "Store",
    "TextEmbedder",
    "Transcriber",
    "VoiceActivity",
    "VoiceActivityDetector",
]
