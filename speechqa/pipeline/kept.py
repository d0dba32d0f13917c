"""Sound and words of a call: as they were kept, or heard now and kept."""

from __future__ import annotations

from dataclasses import replace as with_engine

from msgspec.structs import replace

from speechqa.audio.parties import starts_told
from speechqa.core.segment import Timeline
from speechqa.core.source import CallSource
from speechqa.pipeline.engines import Engines
from speechqa.pipeline.opening import LateAudio, lying_at
from speechqa.pipeline.sound import Sound, hear
from speechqa.pipeline.stages import SOUND, WORDS, Stages, digest_of, for_words
from speechqa.pipeline.words import Words, recognise
from speechqa.privacy.number_keys import number_key
from speechqa.protocols import CallAudio, Diarization, Diarizer, Transcriber


class _Watched:
    """A diarizer, and whether what it found is what it would find another time."""

    def __init__(self, diarizer: Diarizer) -> None:
        self._diarizer = diarizer
        self._asked = self._answered = False

    @property
    def name(self) -> str:
        return self._diarizer.name

    @property
    def known_by_name(self) -> bool:
        return self._diarizer.known_by_name

    @property
    def lasting(self) -> bool:
        # One that is not installed does not answer, and may be there tomorrow.
        return not self._asked or (self._answered and self.known_by_name)

    def diarize(self, audio: CallAudio, channel: int, speech: Timeline) -> Diarization:
        self._asked = True
        found = self._diarizer.diarize(audio, channel, speech)
        self._answered = True
        return found


def heard_sound(source: CallSource, audio: LateAudio, stages: Stages, engines: Engines) -> Sound:
    """What the sound of a call shows, with the paths that its files have now."""
    told = starts_told(source)
    watched = None if engines.diarizer is None else _Watched(engines.diarizer)
    by = None if watched is None else watched.name
    sound = stages.once(
        SOUND,
        (engines.voice_activity.name, by, engines.no_diarizer, told),
        lambda: hear(audio.recording, audio, with_engine(engines, diarizer=watched), starts_told=told),
        worth_keeping=lambda _: watched is None or watched.lasting,
    )
    sound = replace(sound, recording=lying_at(sound.recording, source))
    audio.is_of(sound.recording)
    return sound


def recognised(
    sound: Sound, audio: CallAudio, stages: Stages, engine: Transcriber, language: str | None
) -> Words:
    """What an engine hears in a call, numbers masked."""
    shown = for_words(sound)
    key = number_key()  # the digests depend on it that masked numbers are found by
    given = (digest_of(SOUND, shown), engine.info, language, None if key is None else key.mark)
    return stages.once(WORDS, given, lambda: recognise(shown, audio, engine, language=language))
