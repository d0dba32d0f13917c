"""Voice activity by Silero's model on onnxruntime alone.

The package that carries the model imports torch and sets its thread count; only its weights are used here,
found without importing the package.
"""

from __future__ import annotations

import importlib.util
import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from speechqa.backends.onnx_format import weights_of
from speechqa.backends.silero_network import FRAME, STATE, silero_network
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.value import Value, require
from speechqa.errors import EngineUnavailable, UsageError
from speechqa.protocols import CallAudio, VoiceActivity

Floats = NDArray[np.float32]

FRAME_S = 0.032
_MODEL_RATE = 16000
_ADVANCE = 512
_CONTEXT = FRAME - _ADVANCE  # samples of the frame before that the model sees again
_BLOCK_S = 4.096
_LEVEL_S, _LEVEL_BLOCK_S = 0.05, 4.0
_LOUD_S = 3.0
_PART = 4096
_USUAL_DB = -22.0
_QUIETEST_DB = -60.0  # what is fainter than this throughout is noise of the line; it is not made louder
_FILE = "silero_vad_16k_sequence.onnx"


class VadSettings(Value, frozen=True, kw_only=True):
    """How frame probabilities become segments; all but `lag_ms` mean what they mean in Silero's own code.

    Attributes
    ----------
    threshold : float
        Probability in (0, 1) at which speech starts.
    neg_threshold : float
        Probability below which speech may end.
    min_speech_ms : int
        Segments not longer than this are dropped.
    min_silence_ms : int
        Shorter pauses do not end a segment.
    pad_ms : int
        Added on both sides of a segment; two pads that would meet share the pause between them.
    lag_ms: int
        How late the model hears a border; all borders move earlier by it. Measured on real telephone calls:
        starts come 20 ms after the sound rises and ends 60 ms after it falls (medians of 229 segments).
    """

    threshold: float = 0.5
    neg_threshold: float = 0.35
    min_speech_ms: int = 100
    min_silence_ms: int = 200
    pad_ms: int = 10
    lag_ms: int = 50

    def __post_init__(self) -> None:
        require(
            0.0 < self.neg_threshold <= self.threshold < 1.0,
            f"thresholds must satisfy 0 < neg_threshold <= threshold < 1, "
            f"found {self.neg_threshold} and {self.threshold}",
        )
        shortest = min(self.min_speech_ms, self.min_silence_ms, self.pad_ms, self.lag_ms)
        require(shortest >= 0, f"durations must not be negative, found {shortest} ms")


def model_path() -> Path:
    """Where the installed model file lies.

    Raises
    ------
    EngineUnavailable
        If the package is not installed or does not hold the file.
    """
    hint = "install it with: pip install silero-vad"
    spec = importlib.util.find_spec("silero_vad")
    if spec is None or spec.origin is None:
        raise EngineUnavailable(
            "voice activity needs the package silero-vad", found="no such package", hint=hint
        )
    path = Path(spec.origin).parent / "data" / _FILE
    if not path.is_file():
        raise EngineUnavailable(
            "the package silero-vad lacks its model file",
            where=str(path),
            expected="an ONNX file",
            hint=hint,
        )
    return path


class SileroVad:
    """Finds speech, each channel on its own; one instance serves any number of calls.

    Parameters
    ----------
    settings : VadSettings, optional
        Thresholds and durations.
    threads : int
        Channels listened to at once, each by one core; what is heard does not depend on it.

    Raises
    ------
    EngineUnavailable
        If the model or onnxruntime is missing.

    Notes
    -----
    Sound at 8 kHz is resampled and judged by the model's 16 kHz half: on six real telephone calls its 8 kHz
    half missed up to 27 % of a party's loud voiced sound, the 16 kHz half at most 6 %. One thread a
    channel, so that results do not depend on the machine's cores. Sound is read in blocks of 4 s and the
    model's state is carried on, so memory does not grow with the call. All channels are brought to one
    usual level by one gain first, since the model hears borders, and faint speech, by how loud they are.
    Digital silence is not skipped: the state drifts for minutes in it, so that skipping would change what
    is found after.

    References
    ----------
    Silero Team (2021-), Silero VAD, https://github.com/snakers4/silero-vad
    """

    name = "silero"

    def __init__(self, settings: VadSettings | None = None, *, threads: int = 1) -> None:
        self.settings = settings or VadSettings()
        self._threads = max(1, threads)
        # On real telephone calls a soft "thank you" 40 dB over the noise reached .37 at most.
        self.faint = replace(
            self.settings,
            threshold=self.settings.threshold / 2,
            neg_threshold=self.settings.neg_threshold / 2,
        )
        self._model = model_path()

    def detect(self, audio: CallAudio) -> tuple[Timeline, ...]:
        """One timeline of speech a channel, in seconds rounded to 1 ms.

        Raises
        ------
        UsageError
            If the audio is neither at 8,000 nor at 16,000 Hz.
        """
        return self.listen(audio).speech

    def listen(self, audio: CallAudio) -> VoiceActivity:
        """Speech, and what may be speech by lower thresholds, from one run; errors as in `detect`."""
        speech, faint = [], []
        for channel in self.probabilities(audio):
            certain = segments_from(channel, audio.duration, self.settings)
            possible = segments_from(channel, audio.duration, self.faint)
            speech.append(certain)
            faint.append(union((*certain, *possible)))
        return VoiceActivity(speech=tuple(speech), faint=tuple(faint))

    def probabilities(self, audio: CallAudio) -> Floats:
        """Probability of speech in every frame of 32 ms, shape ``(channels, frames)``."""
        if audio.sample_rate not in (8000, _MODEL_RATE):
            raise UsageError(
                "the voice activity model does not know this sampling rate",
                found=f"{audio.sample_rate} Hz",
                expected="8000 or 16000 Hz",
            )
        out = np.zeros((audio.channels, math.ceil(round(audio.duration / FRAME_S, 6))), np.float32)
        gain = 10 ** ((_USUAL_DB - max(_loudness_db(audio), _QUIETEST_DB)) / 20)
        session = self._session  # loaded before the threads, which would load it once each

        def heard(channel: int) -> None:
            # A channel shorter than the call has nothing to say after its end.
            at = 0
            for piece in _channel(session, audio, channel, gain):
                room = out[channel, at : at + len(piece)]
                room[:] = piece[: len(room)]
                at += len(piece)

        with ThreadPoolExecutor(min(self._threads, max(1, audio.channels)), "activity") as channels:
            deque(channels.map(heard, range(audio.channels)), maxlen=0)
        return out

    @cached_property
    def _session(self) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise EngineUnavailable(
                "voice activity needs the package onnxruntime",
                found=str(error),
                hint="install it with: pip install onnxruntime",
            ) from error
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            network = self._model.read_bytes()
            # Another version may have other layers: its network then runs as it comes.
            with suppress(KeyError, ValueError):
                network = silero_network(weights_of(network))
            return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # a damaged file may fail in any way, all of them mean the same here
            raise EngineUnavailable(
                "the voice activity model does not load",
                where=str(self._model),
                found=str(error),
                hint="install the package silero-vad again",
            ) from error


def _channel(session: Any, audio: CallAudio, channel: int, gain: float) -> Iterator[Floats]:
    hidden = np.zeros((1, 1, STATE), np.float32)
    cell = np.zeros((1, 1, STATE), np.float32)
    rest = np.zeros(_CONTEXT, np.float32)
    for piece, last in _at_model_rate(audio, channel):
        sound = np.concatenate((rest, piece * np.float32(gain)))
        frames = (len(sound) - _CONTEXT) // _ADVANCE
        if last:
            frames = -(-(len(sound) - _CONTEXT) // _ADVANCE)
            sound = np.pad(sound, (0, _CONTEXT + frames * _ADVANCE - len(sound)))
        if frames > 0:
            windows = np.lib.stride_tricks.sliding_window_view(sound, _CONTEXT + _ADVANCE)[::_ADVANCE][
                :frames
            ]
            inputs = {"input": np.ascontiguousarray(windows), "h": hidden, "c": cell}
            probability, hidden, cell = session.run(None, inputs)
            yield probability
        rest = sound[frames * _ADVANCE :]


def _loudness_db(audio: CallAudio) -> float:
    """The level in dBFS that the loudest channel is over for 3 s in all; a quarter of a shorter call."""
    most = round(_LOUD_S / _LEVEL_S)
    loudest, count = np.zeros(0), 0
    for channel in range(audio.channels):
        for index in range(math.ceil(round(audio.duration / _LEVEL_BLOCK_S, 6))):
            piece = audio.read(channel, index * _LEVEL_BLOCK_S, (index + 1) * _LEVEL_BLOCK_S)
            clean = np.nan_to_num(piece, posinf=0.0, neginf=0.0).astype(np.float64)
            step = round(_LEVEL_S * audio.sample_rate)
            levels = clean[: len(clean) // step * step].reshape(-1, step).std(axis=1)
            loudest, count = np.sort(np.concatenate((loudest, levels)))[-most - 1 :], count + len(levels)
    if count == 0:
        return _QUIETEST_DB
    rank = min(most, count // 4)
    return float(20 * np.log10(max(float(loudest[-1 - rank]), 1e-9)))


def _at_model_rate(audio: CallAudio, channel: int) -> Iterator[tuple[Floats, bool]]:
    """The channel in blocks at 16 kHz, and whether a block is the last."""
    import soxr

    blocks = math.ceil(round(audio.duration / _BLOCK_S, 6))
    stream = None
    if audio.sample_rate != _MODEL_RATE:
        stream = soxr.ResampleStream(audio.sample_rate, _MODEL_RATE, 1, dtype="float32")
    for index in range(blocks):
        last = index == blocks - 1
        piece = audio.read(channel, index * _BLOCK_S, (index + 1) * _BLOCK_S)
        # A damaged float recording may hold NaN, and one NaN would stay in the state to the call's end.
        clean = np.nan_to_num(piece, posinf=0.0, neginf=0.0)
        yield (stream.resample_chunk(clean, last=last) if stream else clean), last


def segments_from(probabilities: Floats, duration: float, settings: VadSettings) -> Timeline:
    """Turn frame probabilities into segments, as Silero's `get_speech_timestamps` does without a maximum.

    Parameters
    ----------
    probabilities : array, shape (frames,)
        Probability of speech in each frame of 32 ms.
    duration : float
        Length of the sound in seconds; segments are cut there.
    settings : VadSettings
        Thresholds and durations.
    """
    raw: list[tuple[float, float]] = []
    start: float | None = None
    pause: float | None = None
    # Six hours of Python's own numbers at once would be twenty megabytes.
    parts = (probabilities[at : at + _PART].tolist() for at in range(0, len(probabilities), _PART))
    for index, probability in enumerate(chain.from_iterable(parts)):
        now = index * FRAME_S
        if probability >= settings.threshold:
            pause = None
            start = now if start is None else start
        elif start is not None and probability < settings.neg_threshold:
            pause = now if pause is None else pause
            if _ms(now - pause) >= settings.min_silence_ms:
                raw.append((start, pause))
                start = pause = None
    if start is not None:
        raw.append((start, duration))
    long_enough = [(begin, end) for begin, end in raw if _ms(end - begin) > settings.min_speech_ms]
    lag_s = settings.lag_ms / 1000
    early = [
        (max(0.0, begin - lag_s), end if end == duration else max(0.0, end - lag_s))
        for begin, end in long_enough
    ]
    return _padded(early, duration, settings.pad_ms / 1000)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _padded(raw: list[tuple[float, float]], duration: float, pad_s: float) -> Timeline:
    segments: list[Segment] = []
    for index, (begin, end) in enumerate(raw):
        before = begin - raw[index - 1][1] if index else 2 * pad_s
        after = raw[index + 1][0] - end if index + 1 < len(raw) else 2 * pad_s
        left = max(0.0, begin - min(pad_s, before / 2))
        right = min(duration, end + min(pad_s, after / 2))
        if right > left:
            segments.append(Segment(round(left, 3), round(right, 3)))
    return union(segments)
