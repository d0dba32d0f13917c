"""JSON of Amazon Transcribe, batch jobs and Call Analytics.

A batch job writes ``results.items`` with times and confidences as strings, punctuation as items without
times, and says who spoke in ``results.speaker_labels`` or ``results.channel_labels``; newer jobs add
``results.audio_segments``. Call Analytics writes a list ``Transcript`` of turns with ``ParticipantRole`` and
offsets in milliseconds. Field names: Amazon Transcribe Developer Guide, "Example output".
"""

from __future__ import annotations

import re

from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Word
from speechqa.core.value import Value
from speechqa.transcripts.fields import Node, optional_text, refuse, times
from speechqa.transcripts.imported import ImportedTranscript, TurnDraft, assemble
from speechqa.transcripts.languages import language_code
from speechqa.transcripts.whisper_json import turn_of_words

_PAUSE_S = 2.0
"""A silence that ends a turn where a job has no segments of its own."""

_CHANNEL = re.compile(r"ch_(\d{1,3})\Z")


class _Spoken(Value, frozen=True, kw_only=True):
    """A word with who said it; `number` is the item's own id."""

    word: Word
    speaker: str | None
    channel: str | None
    number: int | None = None


def parse_batch(root: Node) -> ImportedTranscript:
    """Output of a Transcribe batch job."""
    results = root.need("results")
    labels = results.get("channel_labels")
    speakers = results.get("speaker_labels")
    segments = results.get("audio_segments")
    spoken = _channel_items(labels) if labels is not None else ()
    if not spoken:
        spoken = _spoken(results.need("items"), None, {} if speakers is None else _by_start(speakers))
    if segments is not None and segments.value:
        drafts = _from_segments(segments, spoken)
    else:
        drafts = _group(sorted(spoken, key=_start))
    language = language_code(optional_text(results, "language_code"))
    return ImportedTranscript(
        transcript=assemble(drafts, source="aws-transcribe", language=language),
        format="aws-transcribe",
        call_id=optional_text(root, "jobName"),
        language=language,
    )


def _start(item: _Spoken) -> float:
    return item.word.start if item.word.start is not None else 0.0


def _channel_items(labels: Node) -> tuple[_Spoken, ...]:
    found: list[_Spoken] = []
    for channel in labels.need("channels").items():
        name = channel.need("channel_label").name()
        found.extend(_spoken(channel.need("items"), name, {}))
    return tuple(found)


def _by_start(labels: Node) -> dict[str, str]:
    """Speaker of each item by its start, where the items themselves do not say (older jobs)."""
    found: dict[str, str] = {}
    segments = labels.get("segments")
    for segment in () if segments is None else segments.items():
        items = segment.get("items")
        for item in () if items is None else items.items():
            start, speaker = optional_text(item, "start_time"), optional_text(item, "speaker_label")
            if start is not None and speaker is not None:
                found[start] = speaker
    return found


def _spoken(items: Node, channel: str | None, speakers: dict[str, str]) -> tuple[_Spoken, ...]:
    found: list[_Spoken] = []
    for item in items.items():
        best = next(iter(item.need("alternatives").items()), None)
        if best is None:
            raise refuse(item.file, item.where, "no alternatives", "at least one")
        text = best.need("content").text()
        if optional_text(item, "type") == "punctuation":
            if found:
                last = found[-1]
                word = Word(
                    text=last.word.text + text,
                    start=last.word.start,
                    end=last.word.end,
                    confidence=last.word.confidence,
                )
                found[-1] = _Spoken(word=word, speaker=last.speaker, channel=last.channel, number=last.number)
            continue
        start, end = times(item, start=("start_time",), end=("end_time",))
        confidence = best.get("confidence")
        number = item.get("id")
        found.append(
            _Spoken(
                word=Word(
                    text=text,
                    start=start,
                    end=end,
                    confidence=None if confidence is None else confidence.probability(),
                ),
                speaker=optional_text(item, "speaker_label")
                or speakers.get(optional_text(item, "start_time") or ""),
                channel=channel or optional_text(item, "channel_label"),
                number=number.value if number is not None and type(number.value) is int else None,
            )
        )
    return tuple(found)


def _from_segments(segments: Node, spoken: tuple[_Spoken, ...]) -> tuple[TurnDraft, ...]:
    """Turns as the job cut them; a segment lists its items by id, and ids count within a channel."""
    by_id = {(item.channel, item.number): item for item in spoken if item.number is not None}
    drafts = []
    for node in segments.items():
        channel = optional_text(node, "channel_label")
        start, end = times(node, start=("start_time",), end=("end_time",))
        listed = node.get("items")
        own = [
            by_id[key]
            for item in (() if listed is None else listed.items())
            if type(item.value) is int and (key := (channel, item.value)) in by_id
        ]
        speaker = optional_text(node, "speaker_label")
        drafts.append(
            TurnDraft(
                speaker=speaker or channel,
                text=node.need("transcript").text(),
                start=start,
                end=end,
                channel=_channel_number(channel),
                words=tuple(item.word for item in own),
            )
        )
    return tuple(drafts)


def _group(spoken: list[_Spoken]) -> tuple[TurnDraft, ...]:
    """Words of one speaker in a row are a turn, until another speaks or a long pause comes."""
    groups: list[list[_Spoken]] = []
    for item in spoken:
        last = groups[-1][-1] if groups else None
        same = last is not None and (last.speaker, last.channel) == (item.speaker, item.channel)
        if last is not None and same and _start(item) - (last.word.end or 0.0) < _PAUSE_S:
            groups[-1].append(item)
        else:
            groups.append([item])
    return tuple(
        turn_of_words(
            group[0].speaker or group[0].channel,
            tuple(item.word for item in group),
            _channel_number(group[0].channel),
        )
        for group in groups
    )


def _channel_number(label: str | None) -> int | None:
    found = _CHANNEL.match(label or "")
    return int(found.group(1)) if found else None


def parse_call_analytics(root: Node) -> ImportedTranscript:
    """Output of a Call Analytics job, also as Contact Lens writes it."""
    roles: dict[str, str] = {}
    participants = root.get("Participants")
    for node in () if participants is None else participants.items():
        known, role = optional_text(node, "ParticipantId"), optional_text(node, "ParticipantRole")
        if known is not None and role is not None:
            roles[known] = role
    drafts = tuple(_analytics_turn(node, roles) for node in root.need("Transcript").items())
    language = language_code(optional_text(root, "LanguageCode"))
    customer = root.get("CustomerMetadata")
    contact = None if customer is None else optional_text(customer, "ContactId")
    return ImportedTranscript(
        transcript=assemble(drafts, source="aws-call-analytics", language=language),
        format="aws-call-analytics",
        call_id=contact or optional_text(root, "JobName"),
        language=language,
        metadata=CallMetadata(),
    )


def _analytics_turn(node: Node, roles: dict[str, str]) -> TurnDraft:
    start, end = times(node, start=("BeginOffsetMillis",), end=("EndOffsetMillis",), scale=0.001)
    items = node.get("Items")
    words: list[Word] = []
    for item in () if items is None else items.items():
        text = item.need("Content").text()
        if (optional_text(item, "Type") or "").casefold() == "punctuation":
            if words:
                last = words[-1]
                words[-1] = Word(
                    text=last.text + text, start=last.start, end=last.end, confidence=last.confidence
                )
            continue
        confidence = item.get("Confidence")
        begin, finish = times(item, start=("BeginOffsetMillis",), end=("EndOffsetMillis",), scale=0.001)
        words.append(
            Word(
                text=text,
                start=begin,
                end=finish,
                confidence=None if confidence is None else confidence.probability(),
            )
        )
    participant = optional_text(node, "ParticipantId")
    return TurnDraft(
        speaker=optional_text(node, "ParticipantRole") or roles.get(participant or "") or participant,
        text=node.need("Content").text(),
        start=start,
        end=end,
        words=tuple(words),
    )
