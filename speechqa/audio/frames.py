"""Decoded frames of one file: damaged packets passed over, every frame as float samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from speechqa.audio.elementary import CLOCKLESS_FORMATS, ByteClock
from speechqa.audio.timeline import Placer

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

_MOST_READ_ERRORS = 50


@dataclass(slots=True)
class Damage:
    """What could not be decoded, counted while decoding."""

    packets: int = 0


def frame_array(frame: AudioFrame) -> NDArray[Any]:
    """Samples as coded, shape ``(frames, channels)``."""
    array: NDArray[Any] = frame.to_ndarray()
    return array.T if frame.format.is_planar else array.reshape(-1, frame.layout.nb_channels)


def fit_channels(samples: NDArray[Any], channels: int) -> NDArray[Any]:
    """Bring a frame to the file's channel count: the first ones are kept, one alone serves for all."""
    if samples.shape[1] == channels:
        return samples
    if samples.shape[1] == 1:
        return np.repeat(samples, channels, axis=1)
    shared = min(channels, samples.shape[1])
    silence = 128 if samples.dtype == np.uint8 else 0
    kept = np.full((samples.shape[0], channels), silence, dtype=samples.dtype)
    kept[:, :shared] = samples[:, :shared]
    return kept


def decoded_frames(
    container: InputContainer, stream: AudioStream, placer: Placer, damage: Damage
) -> Iterator[AudioFrame]:
    """Frames in order; packets that do not decode are counted and passed over.

    In formats without a clock the placer is told, after a packet that carried damaged bytes, how much time
    they stood for.
    """
    import av

    name = container.format.name
    clock = ByteClock(name) if name in CLOCKLESS_FORMATS else None
    for packet in _packets(container, stream, damage):
        size = packet.size
        try:
            frames = packet.decode()
        except (av.FFmpegError, ValueError):
            damage.packets += 1 if size else 0
            frames = []
        yield from frames
        if clock is not None and size and packet.duration and packet.time_base:
            lost = clock.damage(bytes(packet), float(packet.duration * packet.time_base))
            if lost:
                damage.packets += 1
                placer.skip(lost)


def _packets(container: InputContainer, stream: AudioStream, damage: Damage) -> Iterator[Packet[AudioStream]]:
    """Packets to the end of the file; a place that cannot be read is tried to be passed, but not for ever."""
    import av

    failures = 0
    while failures < _MOST_READ_ERRORS:
        try:
            for packet in container.demux(stream):
                failures = 0
                yield packet
            return
        except av.FFmpegError:
            failures += 1
            damage.packets += 1
