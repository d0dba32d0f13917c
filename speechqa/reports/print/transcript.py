"""A transcript as a PDF: set in a font that has Hebrew, shaped, and in the order it is read."""

from __future__ import annotations

from typing import Any

from speechqa.core.plain import printable
from speechqa.reports.language import Language, language
from speechqa.reports.print.call import foot
from speechqa.reports.print.spoken import SIGN, doubt_sign, is_short
from speechqa.reports.print.typesetting import typeset
from speechqa.reports.view.quotes import direction
from speechqa.transcripts.telling import Told, ToldTurn

_ROLES = ("agent", "customer", "unknown")


def transcript_pdf(told: Told) -> bytes:
    """A PDF: the facts of the call, the turns, page numbers; in Hebrew where the call is.

    Doubtful words are underlined with dots and followed by `(?)`. A character that the font does not have is
    shown as U+FFFD, and the head says how many there are.

    Raises
    ------
    ReportError
        If it cannot be set.
    """
    speaks = language("he" if told.language == "he" else "en")
    facts = dict(told.facts)
    name = printable(told.call_id)
    return typeset(
        "transcript",
        speaks,
        title=speaks.say("Transcript of call {name}", name=name) if name else speaks.say("Transcript"),
        foot=foot(name, facts.get("SHA-256 of the recording", "")),
        facts=[(speaks.told(fact), value) for fact, value in told.facts],
        remarks=[speaks.told(remark) for remark in told.remarks],
        marking=speaks.told(told.marking.format(mark=f"followed by {SIGN}")),
        turns=[_turn(turn, speaks) for turn in told.turns],
        words={"machine_heard": speaks.say("the machine heard:")},
    )


def _turn(turn: ToldTurn, language: Language) -> dict[str, Any]:
    return {
        "number": turn.number,
        "when": turn.when,
        "who": turn.who.replace(turn.role, language.say(turn.role), 1) if turn.role in _ROLES else turn.who,
        "role": turn.role,
        "pieces": [
            {"text": piece.text, "sign": "" if piece.confidence is None else doubt_sign(piece.text)}
            for piece in turn.pieces
        ],
        "direction": direction(turn.text),
        "remarks": [],
        "corrected": language.told(turn.corrected),
        "machine": turn.machine or language.say("nothing"),
        "machine_direction": direction(turn.machine),
        "whole": is_short(turn.text, beside=(turn.who, turn.machine, turn.corrected)),
    }
