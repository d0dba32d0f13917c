"""The curve of a model of the user's own: relative to the speaker, with the floors of every curve."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.acoustics.frames import VoicedFrames
from speechqa.acoustics.modelled import modelled_baseline, modelled_curve, modelled_voice
from speechqa.acoustics.pitch import voiced_frames
from speechqa.acoustics.stress import stress_curve
from speechqa.acoustics.windows import StressSettings
from speechqa.backends.onnx_arousal import OnnxArousal
from speechqa.backends.swift_f0 import SwiftF0
from speechqa.core.segment import Segment, seconds
from speechqa.errors import ModelError
from speechqa.protocols import ArousalModelInfo
from tests.support.arousal_models import usable
from tests.support.sound import ArrayAudio

INFO = ArousalModelInfo(name="model", digest="d" * 64, sample_rate=16000, calm_deviation=0.1, piece_s=4.0)
HOP_S = 0.016


class Scripted:
    """Gives what a function of the sound says, and remembers what it was given."""

    info = INFO

    def __init__(self, say=lambda sound: 0.0):
        self.say, self.given = say, []

    def arousal(self, samples):
        self.given.append(samples)
        return self.say(samples)


def everywhere(speech, columns=5) -> VoicedFrames:
    times = np.concatenate([np.arange(s.start, s.end, HOP_S) for s in speech] or [np.zeros(0)])
    return VoicedFrames(
        times=times,
        values=np.zeros((len(times), columns)),
        weights=np.ones(len(times)),
        level_db=np.zeros(len(times)),
        hop_s=HOP_S,
    )


def noise(seconds: float, rate: int = 8000, seed: int = 0) -> np.ndarray:
    return 0.05 * np.random.default_rng(seed).standard_normal(round(seconds * rate))


def test_values_are_over_the_calm_level_in_deviations_of_the_card():
    speech = (Segment(0.0, 60.0),)
    answers = iter([0.2, 0.2, 0.2, 0.2, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8, 0.8])
    voice = modelled_voice(
        ArrayAudio(noise(60), 8000), 0, speech, everywhere(speech), Scripted(lambda _: next(answers))
    )
    curve = modelled_curve(voice, speech)
    assert curve.baseline.features == {"model": pytest.approx(0.2, abs=0.02)}
    assert curve.baseline.source == "call"
    assert curve.windows[0].value == pytest.approx(0.0, abs=0.2)
    assert curve.windows[-1].value == pytest.approx(6.0 / curve.baseline.spread, rel=0.05)
    assert curve.windows[-1].contributions == {"model": curve.windows[-1].value}
    (episode,) = curve.episodes
    assert episode.peak_value == curve.windows[-1].value
    assert episode.because[0].startswith("model +0.59")
    assert episode.because[0].endswith(" over own baseline on its own scale")
    assert curve.measured_by == f"model, sha256 {'d' * 64}"


def test_windows_are_those_of_the_curve_measured_by_voice():
    speech = (Segment(0.0, 7.0), Segment(20.0, 31.0), Segment(33.0, 70.0))
    frames = everywhere(speech)
    audio = ArrayAudio(noise(70), 8000)
    ours = modelled_curve(modelled_voice(audio, 0, speech, frames, Scripted()), speech)
    other = stress_curve(frames, speech)
    assert [(w.start, w.end) for w in ours.windows] == [(w.start, w.end) for w in other.windows]


def test_each_second_of_talk_is_heard_once_and_the_others_talk_never():
    """Pieces hold the speaker's own talk only: sound outside is of another level and would show."""
    speech = tuple(Segment(5.0 * i, 5.0 * i + 1.7) for i in range(12))
    sound = np.full(60 * 8000, 0.9)
    for segment in speech:
        sound[round(segment.start * 8000) : round(segment.end * 8000)] = 0.0
        first = round(segment.start * 8000)
        sound[first : first + 13600] = np.sin(2 * np.pi * 500 * np.arange(13600) / 8000)
    model = Scripted()
    modelled_voice(ArrayAudio(sound, 8000), 0, speech, everywhere(speech), model)
    assert sum(len(one) for one in model.given) == pytest.approx(seconds(speech) * 16000, abs=100)
    assert all(3.0 <= len(one) / 16000 <= 5.1 for one in model.given)
    # A sine at one level: the other talk, a constant, would make the mean of a piece rise.
    assert max(abs(float(one.mean())) for one in model.given) < 0.01


@pytest.mark.parametrize("rate", [8000, 16000])
def test_sound_comes_at_one_level_in_the_telephone_band_at_the_models_rate(rate):
    times = np.arange(10 * rate) / rate
    high = 0.5 * np.sin(2 * np.pi * 6000 * times) if rate == 16000 else 0.0
    sound = 0.002 * (np.sin(2 * np.pi * 1000 * times) + high)
    speech = (Segment(0.0, 10.0),)
    given = []
    for gain in (1.0, 100.0):
        model = Scripted()
        modelled_voice(ArrayAudio(gain * sound, rate), 0, speech, everywhere(speech), model)
        given.append(model.given[0])
    assert len(given[0]) == 4 * 16000
    np.testing.assert_allclose(given[0], given[1], atol=1e-6)
    spectrum = np.abs(np.fft.rfft(given[0])) ** 2
    above = spectrum[np.fft.rfftfreq(len(given[0]), 1 / 16000) > 4000].sum()
    assert above < 1e-4 * spectrum.sum()
    assert np.sqrt((given[0] ** 2).mean()) == pytest.approx(0.1, rel=0.15)


def test_too_little_voice_gives_no_value():
    speech = (Segment(0.0, 40.0),)
    frames = everywhere((Segment(0.0, 7.0), Segment(20.0, 23.0)))
    voice = modelled_voice(ArrayAudio(noise(40), 8000), 0, speech, frames, Scripted())
    curve = modelled_curve(voice, speech)
    assert [w.confidence for w in curve.windows] == ["ok", "low", "low", "low", "low", "none", "none"]
    assert [w.value is None for w in curve.windows] == [w.confidence == "none" for w in curve.windows]


def test_a_short_recording_needs_a_baseline_from_elsewhere():
    speech = (Segment(0.0, 9.0),)
    audio = ArrayAudio(noise(9), 8000)
    voice = modelled_voice(audio, 0, speech, everywhere(speech), Scripted(lambda _: 0.5))
    alone = modelled_curve(voice, speech)
    assert alone.reason is not None
    assert alone.windows[0].value is None
    calm = modelled_baseline([modelled_voice(audio, 0, speech, everywhere(speech), Scripted(lambda _: 0.3))])
    assert (calm.source, calm.features) == ("recordings", {"model": 0.3})
    assert modelled_curve(voice, speech, baseline=calm).windows[0].value == pytest.approx(
        2.0 / calm.spread, rel=1e-3
    )


def test_a_baseline_with_nothing_in_it_says_so():
    speech = (Segment(0.0, 30.0),)
    voice = modelled_voice(ArrayAudio(noise(30), 8000), 0, speech, everywhere(speech), Scripted())
    empty = modelled_baseline([])
    assert empty.source == "none"
    curve = modelled_curve(voice, speech, baseline=empty)
    assert curve.reason is not None
    assert all(window.value is None for window in curve.windows)


@pytest.mark.parametrize("speech", [(), (Segment(0.0, 0.4),), (Segment(0.0, 0.4), Segment(50.0, 50.3))])
def test_no_talk_or_next_to_none(speech):
    model = Scripted()
    voice = modelled_voice(ArrayAudio(noise(60), 8000), 0, speech, everywhere(speech), model)
    curve = modelled_curve(voice, speech)
    assert model.given == []
    assert curve.reason is not None
    assert curve.episodes == ()


def test_digital_silence_is_not_asked_about():
    speech = (Segment(0.0, 20.0),)
    model = Scripted()
    modelled_voice(ArrayAudio(np.zeros(20 * 8000), 8000), 0, speech, everywhere(speech), model)
    assert model.given == []


def test_an_error_of_the_model_is_told():
    def fail(_):
        raise ModelError("The arousal model does not run")

    speech = (Segment(0.0, 20.0),)
    with pytest.raises(ModelError):
        modelled_voice(ArrayAudio(noise(20), 8000), 0, speech, everywhere(speech), Scripted(fail))


def voice_sound(length_s: float, pitch_hz: float, tilt: float) -> np.ndarray:
    time = np.arange(round(length_s * 8000)) / 8000
    phase = 2 * np.pi * pitch_hz * time * (1 + 0.01 * np.sin(time))
    sound = sum(k**-tilt * np.sin(k * phase) for k in range(1, int(3400 / pitch_hz)))
    return 0.05 * sound * (time % 1.5 < 1.2)


def test_a_real_onnx_model_raises_the_curve_where_the_voice_rises(tmp_path):
    """Brightness stands in for arousal; gain changes nothing, and a second run gives the same."""
    calm, raised = voice_sound(40, 120, 1.6), voice_sound(16, 190, 0.8)
    sound = np.concatenate([calm, raised])
    speech = (Segment(0.0, 56.0),)
    model = OnnxArousal(usable(tmp_path, calm_deviation=0.005))
    curves = []
    for gain in (1.0, 4.0, 1.0):
        audio = ArrayAudio(gain * sound, 8000)
        frames = voiced_frames(audio, 0, speech, SwiftF0())
        voice = modelled_voice(audio, 0, speech, frames, model)
        curves.append(modelled_curve(voice, speech, settings=StressSettings()))
    assert curves[0] == curves[1] == curves[2]
    (episode,) = curves[0].episodes
    assert episode.start > 25.0
    assert episode.end == 56.0
    values = [window.value for window in curves[0].windows if window.value is not None]
    assert max(values[:5]) < 1.0
    assert values[-1] > 3.0
