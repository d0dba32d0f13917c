"""Pictures written to disk."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from speechqa.core.plain import printable
from speechqa.errors import ReportError, UsageError
from speechqa.reports.arousal_picture.rendering import PictureFormat


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
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(picture)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ReportError(
            "The picture cannot be written",
            where=printable(str(path)),
            found=error.strerror or str(error),
            hint="Name a file with --picture in a folder that is there and that you may write to",
        ) from error
