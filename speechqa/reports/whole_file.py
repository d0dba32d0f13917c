"""A file that is whole or absent: who has the old one open keeps it whole."""

from __future__ import annotations

from pathlib import Path

from speechqa.files.unfinished import part_beside


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, readable by its owner alone; one that was there is replaced.

    Raises
    ------
    OSError
        If it cannot be written there; then nothing of it is left.
    """
    with part_beside(path) as part:
        part.file.write(data)
        part.file.flush()
        part.path.replace(path)
