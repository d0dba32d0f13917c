"""Turns of a transcript that was read, in one line each."""

from __future__ import annotations

from speechqa.transcripts.imported import ImportedTranscript


def rows(result: ImportedTranscript) -> list[tuple[str, str | None, str, float | None, float | None]]:
    return [(t.speaker, t.party, t.text, t.start, t.end) for t in result.transcript.turns]
