"""Turns as papers show them: doubt marked by a sign, corrections beside the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from speechqa.core.plain import is_right_to_left
from speechqa.reports.language import Language
from speechqa.reports.view.quotes import QuoteView, direction
from speechqa.reports.view.spoken import TurnView

SIGN = "(?)"
_LRM, _RLM = "\u200e", "\u200f"
_WHOLE = 1200
"""Characters of what is not parted between pages; what is longer might not fit on one."""
_LINE = 60
"""Characters that a text takes at least, for it begins a line."""


def turn_data(turn: TurnView, language: Language) -> dict[str, Any]:
    """A turn for `spoken.typ`."""
    pieces: list[dict[str, str]] = []
    for piece in turn.pieces:
        if piece.doubt or not pieces or pieces[-1]["sign"]:
            pieces.append({"text": piece.text, "sign": doubt_sign(piece.text) if piece.doubt else ""})
        else:
            pieces[-1]["text"] += piece.text
    return {
        "number": turn.number,
        "when": turn.when,
        "who": turn.who,
        "role": turn.role,
        "pieces": pieces,
        "direction": turn.direction,
        "remarks": [language.say("no speech on this channel here")] if turn.unheard else [],
        "corrected": turn.corrected,
        "machine": turn.machine,
        "machine_direction": direction(turn.machine),
        "whole": is_short(
            *(piece.text for piece in turn.pieces), beside=(turn.who, turn.machine, turn.corrected)
        ),
    }


def is_short(*texts: str, beside: Iterable[str] = ()) -> bool:
    """Whether texts fit a page together, so that they need not be parted.

    Those `beside` them stand in narrower columns, or in lines of their own.
    """
    return sum(map(len, texts)) + sum(_LINE + 3 * len(one) for one in beside) < _WHOLE


def lines_of(quotes: Iterable[QuoteView]) -> list[str]:
    """All that stands in quotes, as `is_short` takes what is beside a text."""
    return [text for one in quotes for text in (one.who, one.text, one.note)]


def doubt_sign(word: str) -> str:
    """The sign after a doubtful word, which stays on the word's side where the direction turns after it."""
    return f"{SIGN}{_RLM if is_right_to_left(word) else _LRM}"


def marking(language: Language) -> str:
    """What the sign means."""
    return language.say(
        "Words that were heard with doubt are underlined with dots and followed by {sign}.", sign=SIGN
    )
