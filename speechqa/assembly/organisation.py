"""The report on the organisation out of a store, and the pieces of calls it names as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from speechqa.assembly.listening import ClipRequest, save_clip
from speechqa.assembly.saving import safe_stem
from speechqa.core.analysis import Document
from speechqa.errors import CallNotFound, RecordingError, ReportError, UsageError
from speechqa.protocols import CallFilter, Store
from speechqa.reports.naming import file_stem
from speechqa.scoring.organisation import Blamed, Fault, Organisation, organisation


def organisation_report(store: Store, query: CallFilter, *, most: int, by: str) -> Organisation:
    """What incidents did to the calls that answer to the query; each call that is quoted is logged."""

    def documents() -> Iterator[Document]:
        yield from store.documents(query)

    found = organisation(documents(), most=most)
    parts: tuple[Fault | Blamed, ...] = (*found.faults, *found.blamed)
    shown = {word.call_id for part in parts for word in part.quotes}
    shown |= {clip.call_id for part in parts for clip in part.clips}
    for call_id in sorted(shown):
        store.log("organisation", call=call_id, actor=by)
    return found


def export_organisation(
    store: Store, found: Organisation, path: Path, *, ending: str, by: str, shown: str
) -> int:
    """Write a report as a table; gives the number of rows. Each call in it is logged with the file.

    Parameters
    ----------
    path : Path
        Is written over; `shown` is the name it takes later.
    ending : str
        The format, as `speechqa.reports.tables.require_writer` gives it.
    """
    from speechqa.reports.tables import write_table
    from speechqa.reports.tables.organisation import ORGANISATION_COLUMNS, organisation_rows

    rows = list(organisation_rows(found))
    # Whole, so that a purge of the calls in it can tell of the file from wherever it is run.
    details = {"file": str(Path(shown).absolute()), "table": "organisation"}
    calls = tuple(dict.fromkeys(str(row["call_id"]) for row in rows if row.get("call_id")))
    store.log("calls exported", actor=by, details=details)
    store.log("calls exported", call=calls, actor=by, details=details)
    write_table(path, ending, ORGANISATION_COLUMNS, rows, name="organisation", right_to_left=False)
    return len(rows)


def save_clips(
    store: Store, found: Organisation, folder: Path, *, by: str, force: bool = False
) -> Iterator[tuple[Path, str]]:
    """Write every clip of a report into a folder, named after incident or subject, and call.

    Parameters
    ----------
    force : bool
        Write over files that are there.

    Yields
    ------
    tuple of Path and str
        The file, and why it could not be written; empty where it was.

    Raises
    ------
    ReportError
        If the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(
            "The folder of clips cannot be made", where=str(folder), found=str(error)
        ) from error
    named = [(fault.incident.id, fault.clips) for fault in found.faults]
    named += [(one.about, one.clips) for one in found.blamed]
    for name, clips in named:
        for clip in clips:
            # Two ids in Hebrew have no letter that a name keeps: with a digest no clip takes another's place.
            stem = file_stem(safe_stem(name), clip.call_id)
            target = folder / f"{stem}-{clip.start:g}-{clip.end:g}s.wav"
            try:
                save_clip(store, clip.call_id, ClipRequest(start=clip.start, end=clip.end), target, by=by,
                          reason="report on the organisation", force=force)  # fmt: skip
            except (CallNotFound, RecordingError, UsageError) as error:
                # The recording is gone or shorter than its words, the call purged, or a file is there.
                yield target, error.message
            else:
                yield target, ""
