"""Self-contained HTML pages: no network, no script, opens from a file share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from speechqa.core.analysis import CallAnalysis
from speechqa.errors import ReportError
from speechqa.protocols import CallSummary
from speechqa.reports.view import RowView, call_view, page_name, row_view

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """Where templates come from; whatever they show is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("speechqa.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class HtmlRenderer:
    """Renders a call as one HTML page (`protocols.Renderer`)."""

    def render(self, analysis: CallAnalysis) -> str:
        """The page of a call."""
        return environment().get_template("call.html.j2").render(call=call_view(analysis))


class HtmlReport:
    """A folder of pages: one a call, and an index over them.

    Parameters
    ----------
    folder : Path
        Created where absent.

    Raises
    ------
    ReportError
        If the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._renderer = HtmlRenderer()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _cannot_write(folder, error) from error

    @property
    def index(self) -> Path:
        """The page to open first."""
        return self._folder / "index.html"

    def add_call(self, analysis: CallAnalysis) -> None:
        """Write or renew the page of a call."""
        self._write(page_name(analysis.call_id), self._renderer.render(analysis))

    def write_index(self, summaries: Iterable[CallSummary]) -> None:
        """Write the index over calls, in the order given."""
        rows: list[RowView] = [row_view(summary) for summary in summaries]
        failed = sum(row.failed for row in rows)
        drafts = sum(row.draft for row in rows)
        page = environment().get_template("index.html.j2")
        self._write("index.html", page.render(rows=rows, failed=failed, drafts=drafts))

    def _write(self, name: str, text: str) -> None:
        # A page is whole or absent: readers may have the old one open while it is renewed.
        target = self._folder / name
        try:
            handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
            try:
                with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(text)
                Path(temporary).replace(target)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _cannot_write(target, error) from error


def _cannot_write(where: Path, error: OSError) -> ReportError:
    return ReportError(
        "The report cannot be written",
        where=str(where),
        found=error.strerror or str(error),
        hint="Name a folder you may write to with --report; the results themselves are safe in the store",
    )
