"""Words as a person corrected them: what was said instead, by whom and why; the machine's words stay."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

import msgspec

from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.core.value import Value, require, require_interval

SAME_START_S = 0.5
"""A turn that begins no further from where it was corrected, with the machine's very words, is that turn."""


class WordCorrection(Value, frozen=True, kw_only=True):
    """What a person says was said in one turn; the body of a `word_correction` in the journal.

    Attributes
    ----------
    turn : int
        Index of the turn in the transcript that was corrected, from 0.
    machine : str
        What the machine heard there, masked.
    text : str or None
        What was said, masked; None takes back the corrections before it.
    party, start, end : str or None, float or None
        Of the turn, in seconds: by these and `machine` it is found in a later transcript.
    by, at, reason : str
        Who says so, when (UTC in ISO 8601), and why.
    """

    turn: int
    machine: str
    text: str | None
    by: str
    at: str
    reason: str = ""
    party: str | None = None
    start: float | None = None
    end: float | None = None

    def __post_init__(self) -> None:
        require(self.turn >= 0, f"turns are counted from 0, found {self.turn}")
        require_interval(self.start, self.end)


class CorrectedTurn(Value, frozen=True, kw_only=True):
    """A correction in force, as a document holds it.

    Attributes
    ----------
    correction : WordCorrection
        As it was written down.
    turn : int or None
        Index of the turn it holds for in this document; None where the words have changed since, so that it
        fits nowhere.
    words : tuple of Word
        The machine's words of that turn.
    """

    correction: WordCorrection
    turn: int | None
    words: tuple[Word, ...] = ()


def in_force(corrections: Iterable[WordCorrection]) -> tuple[WordCorrection, ...]:
    """The last correction of each turn, in the order of turns, without those that were taken back."""
    last = {_place(correction): correction for correction in corrections}
    return tuple(
        sorted((c for c in last.values() if c.text is not None), key=lambda c: (c.turn, c.start or 0.0, c.at))
    )


def corrected(
    transcript: Transcript, corrections: Iterable[WordCorrection]
) -> tuple[Transcript, tuple[CorrectedTurn, ...]]:
    """A machine's transcript with what people corrected in it, and where each correction went.

    A correction holds for the turn of the same party with the machine's very words at the same time, so that
    it follows the call through other rubrics and versions. One that fits nowhere changes nothing.

    Parameters
    ----------
    transcript : Transcript
        As the machine heard it, masked.
    corrections : iterable of WordCorrection
        Those in force.
    """
    turns = list(transcript.turns)
    taken: set[int] = set()
    found = []
    for correction in corrections:
        index = _found(transcript.turns, correction, taken)
        if index is None or correction.text is None:
            found.append(CorrectedTurn(correction=correction, turn=None))
            continue
        taken.add(index)
        turn = transcript.turns[index]
        found.append(CorrectedTurn(correction=correction, turn=index, words=turn.words))
        words = corrected_words(turn, correction.text)
        turns[index] = msgspec.structs.replace(turn, text=correction.text, words=words)
    return msgspec.structs.replace(transcript, turns=tuple(turns)), tuple(found)


def as_heard(transcript: Transcript, corrections: Iterable[CorrectedTurn]) -> Transcript:
    """The machine's own transcript, of one that `corrected` made."""
    turns = list(transcript.turns)
    for found in corrections:
        if found.turn is not None:
            turns[found.turn] = msgspec.structs.replace(
                turns[found.turn], text=found.correction.machine, words=found.words
            )
    return msgspec.structs.replace(transcript, turns=tuple(turns))


def corrected_words(turn: Turn, text: str) -> tuple[Word, ...]:
    """The words of a corrected text: those that the machine heard too keep their times and confidence.

    A word in the place of one other has its time; where more or fewer stand in for some, their times are
    unknown. No machine was sure of a corrected word, so that it has no confidence.

    Examples
    --------
    >>> heard = Word(text="lamp", start=1.0, end=1.4, confidence=0.9), Word(text="bought", start=1.4, end=2.0)
    >>> turn = Turn(speaker="customer", text="lamp bought", words=heard, start=1.0, end=2.0)
    >>> [(word.text, word.start, word.confidence) for word in corrected_words(turn, "lamp broke")]
    [('lamp', 1.0, 0.9), ('broke', 1.4, None)]
    """
    if not turn.words:
        return ()
    said = text.split()
    before = [word.text for word in turn.words]
    words: list[Word] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, said, autojunk=False).get_opcodes():
        if kind == "equal":
            words.extend(turn.words[i:j])
        elif j - i == m - k:
            words.extend(
                Word(text=new, start=old.start, end=old.end)
                for old, new in zip(turn.words[i:j], said[k:m], strict=True)
            )
        else:
            words.extend(Word(text=new) for new in said[k:m])
    return tuple(words)


def _place(correction: WordCorrection) -> tuple[object, ...]:
    where = correction.turn if correction.start is None else correction.start
    return correction.party, where, correction.machine


def _found(turns: tuple[Turn, ...], correction: WordCorrection, taken: set[int]) -> int | None:
    def distance(index: int) -> float:
        start = turns[index].start
        if start is None or correction.start is None:
            return abs(index - correction.turn)
        return abs(start - correction.start)

    fitting = [
        index
        for index, turn in enumerate(turns)
        if index not in taken
        and turn.text == correction.machine
        and correction.party in (None, turn.party)
        and (turn.start is None) == (correction.start is None)
    ]
    nearest = min(fitting, key=distance, default=None)
    if nearest is None or distance(nearest) > (SAME_START_S if correction.start is not None else 0):
        return None
    return nearest
