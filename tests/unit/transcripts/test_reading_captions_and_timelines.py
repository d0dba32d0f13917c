"""Captions (VTT, SRT), TextGrid and RTTM; and what holds for any format: encodings, pairs, errors."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from speechqa.errors import TranscriptError, UsageError
from speechqa.transcripts import parse, read, read_pair
from tests.support.transcript_rows import rows

DATA = Path(os.environ.get("SPEECHQA_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs the measuring data named by SPEECHQA_DATA")


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
