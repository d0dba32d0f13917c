"""A folder of pages: each whole or absent, for its owner only."""

from __future__ import annotations

from pathlib import Path

from speechqa.errors import ReportError
from speechqa.reports.whole_file import write_whole


class PageFolder:
    """Where pages and what lies beside them are written.

    Parameters
    ----------
    path : Path
        Created where absent.

    Raises
    ------
    ReportError
        If the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _cannot_write(path, error) from error

    def write(self, name: str, content: str | bytes) -> Path:
        """Write or renew a file; who has the old one open keeps it whole."""
        target = self.path / name
        data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
        try:
            write_whole(target, data)
        except OSError as error:
            raise _cannot_write(target, error) from error
        return target


def _cannot_write(where: Path, error: OSError) -> ReportError:
    return ReportError(
        "The report cannot be written",
        where=str(where),
        found=error.strerror or str(error),
        hint="Name a folder you may write to; the results themselves are safe in the store",
    )
