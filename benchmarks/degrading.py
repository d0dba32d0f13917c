"""Ways a two-channel recording goes wrong, done to real calls: echoes, rooms, codecs, delays, noise."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from speechqa.audio.decoder import PyAVDecoder
from speechqa.audio.spool import ArrayAudio
from speechqa.backends.silero import SileroVad
from speechqa.core.segment import Segment, Timeline
from speechqa.core.source import CallSource, PartyFile
from speechqa.protocols import VoiceActivity

Sound = NDArray[np.float64]

DATA = Path(os.environ.get("SPEECHQA_DATA", "../shared/data")) / "calls"
SAMPLES = Path(__file__).parent.parent / "recordings"
LONGEST_S = 125.0
"""Longer calls are cut here, so that one call does not outweigh the others."""


@dataclass(frozen=True)
class RealCall:
    """A call as it was recorded; `speech` is what the detector finds on each channel, unharmed."""

    name: str
    sound: Sound
    rate: int
    speech: tuple[Timeline, ...]

    @property
    def duration(self) -> float:
        return self.sound.shape[1] / self.rate


@cache
def detector() -> SileroVad:
    return SileroVad()


def listen(sound: Sound, rate: int) -> VoiceActivity:
    return detector().listen(ArrayAudio(sound, rate))


def read(path: Path) -> tuple[Sound, int]:
    """All channels of a file."""
    _, audio = PyAVDecoder().open(CallSource(files=(PartyFile(path=str(path)),)))
    sound = np.stack([audio.read(c, 0.0, audio.duration) for c in range(audio.channels)])
    rate = audio.sample_rate
    audio.close()
    return sound.astype(np.float64), rate


def real_calls(longest_s: float = LONGEST_S) -> list[RealCall]:
    """The two-channel telephone calls of the measuring data."""
    paths = [*sorted((DATA / "harpervalley").glob("*.flac")), *sorted((DATA / "aws-lca").glob("*.flac"))]
    return [_call(path, longest_s) for path in paths]


def short_clips() -> list[RealCall]:
    """Two-channel clips of a few seconds."""
    paths = [DATA / "google" / "two_channel_16k.wav", DATA / "small-stereo" / "stereo_diarization.wav"]
    return [_call(path, LONGEST_S) for path in paths if path.exists()]


def sample_calls() -> list[RealCall]:
    """The project's own two-channel calls."""
    endings = {".wav", ".ogg", ".m4a", ".mp3"}
    paths = [p for p in sorted(SAMPLES.iterdir()) if p.suffix in endings and "legs" not in p.stem]
    return [_call(path, LONGEST_S) for path in paths]


def _call(path: Path, longest_s: float) -> RealCall:
    sound, rate = read(path)
    sound = sound[:, : round(longest_s * rate)]
    return RealCall(path.stem, sound, rate, listen(sound, rate).speech)


def gain(level_db: float) -> float:
    return float(10 ** (level_db / 20))


def late(sound: Sound, seconds: float, rate: int) -> Sound:
    """The same length, moved to later (or, below zero, earlier) by a time that need not be whole samples."""
    whole = round(seconds * rate)
    moved = np.zeros_like(sound)
    if whole >= 0:
        moved[..., whole:] = sound[..., : sound.shape[-1] - whole]
    else:
        moved[..., :whole] = sound[..., -whole:]
    return moved


def shifted(timeline: Timeline, seconds: float) -> Timeline:
    return tuple(
        Segment(max(0.0, s.start + seconds), s.end + seconds) for s in timeline if s.end + seconds > 0
    )


def noise(shape: tuple[int, ...], level_db: float, seed: int) -> Sound:
    """White noise at a level in dBFS."""
    return np.random.default_rng(seed).standard_normal(shape) * gain(level_db)


def room(rate: int, tail_s: float, seed: int = 5) -> Sound:
    """An impulse response of unit energy that falls by 60 dB within `tail_s`, the direct sound first."""
    time = np.arange(round(tail_s * rate)) / rate
    response = np.random.default_rng(seed).standard_normal(time.size) * 10 ** (-3 * time / tail_s)
    response[0] = 3.0
    response /= np.sqrt((response**2).sum())
    return np.asarray(response, np.float64)


def through_room(sound: Sound, response: Sound) -> Sound:
    size = 1 << (sound.size + response.size - 1).bit_length()
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)
    return np.asarray(heard[: sound.size], np.float64)


def clipped_at(sound: Sound, share: float) -> Sound:
    """Driven into saturation: a loudspeaker or an amplifier that distorts."""
    top = share * np.abs(sound).max()
    return np.asarray(top * np.tanh(sound / max(top, 1e-9)), np.float64)


def coded(sound: Sound, rate: int, codec: str) -> Sound:
    """One channel through a codec and back, at its own rate and in time.

    Parameters
    ----------
    codec : str
        `mulaw`, `alaw`, `amr` (4.75 kbit/s), `amr12` (12.2), `opus` (8 kbit/s), `mp3` (16 kbit/s) or `gsm`,
        which needs the program sox.
    """
    spec: dict[str, tuple[str, int, str, int]] = {
        "mulaw": ("pcm_mulaw", 8000, "wav", 64_000),
        "alaw": ("pcm_alaw", 8000, "wav", 64_000),
        "amr": ("libopencore_amrnb", 8000, "amr", 4750),
        "amr12": ("libopencore_amrnb", 8000, "amr", 12_200),
        "opus": ("libopus", 16_000, "ogg", 8000),
        "mp3": ("libmp3lame", 16_000, "mp3", 16_000),
    }
    with tempfile.TemporaryDirectory() as folder:
        if codec == "gsm":
            back, back_rate = _through_sox(sound, rate, Path(folder))
        else:
            name, coded_rate, container, bits = spec[codec]
            path = Path(folder) / f"x.{container}"
            _encode(path, _resampled(sound, rate, coded_rate), coded_rate, name, container, bits)
            back, back_rate = read(path)
        return _in_time(sound, _resampled(back[0], back_rate, rate))


def has_gsm() -> bool:
    return shutil.which("sox") is not None


def _resampled(sound: Sound, rate: int, wanted: int) -> Sound:
    return sound if rate == wanted else np.asarray(soxr.resample(sound, rate, wanted), np.float64)


def _in_time(sound: Sound, back: Sound) -> Sound:
    """The coded sound at the length of the first and without the codec's own delay."""
    padded = np.zeros(sound.size)
    padded[: min(back.size, sound.size)] = back[: sound.size]
    size = 1 << (2 * sound.size - 1).bit_length()
    cross = np.fft.irfft(np.fft.rfft(padded, size) * np.conj(np.fft.rfft(sound, size)), size)
    near = np.concatenate((cross[-800:], cross[:800]))
    delay = int(np.argmax(near)) - 800
    return np.roll(padded, -delay)


def _int16(sound: Sound) -> NDArray[np.int16]:
    return np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)


def _encode(path: Path, sound: Sound, rate: int, codec: str, container: str, bits: int) -> None:
    import av

    with av.open(str(path), "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=rate)
        stream.layout = "mono"
        stream.bit_rate = bits
        resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
        frame = av.AudioFrame.from_ndarray(_int16(sound)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        size = stream.codec_context.frame_size or 1024
        fifo = av.AudioFifo()
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            fifo.write(piece)
        while (piece := fifo.read(size)) is not None:
            output.mux(stream.encode(piece))
        rest = fifo.read()
        if rest is not None and codec.startswith("pcm_"):
            output.mux(stream.encode(rest))
        output.mux(stream.encode(None))


def _through_sox(sound: Sound, rate: int, folder: Path) -> tuple[Sound, int]:
    raw = ["-t", "raw", "-e", "signed", "-b", "16", "-c", "1"]
    data = _int16(_resampled(sound, rate, 8000)).tobytes()
    path = str(folder / "x.gsm")
    subprocess.run(["sox", *raw, "-r", "8000", "-", path], input=data, check=True)
    back = subprocess.run(["sox", path, *raw, "-"], capture_output=True, check=True).stdout
    return np.frombuffer(back, "<i2")[None].astype(np.float64) / 32768, 8000
