"""One speaker's arousal in recordings of that speaker's voice, outside of any call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from msgspec.structs import replace

from speechqa.assembly.engines import build_engines
from speechqa.config import Settings
from speechqa.core.analysis import Failure
from speechqa.core.plain import printable
from speechqa.core.segment import Segment, Timeline, difference, seconds, union
from speechqa.core.source import CallSource, PartyFile, printable_path
from speechqa.core.stress import (
    StressBaseline,
    StressChange,
    StressCurve,
    StressEpisode,
    StressSummary,
    StressThresholds,
    StressWindow,
)
from speechqa.core.value import Value
from speechqa.errors import RecordingError, SpeechQAError
from speechqa.protocols import CallAudio

if TYPE_CHECKING:
    from speechqa.ingest.voices import VoiceFiles
    from speechqa.pipeline.engines import Engines
    from speechqa.pipeline.measured import Voice


ONE_VOICE = "one voice alone is listened to"
"""Why nothing is told of what was said before a rise or a fall."""


class SpeakerStress(Value, frozen=True, kw_only=True):
    """The arousal curve of one file, as `speechqa stress --json` prints it.

    `channel` is the one that was measured, from 0, of `channels`; `speech` is when the speaker talks, which
    the windows are cut from; `duration` is the file's length in seconds; `measured_by` and `thresholds` are
    as in the curve.
    """

    path: str
    windows: tuple[StressWindow, ...] = ()
    episodes: tuple[StressEpisode, ...] = ()
    baseline: StressBaseline = StressBaseline(source="none")
    changes: tuple[StressChange, ...] = ()
    summary: StressSummary | None = None
    channel: int | None = None
    channels: int | None = None
    reason: str | None = None
    duration: float | None = None
    speech: tuple[Segment, ...] = ()
    measured_by: str = "voice"
    thresholds: StressThresholds | None = None
    error: Failure | None = None

    @property
    def curve(self) -> StressCurve:
        """What was measured, as a call's document holds it."""
        return StressCurve(
            windows=self.windows,
            episodes=self.episodes,
            baseline=self.baseline,
            reason=self.reason,
            changes=self.changes,
            summary=self.summary,
            measured_by=self.measured_by,
            thresholds=self.thresholds,
        )


def speaker_files(asked: Iterable[str]) -> VoiceFiles:
    """The recordings behind files, folders and globs; see `speechqa.ingest.voices.voice_files`."""
    from speechqa.ingest.voices import voice_files

    return voice_files(asked)


def speaker_stress(
    paths: Sequence[str],
    *,
    baseline: Sequence[str] = (),
    channel: int | None = None,
    min_voiced_s: float = 2.0,
    arousal: str = "voice",
    tell: Callable[[str], None] | None = None,
) -> Iterator[SpeakerStress]:
    """Arousal of one speaker in each file, in the order given.

    Parameters
    ----------
    baseline : sequence of str
        Recordings of the same speaker when calm; without any each file is its own baseline, and so is a file
        that is the only one named here: against itself one window would always look calm.
    channel : int, optional
        Channel of the speaker; the one with most speech where absent.
    min_voiced_s : float
        Voiced seconds a window needs for a value.
    arousal : str
        What measures it: `voice`, or `onnx:PATH` of a model of the user's own.
    tell : callable, optional
        Is told what a person should know of the baseline, a sentence each.

    Raises
    ------
    RecordingError
        If a baseline cannot be read; a file that cannot be read is a result with its error.
    UsageError, ModelError
        If `arousal` names nothing, or a model that cannot be used.
    """
    from speechqa.acoustics.course import with_course
    from speechqa.acoustics.stress import StressSettings
    from speechqa.pipeline.batch import failure_from
    from speechqa.pipeline.measured import calm_level_of, curve_of

    engines = build_engines(Settings(engine="none", arousal=arousal))
    engines.arousal_model()  # what is wrong with a model is found before any work
    tell = tell or _nobody
    settings = StressSettings(min_voiced_s=min_voiced_s)
    calm: StressBaseline | None = None
    digests: set[str] = set()
    if baseline:
        calm = calm_level_of(_calm_voices(baseline, channel, engines, tell, digests))
        if 0 < calm.voiced_seconds < settings.baseline_voiced_s:
            tell(f"The baseline rests on {calm.voiced_seconds:.1f} s of voice; it should have 10 s and more.")
    for path in paths:
        try:
            with ExitStack() as opened:
                digest, audio, spoken_on, speech = _voice(path, channel, engines, opened)
                alone = digests == {digest}
                if alone:
                    tell(f"{printable(path)} is its own and only baseline: measured as if none were named.")
                voice = _measured(audio, spoken_on, speech, engines)
                curve = curve_of(voice, speech, baseline=None if alone else calm, settings=settings)
                curve = with_course(curve, speech, windowing=settings)
                duration, channels = audio.duration, audio.channels
        except Exception as error:  # one file must not stop the others
            yield SpeakerStress(path=printable_path(path), error=failure_from(error))
            continue
        yield SpeakerStress(
            path=printable_path(path),
            windows=curve.windows,
            episodes=curve.episodes,
            baseline=curve.baseline,
            changes=tuple(replace(change, reason=ONE_VOICE) for change in curve.changes),
            summary=curve.summary,
            channel=spoken_on,
            channels=channels,
            reason=curve.reason,
            duration=round(duration, 3),
            speech=speech,
            measured_by=curve.measured_by,
            thresholds=curve.thresholds,
        )


def _nobody(_: str) -> None:
    pass


def _calm_voices(
    paths: Sequence[str],
    channel: int | None,
    engines: Engines,
    tell: Callable[[str], None],
    digests: set[str],
) -> Iterator[Voice]:
    """The voices in recordings named as baseline, each recording once; adds their digests."""
    for path in paths:
        with ExitStack() as opened:
            try:
                digest, audio, spoken_on, speech = _voice(path, channel, engines, opened)
            except SpeechQAError as error:
                what = f"A recording named as baseline cannot be used: {error.what}"
                raise RecordingError(
                    what, where=error.where, found=error.found, expected=error.expected, hint=error.hint
                ) from error
            if digest in digests:
                tell(f"{printable(path)} is named twice as baseline and counts once.")
                continue
            digests.add(digest)
            if channel is None and audio.channels > 1:
                tell(f"{printable(path)}: channel {spoken_on}, which speaks most, is the baseline.")
            voice = _measured(audio, spoken_on, speech, engines)
        if not len(voice.times):
            tell(f"Nothing is voiced in {printable(path)}: it says nothing of the speaker's calm level.")
        yield voice


def _measured(audio: CallAudio, channel: int, speech: Timeline, engines: Engines) -> Voice:
    from speechqa.acoustics.pitch import voiced_frames
    from speechqa.pipeline.measured import measured

    frames = voiced_frames(audio, channel, speech, engines.pitch)
    return measured(audio, channel, speech, frames, engines.arousal_model())


def _voice(
    path: str, channel: int | None, engines: Engines, opened: ExitStack
) -> tuple[str, CallAudio, int, Timeline]:
    """A file's digest, the speaker's channel of it and when they talk; closed with `opened`."""
    recording, audio = engines.decoder.open(CallSource(files=(PartyFile(path=path),)))
    opened.callback(audio.close)
    speech = engines.voice_activity.listen(audio).speech
    if channel is not None and channel >= len(speech):
        raise RecordingError(
            "The recording has no such channel",
            where=printable_path(path),
            found=f"channel {channel}",
            expected=f"0 to {len(speech) - 1}",
        )
    spoken_on = channel if channel is not None else max(range(len(speech)), key=lambda c: seconds(speech[c]))
    return recording.sha256, audio, spoken_on, one_voice(audio, spoken_on, speech)


def one_voice(audio: CallAudio, channel: int, speech: tuple[Timeline, ...]) -> Timeline:
    """What of a channel is the voice of the one speaker it is named for, music and signal tones left out.

    A file shorter than a window, and one in which no speech is found, counts whole: the detector is deaf to
    some screams, and pitch decides what is voice.
    """
    from speechqa.acoustics.stress import StressSettings
    from speechqa.acoustics.waiting_sounds import find_not_speech

    found = find_not_speech(audio, speech)
    other = (Segment(sound.start, sound.end) for sound in found.waiting if sound.channel == channel)
    line = speech[channel]
    if not line or audio.duration <= StressSettings().window_s:
        line = (Segment(0.0, audio.duration),)
    return difference(line, union((*found.tones[channel], *other)))
