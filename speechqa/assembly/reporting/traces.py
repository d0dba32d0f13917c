"""What reports have left of a call in a folder, for a purge to find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal

from speechqa.assembly.playback import track_names
from speechqa.assembly.reporting.folder import entries_in
from speechqa.ingest.identity import file_digest
from speechqa.reports.naming import INDEX, page_name, paper_name, picture_name

TraceKind = Literal["page", "sound", "picture", "index"]


class Traces:
    """Files about calls in a folder that reports were made in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._over: dict[str, dict[str, str]] = defaultdict(dict)
        for entry in entries_in(folder):
            for name, digest in entry.files.items() if entry.kind != "call" else ():
                found = self._digest(name)
                if found is not None and digest in ("", found):
                    for call_id in entry.calls:
                        self._over[call_id][name] = found

    def of(self, call_id: str) -> Iterator[tuple[TraceKind, str, str]]:
        """Files about a call: what each is, its path and its digest.

        What is about the call alone is known by its name. What shows other calls too (`index`) is known by
        the folder's account, where it is still what was written, or was being written by what then failed or
        was killed; and a page over calls also by naming the call's page, where an older version left no
        account.
        """
        page = page_name(call_id)
        named: list[tuple[TraceKind, str]] = [("page", page), ("page", paper_name(page))]
        named += [("sound", name) for name in track_names(call_id)]
        named += [("picture", picture_name(call_id, form)) for form in ("svg", "png")]
        for kind, name in named:
            digest = self._digest(name)
            if digest is not None:
                yield kind, str(self.folder / name), digest
        over = dict(self._over.get(call_id, {}))
        if INDEX not in over and page in self._index:
            over[INDEX] = self._digest(INDEX) or ""
        for name, digest in over.items():
            yield "index", str(self.folder / name), digest

    def _digest(self, name: str) -> str | None:
        return file_digest(str(self.folder / name))

    @cached_property
    def _index(self) -> str:
        """The text of the page over calls, read once for all of them; empty where there is none."""
        path = self.folder / INDEX
        try:
            # A pipe would wait for ever and a device never end.
            return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        except OSError:
            return ""
