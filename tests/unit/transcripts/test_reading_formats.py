from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from speechqa.errors import TranscriptError, UsageError
from speechqa.transcripts import parse, read, read_pair
from speechqa.transcripts.imported import ImportedTranscript

DATA = Path(os.environ.get("SPEECHQA_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs the measuring data named by SPEECHQA_DATA")


def load(document: Any, name: str = "t.json") -> ImportedTranscript:
    return parse(json.dumps(document, ensure_ascii=False).encode(), name=name)


def rows(result: ImportedTranscript) -> list[tuple[str, str | None, str, float | None, float | None]]:
    return [(t.speaker, t.party, t.text, t.start, t.end) for t in result.transcript.turns]


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


def test_vtt_voices_notes_and_escapes() -> None:
    text = """\ufeffWEBVTT - call
Language: en-GB

STYLE
::cue { color: red }

NOTE 00:00:01.000 --> 00:00:02.000

1
00:01.000 --> 00:02.500 align:start
<v.loud Agent>How &lt;are&gt; <b>you</b>?

00:00:03.000 --> 00:00:04.000
<v Customer>fine</v>
thanks

00:00:05.000 --> 00:00:06.000

00:00:06.000 --> 00:00:07.000
<v Agent>one <v Customer>two
"""
    result = parse(text.encode(), name="a.vtt")
    assert result.language == "en"
    assert rows(result) == [
        ("agent", "A", "How <are> you?", 1.0, 2.5),
        ("customer", "B", "fine\nthanks", 3.0, 4.0),
        ("unknown", None, "", 5.0, 6.0),
        ("agent", "A", "one", None, None),
        ("customer", "B", "two", None, None),
    ]
    assert "1 cues" in result.notes[0]


def test_srt_prefixes_name_speakers() -> None:
    text = (
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nAgent: <i>Hello</i>\r\n\r\n"
        "2\r\n00:00:02,500 --> 00:00:03,000\r\nDana Levi: Note: it is\r\n\r\n"
        "3\r\n00:00:04,000 --> 00:00:05,000\r\nDana Levi: bye\r\n"
    )
    assert rows(parse(text.encode(), name="x.srt")) == [
        ("agent", "A", "Hello", 1.0, 2.0),
        ("Dana Levi", "B", "Note: it is", 2.5, 3.0),
        ("Dana Levi", "B", "bye", 4.0, 5.0),
    ]


def test_words_before_a_colon_are_no_speaker() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nPlease note: we close early\n\n"
        "2\n00:00:02,500 --> 00:00:03,000\nok\n"
    )
    assert rows(parse(text.encode()))[0][:3] == ("unknown", None, "Please note: we close early")


def test_srt_text_may_hold_blank_lines_and_numbers() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\na\n\nb\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nc"
    assert [row[2] for row in rows(parse(text.encode()))] == ["a\n\nb\n42", "c"]


SHORT_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

0
1e1
<exists>
2
"IntervalTier"
"Agent"
0
10
2
0
1.5
"say ""hi"" item [1]: xmin = 3"
1.5
10
""
"TextTier"
"clicks"
0 10 1
3.5 "x"
"""


def test_textgrid_short_form_quotes_and_exponents() -> None:
    result = parse(SHORT_GRID.encode("utf-16"), name="a.TextGrid")
    assert rows(result) == [("agent", "A", 'say "hi" item [1]: xmin = 3', 0.0, 1.5)]
    assert result.duration == 10.0
    assert "clicks" in result.notes[0]


def test_rttm_is_a_timeline() -> None:
    text = (
        ";; comment\nSPEAKER c1 1 2.00 1.50 <NA> <NA> agent <NA> <NA>\n"
        "SPEAKER c1 2 0.5 1 <NA> <NA> bob <NA>\n"
    )
    result = parse(text.encode())
    assert rows(result) == [("bob", "A", "", 0.5, 1.5), ("agent", "B", "", 2.0, 3.5)]
    assert [turn.channel for turn in result.transcript.turns] == [1, 0]
    assert (result.call_id, result.has_text) == ("c1", False)
    assert not result.transcript.confident


def test_hebrew_in_windows_1255() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nשלום וברכה\n"
    result = parse(text.encode("cp1255"), name="x.srt")
    assert result.transcript.turns[0].text == "שלום וברכה"
    assert "Windows-1255" in result.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings(encoding: str) -> None:
    text = json.dumps({"turns": [{"speaker": "agent", "text": "שלום"}]}, ensure_ascii=False)
    assert parse(text.encode(encoding)).transcript.turns[0].text == "שלום"


def test_pairs_are_merged_by_time(tmp_path: Path) -> None:
    for name, start in (("doctor", 0.0), ("patient", 0.5)):
        (tmp_path / f"c_{name}.rttm").write_text(f"SPEAKER c 1 {start} 1 <NA> <NA> x <NA>\n")
    paths = [tmp_path / "c_patient.rttm", tmp_path / "c_doctor.rttm"]
    assert [row[:2] for row in rows(read_pair(*paths))] == [("c_doctor", "A"), ("c_patient", "B")]
    named = read_pair(*paths, speakers=["customer", "agent"])
    assert [row[0] for row in rows(named)] == ["agent", "customer"]
    with pytest.raises(UsageError):
        read_pair(paths[0])


@pytest.mark.data
@needs_data
def test_all_primock_pairs_and_praatio_agree() -> None:
    from praatio import textgrid

    doctors = sorted((DATA / "turns" / "primock57").glob("*_doctor.TextGrid"))
    assert doctors
    for doctor in doctors:
        patient = doctor.with_name(doctor.name.replace("_doctor", "_patient"))
        merged = read_pair(doctor, patient)
        expected = []
        for path in (doctor, patient):
            grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False, reportingMode="silence")
            for name in grid.tierNames:
                expected += [
                    (round(e.start, 3), round(e.end, 3), e.label.strip())
                    for e in grid.getTier(name).entries
                    if e.label.strip()
                ]
        found = [(t.start, t.end, t.text.strip()) for t in merged.transcript.turns]
        assert sorted(found) == sorted(expected)
        assert {turn.party for turn in merged.transcript.turns} == {"A", "B"}


@pytest.mark.data
@needs_data
def test_harpervalley_json_and_rttm_agree() -> None:
    for path in sorted((DATA / "calls" / "harpervalley").glob("*.rttm")):
        timeline, text = read(path), read(path.with_suffix(".json"))
        assert [(t.start, t.end) for t in timeline.transcript.turns] == [
            (t.start, t.end) for t in text.transcript.turns
        ]
        assert {(t.speaker, t.party) for t in text.transcript.turns} == {("agent", "A"), ("customer", "B")}


def test_errors_name_the_format(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such transcript format"):
        parse(b"{}", "word")
    with pytest.raises(TranscriptError, match=r"nothere\.json"):
        read(tmp_path / "nothere.json")
