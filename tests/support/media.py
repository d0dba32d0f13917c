"""Media files made with PyAV for tests, so that none needs a program or a file from elsewhere."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LAYOUTS = {1: "mono", 2: "stereo", 4: "quad", 6: "5.1", 8: "7.1"}


def clicks(seconds: float, rate: int, channels: int = 1, seed: int = 7) -> NDArray[np.int16]:
    """Low noise with loud bursts at times of no common period, shape (channels, frames): easy to align."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * rate)
    sound = rng.normal(0, 200, (channels, frames))
    starts = np.cumsum(rng.uniform(0.15, 0.4, int(seconds * 4) + 1))
    for index, start in enumerate(starts[starts < seconds - 0.1]):
        first, length = round(start * rate), round(0.05 * rate)
        time = np.arange(min(length, frames - first)) / rate
        sound[index % channels, first : first + len(time)] += 9_000 * np.sin(
            2 * np.pi * (400 + 37 * index) * time
        )
    return np.clip(sound, -32_768, 32_767).astype(np.int16)


def write_media(
    path: Path,
    samples: NDArray[np.int16],
    rate: int,
    *,
    codec: str = "pcm_s16le",
    format: str | None = None,
    options: dict[str, str] | None = None,
    bit_rate: int | None = None,
) -> Path:
    """Encode samples of shape (channels, frames)."""
    import av

    layout = LAYOUTS[samples.shape[0]]
    with av.open(str(path), "w", format=format, options=options or {}) as output:
        stream: Any = output.add_stream(codec, rate=rate)
        stream.layout = layout
        if bit_rate:
            stream.bit_rate = bit_rate
        resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate)
        for first in range(0, samples.shape[1], 4096):
            packed = np.ascontiguousarray(samples[:, first : first + 4096].T.reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
            for piece in resampler.resample(frame):
                output.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    return path


def write_silent_video(path: Path) -> Path:
    """Ten frames of video and no audio stream."""
    import av

    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype=np.uint8), format="rgb24")
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path
