"""A voice's arousal by whatever measures it: features of the voice, or a model of the user's own."""

from __future__ import annotations

from collections.abc import Iterable

from speechqa.acoustics.baseline import baseline_from
from speechqa.acoustics.frames import Frames
from speechqa.acoustics.modelled import ModelledVoice, modelled_baseline, modelled_curve, modelled_voice
from speechqa.acoustics.stress import stress_curve
from speechqa.acoustics.windows import StressSettings
from speechqa.core.segment import Timeline
from speechqa.core.stress import StressBaseline, StressCurve
from speechqa.protocols import ArousalModel, CallAudio

Voice = Frames | ModelledVoice


def measured(
    audio: CallAudio, channel: int, speech: Timeline, frames: Frames, model: ArousalModel | None
) -> Voice:
    """What arousal is computed from: the voiced frames themselves, or what the model says of them."""
    return frames if model is None else modelled_voice(audio, channel, speech, frames, model)


def calm_level_of(voices: Iterable[Voice]) -> StressBaseline:
    """The calm level of one speaker over recordings, calm or not, all measured by the same."""
    features: list[Frames] = []
    modelled: list[ModelledVoice] = []
    for voice in voices:
        if isinstance(voice, ModelledVoice):
            modelled.append(voice)
        else:
            features.append(voice)
    return modelled_baseline(modelled) if modelled else baseline_from(features)


def curve_of(
    voice: Voice,
    speech: Timeline,
    *,
    baseline: StressBaseline | None = None,
    settings: StressSettings | None = None,
) -> StressCurve:
    """The curve of a voice; parameters as of `stress_curve`."""
    if isinstance(voice, ModelledVoice):
        return modelled_curve(voice, speech, baseline=baseline, settings=settings)
    return stress_curve(voice, speech, baseline=baseline, settings=settings)
