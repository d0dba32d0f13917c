"""One pass over what was asked for: paths, globs, folders and the rows of manifests."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import closing

from speechqa.core.plain import printable
from speechqa.core.source import CallSource, PartyFile
from speechqa.errors import (
    ManifestError,
    RecordingError,
    SpeechQAError,
    TranscriptError,
    UnreadableRecording,
)
from speechqa.ingest.complete import Completion
from speechqa.ingest.found import Counts, Refused
from speechqa.ingest.given import Given
from speechqa.ingest.kinds import MANIFEST_NAMES, is_recording_name, split_name
from speechqa.ingest.listings import Listings, before_magic
from speechqa.ingest.manifest import BadRow, read_manifest
from speechqa.ingest.resolve import Roots, leads_out, source_of
from speechqa.places.urls import shown_url

_DEEPEST = 200
"""Levels of folders that are entered; each costs the walk a frame of the stack."""


class Search:
    """One pass over what was asked for."""

    def __init__(
        self,
        paths: tuple[str, ...],
        manifest: str | None,
        completion: Completion,
        counts: Counts,
        listings: Listings,
    ) -> None:
        self._listings = listings
        self._paths, self._manifest, self._completion, self._counts = paths, manifest, completion, counts
        # Those of manifests, and all once several paths may overlap.
        self._given = Given()
        self._remember = len(paths) > 1

    def calls(self) -> Iterator[CallSource | Refused]:
        """All calls."""
        with closing(self._given):
            if self._manifest is not None:
                yield from self._asked_rows(self._manifest)
            for path in self._paths:
                try:
                    yield from self._asked_path(path)
                except RecordingError as error:
                    # A place elsewhere that does not answer, or will not be listed.
                    yield Refused(error=error, path=shown_url(path))

    def _asked_path(self, path: str) -> Iterator[CallSource | Refused]:
        found = self._listings.expand(path)
        if found is None:
            yield from self._path(path, root=os.path.dirname(path), named=True)  # noqa: PTH120
            return
        # A glob that names an extension asks for just those files; `calls/*` asks as a folder does.
        named = not glob.has_magic(split_name(path)[1]) and split_name(path)[1] != ""
        matched = False
        for match in found:
            matched = True
            yield from self._path(match, root=os.path.dirname(match), named=named)  # noqa: PTH120
        if not matched:
            yield self._completed(CallSource(files=(PartyFile(path=path),)), root="")

    def _path(self, path: str, *, root: str, named: bool) -> Iterator[CallSource | Refused]:
        if self._listings.is_folder(path):
            yield from self._folder(path, root=path)
        elif named or is_recording_name(os.path.basename(path)):  # noqa: PTH119
            yield from self._file(path, root=root)
        else:
            self._counts.ignored += 1

    def _file(self, path: str, *, root: str) -> Iterator[CallSource | Refused]:
        if self._take(path):
            yield self._completed(CallSource(files=(PartyFile(path=path),)), root=root)

    def _completed(self, source: CallSource, *, root: str) -> CallSource | Refused:
        try:
            return self._completion.of(source, root=root)
        except TranscriptError as error:
            return Refused(error=error, path=source.path, call_id=source.call_id)

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
        try:
            folder = self._listings.folder(path)
        except RecordingError as error:
            yield Refused(error=error, path=path)
            return
        if self._manifest is None:
            for name in MANIFEST_NAMES:
                found = os.path.join(path, name)  # noqa: PTH118
                if self._listings.is_file(found):
                    yield from self._found_rows(found, path, root)
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
        folders = [path for path in self._paths if self._listings.is_folder(path)]
        named = None
        if self._paths and not folders:
            named = Given()
            for path in self._paths:
                for match in self._listings.expand_or_keep(path):
                    named.add(match)
        own = os.path.dirname(manifest) or "."  # noqa: PTH120
        roots = Roots(
            manifest=manifest,
            folders=(own, *folders),
            confined=False,
            addresses=(own, *map(before_magic, self._paths)),
        )
        for call in self._rows(roots):
            if isinstance(call, Refused) or named is None or any(f.path in named for f in call.files):
                yield from self._row_call(call, own)
            else:
                self._counts.elsewhere += 1

    def _found_rows(self, manifest: str, folder: str, root: str) -> Iterator[CallSource | Refused]:
        try:
            _require_within(manifest, root)
            roots = Roots(manifest=manifest, folders=(folder,), confined=True, addresses=(folder,))
            for call in self._rows(roots):
                yield from self._row_call(call, folder)
        except SpeechQAError as error:
            yield Refused(error=error, path=manifest)

    def _row_call(self, call: CallSource | Refused, root: str) -> Iterator[CallSource | Refused]:
        if isinstance(call, Refused):
            yield call
            return
        for file in call.files:
            self._given.add(file.path)
        yield self._completed(call, root=root)

    def _rows(self, roots: Roots) -> Iterator[CallSource | Refused]:
        for row in read_manifest(roots.manifest):
            if isinstance(row, BadRow):
                # The file itself must not be taken for a call that nothing is known of.
                if row.path is not None and "\0" not in row.path:
                    for folder in roots.folders:
                        self._given.add(os.path.join(folder, row.path))  # noqa: PTH118
                shown = None if row.path is None else shown_url(row.path)
                yield Refused(error=row.error, path=shown, call_id=row.call_id)
                continue
            try:
                yield source_of(row, roots, self._listings.exists)
            except SpeechQAError as error:
                yield Refused(error=error, path=shown_url(row.files[0][1]), call_id=row.call_id)

    def _take(self, path: str) -> bool:
        """Whether a file was not given before."""
        return self._given.add(path) if self._remember else path not in self._given


def _require_within(manifest: str, folder: str) -> None:
    """Refuse a link to a file elsewhere: of a text that is no list of calls the first line would be told."""
    if leads_out(manifest, folder):
        raise ManifestError(
            "The manifest in the folder is a link that leads out of it",
            where=printable(manifest, limit=200),
            expected="a file, or a link to one under the folder that was asked for",
            hint="Name the manifest with --manifest if it is to be trusted",
        )
