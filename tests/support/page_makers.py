"""Every kind of page, paper and terminal output that documents are shown on, as tests make them.

A new one joins by a line in `PAGES`, `PAPERS` or `TERMINAL`; all tests of what shows documents then try it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console, RenderableType

from speechqa.core.analysis import CallAnalysis
from speechqa.reports.html import HtmlReport
from speechqa.reports.language import language
from speechqa.reports.print.call import call_pdf
from speechqa.reports.terminal import CallsTable, scorecard
from speechqa.reports.transcript_pages import transcript_page, transcript_pdf
from speechqa.reports.view.call import call_page
from speechqa.store.projection import summary_of
from speechqa.transcripts.telling import tell

Pages = Callable[[Sequence[CallAnalysis], Path], Sequence[Path]]
"""Writes the pages of documents into a folder that exists; pages in the order of the documents."""


def _calls(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    made = []
    for number, document in enumerate(documents):
        one = folder / f"call-{number}"
        HtmlReport(one).add_call(document)
        made += sorted(one.glob("*.html"))
    return made


def _batch(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    report = HtmlReport(folder)
    report.write_index([summary_of(document) for document in documents])
    return [report.index]


def _transcripts(documents: Sequence[CallAnalysis], folder: Path) -> list[Path]:
    made = []
    for number, document in enumerate(documents):
        path = folder / f"transcript-{number}.html"
        # As the command writes them: a letter that UTF-8 has no bytes for is shown as its number.
        path.write_text(transcript_page(tell(document)), encoding="utf-8", errors="backslashreplace")
        made.append(path)
    return made


PAGES: Mapping[str, Pages] = {"call": _calls, "batch": _batch, "transcript": _transcripts}
PAPERS: Mapping[str, Callable[[CallAnalysis], bytes]] = {
    "call": lambda document: call_pdf(call_page(document, language=language("en"))),
    "transcript": lambda document: transcript_pdf(tell(document)),
}
TERMINAL: Mapping[str, Callable[[CallAnalysis], RenderableType]] = {
    "scorecard": scorecard,
    "calls": lambda document: CallsTable([summary_of(document)]),
}


def printed(shown: RenderableType, *, colours: bool) -> str:
    """What a terminal of 100 columns is sent."""
    sent = io.StringIO()
    console = Console(
        file=sent,
        width=100,
        force_terminal=colours,
        color_system="standard" if colours else None,
        highlight=False,
    )
    console.print(shown)
    return sent.getvalue()
