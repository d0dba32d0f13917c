"""Streams without a clock (MP3, AAC): how much time a damaged stretch of bytes stood for.

The parser hands damaged bytes on as one long packet and counts it as one frame, so everything after it would
be early. Frames say their own length; what a packet holds beyond it is turned into time by the mean
rate so far.
"""

from __future__ import annotations

_MPEG1_LAYER3 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG1_LAYER2 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_MPEG2_LAYER23 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MPEG1_RATES = (44_100, 48_000, 32_000)

_TAIL_BYTES = 16
"""Padding after a frame that is not worth a thought."""

CLOCKLESS_FORMATS = frozenset({"mp3", "aac"})


def mpeg_frame_bytes(header: bytes) -> int | None:
    """Length of the MPEG audio frame (layer 2 or 3) that starts with `header`, None if none does.

    ISO/IEC 11172-3 and 13818-3; version 2.5 as commonly written.

    Examples
    --------
    >>> mpeg_frame_bytes(bytes.fromhex("fffb9064"))
    417
    """
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate_index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer not in (1, 2) or bitrate_index in (0, 15) or rate_index == 3:
        return None
    rate = _MPEG1_RATES[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    if version == 3:
        bitrate = (_MPEG1_LAYER3 if layer == 1 else _MPEG1_LAYER2)[bitrate_index]
    else:
        bitrate = _MPEG2_LAYER23[bitrate_index]
    coefficient = 72 if layer == 1 and version != 3 else 144
    return coefficient * bitrate * 1000 // rate + padding


def adts_frame_bytes(header: bytes) -> int | None:
    """Length of the AAC frame with an ADTS header (ISO/IEC 13818-7), None if none starts here.

    Examples
    --------
    >>> adts_frame_bytes(bytes.fromhex("fff160802ca0fc"))
    357
    """
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return None
    return (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5


class ByteClock:
    """Says after each packet how many seconds of damaged bytes it carried.

    Parameters
    ----------
    format_name : str
        `mp3` or `aac`.
    """

    def __init__(self, format_name: str) -> None:
        self._frame_bytes = adts_frame_bytes if format_name == "aac" else mpeg_frame_bytes
        self._good_bytes = 0
        self._good_seconds = 0.0

    def damage(self, packet: bytes, frame_s: float) -> float:
        """Seconds beyond the packet's own frame that its bytes stood for, a multiple of `frame_s`."""
        length = self._frame_bytes(packet)
        if length is not None and abs(len(packet) - length) <= _TAIL_BYTES:
            self._good_bytes += len(packet)
            self._good_seconds += frame_s
            return 0.0
        if not self._good_bytes or frame_s <= 0:
            return 0.0
        stood_for = len(packet) / self._good_bytes * self._good_seconds
        return max(0, round(stood_for / frame_s) - 1) * frame_s
