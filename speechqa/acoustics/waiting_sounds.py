"""What is heard on a line and is no speech: hold music, ringing, and the tones of telephones."""

from __future__ import annotations

from typing import Literal

import numpy as np

from speechqa.acoustics.music import MusicSettings, find_music, loud_speech_db
from speechqa.acoustics.partials import HOP_S, PartialFrames, frames_inside, partial_frames
from speechqa.acoustics.signals import waiting_signals
from speechqa.acoustics.tones import ToneSettings, find_tones
from speechqa.core.dialogue import WaitingSound
from speechqa.core.segment import Segment, Timeline, difference, intersection, seconds, union
from speechqa.core.value import Value, require
from speechqa.protocols import CallAudio

TONE_REACH_S = 0.2
"""A voice activity detector goes on for so long after a tone, and bridges such pauses between tones."""
LEFTOVER_S = 0.25
"""What is left of a stretch of speech that was mostly tone, if no longer, was the tone too."""

AROUND_S = 2.0
MUSIC_RANGE_DB = 25.0


class NotSpeech(Value, frozen=True, kw_only=True):
    """What of a call's sound is no speech.

    Attributes
    ----------
    waiting : tuple of WaitingSound
        Music, ringing and tones that tell of a wait, in order of time and channel.
    tones : tuple of Timeline
        All signal tones of each channel, dialled digits and beeps too.
    """

    waiting: tuple[WaitingSound, ...]
    tones: tuple[Timeline, ...]


def find_not_speech(
    audio: CallAudio,
    speech: tuple[Timeline, ...],
    *,
    tone_settings: ToneSettings | None = None,
    music_settings: MusicSettings | None = None,
) -> NotSpeech:
    """Look for hold music and signal tones on every channel of a call.

    Parameters
    ----------
    audio : CallAudio
        The call; read in blocks.
    speech : tuple of Timeline
        Speech as the voice activity detector found it, one timeline a channel. Music is looked for outside of
        it: what the detector takes for speech over music stays speech.
    tone_settings, music_settings : optional
        Thresholds and durations.
    """
    require(len(speech) == audio.channels, f"one timeline a channel, found {len(speech)}")
    tones = [find_tones(audio, channel, tone_settings) for channel in range(audio.channels)]
    tone_lines = tuple(union(tone.segment for tone in found) for found in tones)
    spoken = tuple(without_tones(line, gone) for line, gone in zip(speech, tone_lines, strict=True))
    frames = [partial_frames(audio, channel) for channel in range(audio.channels)]
    levels = [loud_speech_db(*pair) for pair in zip(frames, spoken, strict=True)]
    loud = max((level for level in levels if level is not None), default=None)
    waiting: list[WaitingSound] = []
    for channel, line in enumerate(spoken):
        rows = waiting_signals(tones[channel], line)
        signals = [
            one for one in rows if _stands_alone(one.segment, tone_lines[channel], frames[channel], line)
        ]
        digits = (tone.segment for tone in tones[channel] if tone.digit)
        music = find_music(
            frames[channel],
            line,
            tones=union((*digits, *(signal.segment for signal in signals))),
            loud_speech=loud,
            settings=music_settings,
        )
        waiting += [_sound(one.segment, one.kind, channel, one.confidence) for one in signals]
        waiting += [_sound(piece.segment, "music", channel, piece.confidence) for piece in music]
    waiting.sort(key=lambda sound: (sound.start, sound.channel, sound.end, sound.kind))
    return NotSpeech(waiting=tuple(waiting), tones=tone_lines)


def _sound(
    segment: Segment, kind: Literal["music", "tones", "ringing"], channel: int, confidence: float
) -> WaitingSound:
    return WaitingSound(
        start=segment.start, end=segment.end, kind=kind, channel=channel, confidence=confidence
    )


def _stands_alone(signal: Segment, tones: Timeline, frames: PartialFrames, speech: Timeline) -> bool:
    """Whether tones are nearly all that sounds around a signal; in music other notes sound between them."""
    near = frames_inside(frames, (signal.widened(AROUND_S),)) & ~frames_inside(frames, speech, HOP_S)
    loudest = np.where(near, frames.level_db, -np.inf).max(initial=-np.inf)
    sounds = near & (frames.above_db > loudest - MUSIC_RANGE_DB)
    toned = frames_inside(frames, tones, HOP_S)
    return bool(2 * (sounds & toned).sum() >= sounds.sum())


def without_tones(speech: Timeline, tones: Timeline) -> Timeline:
    """Speech less the signal tones in it.

    Examples
    --------
    >>> without_tones((Segment(0.0, 1.0), Segment(4.0, 6.0)), (Segment(0.1, 0.9),))
    (Segment(start=4.0, end=6.0),)
    """
    if not tones:
        return speech
    reach = union(tone.widened(TONE_REACH_S) for tone in tones)
    kept: list[Segment] = []
    for segment in speech:
        gone = seconds(intersection((segment,), reach))
        rest = difference((segment,), reach)
        if 2 * gone >= segment.duration:
            rest = tuple(piece for piece in rest if piece.duration > LEFTOVER_S)
        kept.extend(Segment(round(piece.start, 3), round(piece.end, 3)) for piece in rest)
    return union(kept)
