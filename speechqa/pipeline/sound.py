"""From a source to its sound: decoded channels and who speaks when on them."""

from __future__ import annotations

from msgspec.structs import replace

from speechqa.acoustics.waiting_sounds import find_not_speech, without_tones
from speechqa.audio.limits import MOST_CHANNELS
from speechqa.core.dialogue import ChannelDoubts, Separation, WaitingSound
from speechqa.core.recording import Recording
from speechqa.core.segment import Timeline, difference, seconds, union
from speechqa.core.value import Value
from speechqa.dialogue.channels.activity import suppress_crosstalk
from speechqa.dialogue.channels.faults import both_on_one, find_faults
from speechqa.dialogue.channels.levels import measure_levels
from speechqa.errors import EngineUnavailable
from speechqa.pipeline.engines import Engines
from speechqa.protocols import CallAudio, Diarization, VoiceActivity
from speechqa.transcripts.imported import party_letter

PARTY_LETTERS = tuple(party_letter(index) for index in range(MOST_CHANNELS))
VOICE_FLOOR = 0.5
"""Confidence under which voices on one channel are not told apart: the split is as likely wrong as right."""

TOLD_TONES_S = 0.5
"""Tones taken for speech are told from this length."""


class Sound(Value, frozen=True, kw_only=True):
    """What the sound of a call shows before anything is understood.

    `speech` has one timeline a channel, cross-talk removed; `faint` holds it and what may be speech too,
    enough to bear out a word. `separate` says whether each channel holds a party of its own. Where it is
    False there is one channel that all share, and `voices` are those told apart on it, None where they cannot
    be. `diarizer` names what listened for them. Of several channels `shared_channel` is the one they share.
    `doubts` are what faults of the channels forbid to measure. `waiting` are music, ringing and tones heard
    on the line, None where nobody listened for them.
    """

    recording: Recording
    speech: tuple[Timeline, ...]
    faint: tuple[Timeline, ...]
    separate: bool
    notes: tuple[str, ...] = ()
    voices: Diarization | None = None
    diarizer: str | None = None
    shared_channel: int = 0
    doubts: ChannelDoubts = ChannelDoubts()
    waiting: tuple[WaitingSound, ...] | None = None

    @property
    def separation(self) -> Separation:
        """How parties are told apart in the sound."""
        if self.separate:
            return "channel"
        return "none" if self.voices is None else "voice"

    @property
    def parties(self) -> tuple[str, ...]:
        """A letter for each channel or voice that is a party, empty where none can be told apart."""
        return PARTY_LETTERS[: len(self._lines)]

    @property
    def by_party(self) -> dict[str, Timeline]:
        """Speech of each party."""
        return dict(zip(self.parties, self._lines, strict=True))

    @property
    def alone(self) -> dict[str, Timeline]:
        """Speech of each party less what others who share its channel say at the same time."""
        overlapped = () if self.voices is None else self.voices.overlapped
        return {party: difference(speech, overlapped) for party, speech in self.by_party.items()}

    @property
    def faint_by_party(self) -> dict[str, Timeline]:
        """What may be speech of each party; of all that share a channel, what may be anybody's there."""
        return {party: self.faint[self.channel_of(party)] for party in self.parties}

    @property
    def anyone(self) -> Timeline:
        """Speech of all channels together."""
        return union(segment for timeline in self.speech for segment in timeline)

    def channel_of(self, party: str) -> int:
        """The channel a party is heard on."""
        return self.parties.index(party) if self.separate else 0

    @property
    def _lines(self) -> tuple[Timeline, ...]:
        if self.separate:
            return self.speech
        return () if self.voices is None else self.voices.speakers


def hear(recording: Recording, audio: CallAudio, engines: Engines, *, starts_told: bool = False) -> Sound:
    """Find who speaks when on each channel of an opened recording, and what is heard there but speech.

    `starts_told` is whether anybody said when its channels start.
    """
    taken = engines.voice_activity.listen(audio)
    found = find_not_speech(audio, taken.speech)
    heard = VoiceActivity(
        speech=tuple(map(without_tones, taken.speech, found.tones)),
        faint=tuple(map(without_tones, taken.faint, found.tones)),
    )
    sound = _who_speaks(recording, audio, engines, heard, starts_told=starts_told)
    return replace(sound, waiting=found.waiting, notes=(*sound.notes, *_tone_notes(taken, heard)))


def _tone_notes(taken: VoiceActivity, heard: VoiceActivity) -> tuple[str, ...]:
    """What of the detector's speech was telephone tones, where it is enough to matter."""
    gone = [
        seconds(before) - seconds(after) for before, after in zip(taken.speech, heard.speech, strict=True)
    ]
    return tuple(
        f"channel {channel}: {lost:.1f} s of telephone tones are not counted as speech"
        for channel, lost in enumerate(gone)
        if lost >= TOLD_TONES_S
    )


def _who_speaks(
    recording: Recording, audio: CallAudio, engines: Engines, heard: VoiceActivity, *, starts_told: bool
) -> Sound:
    """Who speaks when, from what the detector heard."""
    if len(heard.speech) == 1:
        shared = Sound(
            recording=recording,
            speech=heard.speech,
            faint=heard.faint,
            separate=False,
            notes=recording.notes,
        )
        return _with_voices(shared, audio, engines)
    levels = measure_levels(audio)
    activity = suppress_crosstalk(audio, heard.speech, levels=levels)
    faults = find_faults(
        activity,
        levels,
        offsets_s=recording.channel_offsets_s,
        ends_s=_file_ends(recording),
        starts_told=starts_told,
    )
    notes = (*recording.notes, *activity.notes, *faults.notes)
    if activity.identical_channels:
        shared = Sound(
            recording=recording,
            speech=activity.speech[:1],
            faint=heard.faint[:1],
            separate=False,
            notes=notes,
        )
        return _with_voices(shared, audio, engines)
    if len(faults.unheard) == len(activity.speech) - 1:
        (channel,) = set(range(len(activity.speech))) - set(faults.unheard)
        alone = Sound(
            recording=recording,
            speech=(activity.speech[channel],),
            faint=(heard.faint[channel],),
            separate=False,
            notes=(
                *notes,
                f"channel {channel} alone holds speech: both parties'; the call is treated as mono",
            ),
            shared_channel=channel,
        )
        alone = _with_voices(alone, audio, engines)
        if both_on_one(alone.speech[0], alone.voices):
            return alone
        notes = (*notes, f"channel {channel} alone holds speech: one party's; the other side is not heard")
    silenced = tuple(() if c in faults.unheard else line for c, line in enumerate(activity.speech))
    faint = tuple(map(difference, heard.faint, activity.suppressed))
    return Sound(
        recording=recording, speech=silenced, faint=faint, separate=True, notes=notes, doubts=faults.doubts
    )


def _file_ends(recording: Recording) -> tuple[float, ...]:
    """When the file of each channel ends, where each channel has its own; else nothing."""
    if len(recording.files) != recording.channels or recording.channels < 2:
        return ()
    return tuple(file.offset_s + (file.duration or 0.0) for file in recording.files)


def _with_voices(sound: Sound, audio: CallAudio, engines: Engines) -> Sound:
    """The sound with the voices on its one channel, where they can be told apart, and what to know of it."""
    speech = sound.speech[0]
    if not speech:
        return sound
    diarizer = engines.diarizer
    if diarizer is None:
        return replace(sound, notes=(*sound.notes, *filter(None, (engines.no_diarizer,))))
    try:
        found = diarizer.diarize(audio, sound.shared_channel, speech)
    except EngineUnavailable as error:
        note = f"The parties share one channel and cannot be told apart: {error.message}"
        return replace(sound, notes=(*sound.notes, note))
    by = f"by {diarizer.name}, confidence {found.confidence:.2f}"
    voices: Diarization | None = None
    if len(found.speakers) < 2:
        note = f"The recording has one channel, and {diarizer.name} hears one voice on it"
    elif found.confidence < VOICE_FLOOR:
        note = f"The parties share one channel and cannot be told apart: {by}, needs {VOICE_FLOOR:.2f}"
    else:
        note = f"The parties share one channel and are told apart by their voices: {by}"
        voices = found
    return replace(sound, voices=voices, diarizer=diarizer.name, notes=(*sound.notes, note, *found.notes))
