"""An agent's own calls as a PDF: what their page shows, on paper."""

from __future__ import annotations

from typing import Any

import msgspec

from speechqa.reports.language import Language
from speechqa.reports.print.spoken import is_short, lines_of
from speechqa.reports.print.typesetting import short, typeset
from speechqa.reports.view.agent import AgentPage, ExampleView, LinkedQuote, LostCall, LostView, RubricPage


def agent_pdf(page: AgentPage) -> bytes:
    """An agent's page as a PDF.

    Raises
    ------
    ReportError
        If it cannot be set.
    """
    say = page.language.say
    title = say("Calls of {name}", name=page.heading)
    shown = {
        name: msgspec.to_builtins(getattr(page, name))
        for name in (
            "summary", "open_disputes", "resolved", "contest", "reasons", "acknowledged", "closed", "facts",
        )
    }  # fmt: skip
    return typeset(
        "agent",
        page.language,
        title=title,
        foot=title,
        agent=shown | {"heading": title, "rubrics": [_rubric(one, page.language) for one in page.rubrics]},
        words=_words(page.language),
    )


def _rubric(part: RubricPage, language: Language) -> dict[str, Any]:
    from speechqa.reports.charts.agent_weeks import agent_weeks

    found = part.figures
    figures: dict[str, Any] = msgspec.to_builtins(found)
    chart = found.weeks_chart
    why = found.shift.not_assessed
    return {
        "figures": figures,
        "heading": f"{short(found.rubric)} · {language.say('{count} calls', count=found.calls)}",
        "chart": {
            "svg": agent_weeks(chart, "svg", language, size="wide").decode(),
            "description": chart.description,
        }
        if chart.shown
        else None,
        "shift_unknown": language.say("Not assessed: {why}.", why=why) if why else "",
        "lost": [_lost_call(call) for call in (*part.lost, *part.older)],
        "nothing_lost": part.nothing_lost,
        "more_calls": part.more_calls,
        "examples": [
            {
                "title": short(one.title),
                "best": [_example(example) for example in one.best],
                "weakest": [_example(example) for example in one.weakest],
            }
            for one in (*part.examples, *part.more_examples)
        ],
    }


def _lost_call(call: LostCall) -> dict[str, Any]:
    return {"call": short(call.call), "day": call.day, "lost": [_lost(one) for one in call.lost]}


def _lost(one: LostView) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(one)
    lines = (*one.notes, *lines_of(said.said for said in one.quotes))
    return shown | {
        "quotes": _quotes(one.quotes),
        "whole": is_short(one.title, one.reason, one.would_change, beside=lines),
    }


def _example(one: ExampleView) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(one)
    lines = (one.call, one.reason, *lines_of(said.said for said in one.quotes))
    return shown | {"quotes": _quotes(one.quotes), "whole": is_short(beside=lines)}


def _quotes(quotes: tuple[LinkedQuote, ...]) -> list[Any]:
    return [msgspec.to_builtins(one.said) for one in quotes]


def _words(language: Language) -> dict[str, str]:
    say = language.say
    return {
        "lede": say(
            "These are your own calls and nobody else's. Every figure says what it rests on, and where that"
            " is too little none is given. Each verdict shows what was said; if one is wrong, contest it, and"
            " a person decides."
        ),
        "none_judged": say("No call of yours was judged in that time."),
        "rubric": say("Rubric"),
        "among": say("Among others:"),
        "lost": say("Points lost, newest call first"),
        "would_change": say("What would change it:"),
        "weeks": say("Week by week"),
        "week_from": say("Week from"),
        "calls": say("Calls"),
        "criteria": say("Criterion by criterion"),
        "criterion": say("Criterion"),
        "passed": say("Calls passed of calls assessed"),
        "others": say("Others"),
        "change": say("Change"),
        "not_counted": say("Not counted"),
        "own": say("calls passed, with the 95% interval"),
        "middle_half": say("middle half of the other agents"),
        "shift": say("Over the shift"),
        "shift_why": say(
            "Whether the last call of a day is as good as the first can be told only when no call is missing."
        ),
        "shift_part": say("Part of the shift"),
        "learn": say("To learn from: your best and your weakest calls"),
        "best": say("Best"),
        "weakest": say("Weakest"),
        "no_best": say("None of your calls with words to quote earned all points yet."),
        "disputes": say("Your disputes"),
        "none_contested": say("You have contested nothing."),
        "open": say("Open"),
        "resolved": say("Resolved"),
        "acknowledged": say("What you have acknowledged"),
        "contest": say("To contest a verdict"),
        "contest_how": say(
            "Say which verdict of which call, why, and in your own words what happened; somebody else"
            " decides, and both verdicts are kept."
        ),
        "closed": say("Closed, so that its scores no longer change:"),
        "rest_on": say("What the figures rest on"),
    }
