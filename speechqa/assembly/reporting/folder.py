"""A folder of a report and its account of what was made of what, so that nothing is made twice."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from speechqa.core.plain import printable
from speechqa.core.value import Value
from speechqa.errors import ReportError
from speechqa.files.unfinished import sweep
from speechqa.ingest.identity import file_digest
from speechqa.reports.pages.folder import PageFolder
from speechqa.reports.whole_file import write_whole

MANIFEST: Final = "speechqa-report.jsonl"
"""One line a thing that was made; of several about one thing the last counts."""

_AS_IT_STANDS: Final = os.O_NOFOLLOW | os.O_NONBLOCK
"""No link is followed, and no pipe waited at, that came there since it was looked at."""

_LONGEST_LINE: Final = 64 << 20
"""Bytes of a line; a page over a hundred thousand calls names them all in one."""

PageKind = Literal["call", "agent", "customer", "batch"]


class Entry(Value, frozen=True, kw_only=True):
    """Something that was made: a call's page with what lies beside it, an agent's, a customer's, or the one
    over calls.

    Attributes
    ----------
    of : str
        The call's, agent's or customer's id; empty for the page over calls.
    basis : str
        Digest of all it was made of.
    files : mapping of str to str
        SHA-256 of each file, by name; empty for one that was about to be written.
    calls : tuple of str
        Ids of the calls it shows or names.
    """

    kind: PageKind
    of: str
    basis: str
    files: Mapping[str, str]
    calls: tuple[str, ...]


class ReportFolder(PageFolder):
    """A folder of pages that knows what was made in it.

    Raises
    ------
    ReportError
        If the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        _require_own_file(path / MANIFEST)
        sweep(path)
        self._entries = {(entry.kind, entry.of): entry for entry in entries_in(path)}

    def unchanged(self, kind: PageKind, of: str, basis: str) -> Entry | None:
        """What was made of the same before, if every file of it is still as it was written."""
        entry = self._entries.get((kind, of))
        if entry is None or entry.basis != basis:
            return None
        whole = all(file_digest(str(self.path / name)) == digest for name, digest in entry.files.items())
        return entry if whole else None

    def begin(self, kind: PageKind, of: str, *, names: Iterable[str], calls: Iterable[str]) -> None:
        """Write down what is about to be made: a purge finds it also where it never comes to its account."""
        before = self._entries.get((kind, of))
        shown = dict.fromkeys((*(before.calls if before is not None else ()), *calls))
        files = {**(before.files if before is not None else {}), **dict.fromkeys(names, "")}
        entry = Entry(kind=kind, of=of, basis="", files=files, calls=tuple(shown))
        self._append(entry)
        self._entries[kind, of] = entry

    def account(
        self, kind: PageKind, of: str, *, basis: str, names: Iterable[str], calls: Iterable[str]
    ) -> Entry:
        """Write down what was made; files that belonged to it before and no longer do are removed."""
        files = {name: file_digest(str(self.path / name)) or "" for name in names}
        entry = Entry(kind=kind, of=of, basis=basis, files=files, calls=tuple(calls))
        before = self._entries.get((kind, of))
        self._append(entry)
        self._entries[kind, of] = entry
        for name, digest in before.files.items() if before is not None else ():
            if name not in files and digest in ("", file_digest(str(self.path / name))):
                (self.path / name).unlink(missing_ok=True)
        return entry

    def _append(self, entry: Entry) -> None:
        target = self.path / MANIFEST
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _AS_IT_STANDS, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(_line(entry))
        except OSError as error:
            raise ReportError(
                "What was made cannot be written down", where=str(target), found=error.strerror or str(error)
            ) from error


def _require_own_file(account: Path) -> None:
    """Refuse an account that leads elsewhere: whoever may write here would choose what is written to."""
    if os.path.lexists(account) and not stat.S_ISREG(account.lstat().st_mode):
        raise ReportError(
            "The account of what was made is a link, pipe or device",
            where=printable(str(account)),
            expected="a file of its own",
            hint="Remove it, or name another folder; the results themselves are safe in the store",
        )


def entries_in(folder: Path) -> tuple[Entry, ...]:
    """What was made in a folder, by its account; nothing where there is none, or none that can be read.

    Names that lead out of the folder are left out: the account lies where others may write.
    """
    try:
        # Not to be waited at, should somebody have put a pipe in its place.
        handle = os.open(folder / MANIFEST, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return ()
    found: dict[tuple[str, str], Entry] = {}
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return ()
        while line := file.readline(_LONGEST_LINE):
            try:
                entry = msgspec.convert(json.loads(line), Entry)
            except (ValueError, RecursionError):
                continue  # cut off by a kill, or no line of ours: what it told of is made again
            if all(_is_plain(name) for name in entry.files):
                found[entry.kind, entry.of] = entry
    return tuple(found.values())


def drop_calls(folder: Path, gone: frozenset[str]) -> None:
    """Take calls, and whatever shows them, out of a folder's account.

    Raises
    ------
    OSError
        If it cannot be written anew.
    """
    sweep(folder)
    entries = entries_in(folder)
    kept = [entry for entry in entries if not gone & {*entry.calls}]
    if len(kept) == len(entries):
        return
    write_whole(folder / MANIFEST, b"".join(_line(entry) for entry in kept))


def _line(entry: Entry) -> bytes:
    # As ASCII, so that an id with half a surrogate pair comes back as it was.
    return json.dumps(msgspec.to_builtins(entry), sort_keys=True).encode() + b"\n"


def _is_plain(name: str) -> bool:
    return name not in ("", ".", "..") and not {"/", "\\", "\0"} & {*name}
