"""Acted speech through simulated lines: what benchmarks of vocal arousal share.

RAVDESS, evaluate only. Every utterance is brought to one level before a line takes it, so that how loud
somebody shouted tells nothing.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from benchmarks.line_sounds import mixed, noise
from speechqa.acoustics.frames import Frames, VoicedFrames
from speechqa.acoustics.frames import joined as in_a_row
from speechqa.acoustics.stress import StressSettings, stress_curve
from speechqa.core.segment import Timeline
from speechqa.core.stress import StressBaseline

Floats = NDArray[np.floating]
NARROW, WIDE = 8000, 16000
CALM, AROUSED = frozenset({"01", "02"}), frozenset({"05", "06"})
FRAME_S = 0.02
_RAW = ("-f", "s16le", "-ar", "8000", "-ac", "1")


@dataclass(frozen=True)
class Utterance:
    """One acted utterance: `sound` at 16 kHz with its peak at half of full scale."""

    speaker: str
    label: str
    sound: Floats
    seed: int

    @property
    def rng(self) -> np.random.Generator:
        """The same numbers for the same utterance in every run."""
        return np.random.default_rng(self.seed)


def ravdess(folder: Path) -> list[Utterance]:
    found = []
    for index, path in enumerate(sorted(folder.glob("*.flac"))):
        samples, rate = soundfile.read(path, always_2d=True)
        sound = soxr.resample(samples.mean(axis=1), rate, WIDE)
        parts = path.stem.split("-")
        found.append(Utterance(parts[6], parts[2], sound / np.abs(sound).max() * 0.5, index))
    return found


def joined(parts: Sequence[tuple[float, Frames]]) -> VoicedFrames:
    """Voices one after another, each with the time it begins at."""
    whole = in_a_row([frames.rows(0, len(frames.times)) for _, frames in parts], parts[0][1].hop_s)
    return replace(whole, times=np.concatenate([frames.times + at for at, frames in parts]))


def mean_value(
    frames: VoicedFrames, speech: Timeline, baseline: StressBaseline, settings: StressSettings
) -> float | None:
    """Mean of a curve's windows, None where none has a value."""
    curve = stress_curve(frames, speech, baseline=baseline, settings=settings)
    values = [window.value for window in curve.windows if window.value is not None]
    return float(np.mean(values)) if values else None


def auc(high: Sequence[float], low: Sequence[float]) -> float:
    above = np.subtract.outer(np.asarray(high), np.asarray(low))
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


Line = Callable[[Utterance, Sequence[Utterance]], tuple[Floats, int]]
"""From an utterance, and all of them to take other voices from, to what arrives and its rate."""


def narrow(sound: Floats) -> Floats:
    """8 kHz, 300 to 3400 Hz."""
    return _band(soxr.resample(sound, WIDE, NARROW), 300, 3400, NARROW)


def _band(sound: Floats, low: float, high: float, rate: int) -> Floats:
    return sosfiltfilt(butter(6, [low, high], "band", fs=rate, output="sos"), sound)


def coded(sound: Floats, rate: int, codec: str, container: str, bit_rate: int | None = None) -> Floats:
    """Through an encoder and back."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        if bit_rate:
            stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(_integers(sound)[None], format="s16", layout="mono")
        frame.sample_rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            out.mux(packet)
    buffer.seek(0)
    return _decoded(buffer, rate)


def _integers(sound: Floats) -> NDArray[np.int16]:
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16)


def _decoded(buffer: io.BytesIO, rate: int, container: str | None = None) -> Floats:
    pieces = []
    with av.open(buffer, format=container) as source:
        resampler = av.AudioResampler("flt", "mono", rate)
        for frame in source.decode(audio=0):
            pieces += [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
        pieces += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    return np.concatenate(pieces)


def can_encode(codec: str) -> bool:
    try:
        av.codec.Codec(codec, "w")
    except Exception:  # an FFmpeg built without it; which class says so differs between versions of PyAV
        return False
    return True


def gsm_command() -> list[str] | None:
    """A program on this machine that encodes GSM full rate; PyAV's own FFmpeg only decodes it."""
    if sox := shutil.which("sox"):
        raw = ["-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1", "-"]
        return [sox, "-V1", *raw, "-t", "gsm", "-"]
    if ffmpeg := shutil.which("ffmpeg"):
        return [ffmpeg, "-v", "error", *_RAW, "-i", "-", "-c:a", "libgsm", "-f", "gsm", "-"]
    return None


def gsm(sound: Floats, command: Sequence[str]) -> Floats:
    packed = subprocess.run(command, input=_integers(sound).tobytes(), capture_output=True, check=True)
    return _decoded(io.BytesIO(packed.stdout), NARROW, "gsm")


def concealed(sound: Floats, rng: np.random.Generator, share: float = 0.05) -> Floats:
    """Packets of 20 ms lost, in bursts of two on average, and filled as ITU-T G.711 Appendix I does.

    The last pitch period is repeated, fades by a fifth every 10 ms after the first 10 ms, and is silent after
    60 ms; what comes after is faded in over 5 ms.
    """
    size, fade = round(FRAME_S * NARROW), NARROW // 200
    out = np.array(sound, np.float64)
    leave, enter = 0.5, 0.5 * share / (1 - share)
    run, period, lost_before = 0, out[:1], False
    for first in range(3 * size, len(out) - size + 1, size):
        lost_before = bool(rng.random() < (1 - leave if lost_before else enter))
        if lost_before:
            if run == 0:
                period = out[first - _pitch_lag(out[first - 3 * size : first]) : first].copy()
            at = np.arange(run, run + size)
            out[first : first + size] = period[at % len(period)] * _fade(at)
            run += size
        elif run:
            at, ramp = np.arange(run, run + fade), np.linspace(0, 1, fade)
            tail = period[at % len(period)] * _fade(at)
            out[first : first + fade] = ramp * out[first : first + fade] + (1 - ramp) * tail
            run = 0
    return out


def _fade(at: NDArray[np.integer]) -> Floats:
    tens = at / (NARROW / 100)
    return np.clip(1 - 0.2 * (tens - 1), 0, 1) * (tens < 6)


def _pitch_lag(history: Floats) -> int:
    """Lag in samples of 5 to 15 ms at which the last 20 ms are most like what came before."""
    lags = range(NARROW // 200, NARROW * 3 // 200 + 1)
    recent = history[-160:]
    scores = []
    for lag in lags:
        before = history[-160 - lag : len(history) - lag]
        scores.append(float(recent @ before) / (float(np.sqrt(before @ before)) + 1e-9))
    return lags[int(np.argmax(scores))]


def automatic_gain(sound: Floats, span_db: float = 20.0) -> Floats:
    """Level control: 10 ms attack, 400 ms release, at most 10 dB up or down."""
    size = NARROW // 200
    blocks = sound[: len(sound) // size * size].reshape(-1, size)
    level = 10 * np.log10((blocks**2).mean(axis=1) + 1e-10)
    want = np.clip(-20.0 - np.maximum(level, -50.0), -span_db / 2, span_db / 2)
    want[level < -45.0] = np.nan  # it holds in silence
    gain, at = np.zeros(len(want)), 0.0
    for index, wanted in enumerate(want):
        if not np.isnan(wanted):
            at += (wanted - at) * (1 - np.exp(-0.005 / (0.01 if wanted < at else 0.4)))
        gain[index] = at
    smooth = np.interp(np.arange(len(sound)), np.arange(len(gain)) * size + size / 2, gain)
    return np.clip(sound * 10 ** (smooth / 20), -1, 1)


def babble(said: Utterance, everyone: Sequence[Utterance], voices: int = 6) -> Floats:
    """Calm speech of several other speakers at once."""
    others = [one for one in everyone if one.speaker != said.speaker and one.label in CALM]
    chosen = [others[i] for i in said.rng.choice(len(others), voices, replace=False)]
    return sum(
        np.roll(np.resize(narrow(o.sound), len(said.sound) // 2), 977 * i) for i, o in enumerate(chosen)
    )


def other_voice(said: Utterance, everyone: Sequence[Utterance]) -> Floats:
    others = [one for one in everyone if one.speaker != said.speaker]
    return narrow(others[said.rng.integers(len(others))].sound)


def _street(said: Utterance) -> Floats:
    """Pink noise that swells and falls as cars pass."""
    seconds = len(said.sound) / WIDE + 0.01
    sound = noise(seconds, 1.0, said.rng)
    phase = said.rng.uniform(0, 2 * np.pi)
    swell = 6 * np.sin(2 * np.pi * np.arange(len(sound)) / NARROW / 4 + phase)
    return sound * 10 ** (swell / 20)


def lines() -> dict[str, Line | str]:
    """Every line by name; a string says why one is not to be had on this machine."""

    def through(change: Callable[[Floats], Floats]) -> Line:
        return lambda said, _: (change(narrow(said.sound)), NARROW)

    def codec(name: str, container: str, bit_rate: int | None = None) -> Line | str:
        if not can_encode(name):
            return f"PyAV's FFmpeg has no encoder {name}"
        return through(lambda sound: coded(sound, NARROW, name, container, bit_rate))

    def under(make: Callable[[Utterance, Sequence[Utterance]], Floats], ratio_db: float) -> Line:
        return lambda said, everyone: (mixed(narrow(said.sound), make(said, everyone), ratio_db), NARROW)

    def slow(said: Utterance, _: Sequence[Utterance]) -> tuple[Floats, int]:
        there = soxr.resample(said.sound, WIDE, 11025)
        return soxr.resample(_band(there, 300, 3400, 11025), 11025, NARROW), NARROW

    def wide(sound: Floats) -> Floats:
        return _band(sound, 50, 7000, WIDE)

    command = gsm_command()
    seconds = 10.0
    return {
        "plain, 8 kHz": through(lambda sound: sound),
        "wide band, 16 kHz": lambda said, _: (wide(said.sound), WIDE),
        "A-law": codec("pcm_alaw", "wav"),
        "mu-law": codec("pcm_mulaw", "wav"),
        "G.726, 32 kbit/s": codec("g726", "wav", 32000),
        "G.726, 16 kbit/s": codec("g726", "wav", 16000),
        "G.722": lambda said, _: (coded(wide(said.sound), WIDE, "g722", "wav"), WIDE),
        "GSM full rate": through(lambda sound: gsm(sound, command))
        if command
        else "neither sox nor ffmpeg is installed",
        "AMR 12.2": codec("libopencore_amrnb", "amr", 12200),
        "AMR 4.75": codec("libopencore_amrnb", "amr", 4750),
        "Opus 12k, 8 kHz": codec("libopus", "ogg", 12000),
        "Opus 12k, 16 kHz": (lambda said, _: (coded(wide(said.sound), WIDE, "libopus", "ogg", 12000), WIDE))
        if can_encode("libopus")
        else "PyAV's FFmpeg has no encoder libopus",
        "5 % of packets lost": lambda said, _: (concealed(narrow(said.sound), said.rng), NARROW),
        "automatic gain": through(automatic_gain),
        "clipped by 12 dB": through(lambda sound: np.clip(sound * 8, -1, 1) / 4),
        "from 11.025 kHz": slow,
        "white noise, 20 dB": under(lambda said, _: noise(seconds, 0.0, said.rng), 20),
        "white noise, 10 dB": under(lambda said, _: noise(seconds, 0.0, said.rng), 10),
        "babble, 10 dB": under(babble, 10),
        "street, 10 dB": under(lambda said, _: _street(said), 10),
        "another voice, -20 dB": under(other_voice, 20),
    }
