"""A customer's calls as a PDF: what their page shows, on paper."""

from __future__ import annotations

from typing import Any

import msgspec

from speechqa.reports.language import Language
from speechqa.reports.print.spoken import is_short, lines_of
from speechqa.reports.print.typesetting import short, typeset
from speechqa.reports.view.customer import CustomerPage, PromiseView, SaidView, StepView


def customer_pdf(page: CustomerPage) -> bytes:
    """A customer's page as a PDF.

    Raises
    ------
    ReportError
        If it cannot be set.
    """
    say = page.language.say
    title = say("Customer {name}", name=page.heading)
    shown: dict[str, Any] = {
        name: msgspec.to_builtins(getattr(page, name))
        for name in (
            "summary",
            "gaps",
            "stage",
            "stage_of",
            "promised",
            "change",
            "repeat",
            "signals",
            "facts",
        )
    }
    timeline = None if page.timeline is None else msgspec.to_builtins(page.timeline)
    return typeset(
        "customer",
        page.language,
        title=title,
        foot=title,
        customer=shown
        | {
            "heading": title,
            "incomplete": page.incomplete,
            "timeline": timeline,
            "undated": say("Calls without a known day, which are not drawn: {count}.", count=page.undated)
            if page.undated
            else "",
            "stage_unknown": _unknown(page.stage_unknown, page.language),
            "change_unknown": _unknown(page.change_unknown, page.language),
            "repeat_unknown": _unknown(page.repeat_unknown, page.language),
            "steps": [_step(one, page.language) for one in page.steps],
            "promises": [_promise(one, page.language) for one in page.promises],
            "calls": [_contact(one, page.language) for one in msgspec.to_builtins(page.calls)],
        },
        words=_words(page),
    )


def _unknown(why: str, language: Language) -> str:
    return language.say("Not assessed: {why}.", why=why) if why else ""


def _contact(one: dict[str, Any], language: Language) -> dict[str, Any]:
    found = [*one["signals"], *([language.say("draft words")] if one["draft"] else ())]
    return one | {"call": short(one["call"]), "found": ", ".join(found)}


def _step(one: StepView, language: Language) -> dict[str, Any]:
    lines = (one.why, *lines_of(said.said for said in one.said))
    return {
        "day": one.day,
        "call": short(one.call),
        "before": one.before,
        "after": one.after,
        "why": one.why,
        "said": [_said(said, language) for said in one.said],
        "whole": is_short(one.call, beside=lines),
    }


def _promise(one: PromiseView, language: Language) -> dict[str, Any]:
    said = (one.made, *(later for _, later in one.later))
    return {
        "kind": _COLOURS.get(one.kind, ""),
        "status": one.status,
        "due": language.say("due {day}", day=one.due) if one.due else "",
        "by_when": one.by_when,
        "made": _said(one.made, language),
        "why": one.why,
        "later": [{"told": told, "said": _said(later, language)} for told, later in one.later],
        "whole": is_short(one.status, beside=(one.why, one.by_when, *lines_of(each.said for each in said))),
    }


_COLOURS = {"broken": "fail", "kept": "pass", "not_assessed": "not_assessed"}


def _said(one: SaidView, language: Language) -> dict[str, Any]:
    where = f"{language.say('in call')} {short(one.call)}"
    shown: dict[str, Any] = msgspec.to_builtins(one.said)
    return shown | {"note": " · ".join(filter(None, (one.said.note, where, one.day)))}


def _words(page: CustomerPage) -> dict[str, str]:
    say = page.language.say
    return {
        "incomplete": say(
            "What came of promises, how near the customer came to leaving, and repeat calls can be told only"
            " where the log of calls is complete: whoever knows that it is makes this page with"
            " --complete-log."
        ),
        "gaps": say("The log of calls has gaps. What a missing call could change is not assessed:"),
        "over_time": say("Over time"),
        "unassessed": say("not assessed"),
        "near": say("How near to leaving"),
        "no_step": say("In no call did that change."),
        "promised": say("What was promised"),
        "no_promise": say("No promise is known of these calls."),
        "contacts": say("Changes and repeat calls"),
        "began": say("Calls the customer began"),
        "before": say("the {days} days before", days=page.change_days),
        "now": say("the newest {days} days", days=page.change_days),
        "repeat": say("Repeat calls within {days} days", days=page.repeat_days),
        "found": say("What was found in calls"),
        "calls": say("Calls"),
        "started": say("Started"),
        "call": say("Call"),
        "who": say("Who called"),
        "agent": say("Agent"),
        "length": say("Length"),
        "came": say("What came of it"),
        "found_in": say("Found in it"),
        "not_known": say("not known"),
        "rests": say("What this page rests on"),
    }
