"""The simple JSON form anybody can write by hand, and speechqa's own document."""

from __future__ import annotations

import msgspec

from speechqa.core import codec
from speechqa.core.analysis import FailedCall
from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Word
from speechqa.transcripts.fields import Node, optional_text, refuse, shown, times
from speechqa.transcripts.imported import ImportedTranscript, TurnDraft, assemble
from speechqa.transcripts.languages import language_code


def parse_simple(root: Node) -> ImportedTranscript:
    """The form ``{"id", "language", ..., "turns": [{"speaker", "text", "start", "end", "words"}]}``.

    All but `turns` and each turn's `text` may be missing or null.
    """
    notes: list[str] = []
    drafts: list[TurnDraft] = []
    halves = 0
    for node in root.need("turns").items():
        drafts.append(_turn(node))
        halves += (node.get("start") is None) != (node.get("end") is None)
    if halves:
        notes.append(f"{halves} turns with only a start or only an end are kept without times")
    language = language_code(optional_text(root, "language"))
    draft_node = root.get("draft")
    if draft_node is not None and not isinstance(draft_node.value, bool):
        raise draft_node.refuse("true or false")
    duration = root.get("duration")
    return ImportedTranscript(
        transcript=assemble(
            drafts,
            source="simple",
            language=language,
            model=optional_text(root, "model"),
            draft=draft_node is not None and draft_node.value,
        ),
        format="simple",
        call_id=optional_text(root, "id", "call_id"),
        language=language,
        metadata=_metadata(root),
        duration=None if duration is None else duration.seconds(),
        notes=tuple(notes),
    )


def _turn(node: Node) -> TurnDraft:
    speaker = node.get("speaker")
    channel = node.get("channel")
    if channel is not None and (type(channel.value) is not int or not 0 <= channel.value < 1024):
        raise channel.refuse("a channel counted from 0")
    start, end = times(node)
    text = node.need("text").text()
    words = node.get("words")
    return TurnDraft(
        speaker=None if speaker is None else speaker.name(),
        text=text,
        start=start,
        end=end,
        channel=None if channel is None else channel.value,
        words=() if words is None else tuple(read_word(word) for word in words.items()),
    )


def read_word(node: Node, *, strip: bool = False) -> Word:
    """A word under the names that engines use for its fields; times stay None unless both are there."""
    text = node.need("text", "word").text()
    confidence = node.get("confidence", "probability", "score")
    start, end = times(node)
    return Word(
        text=text.strip() if strip else text,
        start=start,
        end=end,
        confidence=None if confidence is None else confidence.probability(),
    )


def _metadata(root: Node) -> CallMetadata:
    wait = root.get("queue_wait_s")
    transfers = root.get("transfers")
    if transfers is not None and (type(transfers.value) is not int or not 0 <= transfers.value < 10_000):
        raise transfers.refuse("a count")
    return CallMetadata(
        agent_id=optional_text(root, "agent_id"),
        agent_name=optional_text(root, "agent_name"),
        team=optional_text(root, "team"),
        customer_id=optional_text(root, "customer_id"),
        started_at=optional_text(root, "started_at"),
        direction=optional_text(root, "direction"),
        queue_wait_s=None if wait is None else wait.seconds(),
        transfers=None if transfers is None else transfers.value,
    )


def parse_document(text: str, file: str) -> ImportedTranscript:
    """speechqa's own document of an analysed call, of this schema version or an older one."""
    try:
        document = codec.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise refuse(file, "", str(error)[:200], "a speechqa document") from error
    if isinstance(document, FailedCall):
        raise refuse(file, "status", "a call that failed", "an analysed call")
    transcript = document.transcript
    if transcript is None:
        raise refuse(file, "transcript", "no transcript", "a call with a transcript")
    first = f"first transcribed by {shown(transcript.engine)}"
    return ImportedTranscript(
        transcript=msgspec.structs.replace(transcript, engine="import:speechqa"),
        format="speechqa",
        call_id=document.call_id,
        language=transcript.language,
        metadata=document.metadata,
        duration=document.recording.duration if document.recording else None,
        notes=(first,),
    )
