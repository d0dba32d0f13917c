"""Pieces of a call as files that any player opens, with what must not be heard bleeped over."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal, cast

import numpy as np
from numpy.typing import NDArray

from speechqa.audio.resample import to_int16
from speechqa.core.segment import Segment, Timeline
from speechqa.core.value import require

if TYPE_CHECKING:
    from speechqa.protocols import CallAudio

SoundFormat = Literal["wav", "flac"]

_PIECE_S: Final = 30.0
_BLEEP_HZ: Final = 1000.0
_BLEEP_LEVEL: Final = 0.1
_LAYOUTS: Final = {1: "mono", 2: "stereo", 3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}


def clip_pieces(
    audio: CallAudio, channels: Sequence[int], stretch: Segment, bleeped: Timeline
) -> Iterator[NDArray[np.int16]]:
    """The samples of a stretch, a piece at a time, each of shape (frames, channels).

    Parameters
    ----------
    channels : sequence of int
        Channels of the call, in the order they get in the clip.
    stretch, bleeped : Segment, Timeline
        Seconds on the call's clock. What is bleeped is replaced by a tone of 1 kHz on every channel: nothing
        of the sound below it is left.
    """
    rate = audio.sample_rate
    first, last = round(stretch.start * rate), round(min(stretch.end, audio.duration) * rate)
    step = round(_PIECE_S * rate)
    for begin in range(first, last, step):
        end = min(last, begin + step)
        columns = [_fitted(audio.read(c, begin / rate, end / rate), end - begin) for c in channels]
        samples = to_int16(np.stack(columns, axis=1))
        for segment in bleeped:
            low, high = max(begin, floor(segment.start * rate)), min(end, ceil(segment.end * rate))
            if low < high:
                time = np.arange(low, high) / rate
                tone = to_int16((_BLEEP_LEVEL * np.sin(2 * np.pi * _BLEEP_HZ * time)).astype(np.float32))
                samples[low - begin : high - begin] = tone[:, None]
        yield samples


def write_sound(
    target: BinaryIO,
    pieces: Iterator[NDArray[np.int16]],
    *,
    sample_rate: int,
    channels: int,
    form: SoundFormat,
) -> None:
    """Write samples of shape (frames, channels) as a WAV or FLAC file of 16 bits; `target` can seek.

    Equal samples give equal bytes; of FLAC with the same version of FFmpeg.
    """
    if form == "wav":
        with wave.open(target, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(sample_rate)
            for piece in pieces:
                file.writeframes(piece.astype("<i2").tobytes())
        return
    require(channels in _LAYOUTS, f"FLAC holds up to 8 channels, found {channels}")
    import av

    with av.open(target, "w", format="flac") as output:
        stream = cast("Any", output.add_stream("flac", rate=sample_rate))
        stream.layout = _LAYOUTS[channels]
        stream.format = "s16"
        position = 0
        for piece in pieces:
            packed = np.ascontiguousarray(piece).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=_LAYOUTS[channels])
            frame.sample_rate, frame.pts, frame.time_base = sample_rate, position, Fraction(1, sample_rate)
            position += piece.shape[0]
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _fitted(samples: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Exactly so many samples, silence where the sound ends before."""
    if len(samples) == frames:
        return samples
    whole = np.zeros(frames, dtype=np.float32)
    whole[: min(frames, len(samples))] = samples[:frames]
    return whole
