"""Transcripts in JSON: the simple form, Whisper, WhisperX, AWS Transcribe and Contact Lens."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from speechqa.transcripts import parse
from speechqa.transcripts.imported import ImportedTranscript
from tests.support.transcript_rows import rows


def load(document: Any, name: str = "t.json") -> ImportedTranscript:
    return parse(json.dumps(document, ensure_ascii=False).encode(), name=name)


def test_simple_form_keeps_turns_one_for_one() -> None:
    result = load(
        {
            "id": "c1",
            "language": "he",
            "agent_id": "a7",
            "customer_id": "k3",
            "team": "north",
            "started_at": "2026-11-20T09:14:00+02:00",
            "turns": [
                {
                    "speaker": "agent",
                    "text": " שלום ",
                    "start": 0.4,
                    "end": 3.1,
                    "words": [{"text": "שלום", "start": 0.4, "end": 0.7, "confidence": 0.9}, {"text": "x"}],
                },
                {"speaker": "CUSTOMER", "text": ""},
                {"speaker": "Supervisor", "text": "hi", "start": 1.0},
                {"speaker": None, "text": "?"},
                {"speaker": "Agent", "text": "bye", "start": 5, "end": 5},
            ],
        }
    )
    assert rows(result) == [
        ("agent", "A", " שלום ", 0.4, 3.1),
        ("customer", "B", "", None, None),
        ("Supervisor", "C", "hi", None, None),
        ("unknown", None, "?", None, None),
        ("agent", "A", "bye", 5.0, 5.0),
    ]
    assert (result.call_id, result.language, result.format) == ("c1", "he", "simple")
    assert (result.metadata.agent_id, result.metadata.customer_id, result.metadata.team) == (
        "a7",
        "k3",
        "north",
    )
    assert result.metadata.started_at == "2026-11-20T09:14:00+02:00"
    words = result.transcript.turns[0].words
    assert (words[0].confidence, words[1].start, words[1].confidence) == (0.9, None, None)
    assert result.transcript.mean_confidence == 0.9
    assert result.transcript.engine == "import:simple"
    assert "1 turns" in result.notes[0]


def test_human_text_without_confidence_is_confident() -> None:
    transcript = load({"turns": [{"speaker": "agent", "text": "hi"}]}).transcript
    assert (transcript.mean_confidence, transcript.confident) == (None, True)


def test_low_confidence_is_not_confident() -> None:
    words = [{"text": "a", "confidence": 0.2}, {"text": "b", "confidence": 0.4}]
    transcript = load({"turns": [{"speaker": "agent", "text": "a b", "words": words}]}).transcript
    assert (transcript.mean_confidence, transcript.confident) == (0.3, False)


def test_a_draft_stays_a_draft() -> None:
    transcript = load({"draft": True, "turns": [{"speaker": "agent", "text": "hi"}]}).transcript
    assert transcript.draft
    assert not transcript.confident


def test_whisper_without_speakers() -> None:
    result = load(
        {
            "text": " Hello there.",
            "language": "en",
            "segments": [
                {
                    "id": 0,
                    "start": 0.0,
                    "end": 1.2345,
                    "text": " Hello there.",
                    "avg_logprob": -0.2,
                    "no_speech_prob": 0.01,
                    "words": [
                        {"word": " Hello", "start": 0.0, "end": 0.5, "probability": 0.9},
                        {"word": " there.", "start": 0.5, "end": 1.2, "probability": 0.7},
                    ],
                },
                {"start": 2.0, "end": 3.0, "text": " One two", "avg_logprob": -0.5, "words": []},
                {"start": 4.0, "end": 5.0, "text": " x", "avg_logprob": math.nan},
            ],
        }
    )
    assert (result.format, result.language) == ("whisper", "en")
    assert rows(result)[0] == ("unknown", None, " Hello there.", 0.0, 1.234)
    assert [word.text for word in result.transcript.turns[0].words] == ["Hello", "there."]
    expected = (0.9 + 0.7 + 2 * math.exp(-0.5)) / 4
    assert result.transcript.mean_confidence == pytest.approx(expected, abs=1e-3)


def test_whisperx_with_speakers_and_words_without_times() -> None:
    result = load(
        {
            "segments": [
                {
                    "start": 0.1,
                    "end": 2.0,
                    "text": "I have 3",
                    "speaker": "SPEAKER_00",
                    "words": [
                        {"word": "I", "start": 0.1, "end": 0.2, "score": 0.9, "speaker": "SPEAKER_00"},
                        {"word": "3"},
                    ],
                },
                {
                    "start": 2.0,
                    "end": 3.0,
                    "text": "ok",
                    "words": [{"word": "ok", "speaker": "SPEAKER_01"}],
                },
            ],
            "word_segments": [{"word": "I", "start": 0.1, "end": 0.2, "score": 0.9}],
            "language": "en",
        }
    )
    assert result.format == "whisperx"
    assert rows(result) == [
        ("SPEAKER_00", "A", "I have 3", 0.1, 2.0),
        ("SPEAKER_01", "B", "ok", 2.0, 3.0),
    ]
    assert result.transcript.turns[0].words[1].start is None


def test_whisperx_word_segments_alone() -> None:
    result = load(
        {
            "word_segments": [
                {"word": "a", "start": 0.1, "end": 0.2, "speaker": "S0"},
                {"word": "b", "speaker": "S0"},
                {"word": "c", "start": 0.5, "end": 0.6, "speaker": "S1"},
            ]
        }
    )
    assert rows(result) == [("S0", "A", "a b", 0.1, 0.2), ("S1", "B", "c", 0.5, 0.6)]


def item(text: str, start: float | None = None, **more: object) -> dict[str, object]:
    times = {} if start is None else {"start_time": f"{start:.2f}", "end_time": f"{start + 0.2:.2f}"}
    return {
        "type": "punctuation" if start is None else "pronunciation",
        "alternatives": [{"confidence": "0.0" if start is None else "0.98", "content": text}],
        **times,
        **more,
    }


def test_aws_channels_become_turns() -> None:
    result = load(
        {
            "jobName": "job",
            "results": {
                "language_code": "en-US",
                "transcripts": [{"transcript": "..."}],
                "channel_labels": {
                    "channels": [
                        {"channel_label": "ch_0", "items": [item("Hold", 1.0), item("."), item("Bye", 9.0)]},
                        {"channel_label": "ch_1", "items": [item("Sorry", 2.0), item(",")]},
                    ]
                },
                "items": [],
            },
        }
    )
    assert (result.format, result.language, result.call_id) == ("aws-transcribe", "en", "job")
    assert rows(result) == [
        ("ch_0", "A", "Hold.", 1.0, 1.2),
        ("ch_1", "B", "Sorry,", 2.0, 2.2),
        ("ch_0", "A", "Bye", 9.0, 9.2),
    ]
    assert [turn.channel for turn in result.transcript.turns] == [0, 1, 0]
    assert result.transcript.mean_confidence == 0.98


def test_aws_speakers_by_segment_start() -> None:
    result = load(
        {
            "results": {
                "speaker_labels": {
                    "segments": [
                        {
                            "speaker_label": "spk_0",
                            "items": [{"start_time": "1.00", "speaker_label": "spk_0"}],
                        },
                        {
                            "speaker_label": "spk_1",
                            "items": [{"start_time": "2.00", "speaker_label": "spk_1"}],
                        },
                    ]
                },
                "items": [item("Hi", 1.0), item("!"), item("Yes", 2.0)],
            }
        }
    )
    assert rows(result) == [("spk_0", "A", "Hi!", 1.0, 1.2), ("spk_1", "B", "Yes", 2.0, 2.2)]


def test_aws_audio_segments_are_the_turns() -> None:
    result = load(
        {
            "results": {
                "items": [item("Hi", 1.0, id=0, speaker_label="spk_0"), item("ok", 3.0, id=1)],
                "audio_segments": [
                    {
                        "id": 0,
                        "transcript": "Hi",
                        "start_time": "1.0",
                        "end_time": "1.2",
                        "speaker_label": "spk_0",
                        "items": [0],
                    }
                ],
            }
        }
    )
    assert rows(result) == [("spk_0", "A", "Hi", 1.0, 1.2)]
    assert [word.text for word in result.transcript.turns[0].words] == ["Hi"]


def test_call_analytics_roles_and_milliseconds() -> None:
    result = load(
        {
            "JobName": "j",
            "LanguageCode": "en-US",
            "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
            "Transcript": [
                {
                    "ParticipantRole": "AGENT",
                    "Content": "Good morning.",
                    "BeginOffsetMillis": 440,
                    "EndOffsetMillis": 1240,
                    "Sentiment": "NEUTRAL",
                    "Items": [
                        {
                            "Type": "pronunciation",
                            "Confidence": "0.9",
                            "Content": "Good",
                            "BeginOffsetMillis": 440,
                            "EndOffsetMillis": 700,
                        },
                        {
                            "Type": "pronunciation",
                            "Confidence": "0.8",
                            "Content": "morning",
                            "BeginOffsetMillis": 700,
                            "EndOffsetMillis": 1240,
                        },
                        {"Type": "punctuation", "Confidence": "0.0", "Content": "."},
                    ],
                },
                {
                    "ParticipantRole": "CUSTOMER",
                    "Content": "Hi",
                    "BeginOffsetMillis": 1500,
                    "EndOffsetMillis": 1700,
                },
            ],
        }
    )
    assert rows(result) == [
        ("agent", "A", "Good morning.", 0.44, 1.24),
        ("customer", "B", "Hi", 1.5, 1.7),
    ]
    assert [word.text for word in result.transcript.turns[0].words] == ["Good", "morning."]
    assert result.transcript.mean_confidence == 0.85


def test_contact_lens_participants_by_id() -> None:
    result = load(
        {
            "Participants": [{"ParticipantId": "p1", "ParticipantRole": "AGENT"}],
            "CustomerMetadata": {"ContactId": "contact-9"},
            "Transcript": [
                {"ParticipantId": "p1", "Content": "hi"},
                {"ParticipantId": "p2", "Content": "yo"},
            ],
        }
    )
    assert result.call_id == "contact-9"
    assert [row[0] for row in rows(result)] == ["agent", "p2"]
