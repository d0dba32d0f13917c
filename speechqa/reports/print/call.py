"""A call as a PDF: what its page shows, on paper."""

from __future__ import annotations

from typing import Any

import msgspec

from speechqa.reports.language import Language
from speechqa.reports.print.spoken import is_short, lines_of, marking, turn_data
from speechqa.reports.print.timeline_picture import picture
from speechqa.reports.print.typesetting import short, typeset
from speechqa.reports.view.call import CallPage
from speechqa.reports.view.scorecard import FindingView

_LONGEST_NAME = 60
"""Letters of a call's id at the foot of a page."""
_AS_IT_IS = (
    "heading", "summary", "draft", "notices", "disputes", "listen_to", "signals", "promises", "measures",
    "events", "voices", "voices_unit", "rejected", "facts",
)  # fmt: skip


def call_pdf(page: CallPage) -> bytes:
    """A call's page as a PDF.

    Raises
    ------
    ReportError
        If it cannot be set.
    """
    language = page.language
    say = language.say
    digest = dict(page.facts).get(say("SHA-256 of the recording"), "")
    shown: dict[str, Any] = {name: msgspec.to_builtins(getattr(page, name)) for name in _AS_IT_IS}
    shown["scores"] = [
        msgspec.to_builtins(score)
        | {"by_machine": say("by the machine {points}", points=score.machine) if score.machine else ""}
        for score in page.scores
    ]
    shown["named"] = [
        {"title": one.title, "verdict": one.verdict, "verdict_words": one.verdict_words} for one in page.named
    ]
    shown["categories"] = [
        {"title": title, "findings": [_finding(one, language) for one in findings]}
        for title, findings in page.categories
    ]
    shown["other"] = [_finding(one, language) for one in page.other]
    shown["turns"] = [turn_data(turn, language) for turn in page.turns]
    doubted = any(piece.doubt for turn in page.turns for piece in turn.pieces)
    return typeset(
        "call",
        language,
        title=say("Call {name}", name=page.heading),
        foot=foot(page.heading, digest),
        call=shown,
        words=_words(language),
        closed=say(
            "The call lies in the closed period {name}: its score no longer changes.", name=page.closed
        )
        if page.closed
        else "",
        others=say("{count} criteria did not apply or could not be assessed", count=len(page.other)),
        events=say("{count} interruptions, cut-offs and waits", count=len(page.events)),
        doubted=doubted,
        picture=None if page.timeline is None else picture(page.timeline, language),
    )


def foot(name: str, digest: str) -> str:
    """What each page of a call says of it: its id, and the beginning of its recording's digest."""
    cut = short(name, _LONGEST_NAME)
    return f"{cut}  ·  SHA-256 {digest[:16]}…" if digest else cut


def _finding(one: FindingView, language: Language) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(one)
    lines = [*one.decided, *one.sure, *(f"{part.title} {part.reason}" for part in one.parts)]
    lines += lines_of((*one.unparted, *(said for part in one.parts for said in part.quotes)))
    return shown | {
        "by_machine": language.say("By the machine: {verdict}", verdict=one.machine),
        "whole": is_short(one.title, one.reason, one.machine, one.would_change, beside=lines),
    }


def _words(language: Language) -> dict[str, str]:
    say = language.say
    return {
        "call": say("Call"),
        "listen": say("Listen to this first"),
        "timeline": say("The call over time"),
        "critical": say("critical"),
        "would_change": say("What would change it:"),
        "nothing_assessed": say("Nothing was assessed."),
        "nothing_found": say("Nothing was found."),
        "none_found": say("None was found."),
        "disputes": say("Disputes"),
        "promises": say("Promises"),
        "promises_unknown": say("It could not be told whether anything was promised."),
        "signals": say("About the customer, never scored"),
        "not_assessed": say("not assessed"),
        "conversation": say("Conversation"),
        "voice": say("Voice"),
        "said_before": say("Said before it:"),
        "transcript": say("Transcript"),
        "no_words": say("No words were transcribed."),
        "marking": marking(language),
        "machine_heard": say("the machine heard:"),
        "refused": say("Text refused"),
        "about": say("About this document"),
    }
