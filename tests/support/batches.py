"""Batches of calls as lines, for tests of what shows many of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from speechqa.core.finding import Tally
from speechqa.protocols import CallSummary
from speechqa.reports.language import language
from speechqa.reports.pages.batch import batch_html
from speechqa.reports.view.batch import batch_page
from speechqa.reports.view.batch_facts import BatchFacts
from speechqa.scoring.batch import HELD, count_batch

VERDICTS = ("pass", "fail", "not_applicable", "not_assessed")


def line(number: int, **more: object) -> CallSummary:
    """The line of a call; the same number is always the same call."""
    agent = number % 40
    given = {
        "call_id": f"c{number:05d}",
        "path": f"/calls/c{number:05d}.wav",
        "status": "done",
        "agent_id": f"a{agent}",
        "agent_name": f"Agent {agent}",
        "team": f"team {agent % 4}",
        "customer_id": f"k{number % 700}",
        "started_at": f"2026-11-{1 + number % 20:02d}T{8 + number % 9:02d}:30:00+02:00",
        "duration": 60.0 + number % 300,
        "language": "en",
        "engine": "import",
        "rubric": "service@3",
        "rubric_digest": "r",
        "scores": {
            "courtesy": Tally(earned=number % 11, possible=10),
            "professionalism": Tally(earned=number % 6, possible=5),
        }
        if number % 10
        else {"courtesy": Tally(earned=number % 11, possible=10)},
        "verdicts": {
            name: VERDICTS[(number + shift) % 4]
            for shift, name in enumerate(("needs_clarification", "expectation_summary", "thanks", "greeting"))
        },
        "signals": {
            "churn_risk": number % 50 == 0,
            "complaint": number % 9 == 0,
            "public_or_legal_threat": number % 200 == 1,
            "satisfaction_expressed": number % 18 == 0,
            "promises": None,
            "manager_request": number % 40 == 3,
            **({"customer_type:angry": True} if number % 25 == 4 else {}),
        },
        "interruptions": number % 4 or None,
        "listen_to": "The customer gives a sign of leaving" if number % 50 == 0 else None,
        "listen_at": 12.5 if number % 50 == 0 else None,
        "listen_weight": 85 if number % 50 == 0 else 0,
    }
    given["scores"] = {
        name: Tally(earned=min(tally.earned, tally.possible), possible=tally.possible)
        for name, tally in given["scores"].items()
    }
    return CallSummary(**{**given, **more})


def failed(number: int, error: str = "UnreadableRecording: the file is empty", **more: object) -> CallSummary:
    """The line of a call that could not be analysed."""
    return CallSummary(
        call_id=f"x{number:05d}", path=f"/calls/x{number:05d}.wav", status="failed", error=error, **more
    )


def facts_of(lines: Sequence[CallSummary], *, most: int = HELD, **more: object) -> BatchFacts:
    """A batch of these calls, of which nothing else is known."""
    counted = count_batch(lines, minimum_calls=5, most=most)
    return BatchFacts(
        **{"figures": counted.figures, "held": counted.held, "minimum_calls": 5, "with_drafts": False, **more}
    )


def written(folder: Path, facts: BatchFacts, code: str | None = None) -> Path:
    """The page of a batch, in a file."""
    page = batch_page(facts, language=language(code) if code else None)
    path = folder / "index.html"
    path.write_text(batch_html(page), encoding="utf-8", errors="backslashreplace")
    return path
