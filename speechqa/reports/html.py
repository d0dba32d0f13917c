"""A call as one HTML page."""

from __future__ import annotations

from speechqa.core.analysis import CallAnalysis
from speechqa.reports.pages.call import call_html
from speechqa.reports.view.call import call_page


class HtmlRenderer:
    """Renders a call as one HTML page (`protocols.Renderer`)."""

    def render(self, analysis: CallAnalysis) -> str:
        """The page of a call."""
        return call_html(call_page(analysis))
