"""A call completed with what its name, its neighbours and the options say of it."""

from __future__ import annotations

import os
from collections import deque

import msgspec

from speechqa.core.plain import printable
from speechqa.core.source import CallSource
from speechqa.errors import TranscriptError
from speechqa.ingest.found import Counts
from speechqa.ingest.kinds import first_transcript, raw_format_of, split_name
from speechqa.ingest.listings import Listings
from speechqa.ingest.names import NamePattern, completed
from speechqa.ingest.resolve import leads_out

_NAMED_EXAMPLES = 3
_RECENT_TRANSCRIPTS = 32


class Completion:
    """Fills in what a source does not say itself.

    Parameters
    ----------
    defaults : CallSource
        Its language, agent channel and raw format serve where nothing else says so.
    pattern : NamePattern, optional
        What names say; names that do not fit are counted.
    transcripts : str, optional
        Folder of transcripts.
    walked : tuple of str
        Folders that are searched: a transcript in one of them was counted as ignored, and is not any more
        once it is used.
    counts : Counts
        Where counting goes.
    listings : Listings
        Knows what lies where.
    """

    def __init__(
        self,
        defaults: CallSource,
        pattern: NamePattern | None,
        transcripts: str | None,
        walked: tuple[str, ...],
        counts: Counts,
        listings: Listings,
    ) -> None:
        self._defaults, self._pattern, self._transcripts, self._counts = (
            defaults,
            pattern,
            transcripts,
            counts,
        )
        self._listings = listings
        self._walked = tuple(os.path.abspath(folder) for folder in walked)  # noqa: PTH100
        self._used: deque[str] = deque(maxlen=_RECENT_TRANSCRIPTS)

    def of(self, source: CallSource, *, root: str) -> CallSource:
        """The source completed; `root` is the folder its search began in.

        Raises
        ------
        TranscriptError
            If the transcript beside it is a link that leads out of that folder.
        """
        path, defaults = source.path, self._defaults
        metadata, call_id = source.metadata, source.call_id
        said = None if self._pattern is None else self._pattern.match(path)
        if said is not None:
            metadata, call_id = completed(metadata, said.metadata), call_id or said.call_id
        elif self._pattern is not None:
            self._counts.unmatched += 1
            if len(self._counts.examples) < _NAMED_EXAMPLES:
                self._counts.examples.append(printable(os.path.basename(path), limit=60))  # noqa: PTH119
        return msgspec.structs.replace(
            source,
            metadata=metadata,
            call_id=call_id,
            language=source.language or defaults.language,
            agent_channel=defaults.agent_channel if source.agent_channel is None else source.agent_channel,
            raw_format=raw_format_of(path, defaults.raw_format),
            raw_channels=defaults.raw_channels,
            transcript_path=self._transcript(path, call_id, root),
        )

    def _transcript(self, path: str, call_id: str | None, root: str) -> str | None:
        folder = os.path.dirname(path)  # noqa: PTH120
        stems = (split_name(path)[0], call_id or "")
        if self._transcripts is not None:
            places = [self._transcripts]
            if root and folder.startswith(root.rstrip("/") + "/"):
                # Recordings in folders by day often have the same names day after day.
                places.insert(0, os.path.join(self._transcripts, os.path.relpath(folder, root)))  # noqa: PTH118
            found = first_transcript(places, stems, self._listings.is_file)
            if found is not None:
                return found
        beside = first_transcript([folder], stems, self._listings.is_file)
        if beside is not None:
            self._uncount(beside)
            _require_within(beside, root or folder)
        return beside

    def _uncount(self, transcript: str) -> None:
        """Take a used transcript out of the ignored files, once though several recordings share it."""
        if transcript in self._used:
            return
        self._used.append(transcript)
        absolute = os.path.abspath(transcript)  # noqa: PTH100
        if any(absolute.startswith(folder.rstrip("/") + "/") for folder in self._walked):
            self._counts.ignored -= 1


def _require_within(transcript: str, folder: str) -> None:
    """Refuse a link to a file elsewhere: of a text that is no transcript the first words would be told."""
    if leads_out(transcript, folder):
        raise TranscriptError(
            "The transcript beside the recording is a link that leads out of the folder",
            where=printable(transcript, limit=200),
            expected="a file, or a link to one under the folder that was asked for",
            hint="Name the folder of transcripts with --transcripts if they are to be trusted",
        )
