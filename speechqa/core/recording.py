"""What was recorded, as far as it could be read."""

from __future__ import annotations

from speechqa.core.segment import Segment
from speechqa.core.value import Value, require


class MediaFile(Value, frozen=True, kw_only=True):
    """One file behind a recording: where it lies, what its bytes are, how they were read.

    `offset_s` is when it starts on the call's clock, `duration` how many seconds it has.
    """

    path: str
    sha256: str
    codec: str | None = None
    offset_s: float = 0.0
    duration: float | None = None


class Recording(Value, frozen=True, kw_only=True):
    """A recording after decoding.

    Attributes
    ----------
    path, sha256 : str
        Where it lies and the SHA-256 of its bytes; of several files, the digest of their digests in order.
    duration : float
        Seconds on the call's clock, lost stretches included.
    declared_duration : float or None
        Seconds the container claims; None when it claims nothing.
    sample_rate : int
        Samples a second in the file. `channels` counts what the file holds.
    lost_seconds : float
        Seconds that were declared or lie between timestamps but did not decode; `lost` says where.
    channel_offsets_s : tuple of float
        When each channel starts on the call's clock.
    notes : tuple of str
        What a listener should know of the file, in plain words.
    """

    path: str
    sha256: str
    duration: float
    sample_rate: int
    channels: int
    lost_seconds: float = 0.0
    lost: tuple[Segment, ...] = ()
    declared_duration: float | None = None
    codec: str | None = None
    channel_offsets_s: tuple[float, ...] = ()
    files: tuple[MediaFile, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require(self.duration >= 0, f"duration must not be negative, found {self.duration}")
        require(self.channels >= 1, f"a recording has at least one channel, found {self.channels}")
        require(self.lost_seconds >= 0, f"lost_seconds must not be negative, found {self.lost_seconds}")
