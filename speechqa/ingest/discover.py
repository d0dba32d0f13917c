"""Calls from paths: files, folders, globs and manifests, in a stable order, one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from speechqa.core.plain import printable
from speechqa.core.source import CallSource, PartyFile, RawFormat
from speechqa.errors import ConfigurationError, UsageError
from speechqa.ingest.complete import Completion
from speechqa.ingest.found import Counts, Refused
from speechqa.ingest.manifest import check_manifest
from speechqa.ingest.names import NamePattern
from speechqa.ingest.search import Search


class Discovery:
    """The calls behind what was asked for; iterate as often as needed, each time from the start.

    Yields `CallSource`, or `Refused` for a call that fails before it is tried. `counts` speaks of the last
    iteration. See `discover` for the parameters.
    """

    def __init__(
        self,
        paths: tuple[str, ...],
        *,
        manifest: str | None,
        transcripts: str | None,
        pattern: NamePattern | None,
        defaults: CallSource,
    ) -> None:
        self._paths, self._manifest, self._transcripts = paths, manifest, transcripts
        self._pattern, self._defaults = pattern, defaults
        self.counts = Counts()

    def __iter__(self) -> Iterator[CallSource | Refused]:
        self.counts = Counts()
        walked = tuple(path for path in self._paths if os.path.isdir(path))  # noqa: PTH112
        completion = Completion(self._defaults, self._pattern, self._transcripts, walked, self.counts)
        return Search(self._paths, self._manifest, completion, self.counts).calls()


def discover(
    paths: Iterable[str],
    *,
    manifest: str | None = None,
    transcripts: str | None = None,
    name_pattern: str | None = None,
    language: str | None = None,
    agent_channel: int | None = None,
    raw_format: RawFormat | None = None,
    raw_channels: int = 1,
) -> Discovery:
    """Find the calls to analyse.

    A file named here is always taken; in a folder, files with a media extension or none. A path that exists
    is never read as a glob. Manifest rows come first, in their order, then files in the order of their
    names; a transcript of the same stem beside a recording goes with it.

    Parameters
    ----------
    manifest : str, optional
        Replaces manifests found in the folders. With folders, or without paths, all its rows are calls; with
        single files alone, only theirs. Its paths are relative to its own folder, or else to one of
        the folders.
    transcripts : str, optional
        Folder of transcripts with the recordings' stems or call ids; it goes before transcripts found beside.
    name_pattern : str, optional
        See `names.NamePattern`; a manifest's words go before it.
    language, agent_channel, raw_format, raw_channels
        For calls of which nothing else says so.

    Raises
    ------
    UsageError
        If neither a path nor a manifest is given.
    ManifestError
        If the manifest or the pattern cannot be read.
    ConfigurationError
        If the folder of transcripts is none.
    """
    asked = tuple(paths)
    if not asked and manifest is None:
        raise UsageError("Nothing to analyse", expected="files, folders, globs or a manifest")
    pattern = NamePattern(name_pattern) if name_pattern is not None else None
    if manifest is not None:
        check_manifest(manifest)
    if transcripts is not None and not os.path.isdir(transcripts):  # noqa: PTH112
        raise ConfigurationError(
            "The folder of transcripts is not there", where=printable(transcripts), expected="a folder"
        )
    defaults = CallSource(
        files=(PartyFile(path=""),),
        language=language,
        agent_channel=agent_channel,
        raw_format=raw_format,
        raw_channels=raw_channels,
    )
    return Discovery(asked, manifest=manifest, transcripts=transcripts, pattern=pattern, defaults=defaults)
