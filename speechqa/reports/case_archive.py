"""An archive whose every byte is accounted for: files with their digests, in the one way they can be written.

Files are stored, not compressed, in a fixed order with fixed times and rights. So the archive can be made
again from what is in it, and a byte that was changed anywhere shows, even in fields that no reader looks at.
"""

from __future__ import annotations

import hashlib
import re
import struct
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from speechqa.core.packed import PACK_FORMAT, PackManifest
from speechqa.core.plain import printable

SUMS: Final = "SHA256SUMS"
MANIFEST: Final = "manifest.json"
README: Final = "README.txt"

_FIRST: Final = (README, SUMS, MANIFEST)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_SUM: Final = re.compile(r"([0-9a-f]{64})  (\S+)")
_BLOCK: Final = 1 << 20
_MOST_FILES: Final = 100_000
_LARGEST_TEXT: Final = 64 << 20
_LARGEST_DIRECTORY: Final = 16 << 20
_UNREADABLE: Final = (
    zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, LookupError,
    OverflowError, MemoryError, struct.error,
)  # fmt: skip


class Checked(NamedTuple):
    """What was found: the manifest where it can be read, and what is wrong, in words."""

    manifest: PackManifest | None
    problems: tuple[str, ...]


def sums_of(digests: Mapping[str, str]) -> bytes:
    """Digests by path in the form that ``sha256sum -c`` reads."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def write_archive(file: BinaryIO, entries: Mapping[str, bytes | Path], at: datetime) -> None:
    """Write the files into an archive in its one form; they get the time `at`, whole two seconds of UTC."""

    def pieces(content: bytes | Path) -> Iterator[bytes]:
        if isinstance(content, bytes):
            yield content
            return
        with content.open("rb") as source:
            while block := source.read(_BLOCK):
                yield block

    sizes = {n: len(c) if isinstance(c, bytes) else c.stat().st_size for n, c in entries.items()}
    _write(file, {name: (sizes[name], pieces(content)) for name, content in entries.items()}, at)


def check_archive(path: Path) -> Checked:
    """Read an archive and say what in it is not as it was written; nothing of it is unpacked.

    Hostile ones are refused before anything is read: names that lead outside, names twice, files that are
    compressed, encrypted, links, or say to be longer than the archive.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(_InPieces(file)) as archive:
            refused = tuple(_hostile(archive, path.stat().st_size))
            if refused:
                return Checked(None, refused)
            return _checked(archive, path)
    except _UNREADABLE as error:
        return Checked(
            None, (f"the archive cannot be read: {printable(str(error) or type(error).__name__)}",)
        )


class _InPieces:
    """A file that is never read in one piece larger than the directory of a pack can be.

    What an archive says of the size of its directory is read before anything else and held whole, at ten
    times its size.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > _LARGEST_DIRECTORY:
            raise ValueError(f"it says to have a directory of {size} bytes, more than a pack has")
        return self._file.read(_LARGEST_DIRECTORY if size < 0 else size)


def read_entry(path: Path, name: str) -> bytes:
    """One file of an archive that was checked before."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def _write(file: BinaryIO, entries: Mapping[str, tuple[int, Iterator[bytes]]], at: datetime) -> None:
    moment = at.astimezone(UTC)
    date = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    order = [*(n for n in _FIRST if n in entries), *sorted(set(entries) - set(_FIRST))]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in order:
            size, pieces = entries[name]
            info = zipfile.ZipInfo(name, date)
            info.create_system = 3
            info.external_attr = 0o100600 << 16
            info.file_size = size
            with archive.open(info, "w") as target:
                for piece in pieces:
                    target.write(piece)


def _hostile(archive: zipfile.ZipFile, size: int) -> Iterator[str]:
    infos = archive.infolist()
    if len(infos) > _MOST_FILES:
        yield f"the archive says it holds {len(infos)} files, more than a pack has"
        return
    if sum(info.file_size for info in infos) > size:
        yield "the files of the archive say to be longer than the archive itself"
    seen: set[str] = set()
    for info in infos:
        name = printable(info.orig_filename, limit=120)
        if info.orig_filename != info.filename or not _NAME.fullmatch(info.filename):
            yield f"the name {name!r} is none that a pack has: it may lead outside of it"
        elif info.filename.lower() in seen:
            yield f"{name} is in the archive twice"
        elif info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            yield f"{name} is compressed, which no file of a pack is"
        elif info.flag_bits & 0x1:
            yield f"{name} is encrypted, which no file of a pack is"
        elif (info.external_attr >> 28) not in (0, 8):
            yield f"{name} is a link or a device"
        seen.add(info.filename.lower())


def _checked(archive: zipfile.ZipFile, path: Path) -> Checked:
    problems: list[str] = []
    digests: dict[str, str] = {}
    for info in archive.infolist():
        try:
            digests[info.filename] = _digest(archive, info)
        except _UNREADABLE as error:
            digests[info.filename] = ""
            problems.append(f"{info.filename} was changed: {printable(str(error), limit=120)}")
    manifest: PackManifest | None = None
    problems += _against_sums(archive, digests)
    try:
        manifest = msgspec.json.decode(_text(archive, MANIFEST), type=PackManifest)
    except (*_UNREADABLE, msgspec.MsgspecError) as error:
        problems.append(f"{MANIFEST} cannot be read: {printable(str(error), limit=120)}")
    if manifest is not None:
        problems += _against_manifest(manifest, archive, digests)
    if manifest is not None and not problems:
        problems += _against_form(archive, path, manifest)
    return Checked(manifest, tuple(dict.fromkeys(problems)))


def _against_sums(archive: zipfile.ZipFile, digests: Mapping[str, str]) -> Iterator[str]:
    try:
        text = _text(archive, SUMS).decode("ascii")
    except _UNREADABLE as error:
        yield f"{SUMS} cannot be read: {printable(str(error), limit=120)}"
        return
    listed: dict[str, str] = {}
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        parts = _SUM.fullmatch(line)
        if parts is None or parts[2] in listed:
            yield f"line {number} of {SUMS} was changed: {printable(line, limit=100)}"
            continue
        listed[parts[2]] = parts[1]
    for name, digest in listed.items():
        if name not in digests:
            yield f"{name} is missing, or its line in {SUMS} was changed"
        elif digests[name] != digest:
            found = digests[name] or "not to be had"
            yield f"{name} was changed: its SHA-256 is {found}, {SUMS} says {digest}"
    for name in digests:
        if name not in listed and name != SUMS:
            yield f"{name} was added, or its line in {SUMS} is missing"


def _against_manifest(
    manifest: PackManifest, archive: zipfile.ZipFile, digests: Mapping[str, str]
) -> Iterator[str]:
    if manifest.format != PACK_FORMAT:
        yield f"the pack is of another kind: found {printable(manifest.format)!r}, expected {PACK_FORMAT!r}"
    told = {file.path: file for file in manifest.files}
    for name in sorted(set(digests) - set(told) - set(_FIRST)):
        yield f"{name} is not told of in {MANIFEST}"
    for name, file in told.items():
        if name not in digests:
            yield f"{printable(name)} is missing: {MANIFEST} tells of it"
        elif digests[name] != file.sha256 or archive.getinfo(name).file_size != file.size:
            yield f"{name} is not the file that {MANIFEST} tells of"


def _against_form(archive: zipfile.ZipFile, path: Path, manifest: PackManifest) -> Iterator[str]:
    """The archive's own bytes, between and around the files."""

    def pieces(info: zipfile.ZipInfo) -> Iterator[bytes]:
        with archive.open(info) as source:
            while block := source.read(_BLOCK):
                yield block

    entries = {info.filename: (info.file_size, pieces(info)) for info in archive.infolist()}
    with tempfile.TemporaryFile() as again:
        _write(again, entries, datetime.fromisoformat(manifest.at))
        again.seek(0)
        with path.open("rb") as given:
            place = 0
            while True:
                one, other = given.read(_BLOCK), again.read(_BLOCK)
                if one != other:
                    pairs = zip(one, other, strict=False)
                    offset = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
                    yield (
                        f"byte {place + offset} of the archive was changed, outside of its files, which are "
                        "as they were; or it was packed anew by another program"
                    )
                    return
                if not one:
                    return
                place += len(one)


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    digest = hashlib.sha256()
    with archive.open(info) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _text(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST_TEXT:
        raise ValueError(f"{name} is too long")
    return archive.read(name)
