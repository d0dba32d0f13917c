"""What a page needs to let a call be heard and seen: tracks to play, and the outline of the sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from speechqa.core.segment import Segment
from speechqa.core.value import Value

Heard = Literal["both", "agent", "customer"]


class Track(Value, frozen=True, kw_only=True):
    """One way to hear a call.

    Attributes
    ----------
    heard : {"both", "agent", "customer"}
        Whose sound is in it.
    source : str
        Name of a file beside the page, or a `data:` address with the sound in it.
    media_type : str
        As browsers name it, such as `audio/ogg; codecs=opus`.
    """

    heard: Heard
    source: str
    media_type: str


class Outline(Value, frozen=True, kw_only=True):
    """How loud a party is over the call, for a waveform.

    Attributes
    ----------
    peaks : bytes
        Greatest absolute sample of each stretch of `step_s` seconds, from 0 (silence) to 255 (full scale), in
        order; the last stretch may be shorter.
    """

    step_s: float
    peaks: bytes


class Playback(Value, frozen=True, kw_only=True):
    """How a call is heard and seen in a page; masked numbers are bleeped in its tracks.

    Attributes
    ----------
    tracks : tuple of Track
        None, one (`both`) where the parties share a channel, or all three.
    outlines : mapping of str to Outline
        By party label; one under `""` where the parties share a channel.
    bleeped : tuple of Segment
        Where nothing of the call is heard, in seconds.
    missing : str
        Why it cannot be heard; empty where it can.
    """

    tracks: tuple[Track, ...] = ()
    outlines: Mapping[str, Outline] = msgspec.field(default_factory=dict)
    bleeped: tuple[Segment, ...] = ()
    missing: str = ""
