"""A transcript as a PDF: set in a font that has Hebrew, shaped, and in the order it is read."""

from __future__ import annotations

from typing import Any

from speechqa.reports.language import Language
from speechqa.reports.print.call import foot
from speechqa.reports.print.spoken import SIGN, doubt_sign, is_short
from speechqa.reports.print.typesetting import typeset
from speechqa.reports.view.quotes import direction
from speechqa.reports.view.transcript import transcript_view
from speechqa.transcripts.telling import Told, ToldTurn


def transcript_pdf(told: Told, language: Language | None = None) -> bytes:
    """A PDF: the facts of the call, the turns, page numbers, in `language`, that of the call where absent.

    Doubtful words are underlined with dots and followed by `(?)`. A character that the font does not have is
    shown as U+FFFD, and the head says how many there are.

    Raises
    ------
    ReportError
        If it cannot be set.
    """
    view = transcript_view(told, mark=f"followed by {SIGN}", language=language)
    return typeset(
        "transcript",
        view.language,
        title=view.title,
        foot=foot(view.call_id, view.digest),
        facts=view.facts,
        remarks=view.remarks,
        marking=view.marking,
        turns=[_turn(turn, view.language) for turn in view.turns],
        words={"machine_heard": view.language.say("the machine heard:")},
    )


def _turn(turn: ToldTurn, language: Language) -> dict[str, Any]:
    machine = turn.machine or language.say("nothing")
    return {
        "number": turn.number,
        "when": turn.when,
        "who": turn.who,
        "role": turn.role,
        "pieces": [
            {"text": piece.text, "sign": "" if piece.confidence is None else doubt_sign(piece.text)}
            for piece in turn.pieces
        ],
        "direction": direction(turn.text),
        "remarks": [],
        "corrected": turn.corrected,
        "machine": machine,
        "machine_direction": direction(machine),
        "whole": is_short(turn.text, beside=(turn.who, turn.machine, turn.corrected)),
    }
