"""From a source to its sound: decoded channels and who speaks when on them."""

from __future__ import annotations

from speechqa.core.recording import Recording
from speechqa.core.segment import Timeline, seconds, union
from speechqa.core.value import Value
from speechqa.dialogue.activity import suppress_crosstalk
from speechqa.pipeline.engines import Engines
from speechqa.protocols import CallAudio

PARTY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Sound(Value, frozen=True, kw_only=True):
    """What the sound of a call shows before anything is understood.

    `speech` has one timeline a channel, cross-talk removed. `separate` says whether each channel holds a
    party of its own; where it is False the parties cannot be told apart by channel.
    """

    recording: Recording
    speech: tuple[Timeline, ...]
    separate: bool
    notes: tuple[str, ...] = ()

    @property
    def parties(self) -> tuple[str, ...]:
        """A letter for each channel that holds a party, empty where channels do not separate them."""
        return tuple(PARTY_LETTERS[: len(self.speech)]) if self.separate else ()

    @property
    def by_party(self) -> dict[str, Timeline]:
        """Speech of each party."""
        return dict(zip(self.parties, self.speech, strict=True)) if self.separate else {}

    @property
    def anyone(self) -> Timeline:
        """Speech of all channels together."""
        return union(segment for timeline in self.speech for segment in timeline)

    @property
    def speech_seconds(self) -> float:
        """Seconds in which somebody speaks."""
        return seconds(self.anyone)


def hear(recording: Recording, audio: CallAudio, engines: Engines) -> Sound:
    """Find who speaks when on each channel of an opened recording."""
    detected = engines.voice_activity.detect(audio)
    if len(detected) == 1:
        return Sound(recording=recording, speech=detected, separate=False, notes=recording.notes)
    activity = suppress_crosstalk(audio, detected)
    notes = (*recording.notes, *activity.notes)
    if activity.identical_channels:
        return Sound(recording=recording, speech=activity.speech[:1], separate=False, notes=notes)
    return Sound(recording=recording, speech=activity.speech, separate=True, notes=notes)
