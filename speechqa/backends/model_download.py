"""Fetches a model file when asked to, resumes where it stopped, and keeps it only if its digest is right."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

from speechqa.backends.manifest import ModelEntry, find_entry, models_folder
from speechqa.backends.model_files import Verified, record_digest, recorded_digest, require_digest
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are here and the bytes there will be, None when the sender does not say."""

_BLOCK = 1 << 20
_TIMEOUT_S = 30.0
_SLACK_MB = 50


def pull(
    name: str,
    folder: Path | str | None = None,
    progress: Progress | None = None,
    *,
    sha256: str | None = None,
) -> Verified:
    """Fetch a model of the manifest into the models folder.

    The bytes go to `FILE.part` first, which a later call continues; the file gets its name only once its
    digest is right. A file that is already here is verified and left as it is.

    Parameters
    ----------
    name : str
        The model's name in the manifest.
    folder : path, optional
        The models folder; made if absent.
    progress : callable, optional
        Told how far it is.
    sha256 : str, optional
        The digest expected, for a model that the manifest has none for; recorded beside the file.

    Raises
    ------
    ModelNotFound
        If the manifest has no such model, or nothing to fetch it from.
    ModelDigestMismatch
        If what came is not what was expected; it is not kept.
    ModelError
        If it cannot be fetched, or no digest is known to hold it to.
    """
    root = models_folder(folder)
    entry = find_entry(name, root)
    target = root / entry.file
    expected = _expected(entry, target, sha256)
    if target.exists():
        return Verified(name=name, path=str(target), sha256=require_digest(target, expected))
    try:
        root.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        _fetch(entry, part, progress)
        try:
            require_digest(part, expected)
        except ModelDigestMismatch:
            part.unlink()  # nothing good can be continued from it
            raise
        if not entry.sha256:
            record_digest(
                target, expected
            )  # first, or a kill between the two would leave a model without one
        os.replace(part, target)  # noqa: PTH105 - atomic
    except OSError as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(
            "the model cannot be written", where=str(target), found=error.strerror or str(error)
        ) from error
    return Verified(name=name, path=str(target), sha256=expected)


def _expected(entry: ModelEntry, target: Path, given: str | None) -> str:
    if not entry.url or not entry.file:
        raise ModelNotFound(
            "this model cannot be fetched as one file",
            found=f"{entry.name}, published as {entry.format}",
            hint=f"See {entry.source}. {entry.note}".strip(),
        )
    known = entry.sha256 or recorded_digest(target)
    wanted = given.strip().lower() if given else None
    if known and wanted and known != wanted:
        raise ModelDigestMismatch(
            "the digest asked for is not the known one",
            where=entry.name,
            found=f"sha256 {wanted}",
            expected=f"sha256 {known}",
        )
    if not (known or wanted):
        raise ModelError(
            "nothing says which bytes this model must be",
            where=entry.name,
            expected="a digest in the manifest or with the command",
            hint=f"Ask the publisher for it, then: speechqa models pull {entry.name} --sha256 DIGEST",
        )
    return known or wanted or ""


def _fetch(entry: ModelEntry, part: Path, progress: Progress | None) -> None:
    have = part.stat().st_size if part.exists() else 0
    try:
        response = _open(entry.url, have)
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            return  # all of it is here already; the digest decides whether it is any good
        raise _unreachable(entry, f"HTTP {error.code} {error.reason}") from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise _unreachable(entry, str(getattr(error, "reason", error))) from error
    with response:
        resumed = have > 0 and getattr(response, "status", None) == HTTPStatus.PARTIAL_CONTENT
        start = have if resumed else 0
        length = response.headers.get("Content-Length")
        total = start + int(length) if length and length.isdigit() else None
        _require_space(entry, part, (total or 0) - start)
        with part.open("ab" if resumed else "wb") as file:
            _copy(entry, response, file, start, total, progress)


def _open(url: str, have: int) -> Any:
    request = urllib.request.Request(url, headers={"User-Agent": "speechqa"})  # noqa: S310 - schemes checked
    if have and url.startswith("http"):
        request.add_header("Range", f"bytes={have}-")
    return urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310 - schemes checked by the manifest


def _copy(
    entry: ModelEntry, source: Any, file: IO[bytes], done: int, total: int | None, progress: Progress | None
) -> None:
    # A sender that never stops must not fill the disk.
    limit = (entry.size_mb * 1.2 + _SLACK_MB) * 1e6 if entry.size_mb else None
    if progress:
        progress(done, total)
    while True:
        try:
            block = source.read(_BLOCK)
        except OSError as error:
            raise _unreachable(entry, f"the connection broke after {done} bytes: {error}") from error
        if not block:
            break
        file.write(block)
        done += len(block)
        if limit and done > limit:
            raise ModelError(
                "the sender sends more than the model holds",
                where=entry.url,
                found=f"over {done // 1_000_000} MB",
                expected=f"about {entry.size_mb} MB",
            )
        if progress:
            progress(done, total)
    if total is not None and done < total:
        raise _unreachable(entry, f"the connection ended after {done} of {total} bytes")


def _require_space(entry: ModelEntry, part: Path, needed: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if needed > free:
        raise ModelError(
            "the model does not fit on the disk",
            where=str(part.parent),
            found=f"{free // 1_000_000} MB free",
            expected=f"{needed // 1_000_000} MB for {entry.name}",
        )


def _unreachable(entry: ModelEntry, why: str) -> ModelError:
    return ModelError(
        "the model cannot be fetched",
        where=entry.url,
        found=why,
        hint="Run it again to go on where it stopped, or put the file into the models folder yourself.",
    )
