"""Pictures written to disk."""

from __future__ import annotations

import re
from pathlib import Path

from speechqa.core.plain import printable
from speechqa.errors import ReportError, UsageError
from speechqa.files.unfinished import sweep
from speechqa.reports.charts.canvas import PictureFormat
from speechqa.reports.whole_file import write_whole


def picture_format(path: str | Path) -> PictureFormat:
    """Format of a picture by the ending of its name.

    Raises
    ------
    UsageError
        If the name ends neither in `.png` nor in `.svg`.
    """
    ending = Path(path).suffix.lower()
    if ending == ".png":
        return "png"
    if ending == ".svg":
        return "svg"
    raise UsageError(
        "A picture is written as PNG or SVG",
        found=printable(str(path)),
        expected="a name that ends in .png or .svg",
    )


def save_picture(path: Path, picture: bytes) -> None:
    """Write a picture, whole or not at all, readable by its owner alone; one that was there is replaced.

    Raises
    ------
    ReportError
        If it cannot be written there.
    """
    try:
        write_whole(path, picture)
    except OSError as error:
        raise _cannot_write(path, error) from error


class PictureTarget:
    """Where the pictures of one or several recordings go.

    Parameters
    ----------
    target : Path
        A file that ends in `.png` or `.svg`, or a folder; a folder is made where it is missing.
    several : bool
        Whether more than one picture will be drawn.

    Attributes
    ----------
    form : PictureFormat
        By the file's ending; PNG in a folder.

    Raises
    ------
    UsageError
        If several pictures would go into one file, or one into a file that is no picture by its name.
    ReportError
        If the folder cannot be made.
    """

    def __init__(self, target: Path, *, several: bool) -> None:
        self._target, self._taken = target, set[str]()
        named = target.suffix.lower() in (".png", ".svg") and not target.is_dir()
        self._in_folder = several or target.is_dir() or not target.suffix
        sweep(target if self._in_folder else target.parent)
        self.form: PictureFormat = "png" if self._in_folder else picture_format(target)
        if not self._in_folder:
            return
        if named:
            raise UsageError(
                "Several recordings make several pictures",
                found=printable(str(target)),
                expected="a folder with --picture",
            )
        try:
            target.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _cannot_write(target, error) from error

    def path_of(self, recording: str) -> Path:
        """Where a recording's picture goes; in a folder no two names are the same."""
        if not self._in_folder:
            return self._target
        stem = Path(recording).stem
        safe = re.sub(r"[^\w.-]", "-", stem).lstrip(".")[:80] or "picture"
        name, number = safe, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{safe}-{number}"
        self._taken.add(name.casefold())
        return self._target / f"{name}.{self.form}"


def _cannot_write(path: Path, error: OSError) -> ReportError:
    return ReportError(
        "The picture cannot be written",
        where=printable(str(path)),
        found=error.strerror or str(error),
        hint="Name a place you may write to with --picture",
    )
