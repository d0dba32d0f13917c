"""JSON of Whisper and its relatives: openai-whisper, faster-whisper, whisper-timestamped and WhisperX.

All write ``{"text", "language", "segments": [{"start", "end", "text", "words": [...]}]}``. They differ in the
name of a word's text (`word`, `text`) and of its confidence (`probability`, `confidence`, `score`). WhisperX
adds `speaker` to segments and words, lists all words again under `word_segments`, and leaves times out of
words it could not align.
"""

from __future__ import annotations

import math
from collections import Counter

from speechqa.core.transcript import Word
from speechqa.transcripts.fields import Node, optional_text, times
from speechqa.transcripts.imported import ImportedTranscript, TurnDraft, assemble
from speechqa.transcripts.languages import language_code
from speechqa.transcripts.own_json import read_word


def parse_whisper(root: Node, source: str) -> ImportedTranscript:
    """Read the segments as turns; `source` is ``whisper`` or ``whisperx``.

    Whisper names no speakers: the turns are then `unknown` with no party.
    """
    segments = root.get("segments")
    if segments is None:
        drafts = _from_words(root.need("word_segments"))
    else:
        drafts = tuple(_turn(node) for node in segments.items())
    language = language_code(optional_text(root, "language"))
    return ImportedTranscript(
        transcript=assemble(drafts, source=source, language=language), format=source, language=language
    )


def _turn(node: Node) -> TurnDraft:
    start, end = times(node)
    words_node = node.get("words")
    word_nodes = () if words_node is None else tuple(words_node.items())
    # The blank that starts a Whisper word is the tokeniser's spacing, no part of the word.
    words = tuple(read_word(word, strip=True) for word in word_nodes)
    speaker = optional_text(node, "speaker")
    if speaker is None:
        said_by = Counter(name for word in word_nodes if (name := optional_text(word, "speaker")) is not None)
        speaker = said_by.most_common(1)[0][0] if said_by else None
    return TurnDraft(
        speaker=speaker,
        text=node.need("text").text(),
        start=start,
        end=end,
        words=words,
        confidence=_segment_confidence(node),
    )


def _segment_confidence(node: Node) -> float | None:
    """Geometric mean of the token probabilities, where there are no words: ``exp(avg_logprob)``."""
    logprob = node.get("avg_logprob")
    if logprob is None:
        return None
    value = logprob.number()
    if math.isnan(value):
        return None
    return round(math.exp(min(0.0, value)), 4)


def _from_words(words: Node) -> tuple[TurnDraft, ...]:
    """Turns from a bare list of words: a new one wherever the speaker changes."""
    groups: list[tuple[str | None, list[Word]]] = []
    for node in words.items():
        speaker = optional_text(node, "speaker")
        if not groups or groups[-1][0] != speaker:
            groups.append((speaker, []))
        groups[-1][1].append(read_word(node, strip=True))
    return tuple(turn_of_words(speaker, tuple(group)) for speaker, group in groups)


def turn_of_words(speaker: str | None, words: tuple[Word, ...], channel: int | None = None) -> TurnDraft:
    """A turn whose text and times are those of its words."""
    starts = [word.start for word in words if word.start is not None]
    ends = [word.end for word in words if word.end is not None]
    return TurnDraft(
        speaker=speaker,
        text=" ".join(word.text for word in words),
        start=min(starts) if starts else None,
        end=max(ends) if ends else None,
        channel=channel,
        words=words,
    )
