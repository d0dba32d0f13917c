"""The page of one call."""

from __future__ import annotations

from speechqa.reports.pages.environment import rendered
from speechqa.reports.view.call import CallPage


def call_html(page: CallPage) -> str:
    """A call as one HTML page."""
    return rendered("call.html.j2", page.language, styles=("call.css",), scripts=("call.js",), call=page)
