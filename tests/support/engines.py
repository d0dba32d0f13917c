"""Sound in memory and a Whisper checkpoint with random weights, for tests of engines."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soxr

from speechqa.core.segment import Segment
from speechqa.protocols import Samples

TINY_DIMS = {
    "n_mels": 80,
    "n_audio_ctx": 1500,
    "n_audio_state": 32,
    "n_audio_head": 2,
    "n_audio_layer": 1,
    "n_vocab": 51865,
    "n_text_ctx": 448,
    "n_text_state": 32,
    "n_text_head": 2,
    "n_text_layer": 2,
}


class MemoryAudio:
    """Channels in memory; `reads` keeps what was asked for."""

    def __init__(self, channels: Sequence[Samples], sample_rate: int) -> None:
        self._channels = [np.asarray(channel, dtype=np.float32) for channel in channels]
        self._sample_rate = sample_rate
        self.reads: list[tuple[int, float, float]] = []

    @property
    def sample_rate(self) -> int:
        return self._sample_rate

    @property
    def channels(self) -> int:
        return len(self._channels)

    @property
    def duration(self) -> float:
        return max(channel.size for channel in self._channels) / self._sample_rate

    def read(self, channel: int, start: float, end: float) -> Samples:
        self.reads.append((channel, start, end))
        first, last = round(start * self._sample_rate), round(end * self._sample_rate)
        return self._channels[channel][max(0, first) : max(0, last)]

    def close(self) -> None:
        self._channels = []


def noise(seconds: float, rate: int, seed: int = 0) -> Samples:
    """Noise at about -26 dBFS with the ups and downs of syllables."""
    times = np.arange(round(seconds * rate)) / rate
    carrier = np.random.default_rng(seed).standard_normal(times.size) * 0.05
    return (carrier * (1.0 + np.sin(2 * np.pi * 4 * times))).astype(np.float32)


def tiny_checkpoint(path: Path, *, multilingual: bool = True, seed: int = 0) -> Path:
    """Write a real checkpoint with random weights, a few megabytes."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    dims = {**TINY_DIMS, "n_vocab": 51865 if multilingual else 51864}
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = Whisper(ModelDimensions(**dims))
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.2)
    torch.save({"dims": dims, "model_state_dict": model.state_dict()}, path)
    return path


def flite(text: str, folder: Path, *, rate: int = 16_000, voice: str = "rms") -> Samples | None:
    """The text spoken by flite, None where flite is not installed."""
    import wave

    program = shutil.which("flite")
    if program is None:
        return None
    path = folder / "spoken.wav"
    subprocess.run([program, "-voice", voice, "-t", text, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        spoken = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32) / 32768
        spoken_rate = file.getframerate()
    return np.asarray(soxr.resample(spoken, spoken_rate, rate), dtype=np.float32)


def place(length_s: float, rate: int, *pieces: tuple[float, Samples]) -> tuple[Samples, tuple[Segment, ...]]:
    """A silent channel with pieces of sound at the given times, and where they lie."""
    channel = np.zeros(round(length_s * rate), dtype=np.float32)
    segments = []
    for start, sound in pieces:
        first = round(start * rate)
        channel[first : first + sound.size] += sound
        segments.append(Segment(start, round(start + sound.size / rate, 3)))
    return channel, tuple(segments)
