from __future__ import annotations

import os
from pathlib import Path

import pytest

from speechqa.audio import limits
from speechqa.audio.decode import decode_file
from speechqa.errors import EmptyRecording, RecordingNotFound, UnreadableRecording
from tests.support.media import clicks, write_media


@pytest.mark.parametrize(
    "content",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{target}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{target}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><Period/></MPD>",
    ],
    ids=["hls", "concat", "sdp", "dash"],
)
@pytest.mark.parametrize("name", ["a.wav", "a.m3u8", "a.txt", "a"])
def test_files_that_name_other_files_are_not_followed(content: str, name: str, tmp_path: Path) -> None:
    target = write_media(tmp_path / "target.wav", clicks(1.0, 8_000), 8_000)
    path = tmp_path / name
    path.write_text(content.format(target=target), encoding="utf-8")
    with pytest.raises(UnreadableRecording):
        decode_file(str(path))


@pytest.mark.parametrize(
    "path", ["http://127.0.0.1:9/a.wav", "concat:a.wav|b.wav", "/dev/null/a.wav", "a\0b.wav", "x" * 5_000]
)
def test_a_name_is_never_an_address(path: str) -> None:
    with pytest.raises(RecordingNotFound):
        decode_file(path)


def test_pipes_devices_and_folders_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for path in (str(tmp_path / "pipe.wav"), "/dev/zero", str(tmp_path)):
        with pytest.raises(UnreadableRecording, match="regular file"):
            decode_file(path)


def test_sound_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONGEST_S", 5.0)
    path = write_media(tmp_path / "a.flac", clicks(20.0, 8_000) * 0, 8_000, codec="flac")
    with pytest.raises(UnreadableRecording, match="longer than any call"):
        decode_file(str(path))


@pytest.mark.parametrize("rate", [1, 0xFFFFFFF])
def test_sampling_rates_that_cannot_be_are_refused(rate: int, tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.wav", clicks(0.1, 8_000), 8_000)
    content = bytearray(path.read_bytes())
    content[24:28] = rate.to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(UnreadableRecording):
        decode_file(str(path))


def test_messages_can_be_printed(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xe9\n.wav")
    Path(path).touch()
    with pytest.raises(EmptyRecording) as caught:
        decode_file(path)
    assert "\n" not in str(caught.value)
    str(caught.value).encode("utf-8")


def test_formats_that_follow_nothing_are_all_known_here() -> None:
    import av

    from speechqa.audio.media import FORMATS

    known = {name for entry in av.formats_available for name in entry.split(",")}
    assert set(FORMATS) <= known
