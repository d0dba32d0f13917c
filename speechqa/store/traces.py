"""Whether anything of a removed call is left in the bytes of a store's files."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from speechqa.core.analysis import CallAnalysis
from speechqa.core.codec import decode
from speechqa.store.database import Database
from speechqa.store.schema import call_text, documents
from speechqa.store.search import normalised

_TURNS: Final = 6
_SHORTEST: Final = 16
_LONGEST: Final = 48
_WINDOWS: Final = 4
_MOST: Final = 500


class Piece(NamedTuple):
    """Bytes that only the removed call has; `phrase` is what they say, None for those of a document."""

    data: bytes
    phrase: str | None


def pieces_of(connection: sa.Connection, call: int) -> list[Piece]:
    """What a call would be known by: its longest turns as said and as indexed, and parts of its documents.

    Short, because what straddles two pages of a database cannot be found as a whole.
    """
    pieces: dict[bytes, Piece] = {}
    for row in connection.execute(
        sa.select(documents.c.body, documents.c.current).where(documents.c.call == call)
    ):
        body: bytes = row.body
        step = max(1, (len(body) - _LONGEST) // (_WINDOWS + 1))
        for start in range(step, len(body) - _LONGEST, step):
            window = body[start : start + _LONGEST]
            pieces[window] = Piece(window, None)
        for text in _said(body):
            for form in (text, normalised(text)):
                data = form.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore").encode()
                if len(data) >= _SHORTEST:
                    pieces[data] = Piece(data, normalised(data.decode()))
    return list(pieces.values())


def left_of(database: Database, pieces: Sequence[Piece]) -> tuple[int, int]:
    """How many pieces are still in the store's files, and how many bytes were searched.

    What another call says too is no trace of the removed one.
    """
    left: set[int] = set()
    searched = 0
    for path in database.files():
        size = path.stat().st_size
        searched += size
        if not size:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            left.update(i for i, piece in enumerate(pieces) if i not in left and held.find(piece.data) >= 0)
    with database.reading() as connection:
        return sum(not _elsewhere(connection, pieces[index]) for index in left), searched


def sampled(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """At most `_MOST` of the pieces, evenly: each is looked for in every byte."""
    step = max(1, -(-len(pieces) // _MOST))
    return pieces[::step]


def _said(body: bytes) -> list[str]:
    """The longest turns of a kept document; none of a damaged one, of which the bytes tell."""
    try:
        document = decode(zlib.decompress(body))
    except (zlib.error, ValueError):
        return []
    if not isinstance(document, CallAnalysis) or document.transcript is None:
        return []
    return sorted((turn.text for turn in document.transcript.turns), key=len, reverse=True)[:_TURNS]


def _elsewhere(connection: sa.Connection, piece: Piece) -> bool:
    if not piece.phrase:
        # Documents of calls that are much alike have parts in common, packed too.
        held = sa.func.instr(documents.c.body, piece.data) > 0
        return connection.execute(sa.select(documents.c.id).where(held).limit(1)).first() is not None
    columns = (call_text.c.agent, call_text.c.customer, call_text.c.other)
    # The last word may have been cut.
    phrase = piece.phrase.rpartition(" ")[0] or piece.phrase
    alike = sa.or_(*(column.contains(phrase, autoescape=True) for column in columns))
    return connection.execute(sa.select(call_text.c.rowid).where(alike).limit(1)).first() is not None
