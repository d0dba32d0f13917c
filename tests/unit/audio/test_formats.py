from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from speechqa.audio.decode import decode_file
from tests.support.hostile import damaged
from tests.support.media import clicks, write_media, write_silent_video

SECONDS = 6.0

FORMATS = {
    "a.wav": ("pcm_s16le", 16_000, 2),
    "u8.wav": ("pcm_u8", 16_000, 2),
    "s24.wav": ("pcm_s24le", 16_000, 2),
    "float.wav": ("pcm_f32le", 16_000, 2),
    "alaw.wav": ("pcm_alaw", 8_000, 2),
    "mulaw.wav": ("pcm_mulaw", 8_000, 2),
    "adpcm.wav": ("adpcm_ms", 8_000, 1),
    "g726.wav": ("adpcm_g726", 8_000, 1),
    "a.w64": ("pcm_s16le", 16_000, 2),
    "a.aiff": ("pcm_s16be", 44_100, 2),
    "a.au": ("pcm_s16be", 16_000, 2),
    "a.caf": ("pcm_s16le", 16_000, 2),
    "a.flac": ("flac", 8_000, 2),
    "a.mp3": ("libmp3lame", 44_100, 2),
    "low.mp3": ("libmp3lame", 8_000, 1),
    "a.m4a": ("aac", 44_100, 2),
    "low.m4a": ("aac", 8_000, 1),
    "a.opus": ("libopus", 48_000, 2),
    "a.webm": ("libopus", 48_000, 2),
    "a.g722": ("g722", 16_000, 1),
    "a.amr": ("libopencore_amrnb", 8_000, 1),
    "a.wv": ("wavpack", 16_000, 2),
}


def delay(heard: NDArray[np.float32], sent: NDArray[np.float32]) -> int:
    """Samples by which `heard` lags behind `sent`."""
    size = 1 << (len(heard) + len(sent)).bit_length()
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sent, size))
    lag = int(np.argmax(np.fft.irfft(product)))
    return lag if lag < size // 2 else lag - size


@pytest.mark.parametrize("name", FORMATS)
def test_format_is_decoded_whole_and_in_time(name: str, tmp_path: Path) -> None:
    codec, rate, channels = FORMATS[name]
    path = write_media(tmp_path / name, clicks(SECONDS, rate, channels), rate, codec=codec)
    decoded = decode_file(str(path))
    with decoded.audio as audio:
        assert audio.sample_rate == (8_000 if rate == 8_000 else 16_000)
        assert audio.channels == channels
        assert audio.duration == pytest.approx(SECONDS, abs=0.15)
        assert decoded.lost == ()
        reference = write_media(tmp_path / "reference.wav", clicks(SECONDS, rate, channels), rate)
        with decode_file(str(reference)).audio as sent:
            for channel in range(channels):
                lag = delay(audio.read(channel, 0, 99), sent.read(channel, 0, 99))
                assert abs(lag) / audio.sample_rate <= 0.01


def test_uncompressed_sound_at_the_working_rate_is_exact(tmp_path: Path) -> None:
    samples = clicks(1.0, 16_000, 2)
    with decode_file(str(write_media(tmp_path / "a.wav", samples, 16_000))).audio as audio:
        for channel in range(2):
            assert np.array_equal(audio.read(channel, 0, 1) * 32_768, samples[channel])


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.opus"])
def test_sound_after_damage_is_where_it_was(name: str, tmp_path: Path) -> None:
    codec, rate, _ = FORMATS[name]
    whole = write_media(tmp_path / name, clicks(20.0, rate, 2), rate, codec=codec)
    broken = tmp_path / f"broken-{name}"
    broken.write_bytes(damaged(whole.read_bytes(), 0.3, 0.4))
    with decode_file(str(whole)).audio as sent, decode_file(str(broken)).audio as heard:
        lag = delay(heard.read(0, 12.0, 19.0), sent.read(0, 12.0, 19.0))
        assert abs(lag) / heard.sample_rate <= 0.06


def test_a_file_without_a_declared_length_is_said_to_have_none(tmp_path: Path) -> None:
    path = write_media(
        tmp_path / "a.mp3", clicks(3.0, 16_000), 16_000, codec="libmp3lame", options={"write_xing": "0"}
    )
    decoded = decode_file(str(path))
    decoded.audio.close()
    assert decoded.declared is None
    assert decoded.lost == ()


def test_trailing_chunks_of_a_wav_file_are_no_sound(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.wav", clicks(1.0, 8_000), 8_000)
    path.write_bytes(path.read_bytes() + b"LIST" + struct.pack("<I", 20_000) + bytes(20_000))
    decoded = decode_file(str(path))
    decoded.audio.close()
    assert decoded.duration == 1.0
    assert decoded.notes == ()


def test_floats_beyond_full_scale_are_clipped_and_no_numbers_are_silence(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.wav", np.zeros((1, 8_000), dtype=np.int16), 8_000, codec="pcm_f32le")
    content = path.read_bytes()
    wild = np.zeros(8_000, dtype="<f4")
    wild[:4] = (np.nan, np.inf, -np.inf, 7.0)
    start = content.index(b"data") + 8
    path.write_bytes(content[:start] + wild.tobytes())
    with decode_file(str(path)).audio as audio:
        assert audio.read(0, 0, 1)[:5] == pytest.approx([0.0, 1.0, -1.0, 1.0, 0.0], abs=1e-4)


@pytest.mark.parametrize(("law", "code"), [("mulaw", b"\xff"), ("alaw", b"\xd5")])
def test_headerless_g711(law: str, code: bytes, tmp_path: Path) -> None:
    path = tmp_path / "call"
    path.write_bytes(code * 16_001)
    decoded = decode_file(str(path), raw_format=law, raw_channels=2)  # type: ignore[arg-type]
    with decoded.audio as audio:
        assert (audio.channels, audio.sample_rate, audio.duration) == (2, 8_000, 1.0)
        assert np.abs(audio.read(1, 0, 1)).max() < 0.001


def test_a_file_with_a_header_is_not_read_as_headerless(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.wav", clicks(1.0, 16_000), 16_000)
    decoded = decode_file(str(path), raw_format="mulaw")
    decoded.audio.close()
    assert (decoded.sample_rate, decoded.duration) == (16_000, 1.0)
    assert any("header" in note for note in decoded.notes)


def test_sound_beside_video_is_found(tmp_path: Path) -> None:
    write_silent_video(tmp_path / "v.mp4")
    path = write_media(tmp_path / "a.mp4", clicks(2.0, 16_000), 16_000, codec="aac")
    decoded = decode_file(str(path))
    decoded.audio.close()
    assert decoded.codec == "aac"
    assert decoded.duration == pytest.approx(2.0, abs=0.1)


def test_decoding_twice_gives_the_same_samples(tmp_path: Path) -> None:
    path = str(write_media(tmp_path / "a.mp3", clicks(3.0, 44_100, 2), 44_100, codec="libmp3lame"))
    with decode_file(path).audio as first, decode_file(path).audio as second:
        assert np.array_equal(first.read(1, 0, 9), second.read(1, 0, 9))
