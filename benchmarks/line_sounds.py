"""Sounds of telephone lines, made by formula, and what a telephone does to sound."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RATE = 8000
Sound = NDArray[np.float32]

DIGITS = [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477)]


def clock(seconds: float) -> NDArray[np.float64]:
    return np.arange(round(seconds * RATE)) / RATE


def tone(hertz: Sequence[float], seconds: float) -> NDArray[np.float64]:
    times = clock(seconds)
    edge = np.minimum(1.0, np.minimum(times, times[::-1]) / 0.005)
    return edge * sum(np.sin(2 * np.pi * f * times + i) for i, f in enumerate(hertz)) / len(hertz)


def cadence(hertz: Sequence[float], pattern: Sequence[float], seconds: float) -> NDArray[np.float64]:
    """A tone on and off by turns, `pattern` in seconds."""
    once = [tone(hertz, s) if i % 2 == 0 else np.zeros(round(s * RATE)) for i, s in enumerate(pattern)]
    period = np.concatenate(once)
    return np.resize(period, round(seconds * RATE))


def noise(seconds: float, slope: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """White noise for a slope of 0, pink for 1, brown for 2."""
    count = round(seconds * RATE)
    frequencies = np.maximum(np.fft.rfftfreq(count, 1 / RATE), RATE / count)
    return np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * frequencies ** (-slope / 2), count)


def hum(seconds: float, hertz: float) -> NDArray[np.float64]:
    times = clock(seconds)
    return sum(np.sin(2 * np.pi * hertz * n * times + n) / n for n in (1, 2, 3, 4, 5, 7, 9, 11))


def digits(seconds: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Somebody dials."""
    parts: list[NDArray[np.float64]] = []
    while sum(map(len, parts)) < seconds * RATE:
        pair = DIGITS[rng.integers(len(DIGITS))]
        parts += [tone(pair, rng.uniform(0.08, 0.25)), np.zeros(round(rng.uniform(0.05, 0.6) * RATE))]
    return np.concatenate(parts)[: round(seconds * RATE)]


def typing(seconds: float, rng: np.random.Generator) -> NDArray[np.float64]:
    sound = 0.01 * noise(seconds, 0.5, rng)
    for start in rng.uniform(0, seconds - 0.1, round(seconds * 5)):
        first, length = round(start * RATE), round(rng.uniform(0.005, 0.03) * RATE)
        burst = rng.standard_normal(length) * np.exp(-4 * np.arange(length) / length)
        sound[first : first + length] += burst * rng.uniform(0.3, 1)
    return sound


def breaths(seconds: float, rng: np.random.Generator) -> NDArray[np.float64]:
    envelope = np.zeros(round(seconds * RATE))
    for start in np.arange(0.5, seconds - 2, 3.2):
        first, length = round(start * RATE), round(rng.uniform(0.5, 1.1) * RATE)
        envelope[first : first + length] = np.hanning(length)
    return band(noise(seconds, 0.5, rng), 300, 1800) * envelope


def made(seconds: float, seed: int) -> dict[str, NDArray[np.float64]]:
    """Every kind of line sound that can be made, by name."""
    rng = np.random.default_rng(seed)
    clicks = np.zeros(round(seconds * RATE))
    clicks[rng.integers(0, len(clicks), round(8 * seconds))] = rng.uniform(-1, 1, round(8 * seconds))
    wobble = 1 + 0.7 * np.sin(2 * np.pi * 17 * clock(seconds))
    special = np.concatenate([tone([f], 0.33) for f in (950, 1400, 1800)] + [np.zeros(RATE)])
    return {
        "ringing, Europe, Israel": cadence([425], [1, 4], seconds),
        "ringing, USA": cadence([440, 480], [2, 4], seconds),
        "ringing, UK": cadence([400, 450], [0.4, 0.2, 0.4, 2], seconds),
        "ringing, Japan": cadence([400], [1, 2], seconds) * wobble,
        "busy, Europe": cadence([425], [0.5, 0.5], seconds),
        "busy, USA": cadence([480, 620], [0.5, 0.5], seconds),
        "congestion": cadence([425], [0.25, 0.25], seconds),
        "dial tone": tone([350, 440], seconds),
        "special information": np.resize(special, round(seconds * RATE)),
        "digits": digits(seconds, rng),
        "call waiting": cadence([440], [0.3, 9.7], seconds),
        "beep every 15 s": cadence([1400], [0.4, 14.6], seconds),
        "fax calls": cadence([1100], [0.5, 3], seconds),
        "fax answers": tone([2100], seconds),
        "white noise": noise(seconds, 0, rng),
        "pink noise": noise(seconds, 1, rng),
        "hum": hum(seconds, 50),
        "typing": typing(seconds, rng),
        "clicks": clicks,
        "breaths": breaths(seconds, rng),
    }


def band(sound: NDArray[np.floating], low: float, high: float) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(sound)
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    slope = 1 / np.sqrt(1 + (low / np.maximum(frequencies, 1)) ** 8) / np.sqrt(1 + (frequencies / high) ** 8)
    return np.fft.irfft(spectrum * slope, len(sound))


def at_level(sound: NDArray[np.floating], decibels: float) -> Sound:
    """The sound with its mean square at a level re full scale."""
    gain = 10 ** (decibels / 20) / (np.sqrt(np.mean(np.square(sound, dtype=np.float64))) + 1e-9)
    return np.clip(sound * gain, -1, 1).astype(np.float32)


def level_of(sound: NDArray[np.floating]) -> float:
    """Level in dB re full scale of the loud part: what is within 20 dB of the 95th percentile."""
    size = np.abs(sound)
    loud = sound[size > 0.1 * np.percentile(size, 95)]
    return float(10 * np.log10(np.mean(np.square(loud, dtype=np.float64)) + 1e-12))


def mixed(voice: Sound, other: NDArray[np.floating], ratio_db: float) -> Sound:
    """A voice with another sound under it."""
    under = at_level(np.resize(other, len(voice)), level_of(voice) - ratio_db)
    return np.clip(voice + under, -1, 1)


def g711(sound: NDArray[np.floating]) -> Sound:
    """Through a telephone's band and mu-law."""
    x = np.clip(band(sound, 300, 3400), -1, 1)
    y = np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256)
    y = (np.round(y * 127.5 - 0.5) + 0.5) / 127.5
    return (np.sign(y) * (256 ** np.abs(y) - 1) / 255).astype(np.float32)


def _encoded(sound: NDArray[np.floating], codec: str, container: str, bit_rate: int) -> Sound:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream = out.add_stream(codec, rate=RATE, layout="mono")
        stream.bit_rate = bit_rate
        samples = (np.clip(band(sound, 300, 3400), -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            out.mux(packet)
    buffer.seek(0)
    decoded = np.concatenate(list(_decoded(buffer)))
    return np.pad(decoded, (0, max(0, len(sound) - len(decoded))))[: len(sound)]


def _decoded(source: io.BytesIO | str) -> Iterator[Sound]:
    with av.open(source) as container:
        resampler = av.AudioResampler("flt", "mono", RATE)
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                yield piece.to_ndarray()[0]
        for piece in resampler.resample(None):
            yield piece.to_ndarray()[0]


CODECS: dict[str, Callable[[NDArray[np.floating]], Sound]] = {
    "G.711": g711,
    "AMR 12.2": lambda sound: _encoded(sound, "libopencore_amrnb", "amr", 12200),
    "AMR 4.75": lambda sound: _encoded(sound, "libopencore_amrnb", "amr", 4750),
    "Opus 8": lambda sound: _encoded(sound, "libopus", "ogg", 8000),
}


def excerpt(path: Path, start: float, seconds: float) -> Sound:
    """A stretch of a file at 8 kHz in mono; shorter files give what they have from their beginning."""
    parts: list[Sound] = []
    have = 0
    for piece in _decoded(str(path)):
        parts.append(piece)
        have += len(piece)
        if have >= (start + seconds) * RATE:
            break
    whole = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    first = round(start * RATE) if have >= (start + seconds) * RATE else 0
    return whole[first : first + round(seconds * RATE)]
