"""Who said what: words, turns and what was refused."""

from __future__ import annotations

from sys import intern
from typing import Literal

import msgspec

from speechqa.core.segment import Segment
from speechqa.core.value import Value, require, require_interval, require_probability

ActName = Literal[
    "greet", "identify", "thank", "apologise", "goodbye", "hold", "offer", "promise", "question",
    "clarify", "reflect", "empathise", "request_more", "backchannel",
]  # fmt: skip


class Word(Value, frozen=True, kw_only=True, gc=False):
    """One word; times in seconds on the call's clock, `confidence` in [0, 1], all None when unknown.

    A call of hours has tens of thousands, but few different texts: each is held once.
    """

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        if type(self.text) is str:
            msgspec.structs.force_setattr(self, "text", intern(self.text))
        require_interval(self.start, self.end)
        require_probability("confidence", self.confidence)


class Act(Value, frozen=True, kw_only=True, gc=False):
    """A speech act found in a turn, with the confidence of the finding in [0, 1]."""

    act: ActName
    confidence: float


class Turn(Value, frozen=True, kw_only=True):
    """What one party said in one go.

    Attributes
    ----------
    speaker : str
        A role (`agent`, `customer`, `unknown`) or a party's own name that is no role.
    party : str or None
        `A`, `B`, ... one letter a party, whatever its role; None when the parties cannot be told apart.
    channel : int or None
        Channel of the recording, from 0.
    start, end : float or None
        Seconds; None when the transcript came without times.
    voiced : bool or None
        Whether that channel has speech under the turn; None when there was no sound to check. A turn that is
        not voiced is never evidence.
    label : str or None
        What the transcript itself calls the speaker, where `speaker` has become something else.
    """

    speaker: str
    text: str
    party: str | None = None
    channel: int | None = None
    start: float | None = None
    end: float | None = None
    words: tuple[Word, ...] = ()
    acts: tuple[Act, ...] = ()
    voiced: bool | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        require_interval(self.start, self.end)

    @property
    def segment(self) -> Segment | None:
        """The stretch of the turn, None without times."""
        if self.start is None or self.end is None:
            return None
        return Segment(self.start, self.end)


class RejectedText(Value, frozen=True, kw_only=True):
    """Text an engine gave that the sound does not bear out, and why it was refused."""

    text: str
    reason: str
    start: float | None = None
    end: float | None = None
    channel: int | None = None
    party: str | None = None

    def __post_init__(self) -> None:
        require_interval(self.start, self.end)


class Transcript(Value, frozen=True, kw_only=True):
    """The turns of a call, and what made them.

    `language` is an ISO 639-1 code or None when unknown; `draft` marks an engine whose words are a first
    impression only; `mean_confidence` is weighted by words, None when the source gives none; `confident`
    says whether text criteria may be judged on it. `number_digests` are keyed digests (HMAC-SHA-256) of the
    numbers that were masked, by which a call is found by such a number; empty where no key is set.
    """

    language: str | None
    engine: str
    model: str | None = None
    draft: bool = False
    mean_confidence: float | None = None
    confident: bool = True
    turns: tuple[Turn, ...] = ()
    rejected: tuple[RejectedText, ...] = ()
    number_digests: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_probability("mean_confidence", self.mean_confidence)
        require(self.confident or bool(self.engine), "a transcript names its engine")
