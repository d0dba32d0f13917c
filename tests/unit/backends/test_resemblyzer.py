"""The embeddings are the package's own, and a missing package is told with the way to it."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pytest

from speechqa.backends import diarizers, resemblyzer
from speechqa.backends.resemblyzer import ResemblyzerEmbedder, mel_spectrogram
from speechqa.core.segment import Segment
from speechqa.dialogue.voices.finding import windows
from speechqa.errors import EngineUnavailable, UsageError
from tests.support.sound import ArrayAudio


def installed() -> bool:
    try:
        resemblyzer.weights_path()
    except EngineUnavailable:
        return False
    return True


needs_weights = pytest.mark.skipif(
    not installed(), reason="resemblyzer is not installed: pip install --no-deps resemblyzer"
)


def voice(seconds: float, rate: int, hz: float, seed: int = 0):
    """A buzz of many partials with the ups and downs of syllables."""
    times = np.arange(round(seconds * rate)) / rate
    tone = sum(np.sin(2 * np.pi * hz * k * times) / k for k in range(1, int(3400 / hz)))
    noise = np.random.default_rng(seed).standard_normal(times.size) * 0.05
    return ((tone + noise) * 0.05 * (1.1 + np.sin(2 * np.pi * 4 * times))).astype(np.float32)


@needs_weights
def test_mels_and_embeddings_are_those_of_the_package(tmp_path):
    sound = voice(3.0, 16_000, 140.0)
    np.save(tmp_path / "sound.npy", sound)
    # In a process of its own: the package imports webrtcvad, which is not needed for this and not installed.
    program = """
        import sys, types
        import numpy as np
        for name in ("webrtcvad", "scipy.ndimage.morphology"):
            sys.modules[name] = types.ModuleType(name)
        sys.modules["scipy.ndimage.morphology"].binary_dilation = None
        from resemblyzer import VoiceEncoder
        from resemblyzer.audio import wav_to_mel_spectrogram
        import torch
        mels = wav_to_mel_spectrogram(np.load("sound.npy"))
        windows = np.stack([mels[start:start + 160] for start in (0, 50, 137)])
        with torch.no_grad():
            embeddings = VoiceEncoder("cpu", verbose=False)(torch.from_numpy(windows)).numpy()
        np.savez("theirs.npz", mels=mels, embeddings=embeddings)
    """
    subprocess.run([sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)], cwd=tmp_path, check=True)
    theirs = np.load(tmp_path / "theirs.npz")
    mels, power = mel_spectrogram(sound)
    np.testing.assert_allclose(mels, theirs["mels"], rtol=1e-4, atol=1e-6)
    assert power.shape == (len(mels),)
    ours = ResemblyzerEmbedder().embed_mels(np.stack([mels[start : start + 160] for start in (0, 50, 137)]))
    np.testing.assert_allclose(ours, theirs["embeddings"], atol=1e-5)


@needs_weights
def test_a_quiet_voice_is_heard_like_a_loud_one():
    sound, speech = voice(4.0, 8000, 120.0), (Segment(0.2, 3.8),)
    embedder, spans = ResemblyzerEmbedder(), windows(speech)
    loud, quiet = (embedder.embed(ArrayAudio(sound * gain, 8000), 0, speech, spans) for gain in (1.0, 0.05))
    assert loud.shape == (len(spans), 256)
    np.testing.assert_allclose(np.linalg.norm(loud, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(loud, quiet, atol=1e-4)


@needs_weights
def test_what_others_say_around_a_short_word_is_left_out():
    rate, speech = 8000, (Segment(0.0, 1.8), Segment(2.0, 2.4), Segment(2.6, 4.4))
    short = [Segment(2.0, 2.4)]
    answers = []
    for around in (90.0, 210.0):
        sound = voice(4.4, rate, around)
        sound[2 * rate : round(2.4 * rate)] = voice(0.4, rate, 150.0)
        sound[round(1.8 * rate) : 2 * rate] = sound[round(2.4 * rate) : round(2.6 * rate)] = 0.0
        answers.append(ResemblyzerEmbedder().embed(ArrayAudio(sound, rate), 0, speech, short)[0])
    assert float(answers[0] @ answers[1]) > 0.98


@needs_weights
def test_sound_is_read_in_blocks_and_nan_does_no_harm():
    rate = 8000
    sound = np.concatenate([voice(1.9, rate, 120.0), np.zeros(rate // 10, np.float32)] * 60)
    sound[5000] = np.nan
    speech = tuple(Segment(2.0 * i, 2.0 * i + 1.9) for i in range(60))
    audio = ArrayAudio(sound, rate)
    found = ResemblyzerEmbedder().embed(audio, 0, speech, windows(speech))
    assert np.isfinite(found).all()
    assert audio.longest_read < 40.0


def test_without_the_package_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(resemblyzer.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable) as caught:
        resemblyzer.weights_path()
    assert "pip install --no-deps resemblyzer" in (caught.value.hint or "")
    assert diarizers.choose_diarizer("auto") == (None, diarizers.NOT_HERE)
    with pytest.raises(EngineUnavailable):
        diarizers.choose_diarizer("resemblyzer")


def test_damaged_weights_are_told(monkeypatch, tmp_path):
    broken = tmp_path / "pretrained.pt"
    broken.write_bytes(b"no weights")
    monkeypatch.setattr(resemblyzer, "weights_path", lambda: broken)
    with pytest.raises(EngineUnavailable, match="do not load"):
        ResemblyzerEmbedder().embed_mels(np.zeros((1, 160, 40), np.float32))


@pytest.mark.parametrize("spec", ["", "best", "pyannote", "pyannote:", "resemblyzer:x", "none:x"])
def test_there_is_no_such_diarizer(spec):
    with pytest.raises(UsageError):
        diarizers.choose_diarizer(spec)


def test_none_says_why_nobody_is_told_apart():
    assert diarizers.choose_diarizer("none") == (None, diarizers.TURNED_OFF)
