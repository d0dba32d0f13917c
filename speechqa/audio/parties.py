"""Channels of one call from one file or from a file a party, each shifted to the call's clock."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np

from speechqa.audio.spool import SpooledAudio, frame_range
from speechqa.core.source import CallSource, Role
from speechqa.core.value import require
from speechqa.protocols import CallAudio, Samples

LARGEST_OFFSET_S = 60.0
"""Legs of one call start within seconds of each other; a larger offset is a mistake in a manifest."""

_CANCELLED = 10 ** (-9 / 10)
_SAMPLED_WINDOWS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedChannel:
    """One channel of a call: the mean of `channels` of `audio`, starting `offset_s` seconds into the call."""

    audio: SpooledAudio
    channels: tuple[int, ...]
    offset_s: float = 0.0


class JoinedAudio:
    """Several channels on one clock, silent before and after each one's own sound.

    Parameters
    ----------
    placed : sequence of PlacedChannel
        At least one, all at one rate, no offset negative. Closing the whole closes every audio behind it.
    """

    def __init__(self, placed: Sequence[PlacedChannel]) -> None:
        require(bool(placed), "a call needs at least one channel")
        self._sample_rate = placed[0].audio.sample_rate
        require(
            all(c.audio.sample_rate == self._sample_rate for c in placed), "channels differ in their rate"
        )
        require(all(c.offset_s >= 0 for c in placed), "a channel cannot start before its call")
        self._placed = tuple(placed)
        self._starts = tuple(round(c.offset_s * self._sample_rate) for c in placed)
        self._frames = max(s + c.audio.frames for s, c in zip(self._starts, placed, strict=True))

    @property
    def sample_rate(self) -> int:
        """Samples a second."""
        return self._sample_rate

    @property
    def channels(self) -> int:
        """How many channels."""
        return len(self._placed)

    @property
    def duration(self) -> float:
        """Seconds to the end of the channel that ends last."""
        return self._frames / self._sample_rate

    def read(self, channel: int, start: float, end: float) -> Samples:
        """Samples of one channel between two times in seconds, cut at the ends of the call."""
        require(0 <= channel < self.channels, f"channel {channel} of {self.channels}")
        first, last = frame_range(start, end, sample_rate=self._sample_rate, frames=self._frames)
        placed, shift = self._placed[channel], self._starts[channel]
        own_first = min(max(first - shift, 0), placed.audio.frames)
        own_last = min(max(last - shift, 0), placed.audio.frames)
        samples = np.zeros(last - first, dtype=np.float32)
        if own_last > own_first:
            heard = samples[own_first + shift - first : own_last + shift - first]
            for source in placed.channels:
                heard += placed.audio.read_frames(source, own_first, own_last)
            if len(placed.channels) > 1:
                heard /= np.float32(len(placed.channels))
        return samples

    def close(self) -> None:
        """Delete the samples of all channels."""
        for placed in self._placed:
            placed.audio.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class OneChannel:
    """One channel of a call as a call of its own; closing the call stays with whoever opened it."""

    def __init__(self, audio: CallAudio, channel: int) -> None:
        require(0 <= channel < audio.channels, f"channel {channel} of {audio.channels}")
        self._audio, self._channel = audio, channel

    @property
    def sample_rate(self) -> int:
        """Samples a second."""
        return self._audio.sample_rate

    @property
    def channels(self) -> int:
        """One."""
        return 1

    @property
    def duration(self) -> float:
        """Length of the call in seconds."""
        return self._audio.duration

    def read(self, channel: int, start: float, end: float) -> Samples:
        """Samples of the channel between two times in seconds, cut at the ends."""
        require(channel == 0, f"channel {channel} of 1")
        return self._audio.read(self._channel, start, end)

    def close(self) -> None:
        """Leave the call open."""


def audible_channels(audio: SpooledAudio) -> tuple[int, ...]:
    """The channels of one party's file to average: all, or the loudest where they cancel each other.

    One voice on two channels with opposite polarity is silence in their mean. Sixty seconds spread over the
    file tell.

    Examples
    --------
    >>> voice = np.random.default_rng(0).integers(-3000, 3000, (8000, 1)).astype(np.int16)
    >>> file = SpooledAudio(2, 8000)
    >>> file.append(np.hstack([voice, -voice]))
    >>> audible_channels(file)
    (0,)
    """
    every = tuple(range(audio.channels))
    if len(every) == 1:
        return every
    power, of_mean = np.zeros(len(every)), 0.0
    for start in np.linspace(0.0, max(0.0, audio.duration - 1.0), _SAMPLED_WINDOWS).tolist():
        heard = np.stack([audio.read(channel, start, start + 1.0) for channel in every])
        power += np.einsum("ij,ij->i", heard, heard)
        of_mean += float((heard.mean(axis=0) ** 2).sum())
    loudest = int(np.argmax(power))
    return (loudest,) if of_mean < _CANCELLED * power[loudest] else every


def channel_roles(source: CallSource, channels: int) -> tuple[Role, ...]:
    """Who is on each channel of a decoded call as far as the source says so.

    A file a party gives the agent's channel first, then the customer's. In one file of two channels the
    agent's is known from `agent_channel`, and the other is the customer's.

    Examples
    --------
    >>> from speechqa.core.source import PartyFile
    >>> channel_roles(CallSource(files=(PartyFile(path="x.wav"),), agent_channel=1), 2)
    ('customer', 'agent')
    """
    roles: list[Role] = ["unknown"] * channels
    if len(source.files) > 1:
        for channel, file in enumerate(source.ordered_files[:channels]):
            roles[channel] = file.role or "unknown"
    elif channels == 1:
        roles[0] = source.files[0].role or "unknown"
    elif source.agent_channel is not None and 0 <= source.agent_channel < channels:
        if channels == 2:
            roles[1 - source.agent_channel] = "customer"
        roles[source.agent_channel] = "agent"
    return tuple(roles)


def starts_told(source: CallSource) -> bool:
    """Whether the source says when its channels start, be it at zero."""
    return (
        source.agent_offset_s is not None
        or bool(source.channel_offsets_s)
        or any(file.offset_s for file in source.files)
    )


def wanted_offsets(source: CallSource, channels: int, notes: list[str]) -> list[float]:
    """When each channel of a single file is said to start, in seconds; `notes` gets what cannot be done."""
    offsets = [0.0] * channels
    for channel, offset in sorted(source.channel_offsets_s.items()):
        if 0 <= channel < channels:
            offsets[channel] = offset
        else:
            notes.append(f"An offset was given for channel {channel}, which the recording does not have.")
    if source.agent_offset_s:
        agent = source.agent_channel
        if agent is None or not 0 <= agent < channels or channels < 2:
            notes.append(
                f"The agent's offset of {source.agent_offset_s:g} s was not applied: the agent's channel is "
                "not known."
            )
        elif agent not in source.channel_offsets_s:
            offsets[agent] = source.agent_offset_s
    return offsets


def sane_offsets(offsets: Sequence[float], durations: Sequence[float], notes: list[str]) -> list[float]:
    """Offsets that can be: none beyond a minute or the other channels' length, none negative in the end.

    A channel that starts before the call's clock moves all others later by as much, so that no sound is cut;
    `notes` says so.

    Parameters
    ----------
    offsets, durations : sequence of float
        Seconds a channel (or a file).
    """
    longest = max(durations, default=0.0)
    kept = []
    for index, offset in enumerate(offsets):
        if not math.isfinite(offset) or abs(offset) > LARGEST_OFFSET_S or (offset and abs(offset) >= longest):
            notes.append(
                f"An offset of {offset:g} s (part {index}) cannot be right in a call of {longest:.0f} s and "
                "was not applied."
            )
            kept.append(0.0)
        else:
            kept.append(offset)
    earliest = min(kept, default=0.0)
    if earliest < 0:
        notes.append(f"One side starts {-earliest:g} s before the other; time zero is where it starts.")
        kept = [offset - earliest for offset in kept]
    return [round(offset, 6) for offset in kept]
