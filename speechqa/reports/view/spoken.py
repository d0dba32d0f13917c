"""The transcript, ready to show: each turn in pieces that can be followed by ear."""

from __future__ import annotations

from speechqa.core.analysis import CallAnalysis
from speechqa.core.correction import CorrectedTurn
from speechqa.core.plain import printable
from speechqa.core.transcript import Turn
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.view.quotes import direction, role_class, who_said
from speechqa.reports.wording import clock
from speechqa.transcripts.telling import DOUBTFUL, aligned


class PieceView(Value, frozen=True, kw_only=True):
    """A piece of a turn's text.

    Attributes
    ----------
    start : float or None
        Where a word begins, in seconds; None between words and where no time is known.
    doubt : str
        How sure a doubtful word is; empty where it is not in doubt.
    """

    text: str
    start: float | None = None
    doubt: str = ""


class TurnView(Value, frozen=True, kw_only=True):
    """A turn, ready to show; `number` counts from 1, as `transcript --correct` takes it.

    Attributes
    ----------
    unheard : bool
        Whether its channel has no speech under it.
    corrected : str
        Who corrected the words and when; empty where nobody did. `machine` is what the machine heard.
    """

    number: int
    when: str
    who: str
    role: str
    start: float | None
    end: float | None
    pieces: tuple[PieceView, ...]
    direction: str
    unheard: bool
    corrected: str = ""
    machine: str = ""


def turns(analysis: CallAnalysis, language: Language) -> tuple[TurnView, ...]:
    """The turns of a call in their order."""
    if analysis.transcript is None:
        return ()
    corrected = {found.turn: found for found in analysis.corrected_turns if found.turn is not None}
    return tuple(
        _turn(index, turn, corrected.get(index), language)
        for index, turn in enumerate(analysis.transcript.turns)
    )


def _turn(index: int, turn: Turn, found: CorrectedTurn | None, language: Language) -> TurnView:
    who = turn.speaker if turn.speaker != "unknown" else turn.party or "unknown"
    return TurnView(
        number=index + 1,
        when=clock(turn.start),
        who=who_said(who, language),
        role=role_class(turn.speaker),
        start=turn.start,
        end=turn.end,
        pieces=pieces(turn, language),
        direction=direction(turn.text),
        unheard=turn.voiced is False,
        corrected=_correction(found, language) if found is not None else "",
        machine=printable(found.correction.machine) if found is not None else "",
    )


def pieces(turn: Turn, language: Language) -> tuple[PieceView, ...]:
    """The text of a turn; words without a time and without doubt stay together with what is around them."""
    found = aligned(turn)
    if found is None:
        return (PieceView(text=printable(turn.text)),) if turn.text else ()
    views: list[PieceView] = []
    plain = ""
    for text, word in found:
        doubtful = word is not None and word.confidence is not None and word.confidence < DOUBTFUL
        if word is None or (word.start is None and not doubtful):
            plain += text
            continue
        if plain:
            views.append(PieceView(text=printable(plain)))
            plain = ""
        doubt = language.say("confidence {value}", value=f"{word.confidence:.2f}") if doubtful else ""
        views.append(PieceView(text=printable(text), start=word.start, doubt=doubt))
    if plain:
        views.append(PieceView(text=printable(plain)))
    return tuple(views)


def _correction(found: CorrectedTurn, language: Language) -> str:
    correction = found.correction
    told = language.say(
        "corrected by {who} on {day}",
        who=printable(correction.by),
        day=printable(correction.at)[:16].replace("T", " "),
    )
    return f"{told}: {printable(correction.reason)}" if correction.reason else told
