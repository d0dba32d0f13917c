"""What counts as a recording by its name, and where its transcript may lie."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from speechqa.core.source import RawFormat

_MULAW = frozenset({".ul", ".ulaw", ".mulaw", ".mu", ".g711u", ".pcmu"})
_ALAW = frozenset({".al", ".alaw", ".g711a", ".pcma"})
_HEADERLESS = _MULAW | _ALAW | frozenset({".raw", ".pcm", ".g711", ".vox"})
_UNMARKED = frozenset(
    {".mp3", ".mp2", ".mpga", ".aac", ".g722", ".g726", ".g729", ".gsm", ".sln", ".ac3", ".eac3"}
)
"""Formats whose first bytes do not tell them from headerless sound for sure."""

_MARKED = frozenset(
    {
        ".3g2", ".3gp", ".aif", ".aifc", ".aiff", ".amr", ".ape", ".asf", ".au", ".avi", ".awb",
        ".bwf", ".caf", ".ds2", ".dss", ".flac", ".flv", ".m4a", ".m4b", ".m4v", ".mka", ".mkv",
        ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".nist", ".oga", ".ogg", ".ogv", ".ogx", ".opus",
        ".qcp", ".ra", ".rf64", ".rm", ".snd", ".sph", ".spx", ".ts", ".tta", ".voc", ".w64",
        ".wav", ".wave", ".webm", ".wma", ".wmv", ".wv",
    }
)  # fmt: skip

MEDIA_EXTENSIONS = _HEADERLESS | _UNMARKED | _MARKED

TRANSCRIPT_EXTENSIONS = (".json", ".vtt", ".srt", ".TextGrid", ".textgrid")
"""In order of preference; the first that exists is taken."""

MANIFEST_NAMES = ("manifest.csv", "manifest.jsonl")


def split_name(path: str) -> tuple[str, str]:
    """Stem and extension of the last part of a path; a leading dot starts no extension.

    Examples
    --------
    >>> split_name("calls/0091.agent.WAV")
    ('0091.agent', '.WAV')
    """
    return os.path.splitext(os.path.basename(path))  # noqa: PTH119, PTH122 - hostile names stay text


def is_recording_name(name: str) -> bool:
    """Whether a file found in a folder is taken for a recording: a media extension or none.

    Examples
    --------
    >>> [is_recording_name(n) for n in ("a.WAV", "call", "a.json", ".hidden", "notes.txt")]
    [True, True, False, False, False]
    """
    extension = split_name(name)[1]
    return not name.startswith(".") and (not extension or extension.lower() in MEDIA_EXTENSIONS)


def raw_format_of(path: str, given: RawFormat | None) -> RawFormat | None:
    """The encoding of a headerless file: its extension's, else the one given for all that may be headerless.

    Examples
    --------
    >>> raw_format_of("a.ul", None), raw_format_of("a", "alaw"), raw_format_of("a.mp3", "alaw")
    ('mulaw', 'alaw', None)
    """
    extension = split_name(path)[1].lower()
    if extension in _MULAW:
        return "mulaw"
    if extension in _ALAW:
        return "alaw"
    return None if extension in _UNMARKED else given


def first_transcript(
    folders: Iterable[str], stems: Iterable[str], is_file: Callable[[str], bool]
) -> str | None:
    """The first transcript that exists under one of the stems in one of the folders, folders first."""
    names = [stem for stem in dict.fromkeys(stems) if stem and "\0" not in stem and "/" not in stem]
    for folder in dict.fromkeys(folders):
        for stem in names:
            for extension in TRANSCRIPT_EXTENSIONS:
                path = os.path.join(folder, stem + extension)  # noqa: PTH118 - hostile names stay text
                if is_file(path):
                    return path
    return None
