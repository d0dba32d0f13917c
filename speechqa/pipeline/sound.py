"""From a source to its sound: decoded channels and who speaks when on them."""

from __future__ import annotations

from speechqa.audio.limits import MOST_CHANNELS
from speechqa.core.recording import Recording
from speechqa.core.segment import Timeline, difference, union
from speechqa.core.value import Value
from speechqa.dialogue.activity import suppress_crosstalk
from speechqa.pipeline.engines import Engines
from speechqa.protocols import CallAudio
from speechqa.transcripts.imported import party_letter

PARTY_LETTERS = tuple(party_letter(index) for index in range(MOST_CHANNELS))


class Sound(Value, frozen=True, kw_only=True):
    """What the sound of a call shows before anything is understood.

    `speech` has one timeline a channel, cross-talk removed; `faint` holds it and what may be speech too,
    enough to bear out a word. `separate` says whether each channel holds a party of its own; where it is
    False the parties cannot be told apart by channel.
    """

    recording: Recording
    speech: tuple[Timeline, ...]
    faint: tuple[Timeline, ...]
    separate: bool
    notes: tuple[str, ...] = ()

    @property
    def parties(self) -> tuple[str, ...]:
        """A letter for each channel that holds a party, empty where channels do not separate them."""
        return PARTY_LETTERS[: len(self.speech)] if self.separate else ()

    @property
    def by_party(self) -> dict[str, Timeline]:
        """Speech of each party."""
        return dict(zip(self.parties, self.speech, strict=True)) if self.separate else {}

    @property
    def faint_by_party(self) -> dict[str, Timeline]:
        """What may be speech of each party."""
        return dict(zip(self.parties, self.faint, strict=True)) if self.separate else {}

    @property
    def anyone(self) -> Timeline:
        """Speech of all channels together."""
        return union(segment for timeline in self.speech for segment in timeline)


def hear(recording: Recording, audio: CallAudio, engines: Engines) -> Sound:
    """Find who speaks when on each channel of an opened recording."""
    heard = engines.voice_activity.listen(audio)
    if len(heard.speech) == 1:
        return Sound(
            recording=recording,
            speech=heard.speech,
            faint=heard.faint,
            separate=False,
            notes=recording.notes,
        )
    activity = suppress_crosstalk(audio, heard.speech)
    notes = (*recording.notes, *activity.notes)
    if activity.identical_channels:
        return Sound(
            recording=recording,
            speech=activity.speech[:1],
            faint=heard.faint[:1],
            separate=False,
            notes=notes,
        )
    faint = tuple(map(difference, heard.faint, activity.suppressed))
    return Sound(recording=recording, speech=activity.speech, faint=faint, separate=True, notes=notes)
