"""Embeddings of voices by the GE2E network whose weights lie in the package Resemblyzer.

Only the weights are taken from the package, found without importing it: that would import webrtcvad, which
needs a compiler to install, and librosa. The front end and the network are numpy here and give the package's
own embeddings.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechqa.core.segment import Segment, Timeline, intersection
from speechqa.errors import EngineUnavailable
from speechqa.protocols import CallAudio

Floats = NDArray[np.float32]

DISTRIBUTION = "resemblyzer"
HOW_TO_GET = "install it with: pip install --no-deps resemblyzer"
_FILE = "pretrained.pt"
_RATE = 16000
_HOP = 160
_FFT = 400
_MELS = 40
_FRAMES = 160
"""Frames of 10 ms the network was trained on at a time."""
_HIDDEN = 256
_LEVEL = 10 ** (-28 / 10)
"""Every window is brought to this mean power, so that a quiet party is heard like a loud one."""
_BATCH = 256
_BLOCK_S = 30.0
_MARGIN_S = 1.0
_SILENT = 1e-9


def weights_path() -> Path:
    """Where the installed weights lie.

    Raises
    ------
    EngineUnavailable
        If the package is not installed or does not hold them.
    """
    spec = importlib.util.find_spec(DISTRIBUTION)
    if spec is None or spec.origin is None:
        raise EngineUnavailable(
            "telling voices apart needs the package resemblyzer", found="no such package", hint=HOW_TO_GET
        )
    path = Path(spec.origin).parent / _FILE
    if not path.is_file():
        raise EngineUnavailable(
            "the package resemblyzer lacks its weights",
            where=str(path),
            expected="a file of PyTorch",
            hint=HOW_TO_GET,
        )
    return path


class ResemblyzerEmbedder:
    """Embeds windows of speech; one instance serves any number of calls.

    Notes
    -----
    Each window is a stretch of 1.6 s, the length the network was trained on. A shorter one is placed in the
    middle, and what others say around it is left out: cut to its own length it would be told apart by length
    rather than by voice. Sound at 8 kHz is resampled to the 16 kHz of the network.

    References
    ----------
    Wan, L., Wang, Q., Papir, A. & Moreno, I. L. (2018), Generalized end-to-end loss for speaker verification,
    ICASSP, arXiv 1710.10467. Weights: Resemblyzer, Resemble AI, Apache-2.0.
    """

    @property
    def name(self) -> str:
        """What embeds, by name and version."""
        try:
            return f"resemblyzer {version(DISTRIBUTION)}"
        except PackageNotFoundError:
            return DISTRIBUTION

    def embed(
        self, audio: CallAudio, channel: int, speech: Timeline, spans: Sequence[Segment]
    ) -> NDArray[np.float32]:
        """Embeddings of unit length, shape ``(spans, 256)``.

        Parameters
        ----------
        audio : CallAudio
            The call; read in blocks around the spans.
        channel : int
            The channel that is shared.
        speech : Timeline
            All speech on the channel.
        spans : sequence of Segment
            Windows inside it, at most 1.6 s long, in order of time.

        Raises
        ------
        EngineUnavailable
            If the weights are missing or cannot be read.
        """
        found = np.zeros((len(spans), _HIDDEN), np.float32)
        done = 0
        for block in _blocks(spans):
            for first in range(0, len(block), _BATCH):
                part = block[first : first + _BATCH]
                found[done : done + len(part)] = self._network(_frames(audio, channel, speech, part))
                done += len(part)
        return found

    def embed_mels(self, mels: Floats) -> Floats:
        """Embeddings of mel spectrograms of shape ``(windows, frames, 40)``, as the package computes them."""
        return self._network(mels)

    def _network(self, mels: Floats) -> Floats:
        layers, projection, bias = self._weights
        count = len(mels)
        hidden = [np.zeros((count, _HIDDEN), np.float32) for _ in layers]
        cell = [np.zeros((count, _HIDDEN), np.float32) for _ in layers]
        for index in range(mels.shape[1]):
            given = mels[:, index]
            for level, layer in enumerate(layers):
                gates = given @ layer.given
                gates += hidden[level] @ layer.hidden
                gates += layer.bias
                keep, take, out = (_sigmoid(gates[:, _gate(k)]) for k in (1, 0, 3))
                cell[level] = keep * cell[level] + take * np.tanh(gates[:, _gate(2)])
                hidden[level] = out * np.tanh(cell[level])
                given = hidden[level]
        raw = np.maximum(hidden[-1] @ projection + bias, 0)
        return np.asarray(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-6))

    @cached_property
    def _weights(self) -> tuple[tuple[_Layer, ...], Floats, Floats]:
        path = weights_path()
        try:
            import torch

            state = torch.load(path, map_location="cpu", weights_only=True)["model_state"]
            layers = tuple(
                _Layer(
                    np.ascontiguousarray(state[f"lstm.weight_ih_l{k}"].numpy().T),
                    np.ascontiguousarray(state[f"lstm.weight_hh_l{k}"].numpy().T),
                    (state[f"lstm.bias_ih_l{k}"] + state[f"lstm.bias_hh_l{k}"]).numpy(),
                )
                for k in range(3)
            )
            projection = np.ascontiguousarray(state["linear.weight"].numpy().T)
            return layers, projection, state["linear.bias"].numpy()
        except Exception as error:  # torch raises its own kinds, all of them mean the same here
            raise EngineUnavailable(
                "the weights of resemblyzer do not load",
                where=str(path),
                found=str(error) or type(error).__name__,
                hint="install the package again: pip install --no-deps --force-reinstall resemblyzer",
            ) from error


class _Layer(NamedTuple):
    given: Floats
    hidden: Floats
    bias: Floats


def _gate(index: int) -> slice:
    """Columns of a gate, in PyTorch's order: input, forget, cell, output."""
    return slice(index * _HIDDEN, (index + 1) * _HIDDEN)


def _sigmoid(values: Floats) -> Floats:
    # The same as 1 / (1 + exp(-x)), and cannot overflow.
    return np.asarray(0.5 * np.tanh(0.5 * values) + 0.5, dtype=np.float32)


def _blocks(spans: Sequence[Segment]) -> Iterator[Sequence[Segment]]:
    """Spans that begin within 30 s of each other."""
    first = 0
    for index in range(1, len(spans) + 1):
        if index == len(spans) or spans[index].start - spans[first].start > _BLOCK_S:
            yield spans[first:index]
            first = index


def _frames(audio: CallAudio, channel: int, speech: Timeline, spans: Sequence[Segment]) -> Floats:
    """The mel spectrogram of each span in a window of 1.6 s, at one level."""
    import soxr

    begin = max(0.0, round(spans[0].start - _MARGIN_S, 2))
    end = max(span.end for span in spans) + _MARGIN_S
    sound = np.nan_to_num(audio.read(channel, begin, end), posinf=0.0, neginf=0.0)
    if audio.sample_rate != _RATE:
        sound = soxr.resample(sound, audio.sample_rate, _RATE)
    # Room for the window of a span at the very end; a span at the very beginning starts its window at 0.
    sound = np.pad(sound, (0, 2 * _FRAMES * _HOP))
    mels, power = mel_spectrogram(sound)
    spoken = np.zeros(len(power), dtype=bool)
    for piece in intersection(speech, (Segment(begin, end),)):
        spoken[_frame(piece.start - begin) : _frame(piece.end - begin)] = True
    found = np.zeros((len(spans), _FRAMES, _MELS), np.float32)
    for index, span in enumerate(spans):
        first, count = _frame(span.start - begin), min(_FRAMES, _frame(span.duration))
        start = max(0, first - (_FRAMES - count) // 2)
        window = mels[start : start + _FRAMES] * (
            _LEVEL / max(float(power[first : first + count].mean()), _SILENT)
        )
        if count < _FRAMES:
            others = spoken[start : start + _FRAMES].copy()
            others[first - start : first - start + count] = False
            window[others] = 0.0
        found[index] = window
    return found


def _frame(seconds: float) -> int:
    return round(seconds * _RATE / _HOP)


def mel_spectrogram(sound: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Mel power spectrogram, shape ``(frames, 40)``, and mean power of each frame of 25 ms, every 10 ms.

    The same as librosa's with its defaults (Slaney's mel scale, frames centred, a Hann window), which
    Resemblyzer uses.
    """
    padded = np.pad(np.asarray(sound, np.float32), _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    mels = np.empty((len(frames), _MELS), np.float32)
    power = np.empty(len(frames), np.float32)
    bank, taper = _mel_bank(), np.hanning(_FFT + 1)[:-1].astype(np.float32)
    for first in range(0, len(frames), 2000):
        part = slice(first, first + 2000)
        spectrum = np.fft.rfft(frames[part] * taper, axis=1)
        mels[part] = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ bank
        power[part] = (frames[part] ** 2).mean(axis=1)
    return mels, power


def _mel_bank() -> Floats:
    """Slaney's triangles of equal area, shape ``(bins, mels)``: linear to 1 kHz, logarithmic from there."""
    step = np.log(6.4) / 27.0
    top = 15.0 + np.log(_RATE / 2 / 1000.0) / step
    places = np.linspace(0.0, top, _MELS + 2)
    edges = np.where(places >= 15.0, 1000.0 * np.exp(step * (places - 15.0)), places * 200.0 / 3.0)
    bins = np.fft.rfftfreq(_FFT, 1.0 / _RATE)
    ramps = edges[:, None] - bins[None, :]
    rising = -ramps[:-2] / np.diff(edges)[:-1, None]
    falling = ramps[2:] / np.diff(edges)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return np.ascontiguousarray(triangles.T.astype(np.float32))
