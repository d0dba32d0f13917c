"""A transcript as people read it: facts of the call, turns, doubtful words, corrections beside the text."""

from __future__ import annotations

from collections.abc import Iterator

from speechqa.core.analysis import CallAnalysis
from speechqa.core.correction import CorrectedTurn
from speechqa.core.plain import cleaned, is_right_to_left, isolated
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.core.value import Value
from speechqa.transcripts.cutting import (
    cut,
    label_of,
    machine_version,
    one_line,
    roles_of,
    speaker_of,
    stamp,
    transcript_of,
)

DOUBTFUL = 0.5
"""Confidence under which a word is marked as doubtful."""
DRAFT_WORDS = "a draft, a first impression that must not be quoted"


class Piece(Value, frozen=True, kw_only=True):
    """A piece of a turn's text; `confidence` is that of a word which is doubtful, else None."""

    text: str
    confidence: float | None = None


class ToldTurn(Value, frozen=True, kw_only=True):
    """A turn as people read it.

    Attributes
    ----------
    number : int
        From 1, as `--correct` takes it.
    when : str
        `00:00:01.000 - 00:00:02.500`; empty without times.
    who, role : str
        The speaker with the party's letter; `agent`, `customer` or anything else.
    pieces : tuple of Piece
        The text, put together in order.
    corrected : str
        By whom and when the words were corrected, and why; empty where they were not.
    machine : str
        What the machine heard there.
    """

    number: int
    when: str
    who: str
    role: str
    pieces: tuple[Piece, ...]
    corrected: str = ""
    machine: str = ""

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def right_to_left(self) -> bool:
        """Whether the text runs right to left."""
        return is_right_to_left(self.text)


class Told(Value, frozen=True, kw_only=True):
    """A transcript as people read it.

    `facts` are names and values about the call, `remarks` sentences the reader must know first; `marking`
    says how sure the words are, with `{mark}` where a writer says how it marks doubtful ones.
    """

    call_id: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    marking: str
    turns: tuple[ToldTurn, ...]
    language: str | None


def tell(
    value: CallAnalysis | Transcript,
    *,
    start: float | None = None,
    end: float | None = None,
    machine: bool = False,
) -> Told:
    """A transcript to be read by people.

    Parameters
    ----------
    start, end : float, optional
        Only turns that overlap this stretch in seconds.
    machine : bool
        The machine's words alone, without what people corrected.

    Raises
    ------
    UsageError
        If the call has no transcript, or a stretch is asked of turns without times.
    """
    corrections = 0
    if machine and isinstance(value, CallAnalysis):
        corrections = sum(found.turn is not None for found in value.corrected_turns)
        value = machine_version(value)
    transcript = transcript_of(value)
    roles = roles_of(value)
    by_turn = {}
    if isinstance(value, CallAnalysis):
        by_turn = {found.turn: found for found in value.corrected_turns if found.turn is not None}
    turns = tuple(
        _told(index, turn, roles, by_turn.get(index)) for index, turn in cut(transcript, start, end)
    )
    return Told(
        call_id=one_line(value.call_id) if isinstance(value, CallAnalysis) else "",
        facts=_facts(value, transcript),
        remarks=tuple(_remarks(transcript, by_turn, corrections, start, end)),
        marking=_marking(transcript),
        turns=turns,
        language=transcript.language,
    )


def pieces(turn: Turn) -> tuple[Piece, ...]:
    """The text of a turn, parted where words are doubtful; in one piece where its words do not fit it.

    Examples
    --------
    >>> from speechqa.core.transcript import Word
    >>> words = Word(text="good", confidence=0.9), Word(text="mourning", confidence=0.2)
    >>> [(p.text, p.confidence) for p in pieces(Turn(speaker="agent", text="good mourning.", words=words))]
    [('good ', None), ('mourning', 0.2), ('.', None)]
    """
    found = aligned(turn)
    if found is None:
        return _unmarked(turn.text)
    marked: list[Piece] = []
    plain = ""
    for text, word in found:
        if word is not None and word.confidence is not None and word.confidence < DOUBTFUL:
            marked += _unmarked(plain)
            marked.append(Piece(text=cleaned(text), confidence=word.confidence))
            plain = ""
        else:
            plain += text
    return (*marked, *_unmarked(plain))


def aligned(turn: Turn) -> tuple[tuple[str, Word | None], ...] | None:
    """The text of a turn in pieces, in order: each a word of the turn, or what stands between words.

    None where the words do not fit the text, or the turn has none.
    """
    found: list[tuple[str, Word | None]] = []
    position = 0
    for word in turn.words:
        begin = turn.text.find(word.text, position, position + len(word.text) + 64) if word.text else -1
        if begin < 0 or any(letter.isalnum() for letter in turn.text[position:begin]):
            return None
        if begin > position:
            found.append((turn.text[position:begin], None))
        position = begin + len(word.text)
        found.append((word.text, word))
    if position < len(turn.text):
        found.append((turn.text[position:], None))
    return tuple(found) if turn.words else None


def _unmarked(text: str) -> tuple[Piece, ...]:
    return (Piece(text=shown),) if (shown := cleaned(text)) else ()


def _told(index: int, turn: Turn, roles: dict[str, str], found: CorrectedTurn | None) -> ToldTurn:
    when = "" if turn.start is None else f"{stamp(turn.start, '.')} - {stamp(turn.end, '.')}"
    return ToldTurn(
        number=index + 1,
        when=when,
        who=one_line(label_of(turn, roles)),
        role=speaker_of(turn, roles),
        pieces=pieces(turn),
        corrected=_correction(found) if found is not None else "",
        machine=cleaned(found.correction.machine) if found is not None else "",
    )


def _correction(found: CorrectedTurn) -> str:
    correction = found.correction
    why = f" ({isolated(one_line(correction.reason))})" if correction.reason else ""
    when = one_line(correction.at)[:16].replace("T", " ")
    return f"corrected by {isolated(one_line(correction.by))} on {when} UTC{why}"


def _facts(value: CallAnalysis | Transcript, transcript: Transcript) -> tuple[tuple[str, str], ...]:
    facts: list[tuple[str, str | None]] = []
    if isinstance(value, CallAnalysis):
        about, made, recording = value.metadata, value.provenance, value.recording
        agent = " ".join(part for part in (about.agent_id, about.agent_name) if part)
        facts += [
            ("call", value.call_id),
            ("date", about.started_at),
            ("agent", agent),
            ("customer", about.customer_id),
            ("length", None if value.duration is None else stamp(value.duration, ".")),
            ("recording", None if recording is None else recording.path),
            ("SHA-256 of the recording", None if recording is None else recording.sha256),
        ]
    engine = f"{transcript.engine} ({transcript.model})" if transcript.model else transcript.engine
    facts += [("words by", engine), ("language", transcript.language)]
    if transcript.mean_confidence is not None:
        facts.append(("mean word confidence", f"{transcript.mean_confidence:.2f}"))
    if isinstance(value, CallAnalysis):
        facts += [
            ("rubric", made.rubric),
            ("SHA-256 of the rubric", made.rubric_digest),
            ("analysed", made.created_at),
            ("speechqa", made.speechqa),
        ]
    return tuple((name, one_line(found)) for name, found in facts if found)


def _remarks(
    transcript: Transcript,
    by_turn: dict[int, CorrectedTurn],
    left_out: int,
    start: float | None,
    end: float | None,
) -> Iterator[str]:
    if transcript.draft:
        yield f"{isolated(one_line(transcript.engine))} is {DRAFT_WORDS}."
    if start is not None or end is not None:
        last = "the end" if end is None else f"{end:g} s"
        yield f"A part of the call: from {start or 0:g} s to {last}."
    if left_out:
        yield f"The machine's words alone: corrections of people in {_turns(left_out)} are left out."
    elif by_turn:
        yield f"{_turns(len(by_turn))} corrected by people; the machine's words stand beside."


def _turns(count: int) -> str:
    return "1 turn" if count == 1 else f"{count} turns"


def _marking(transcript: Transcript) -> str:
    known = any(word.confidence is not None for turn in transcript.turns for word in turn.words)
    if not known:
        return "How sure single words are is not known: none is marked."
    return f"Words heard with a confidence under {DOUBTFUL:.2f} are {{mark}}."
