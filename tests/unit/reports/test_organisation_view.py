"""What the terminal says of the organisation's faults."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from speechqa.reports.organisation import organisation_view
from speechqa.scoring.organisation import organisation


def shown(code: str) -> str:
    console = Console(width=100, record=True, file=StringIO())
    console.print(organisation_view(organisation([]), code))
    return console.export_text()


def test_where_no_call_is_looked_at_no_incident_is_said_to_be_unknown():
    assert "No call answers to that." in shown("en")
    assert "incident" not in shown("en")
    assert "אין שיחה" in shown("he")
