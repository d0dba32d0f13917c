"""What a recording of a call can be at most and at least; anything else is damage or an attack."""

from __future__ import annotations

from speechqa.audio.media import HINT
from speechqa.core.plain import printable
from speechqa.errors import EmptyRecording, UnreadableRecording

LONGEST_S = 24 * 3600.0
"""No call lasts longer; a small file that decodes to more is made to fill a disk."""

SHORTEST_S = 0.001
"""Times are kept to a millisecond."""

MOST_CHANNELS = 32
LOWEST_RATE_HZ = 2_000
HIGHEST_RATE_HZ = 768_000


def check_length(seconds: float, path: str) -> None:
    """Refuse a recording that goes on for longer than `LONGEST_S`."""
    if seconds > LONGEST_S:
        raise UnreadableRecording(
            "The recording is longer than any call",
            where=printable(path),
            expected=f"at most {LONGEST_S / 3600:.0f} hours",
            hint="Split it into its calls first",
        )


def check_heard(seconds: float, frames: int, path: str, *, damaged: int) -> None:
    """Refuse a recording of which nothing came out; `damaged` counts packets that did not decode."""
    if seconds < SHORTEST_S or not frames:
        raise nothing_heard(path, damaged=damaged)


def nothing_heard(path: str, *, damaged: int) -> UnreadableRecording:
    """The error for a recording without a millisecond of sound."""
    if damaged:
        return UnreadableRecording(
            "Nothing of the recording could be decoded",
            where=printable(path),
            found=f"{damaged} damaged packets",
            hint=HINT,
        )
    return EmptyRecording(
        "The recording holds no sound",
        where=printable(path),
        expected="at least a millisecond of it",
        hint=HINT,
    )


def is_rate(rate: int) -> bool:
    """Whether speech is ever recorded at that rate, in Hz."""
    return LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ


def check_rate(rate: int, path: str) -> int:
    """The rate, if it can be one."""
    if not is_rate(rate):
        raise UnreadableRecording(
            "The sampling rate is none of a recording",
            where=printable(path),
            found=f"{rate} Hz",
            expected=f"{LOWEST_RATE_HZ:,} to {HIGHEST_RATE_HZ:,} Hz",
            hint=HINT,
        )
    return rate


def check_channels(channels: int, path: str) -> int:
    """The channel count, if it can be one."""
    if not 1 <= channels <= MOST_CHANNELS:
        raise UnreadableRecording(
            "The recording cannot have so many channels",
            where=printable(path),
            found=str(channels),
            expected=f"1 to {MOST_CHANNELS}",
            hint=HINT,
        )
    return channels
