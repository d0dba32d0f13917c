"""Calls from paths: files, folders, globs and manifests, in a stable order, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from speechqa.core.source import CallSource, PartyFile, RawFormat
from speechqa.errors import ConfigurationError, RecordingError, UsageError
from speechqa.ingest.complete import Completion
from speechqa.ingest.found import Counts, Refused
from speechqa.ingest.listings import Listings
from speechqa.ingest.manifest import check_manifest
from speechqa.ingest.names import NamePattern
from speechqa.ingest.search import Search
from speechqa.places.opening import filesystem
from speechqa.places.urls import checked_url, is_url, local_path, shown_url


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
        listings = Listings()
        walked = tuple(path for path in self._paths if _is_folder(path, listings))
        completion = Completion(
            self._defaults, self._pattern, self._transcripts, walked, self.counts, listings
        )
        return Search(self._paths, self._manifest, completion, self.counts, listings).calls()


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

    Paths may be addresses in object storage (`places.urls.PACKAGES`), looked at as folders here.
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
        If neither a path nor a manifest is given, or an address is none that is followed.
    ManifestError
        If the manifest or the pattern cannot be read.
    ConfigurationError
        If the folder of transcripts is none.
    """
    asked = tuple(map(_place, paths))
    manifest = _place(manifest) if manifest is not None else None
    transcripts = _place(transcripts) if transcripts is not None else None
    if not asked and manifest is None:
        raise UsageError("Nothing to analyse", expected="files, folders, globs or a manifest")
    pattern = NamePattern(name_pattern) if name_pattern is not None else None
    if manifest is not None:
        check_manifest(manifest)
    if transcripts is not None and not _is_folder(transcripts, Listings()):
        raise ConfigurationError(
            "The folder of transcripts is not there", where=shown_url(transcripts), expected="a folder"
        )
    defaults = CallSource(
        files=(PartyFile(path=""),),
        language=language,
        agent_channel=agent_channel,
        raw_format=raw_format,
        raw_channels=raw_channels,
    )
    return Discovery(asked, manifest=manifest, transcripts=transcripts, pattern=pattern, defaults=defaults)


def _place(path: str) -> str:
    """A path on this machine, or an address that may be followed; what is wrong with it comes out here."""
    path = local_path(path)
    if is_url(path):
        path = checked_url(path)
        filesystem(path)
    return path


def _is_folder(path: str, listings: Listings) -> bool:
    try:
        return listings.is_folder(path)
    except RecordingError:
        return False  # the search says why
