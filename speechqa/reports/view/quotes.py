"""Quotes, ready to show."""

from __future__ import annotations

from speechqa.core.finding import Evidence
from speechqa.core.plain import is_right_to_left, printable
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.wording import clock


class QuoteView(Value, frozen=True, kw_only=True):
    """A quote with its place, ready to show; `start` in seconds where it can be heard."""

    when: str
    who: str
    role: str
    text: str
    direction: str
    start: float | None = None
    end: float | None = None
    note: str = ""


def quote(evidence: Evidence, language: Language) -> QuoteView:
    """Evidence as a quote."""
    return quoted(
        evidence.quote,
        who=evidence.speaker,
        start=evidence.start,
        end=evidence.end,
        note=evidence.note,
        language=language,
    )


def quoted(
    text: str, *, who: str, start: float | None, end: float | None, language: Language, note: str = ""
) -> QuoteView:
    """Somebody's words as a quote; `note` is a remark of ours on it."""
    return QuoteView(
        when=clock(start),
        who=who_said(who, language),
        role=role_class(who),
        text=printable(text),
        direction=direction(text),
        start=start,
        end=end,
        note=language.told(printable(note)),
    )


def direction(text: str) -> str:
    """Which way a text is read: `rtl` or `ltr`."""
    return "rtl" if is_right_to_left(text) else "ltr"


def role_class(who: str) -> str:
    """What a page marks a speaker with: `agent`, `customer` or `unknown`."""
    return who if who in ("agent", "customer") else "unknown"


def who_said(who: str, language: Language) -> str:
    """A speaker's name; roles in the page's language, others as they came."""
    return language.say(who) if who in ("agent", "customer", "unknown") else printable(who)
