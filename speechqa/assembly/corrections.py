"""Words of a stored call corrected by a person; the call is then judged again from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from speechqa.assembly.periods import require_open
from speechqa.assembly.rejudging import audit_fingerprint, judged_again, kept_fingerprint
from speechqa.assembly.roles import stored_call
from speechqa.core.analysis import CallAnalysis
from speechqa.core.correction import WordCorrection, as_heard, corrected, in_force
from speechqa.core.transcript import Transcript
from speechqa.errors import UsageError
from speechqa.protocols import Store

LONGEST = 20_000
"""Letters of a corrected turn; nobody says more in one go."""


def all_corrections(store: Store, identity: str) -> Iterator[WordCorrection]:
    """What people corrected in the words of a recording, oldest first; erased entries are left out."""
    for entry in store.notes("word_correction", identity=identity):
        if entry.body is not None:
            yield msgspec.json.decode(entry.body, type=WordCorrection)


def kept_corrections(store: Store, identity: str) -> tuple[WordCorrection, ...]:
    """The corrections in force for a recording, which every analysis of it follows."""
    return in_force(all_corrections(store, identity))


def correct_words(
    store: Store, reference: str, turn: int, text: str | None, *, by: str, reason: str = ""
) -> CallAnalysis:
    """Keep what a person says was said in a turn, and judge the call again from it.

    The machine's text stays in the document, beside the correction, and the earlier versions of the document
    stay in the store. The corrected text is masked in its surroundings, as any other, before it is kept.

    Parameters
    ----------
    turn : int
        Number of the turn as transcripts show it, from 1.
    text : str or None
        What was said; None goes back to what the machine heard.
    by, reason : str
        Who says so and why; kept in the journal and in the log.

    Raises
    ------
    CallNotFound, RecordingError
        If there is no such call, or it could not be analysed.
    UsageError
        If there is no such turn, nothing would change, the text cannot be kept, or the period of the call is
        closed.
    RubricError
        If the rubric the call was judged by cannot be read.
    """
    from speechqa.privacy.redaction import redact_text

    document = stored_call(store, reference)
    require_open(store, document, "A correction of words")
    machine = as_heard(_transcript(document), document.corrected_turns)
    index = _index(document, machine, turn)
    heard = machine.turns[index]
    masked = None if text is None else _masked(machine, index, _usable(document, text))
    if masked == heard.text:
        masked = None  # what the machine heard needs no correction
    now = {found.turn: found.correction.text for found in document.corrected_turns}
    if masked == now.get(index):
        raise UsageError(
            "That is what the transcript says already",
            where=f"call {document.call_id}, turn {turn}",
            hint=f"Read it with: speechqa transcript {document.call_id}",
        )
    correction = WordCorrection(
        turn=index,
        machine=heard.text,
        text=masked,
        party=heard.party,
        start=heard.start,
        end=heard.end,
        by=redact_text(by),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        reason=redact_text(reason),
    )
    identity = store.identity(document.call_id)
    kept = in_force((*all_corrections(store, identity), correction))
    again = _judged(document, machine, kept)
    roles = store.role_correction(identity)
    store.note(
        "word_correction",
        correction,
        actor=correction.by,
        identity=identity,
        call=document.call_id,
        while_open=True,
    )
    store.log(
        "words corrected" if masked is not None else "words correction dropped",
        call=document.call_id,
        actor=correction.by,
        reason=correction.reason,
        details={"turn": str(turn)},
    )
    before = None if kept else store.done(identity, audit_fingerprint(again, roles))
    if before is not None:
        store.make_current(identity, audit_fingerprint(again, roles))
    else:
        store.put(identity, kept_fingerprint(again, roles), again)
    return stored_call(store, document.call_id)


def _judged(document: CallAnalysis, machine: Transcript, kept: tuple[WordCorrection, ...]) -> CallAnalysis:
    from speechqa.privacy.redaction import redact

    transcript, found = corrected(machine, kept)
    # Masked again as a whole: a corrected digit may complete a number that goes on in the next turn.
    changed = msgspec.structs.replace(
        document, transcript=redact(transcript).transcript, corrected_turns=found
    )
    return judged_again(changed, document.roles, with_audio=False)


def _transcript(document: CallAnalysis) -> Transcript:
    if document.transcript is None or not document.transcript.turns:
        raise UsageError(
            "The call has no words to correct",
            where=f"call {document.call_id}",
            hint="Audit it again with an engine or with --transcripts",
        )
    return document.transcript


def _index(document: CallAnalysis, machine: Transcript, turn: int) -> int:
    if not 1 <= turn <= len(machine.turns):
        raise UsageError(
            "No such turn in this call",
            where=f"call {document.call_id}",
            found=str(turn),
            expected=f"a number from 1 to {len(machine.turns)}, as the transcript shows it",
            hint=f"Read it with: speechqa transcript {document.call_id}",
        )
    return turn - 1


def _usable(document: CallAnalysis, text: str) -> str:
    from speechqa.core.plain import cleaned

    said = " ".join(cleaned(text).split())
    if len(said) > LONGEST:
        raise UsageError(
            "The corrected text is too long for a turn",
            where=f"call {document.call_id}",
            found=f"{len(said)} letters",
            expected=f"at most {LONGEST}",
        )
    return said


def _masked(machine: Transcript, index: int, text: str) -> str:
    """The text with its numbers masked, read together with the turns around it."""
    from speechqa.privacy.redaction import redact

    turns = list(machine.turns)
    turns[index] = msgspec.structs.replace(turns[index], text=text, words=())
    return redact(msgspec.structs.replace(machine, turns=tuple(turns))).transcript.turns[index].text
