"""A transcript as one self-contained HTML page."""

from __future__ import annotations

from speechqa.reports.language import Language
from speechqa.reports.pages.environment import rendered
from speechqa.reports.view.transcript import transcript_view
from speechqa.transcripts.telling import Told

_HOW = "marked; the figure shows where you point at one"


def transcript_page(told: Told, language: Language | None = None) -> str:
    """The page: every turn in its own direction, doubtful words marked, corrections beside the text.

    It speaks `language`, that of the call where absent.
    """
    view = transcript_view(told, mark=_HOW, language=language)
    return rendered("transcript.html.j2", view.language, page=view)
