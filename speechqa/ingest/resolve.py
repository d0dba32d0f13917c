"""From a manifest's row to the call it means: whose files these are, and that they may be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import msgspec

from speechqa.core.plain import printable
from speechqa.core.source import CallSource, PartyFile
from speechqa.errors import ManifestError
from speechqa.ingest.rows import FILE_COLUMNS, ManifestRow
from speechqa.places.urls import checked_url, is_url, is_within, local_path, shown_url


class Roots(msgspec.Struct, frozen=True, kw_only=True):
    """Folders that paths of a manifest are relative to, and whether they may lead out.

    A manifest that an operator names may name any file; one that was found beside recordings came with them,
    so its paths must stay under its own folder, links resolved. Addresses in either stay within `addresses`,
    places that a command names: no list of calls makes this machine ask another one.
    """

    manifest: str
    folders: tuple[str, ...]
    confined: bool
    addresses: tuple[str, ...] = ()


def source_of(row: ManifestRow, roots: Roots, exists: Callable[[str], bool]) -> CallSource:
    """The call a row means; files that do not exist are left for decoding to report.

    Raises
    ------
    ManifestError
        If a path leads out of the folder of a manifest that was found by itself, or an address out of the
        places that the command names.
    UsageError
        If an address is none that is followed.
    """
    files = []
    for column, text in row.files:
        path = _path_of(text, roots, exists, f"line {row.line}, column {column}")
        role = FILE_COLUMNS[column]
        offset = row.agent_offset_s if role == "agent" else None
        files.append(PartyFile(path=path, role=role, offset_s=offset or 0.0))
    return CallSource(
        files=tuple(files),
        call_id=row.call_id,
        agent_channel=row.agent_channel,
        # With a file a party the offset is the file's; that it was told, be it as 0, is kept all the same.
        agent_offset_s=row.agent_offset_s if row.files[0][0] == "file" or len(files) > 1 else None,
        language=row.language,
        metadata=row.metadata,
    )


def _path_of(text: str, roots: Roots, exists: Callable[[str], bool], place: str) -> str:
    where = f"{shown_url(roots.manifest)}, {place}"
    text = local_path(text)
    if is_url(text):
        return _address(text, roots, where)
    candidates: Sequence[str] = [os.path.join(folder, text) for folder in roots.folders]  # noqa: PTH118
    for path in candidates:
        if is_url(path):
            _address(path, roots, where)
    path = next((path for path in candidates if exists(path)), candidates[0])
    if roots.confined and not is_url(path) and not is_under(path, roots.folders[0]):
        raise ManifestError(
            "A manifest names a file outside its own folder",
            where=where,
            found=printable(text, limit=200),
            expected="a path that stays under the manifest's folder",
            hint="Name the manifest with --manifest if its paths are to be trusted",
        )
    return path


def _address(url: str, roots: Roots, where: str) -> str:
    url = checked_url(url)
    if not any(is_url(root) and is_within(url, root) for root in roots.addresses):
        raise ManifestError(
            "A manifest names an address outside the places that were named",
            where=where,
            found=shown_url(url),
            expected="an address under one that the command names"
            if not roots.confined
            else "an address under the manifest's own folder",
            hint="Name its bucket or folder beside --manifest if it is to be read",
        )
    return url


def is_under(path: str, folder: str) -> bool:
    """Whether a path lies in a folder once all links are followed."""
    real, root = os.path.realpath(path), os.path.realpath(folder)
    return real == root or real.startswith(root.rstrip("/") + "/")


def leads_out(path: str, folder: str) -> bool:
    """Whether a path is a link to something that lies outside a folder; an empty one is the current one."""
    return os.path.islink(path) and not is_under(path, folder or os.curdir)  # noqa: PTH114
