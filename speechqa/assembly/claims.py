"""Ids of calls that several recordings of a batch claim: none gets it, whatever order they come in."""

from __future__ import annotations

import os

from speechqa.core.analysis import Failure
from speechqa.core.plain import printable
from speechqa.core.source import CallSource, PartyFile, printable_path


class Claims:
    """Takes in all calls of a batch, then says which of them claim an id that another recording claims.

    Whichever was analysed first would have it otherwise, and with several workers that is chance. Ids come
    from the manifest, the name, or the transcript. Nothing is held but on disk, and a recording is only read
    where an id is met twice: the same recording under two names is one call.
    """

    def __init__(self) -> None:
        from speechqa.ingest.private_table import private_table

        self._met = private_table("id BLOB PRIMARY KEY, files BLOB, transcript BLOB, given INTEGER")
        self._contested = private_table("id BLOB PRIMARY KEY, first BLOB, second BLOB")

    def add(self, source: CallSource) -> None:
        """Take a call in."""
        claim = claimed_id(source)
        if claim is None:
            return
        transcript = os.fsencode(source.transcript_path) if source.transcript_path else None
        row = (_key(claim), _files(source), transcript, source.call_id is not None)
        if self._met.execute("INSERT OR IGNORE INTO held VALUES (?, ?, ?, ?)", row).rowcount:
            return
        if self._contested.execute("SELECT 1 FROM held WHERE id = ?", row[:1]).fetchone():
            return  # nobody's already: however many claim it, none of them is read again
        first = self._met.execute("SELECT * FROM held WHERE id = ?", row[:1]).fetchone()
        identity, name = _identity(first[1]), _named(first, claim)
        if identity is None or name is None:
            # What cannot be read is no rival: it fails by itself, and says why. The next may have one.
            self._met.execute("REPLACE INTO held VALUES (?, ?, ?, ?)", row)
        elif name == _named(row, claim) and _identity(row[1]) not in (identity, None):
            self._contested.execute("INSERT INTO held VALUES (?, ?, ?)", (row[0], first[1], row[1]))

    def against(self, source: CallSource) -> Failure | None:
        """Why a call cannot be analysed under the id it claims; None where it can."""
        claim = claimed_id(source)
        if claim is None:
            return None
        found = self._contested.execute(
            "SELECT first, second FROM held WHERE id = ?", (_key(claim),)
        ).fetchone()
        if found is None:
            return None
        own, (first, second) = _files(source), found
        other = second if own == first else first
        return Failure(
            type="CallIdContested",
            message=f"The call id {printable(repr(claim))} is claimed by two recordings, and nobody can tell "
            f"whose it is; in {_shown(own)}; found it at {_shown(other)} too",
            hint="Give each a call_id of its own in the manifest; both wait until then",
        )


def claimed_id(source: CallSource) -> str | None:
    """The id that a call is to have, as manifest, name or transcript say; None where none does."""
    from speechqa.transcripts.naming import likely_name

    if source.call_id is not None or source.transcript_path is None:
        return source.call_id
    return likely_name(source.transcript_path)


def _named(row: tuple[bytes, bytes, bytes | None, int], claim: str) -> str | None:
    """The id of a call that was taken in: as given, or as its transcript says when all of it is read."""
    from speechqa.transcripts.naming import named_call

    _, _, transcript, given = row
    return claim if given or transcript is None else named_call(os.fsdecode(transcript))


def _files(source: CallSource) -> bytes:
    return b"\0".join(os.fsencode(file.path) for file in source.ordered_files)


def _identity(files: bytes) -> str | None:
    from speechqa.ingest.identity import identity

    return identity(CallSource(files=tuple(PartyFile(path=os.fsdecode(one)) for one in files.split(b"\0"))))


def _shown(files: bytes) -> str:
    return " and ".join(printable(printable_path(os.fsdecode(one))) for one in files.split(b"\0"))


def _key(claim: str) -> bytes:
    return claim.encode("utf-8", "surrogatepass")
