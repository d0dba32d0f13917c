"""The page over many calls."""

from __future__ import annotations

from typing import Any, Final

from speechqa.reports.pages.environment import rendered
from speechqa.reports.view.batch import BatchPage
from speechqa.reports.view.batch_rows import ANSWERS, GRAVEST, RowView
from speechqa.reports.wording import VERDICT_WORDS, signal_words

_PLAIN: Final = 200
"""Lines that stand in the page as they are, for readers without a script."""


def batch_html(page: BatchPage) -> str:
    """A batch as one HTML page."""
    return rendered(
        "batch.html.j2",
        page.language,
        styles=("batch.css",),
        scripts=("batch.js",),
        page=page,
        plain=page.rows[:_PLAIN],
        data=table_data(page),
    )


def table_data(page: BatchPage) -> dict[str, Any]:
    """The table as data: each line a list, texts that come again held once and named by their number."""
    texts: dict[str, int] = {}

    def number(text: str) -> int:
        return texts.setdefault(text, len(texts))

    say = page.language.say
    told = sorted(
        {name for row in page.rows for name in row.signals}, key=lambda name: signal_words(name, say)
    )
    signals = tuple(dict.fromkeys((*GRAVEST, *told)))
    rows = [_cells(row, number, signals) for row in page.rows]
    return {
        "rows": rows,
        "texts": list(texts),
        "criteria": [list(one) for one in page.row_criteria],
        "answers": {letter: [verdict, say(VERDICT_WORDS[verdict])] for verdict, letter in ANSWERS.items()},
        "signals": [[name, signal_words(name, say)] for name in signals],
        "gravest": len(GRAVEST),
        "draft": say("draft words"),
    }


def _cells(row: RowView, number: Any, signals: tuple[str, ...]) -> list[Any]:
    """A line as `batch.js` reads it; its `FIELDS` name the places."""
    return [
        row.call,
        row.link,
        row.started,
        number(row.agent_id),
        number(row.agent),
        number(row.team),
        row.seconds,
        row.length,
        *row.rates,
        *(list(share) for share in row.shares),
        *(verdict for verdict, _ in row.verdicts),
        row.answers,
        row.interruptions,
        [signals.index(name) for name in row.signals],
        row.weight,
        row.at,
        number(row.listen_to),
        int(row.failed),
        int(row.draft),
    ]
