"""A transcript as a page, a Word document and a PDF show it: its labels in the language of the call."""

from __future__ import annotations

import msgspec

from speechqa.core.plain import isolated, printable
from speechqa.core.value import Value
from speechqa.reports.language import Language, spoken
from speechqa.transcripts.telling import Told, ToldTurn

_ROLES = ("agent", "customer", "unknown")


class TranscriptView(Value, frozen=True, kw_only=True):
    """A transcript, ready to show: what people said as they said it, all else in `language`.

    Attributes
    ----------
    facts : tuple of (str, str)
        Names, told, and values as they are.
    remarks : tuple of str
        What the reader must know first.
    marking : str
        How sure the words are.
    turns : tuple of ToldTurn
        `who` and `corrected` are told.
    digest : str
        SHA-256 of the recording; empty where there is none.
    """

    language: Language
    call_id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    marking: str
    turns: tuple[ToldTurn, ...]
    digest: str


def transcript_view(told: Told, *, mark: str, language: Language | None = None) -> TranscriptView:
    """A transcript in a language.

    Parameters
    ----------
    mark : str
        How the document marks doubtful words, in English, as it ends the sentence "Words ... are".
    language : Language, optional
        That of the call where absent.
    """
    speaks = language or spoken(told.language)
    say, name = speaks.say, printable(told.call_id)
    return TranscriptView(
        language=speaks,
        call_id=name,
        title=say("Transcript of call {name}", name=isolated(name)) if name else say("Transcript"),
        facts=tuple((speaks.told(name), value) for name, value in told.facts),
        remarks=tuple(speaks.told(remark) for remark in told.remarks),
        marking=speaks.told(told.marking.format(mark=mark)),
        turns=tuple(_turn(turn, speaks) for turn in told.turns),
        digest=dict(told.facts).get("SHA-256 of the recording", ""),
    )


def _turn(turn: ToldTurn, speaks: Language) -> ToldTurn:
    who = turn.who.replace(turn.role, speaks.say(turn.role), 1) if turn.role in _ROLES else turn.who
    if not turn.role and turn.who == "unknown":
        who = speaks.say("unknown")
    return msgspec.structs.replace(turn, who=who, corrected=speaks.told(turn.corrected))
