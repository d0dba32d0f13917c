"""Opening media files: read-only, regular local files, formats from a list, nothing followed out of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NoReturn, cast

from speechqa.core.plain import printable
from speechqa.errors import EmptyRecording, RecordingNotFound, UnreadableRecording
from speechqa.places.opening import opened
from speechqa.places.urls import PACKAGES, is_url, protocol_of

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

FORMATS = (
    "wav", "w64", "mp3", "aac", "flac", "ogg", "mov", "matroska", "asf", "amr", "amrnb", "amrwb", "aiff",
    "au", "caf", "mpegts", "mpeg", "avi", "flv", "rm", "g722", "g726", "g726le", "g729", "gsm", "sln", "wv",
    "ape", "tta", "ac3", "eac3", "loas", "voc", "ircam", "nistsphere", "sox", "dss", "qcp", "xwma",
)  # fmt: skip
"""FFmpeg demuxers that hold sound themselves. Playlists, scripts, devices and images are none of them."""

HEADERLESS_EXTENSIONS = {".g722": "g722", ".g726": "g726", ".g729": "g729", ".gsm": "gsm", ".sln": "sln"}
"""Formats that cannot be told by their bytes; the name is believed when nothing else fits."""

HINT = "Check that the file is a complete recording; other formats can be converted to WAV or FLAC first"


@contextmanager
def open_file(path: str) -> Iterator[BinaryIO]:
    """Open a regular local file for reading, or what lies behind an address that is followed.

    Any other protocol in a name means nothing here.

    Raises
    ------
    RecordingNotFound
        If there is no such file.
    UnreadableRecording
        If it is no regular file or may not be read.
    EmptyRecording
        If it has no bytes.
    """
    if is_url(path) and protocol_of(path) in PACKAGES:
        with opened(path) as fetched:
            yield fetched
        return
    where = printable(path)
    try:
        found = os.stat(path)  # noqa: PTH116 - names that are no UTF-8 and null bytes are caught alike
        file = open(path, "rb") if stat.S_ISREG(found.st_mode) else None  # noqa: SIM115, PTH123
    except PermissionError as error:
        raise UnreadableRecording(
            "The file may not be read", where=where, hint="Give this user the right to read it"
        ) from error
    except (OSError, ValueError) as error:
        # A name with a null byte or of too great a length is no file either.
        hint = "Such addresses are not read: copy the recording to this machine" if is_url(path) else None
        raise RecordingNotFound(
            "There is no such recording", where=where, hint=hint or "Check the path and the manifest"
        ) from error
    if file is None:
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a device, pipe or socket"
        raise UnreadableRecording("A recording must be a regular file", where=where, found=kind)
    if found.st_size == 0:
        file.close()
        raise EmptyRecording("The file is empty", where=where, found="0 bytes", hint=HINT)
    with file:
        yield file


class NamelessFile:
    """What FFmpeg sees of a file: its bytes, never its name, with some bytes corrected.

    Without a name nothing is guessed from an extension and no protocol is read out of it.

    Parameters
    ----------
    file : binary file
        Opened for reading.
    corrected : mapping of int to bytes
        Bytes to show instead, by offset; the file itself stays as it is.
    """

    def __init__(self, file: BinaryIO, corrected: Mapping[int, bytes]) -> None:
        self._file = file
        self._corrected = corrected

    def read(self, size: int) -> bytes:
        """Up to `size` bytes from where the file stands."""
        start = self._file.tell()
        data = self._file.read(size)
        for offset, right in self._corrected.items():
            if offset < start + len(data) and start < offset + len(right):
                changed = bytearray(data)
                for index, value in enumerate(right):
                    if 0 <= offset + index - start < len(changed):
                        changed[offset + index - start] = value
                data = bytes(changed)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move as `io` files do."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where the file stands."""
        return self._file.tell()


def _follow_nothing(*_: object) -> NoReturn:
    raise PermissionError("a recording may not name other files")


def open_container(file: BinaryIO, path: str, corrected: Mapping[int, bytes]) -> InputContainer:
    """Let FFmpeg recognise the bytes, or believe the extension of a format that has no header.

    Raises
    ------
    UnreadableRecording
        If it is none of `FORMATS`.
    """
    import av

    extension = os.path.splitext(path)[1].lower()  # noqa: PTH122 - a str in, a str out
    error: Exception | None = None
    for format_name in (None, HEADERLESS_EXTENSIONS.get(extension)):
        if error is not None and format_name is None:
            break
        file.seek(0)
        try:
            return av.open(
                NamelessFile(file, corrected),
                "r",
                format=format_name,
                options={"format_whitelist": ",".join(FORMATS), "protocol_whitelist": "none"},
                metadata_errors="replace",
                io_open=_follow_nothing,
            )
        except (av.FFmpegError, ValueError) as failure:
            error = failure
    raise UnreadableRecording(
        "The file is no audio that can be read",
        where=printable(path),
        found=described(error),
        expected="WAV, MP3, M4A, OGG, Opus, WebM, FLAC, WMA, AMR or another common recording",
        hint=HINT + "; headerless G.711 needs its format as an option",
    ) from error


def audio_stream(container: InputContainer, path: str, notes: list[str]) -> AudioStream:
    """The first audio stream; says in `notes` if there are more.

    Raises
    ------
    UnreadableRecording
        If there is none, or nothing here decodes it.
    """
    streams = [stream for stream in container.streams if stream.type == "audio"]
    if not streams:
        others = "video without sound" if any(s.type == "video" for s in container.streams) else "no audio"
        raise UnreadableRecording(
            "The file holds no sound",
            where=printable(path),
            found=others,
            expected="an audio stream",
            hint=HINT,
        )
    known = [stream for stream in streams if stream.codec_context is not None]
    if not known:
        raise UnreadableRecording(
            "The sound is coded in a way that is not known here", where=printable(path), hint=HINT
        )
    if len(streams) > 1:
        notes.append(f"The file holds {len(streams)} audio streams; the first that can be decoded was used.")
    return cast("AudioStream", known[0])


def described(error: Exception | None) -> str:
    """FFmpeg's own words for an error, without its placeholder for the name."""
    words = getattr(error, "strerror", None) or str(error)
    return printable(str(words).replace(": '<none>'", ""), limit=200)
