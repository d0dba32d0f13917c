"""Everything that is written in a file, whatever it is packed into."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_STREAMS = tuple(b"\x78" + level for level in (b"\x01", b"\x5e", b"\x9c", b"\xda"))
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_LONGEST = 1 << 24


def texts_in(path: Path) -> Iterator[str]:
    """The file's bytes as text in each encoding that somebody could read them in, packed pieces unpacked."""
    data = path.read_bytes()
    for piece in _pieces(path.name, data):
        yield piece.decode("utf-8", "replace")
        yield piece.decode("utf-16-le", "replace")
        yield piece[1:].decode("utf-16-le", "replace")
        if rb"\u0" in piece:
            yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), piece.decode("utf-8", "replace"))
    if data.startswith(b"SQLite format 3\0"):
        yield from _rows(path)
    if data.startswith(b"%PDF"):
        yield from _pages(data)
    if data.startswith(b"PAR1"):
        from pyarrow import parquet

        yield str(parquet.read_table(path).to_pylist())


def members_of(path: Path, ending: str) -> Iterator[str]:
    """The file itself if its name ends so, or those of its members that do, where it is an archive."""
    if path.suffix == ending:
        yield path.read_text("utf-8")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(ending):
                    yield archive.read(name).decode()


def _pieces(name: str, data: bytes) -> Iterator[bytes]:
    yield name.encode("utf-8", "surrogateescape")
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment
            for member in archive.infolist():
                yield from _pieces(member.filename, archive.read(member))
        return
    for start in _starts(data):
        try:
            yield zlib.decompressobj().decompress(data[start:], _LONGEST)
        except zlib.error:
            continue


def _starts(data: bytes) -> Iterator[int]:
    for head in _STREAMS:
        at = data.find(head)
        while at >= 0:
            yield at
            at = data.find(head, at + 1)


def _rows(path: Path) -> Iterator[str]:
    """Values of a database, for one that is longer than a page lies in pieces among the file's bytes."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        database.text_factory = lambda held: held.decode("utf-8", "replace")
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for row in database.execute(f'SELECT * FROM "{name}"'):
                for value in row:
                    if isinstance(value, bytes):
                        for piece in _pieces("", value):
                            yield piece.decode("utf-8", "replace")
                    elif isinstance(value, str):
                        yield value


def _pages(data: bytes) -> Iterator[str]:
    import pypdfium2

    paper = pypdfium2.PdfDocument(data)
    yield str(paper.get_metadata_dict())
    for page in paper:
        yield page.get_textpage().get_text_range()
