"""A transcript as one self-contained HTML page."""

from __future__ import annotations

from speechqa.reports.language import language
from speechqa.reports.pages.environment import rendered
from speechqa.transcripts.telling import Told


def transcript_page(told: Told) -> str:
    """The page: every turn in its own direction, doubtful words marked, corrections beside the text."""
    marking = told.marking.format(mark="marked; the figure shows where you point at one")
    return rendered("transcript.html.j2", language("en"), page=told, marking=marking)
