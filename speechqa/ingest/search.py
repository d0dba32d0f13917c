"""One pass over what was asked for: paths, globs, folders and the rows of manifests."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator

from speechqa.core.plain import printable
from speechqa.core.source import CallSource, PartyFile
from speechqa.errors import SpeechQAError, UnreadableRecording
from speechqa.ingest.complete import Completion
from speechqa.ingest.found import Counts, Refused
from speechqa.ingest.kinds import MANIFEST_NAMES, is_recording_name, split_name
from speechqa.ingest.manifest import BadRow, read_manifest
from speechqa.ingest.resolve import Roots, source_of
from speechqa.ingest.walk import Folder

_DEEPEST = 200
"""Levels of folders that are entered; each costs the walk a frame of the stack."""


def expand(path: str) -> list[str] | None:
    """What a glob matches, sorted; None for a path that exists as it is, or is no glob."""
    if os.path.lexists(path) or not glob.has_magic(path):
        return None
    return sorted(glob.glob(path, recursive=True), key=os.fsencode)  # noqa: PTH207 - hostile names stay text


class Search:
    """One pass over what was asked for."""

    def __init__(
        self, paths: tuple[str, ...], manifest: str | None, completion: Completion, counts: Counts
    ) -> None:
        self._paths, self._manifest, self._completion, self._counts = paths, manifest, completion, counts
        # Paths already given, eight bytes each: those of manifests, and all once several paths may overlap.
        self._given: set[bytes] = set()
        self._remember = len(paths) > 1

    def calls(self) -> Iterator[CallSource | Refused]:
        """All calls."""
        if self._manifest is not None:
            yield from self._asked_rows(self._manifest)
        for path in self._paths:
            found = expand(path)
            if found is None:
                yield from self._path(path, root=os.path.dirname(path), named=True)  # noqa: PTH120
                continue
            # A glob that names an extension asks for just those files; `calls/*` asks as a folder does.
            named = not glob.has_magic(split_name(path)[1]) and split_name(path)[1] != ""
            if not found:
                yield self._completion.of(CallSource(files=(PartyFile(path=path),)), root="")
            for match in found:
                yield from self._path(match, root=os.path.dirname(match), named=named)  # noqa: PTH120

    def _path(self, path: str, *, root: str, named: bool) -> Iterator[CallSource | Refused]:
        if os.path.isdir(path):  # noqa: PTH112
            yield from self._folder(path, root=path)
        elif named or is_recording_name(os.path.basename(path)):  # noqa: PTH119
            yield from self._file(path, root=root)
        else:
            self._counts.ignored += 1

    def _file(self, path: str, *, root: str) -> Iterator[CallSource]:
        if self._take(path):
            yield self._completion.of(CallSource(files=(PartyFile(path=path),)), root=root)

    def _folder(self, path: str, *, root: str, depth: int = 0) -> Iterator[CallSource | Refused]:
        if depth > _DEEPEST:
            failure = UnreadableRecording(
                "Folders are nested too deep",
                where=printable(path, limit=200),
                expected=f"at most {_DEEPEST} levels",
                hint="Name a folder further in to have it analysed",
            )
            yield Refused(error=failure, path=path)
            return
        if self._manifest is None:
            for name in MANIFEST_NAMES:
                found = os.path.join(path, name)  # noqa: PTH118
                if os.path.isfile(found):  # noqa: PTH113
                    yield from self._found_rows(found, path)
        folder = Folder(path)
        try:
            for entry, is_folder in folder:
                name = os.path.basename(entry)  # noqa: PTH119
                if is_folder:
                    if not name.startswith("."):
                        yield from self._folder(entry, root=root, depth=depth + 1)
                elif is_recording_name(name):
                    yield from self._file(entry, root=root)
                elif name not in MANIFEST_NAMES:
                    self._counts.ignored += 1
        except OSError as error:
            failure = UnreadableRecording(
                "The folder cannot be read",
                where=printable(path),
                found=printable(error.strerror or str(error)),
            )
            yield Refused(error=failure, path=path)
        self._counts.skipped_links += folder.skipped_links

    def _asked_rows(self, manifest: str) -> Iterator[CallSource | Refused]:
        folders = [path for path in self._paths if os.path.isdir(path)]  # noqa: PTH112
        named: set[bytes] | None = None
        if self._paths and not folders:
            files = (match for path in self._paths for match in expand(path) or [path])
            named = {_key(path) for path in files}
        own = os.path.dirname(manifest) or "."  # noqa: PTH120
        roots = Roots(manifest=manifest, folders=(own, *folders), confined=False)
        for call in self._rows(roots):
            if isinstance(call, Refused) or named is None or named & {_key(f.path) for f in call.files}:
                yield from self._row_call(call, own)
            else:
                self._counts.elsewhere += 1

    def _found_rows(self, manifest: str, folder: str) -> Iterator[CallSource | Refused]:
        try:
            for call in self._rows(Roots(manifest=manifest, folders=(folder,), confined=True)):
                yield from self._row_call(call, folder)
        except SpeechQAError as error:
            yield Refused(error=error, path=manifest)

    def _row_call(self, call: CallSource | Refused, root: str) -> Iterator[CallSource | Refused]:
        if isinstance(call, Refused):
            yield call
            return
        for file in call.files:
            self._given.add(_key(file.path))
        yield self._completion.of(call, root=root)

    def _rows(self, roots: Roots) -> Iterator[CallSource | Refused]:
        for row in read_manifest(roots.manifest):
            if isinstance(row, BadRow):
                # The file itself must not be taken for a call that nothing is known of.
                if row.path is not None and "\0" not in row.path:
                    self._given.update(_key(os.path.join(f, row.path)) for f in roots.folders)  # noqa: PTH118
                yield Refused(error=row.error, path=row.path, call_id=row.call_id)
                continue
            try:
                yield source_of(row, roots)
            except SpeechQAError as error:
                yield Refused(error=error, path=row.files[0][1], call_id=row.call_id)

    def _take(self, path: str) -> bool:
        """Whether a file was not given before."""
        if not self._given and not self._remember:
            return True
        key = _key(path)
        if key in self._given:
            return False
        if self._remember:
            self._given.add(key)
        return True


def _key(path: str) -> bytes:
    absolute = os.path.abspath(path)  # noqa: PTH100 - hostile names stay text
    return hashlib.blake2b(os.fsencode(absolute), digest_size=8).digest()
