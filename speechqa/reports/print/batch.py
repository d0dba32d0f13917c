"""Many calls as a PDF: what their page shows, on paper, with a line a call."""

from __future__ import annotations

from typing import Any

import msgspec

from speechqa.reports.language import Language
from speechqa.reports.print.typesetting import typeset
from speechqa.reports.view.batch import BatchPage
from speechqa.reports.view.batch_rows import RowView
from speechqa.reports.view.scorecard import criterion_title

_AS_IT_IS = (
    "heading", "summary", "notices", "draft", "numbers", "spreads", "criteria", "agents", "few_agents",
    "agents_note", "listen", "risks", "signals", "promises", "waiting", "disputes", "failures", "causes",
    "causes_note",
)  # fmt: skip


def batch_pdf(page: BatchPage) -> bytes:
    """A batch page as a PDF.

    Raises
    ------
    ReportError
        If it cannot be set.
    """
    language = page.language
    return typeset(
        "batch",
        language,
        title=page.heading,
        foot=" · ".join((page.heading, *page.summary[:1])),
        batch={name: msgspec.to_builtins(getattr(page, name)) for name in _AS_IT_IS},
        rows=[_row(row, language) for row in page.rows],
        more={name: _more(getattr(page, f"{name}_more"), language) for name in _LISTS},
        words=_words(language),
    )


_LISTS = ("listen", "risks", "promises", "waiting", "disputes", "failures")


def _more(count: int, language: Language) -> str:
    """How many things a list leaves out."""
    return language.say("and {count} more", count=count) if count > 0 else ""


def _row(row: RowView, language: Language) -> dict[str, Any]:
    return {
        "call": row.call,
        "started": row.started,
        "agent": row.agent,
        "length": row.length,
        "scores": row.scores,
        "verdicts": row.verdicts,
        "interruptions": row.interruptions,
        "listen": " ".join(part for part in (row.at, row.listen_to) if part),
        "failed": language.say("failed") if row.failed else "",
        "draft": language.say("draft words") if row.draft else "",
    }


def _words(language: Language) -> dict[str, Any]:
    say = language.say
    return {
        "spread": say("How scores spread"),
        "of_record": say("Calls by their score of record."),
        "audited": say("audited words"),
        "drafts": say("draft words"),
        "listen": say("Listen to these first"),
        "call": say("Call"),
        "from": say("From"),
        "started": say("Started"),
        "agent": say("Agent"),
        "why": say("Listen to"),
        "criteria": say("Criteria that fail most"),
        "criteria_how": say(
            "Calls that failed of those that were judged, with the 95% interval; ordered by its lower end,"
            " those with too few calls last."
        ),
        "criterion": say("Criterion"),
        "failed": say("Failed"),
        "in_drafts": say("in draft words"),
        "not_applicable": say("did not apply"),
        "not_assessed": say("not assessed"),
        "agents": say("Agents"),
        "calls": say("Calls"),
        "courtesy": criterion_title("courtesy", language),
        "professionalism": criterion_title("professionalism", language),
        "interruptions": say("Interruptions"),
        "average": say("Average call"),
        "few": say("Too few calls for a figure:"),
        "risks": say("Customers at risk"),
        "risks_how": say(
            "Signals of leaving, of an open complaint, of going public or to the law. They are never scored."
        ),
        "customer": say("Customer"),
        "begin": say("Begin with"),
        "signals": say("Signals"),
        "signal": say("Signal"),
        "yes": say("found"),
        "no": say("not found"),
        "unknown": say("could not be told"),
        "promises": say("Promises due"),
        "promises_how": say("Whether a promise was kept is not known here."),
        "past": say("day has passed"),
        "waiting": say("Critical failures to confirm"),
        "disputes": say("Open disputes"),
        "failures": say("Failures"),
        "what_failed": say("What failed"),
        "to_do": say("What to do"),
        "causes": say("What could not be assessed"),
        "causes_how": say("The commonest reasons, one of each in full."),
        "rows": say("All calls"),
        "length": say("Length"),
        "named": [say("Needs clarified"), say("Summed up"), say("Customer thanked")],
        "voices": say(
            "No score rests on how a voice sounds. What was computed from voices, for whom and under which"
            " rules, each call's page says."
        ),
    }
