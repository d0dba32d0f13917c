"""A folder of the recordings that break audio programs, and what must become of each."""

from __future__ import annotations

import os
import random
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.support.media import clicks, write_media, write_silent_video

SECONDS = 11.0


@dataclass(frozen=True)
class Hostile:
    """What must become of a file: an error's class name, or about so many lost seconds."""

    error: str | None = None
    lost: float | None = 0.0
    tolerance: float = 0.3
    duration: float | None = SECONDS


HOSTILE: dict[str, Hostile] = {
    "empty.wav": Hostile("EmptyRecording"),
    "text.wav": Hostile("UnreadableRecording"),
    "playlist.wav": Hostile("UnreadableRecording"),
    "video-without-sound.mp4": Hostile("UnreadableRecording"),
    "one-sample.wav": Hostile("EmptyRecording"),
    "header-only.wav": Hostile("EmptyRecording"),
    "folder.wav": Hostile("UnreadableRecording"),
    "truncated.wav": Hostile(lost=SECONDS * 0.45),
    "truncated.mp3": Hostile(lost=SECONDS * 0.45),
    "truncated.flac": Hostile(lost=SECONDS * 0.45, tolerance=0.8),
    # Ogg declares no length: only the page that was cut, of a second here, is known to be lost.
    "truncated.opus": Hostile(lost=1.0, tolerance=0.1, duration=7.0),
    "size-zero.wav": Hostile(),
    "size-unknown.wav": Hostile(),
    "size-too-small.wav": Hostile(),
    "size-too-large.wav": Hostile(lost=SECONDS, duration=2 * SECONDS),
    "damaged.mp3": Hostile(lost=SECONDS * 0.15),
    # Ogg loses whole pages, of a second each here.
    "damaged.opus": Hostile(lost=SECONDS * 0.15, tolerance=2.0),
    "damaged.flac": Hostile(lost=SECONDS * 0.15, tolerance=0.5),
    "eight-channels.wav": Hostile(duration=2.0),
    "96-khz.wav": Hostile(duration=2.0),
    "silence.wav": Hostile(duration=2.0),
    "with spaces in it.wav": Hostile(duration=2.0),
    "שיחה עם לקוח.wav": Hostile(duration=2.0),
    "two\nlines.wav": Hostile(duration=2.0),
    "-leading-dash.wav": Hostile(duration=2.0),
    "concat:silence.wav": Hostile(duration=2.0),
    os.fsdecode(b"not-utf8-\xe9.wav"): Hostile(duration=2.0),
}


def make_hostile_folder(path: Path) -> Path:
    """Write every file of `HOSTILE` into a new folder."""
    path.mkdir(parents=True, exist_ok=True)
    speech = clicks(SECONDS, 16_000, 2)
    whole = write_media(path / "whole.wav", speech, 16_000).read_bytes()
    mp3 = write_media(path / "whole.mp3", speech, 16_000, codec="libmp3lame", bit_rate=48_000).read_bytes()
    flac = write_media(path / "whole.flac", speech, 16_000, codec="flac").read_bytes()
    opus = write_media(path / "whole.opus", clicks(SECONDS, 48_000, 2), 48_000, codec="libopus").read_bytes()
    for name in ("whole.wav", "whole.mp3", "whole.flac", "whole.opus"):
        (path / name).unlink()

    (path / "empty.wav").write_bytes(b"")
    (path / "text.wav").write_text("This is no recording.\n" * 60, encoding="utf-8")
    (path / "playlist.wav").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nsilence.wav\n#EXT-X-ENDLIST\n", encoding="utf-8"
    )
    (path / "folder.wav").mkdir()
    write_silent_video(path / "video-without-sound.mp4")
    write_media(path / "one-sample.wav", speech[:1, :1], 16_000)
    data = whole.index(b"data") + 4
    (path / "header-only.wav").write_bytes(whole[:data] + bytes(4))
    for name, content in (("wav", whole), ("mp3", mp3), ("flac", flac), ("opus", opus)):
        # Within a page of the Ogg file, so that its header is still there.
        share = 0.6 if name == "opus" else 0.55
        (path / f"truncated.{name}").write_bytes(content[: int(len(content) * share)])
        if name != "wav":
            (path / f"damaged.{name}").write_bytes(damaged(content))
    sound = len(whole) - data - 4
    for name, size in (
        ("zero", 0),
        ("unknown", 0xFFFFFFFF),
        ("too-small", sound // 40),
        ("too-large", sound * 2),
    ):
        (path / f"size-{name}.wav").write_bytes(with_size(whole, size))
    write_media(path / "eight-channels.wav", clicks(2.0, 16_000, 8), 16_000)
    write_media(path / "96-khz.wav", clicks(2.0, 96_000, 2), 96_000)
    silence = write_media(path / "silence.wav", np.zeros((1, 16_000), dtype=np.int16), 8_000).read_bytes()
    other = write_media(path / "other.wav", clicks(2.0, 8_000, 2), 8_000).read_bytes()
    (path / "other.wav").unlink()
    named = (
        "with spaces in it",
        "שיחה עם לקוח",
        "two\nlines",
        "-leading-dash",
        os.fsdecode(b"not-utf8-\xe9"),
    )
    for index, name in enumerate(named):
        # Different bytes each, or they would be one call under several names.
        (path / f"{name}.wav").write_bytes(other[:-1] + bytes([index]))
    (path / "concat:silence.wav").write_bytes(silence[:-1] + b"\x01")
    return path


def damaged(content: bytes, first: float = 0.4, last: float = 0.55, seed: int = 1) -> bytes:
    """The content with noise from one share of its length to another."""
    start, end = int(len(content) * first), int(len(content) * last)
    return content[:start] + random.Random(seed).randbytes(end - start) + content[end:]


def with_size(wav: bytes, size: int) -> bytes:
    """A WAV file whose header claims `size` bytes of sound."""
    data = wav.index(b"data") + 4
    riff = struct.pack("<I", min(size + data - 4, 0xFFFFFFFF))
    return wav[:4] + riff + wav[8:data] + struct.pack("<I", size) + wav[data + 4 :]
