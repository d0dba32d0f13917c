"""A folder of HTML pages: one a call, and one over them all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from speechqa.core.analysis import CallAnalysis
from speechqa.protocols import CallSummary
from speechqa.reports.naming import page_name
from speechqa.reports.pages.batch import batch_html
from speechqa.reports.pages.call import call_html
from speechqa.reports.pages.folder import PageFolder
from speechqa.reports.view.batch import batch_page
from speechqa.reports.view.batch_facts import BatchFacts
from speechqa.reports.view.call import call_page
from speechqa.scoring.batch import count_batch


class HtmlRenderer:
    """Renders a call as one HTML page (`protocols.Renderer`)."""

    def render(self, analysis: CallAnalysis) -> str:
        """The page of a call."""
        return call_html(call_page(analysis))


class HtmlReport:
    """A folder of pages: one a call, and an index over them.

    Raises
    ------
    ReportError
        If the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = PageFolder(folder)

    @property
    def index(self) -> Path:
        """The page to open first."""
        return self._folder.path / "index.html"

    def add_call(self, analysis: CallAnalysis) -> None:
        """Write or renew the page of a call."""
        page = call_page(analysis, home="index.html")
        self._folder.write(page_name(analysis.call_id), call_html(page))

    def write_index(self, summaries: Iterable[CallSummary]) -> None:
        """Write the index over calls."""
        counted = count_batch(summaries, minimum_calls=1)
        facts = BatchFacts(figures=counted.figures, held=counted.held, minimum_calls=1, with_drafts=False)
        self._folder.write("index.html", batch_html(batch_page(facts)))
