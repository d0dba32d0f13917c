from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.errors import TranscriptError
from speechqa.transcripts import FORMATS, parse, read


def simple(**turn: Any) -> bytes:
    return json.dumps({"turns": [{"speaker": "agent", "text": "x", **turn}]}).encode()


@pytest.mark.parametrize(
    ("data", "where", "found"),
    [
        (simple(start=float("nan"), end=2), "turns[0].start", "nan"),
        (simple(start=0, end=float("inf")), "turns[0].end", "inf"),
        (simple(start=-1, end=2), "turns[0].start", "-1"),
        (simple(start=3, end=2), "turns[0].end", "before the start"),
        (simple(start=0, end=10**9), "turns[0].end", "1000000000"),
        (simple(start="a", end=2), "turns[0].start", "'a'"),
        (simple(start=True, end=2), "turns[0].start", "True"),
        (simple(start=10**400, end=2), "turns[0].start", "1000"),
        (simple(text=5), "turns[0].text", "5"),
        (simple(text=None), "turns[0]", "no 'text'"),
        (simple(speaker=[1]), "turns[0].speaker", "a list of 1"),
        (simple(speaker="x" * 501), "turns[0].speaker", "501 characters"),
        (simple(channel=-1), "turns[0].channel", "-1"),
        (simple(words={}), "turns[0].words", "an object of 0"),
        (simple(words=[{"text": "a", "confidence": 2}]), "turns[0].words[0].confidence", "2"),
        (simple(words=["a"]), "turns[0].words[0]", "'a'"),
        (b'{"turns": 3}', "turns", "3"),
        (b'{"turns": [3]}', "turns[0]", "3"),
        (b'{"id": 1.5, "turns": []}', "id", "1.5"),
        (b'{"turns": [}', "line 1 column 12", ""),
        (b"[" * 100_000, "", "nested too deep"),
        (b'{"turns": ' + b"9" * 5000 + b"}", "", "too many digits"),
        (b"[]", "top level", "a list of 0"),
        (b'{"a": 1}', "top level", "'a'"),
        (b"", "", "an empty file"),
        (b" \n\t", "", "an empty file"),
        (b"hello", "line 1", "'hello'"),
        (b'{"turns": "\xff\xfe"}', "byte 11", "0xff"),
        (b"\xff\xfe\x00", "byte", "0x00"),
        (b"WEBVTT\n\n00:01.000 --> 00:00.500\nx", "line 3", "before the start"),
        (b"WEBVTT\n\n00:01 --> 0\nx", "line 3", "00:01 --> 0"),
        (b"1\n00:00:01,000 --> later\nx", "line 2", "later"),
        (b"1\n99999:00:01,000 --> 99999:00:02,000\nx", "line 2", "359996402"),
        (b'File type = "ooTextFile"\nObject class = "TextGrid"\n0 -1 <exists> 0', "line 3", "-1.0"),
        (b'File type = "ooTextFile"\nObject class = "TextGrid"\n0 5 <exists> 1e9', "line 3", "1000000000"),
        (b'File type = "ooTextFile"\nObject class = "TextGrid"\n0 5 <exists> 1 "X', "the end", "ends"),
        (b'File type = "ooTextFile"\nObject class = "Pitch"', "line 1", "another kind"),
        (b"SPEAKER a 1 nan 1 <NA> <NA> x", "line 1", "nan"),
        (b"SPEAKER a 1 1", "line 1", "4 fields"),
        (b"SPEAKER a 1 1 1 <NA> <NA> x\nSPEAKER b 1 1 1 <NA> <NA> x", "", "2 recordings"),
        (b'{"schema_version": 1, "status": "failed"}', "", ""),
        (
            b'{"status": "failed", "call_id": "c", "path": null, "error": {"type": "x", "message": "m"}}',
            "status",
            "failed",
        ),
    ],
)
def test_what_does_not_fit_says_where(data: bytes, where: str, found: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        parse(data, name="bad.json")
    error = caught.value
    assert error.where is not None
    assert error.where.startswith("bad.json")
    assert where in error.where
    assert error.found is not None
    assert found in error.found
    assert error.expected
    assert str(error).isprintable()
    assert len(str(error)) < 700


def test_names_with_control_characters_are_shown_escaped() -> None:
    with pytest.raises(TranscriptError) as caught:
        parse(b"x", name="a\x1b[31m\n.json")
    assert str(caught.value).isprintable()


def test_lone_surrogates_can_be_written_again() -> None:
    transcript = parse(b'{"turns": [{"speaker": "agent", "text": "a\\ud800b"}]}').transcript
    assert transcript.turns[0].text.encode() == "a\ufffdb".encode()


def test_size_is_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("speechqa.transcripts.reading.MAX_BYTES", 10)
    path = tmp_path / "a.json"
    path.write_bytes(b'{"turns": []}')
    with pytest.raises(TranscriptError, match="more than"):
        read(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "absent", "a\0b"):
        with pytest.raises(TranscriptError):
            read(path)


@pytest.mark.parametrize(
    "data",
    [
        b"1" * 300_000,
        b"\n" * 300_000 + b"x",
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v" + b" " * 300_000,
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v a" * 100_000,
        b"00:00:01,000 --> 00:00:02,000\n" + b"1\n" * 200_000,
        b'"ooTextFile" "TextGrid" ' + b'"' * 300_001,
        b"[" * 300_000,
        b'{"turns": [' + b'{"speaker":"a:","text":"a: b"},' * 30_000 + b'{"text":""}]}',
    ],
    ids=range(8),
)
def test_hostile_input_ends_in_a_transcript_or_its_error(data: bytes) -> None:
    # A pattern that backtracks on one of these would hold the tests up for hours.
    with contextlib.suppress(TranscriptError):
        assert parse(data).transcript is not None


KEYS = st.sampled_from(
    [
        "turns",
        "text",
        "speaker",
        "start",
        "end",
        "words",
        "segments",
        "results",
        "items",
        "Transcript",
        "word_segments",
        "status",
        "id",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_json_is_read_or_refused(document: dict[str, Any]) -> None:
    try:
        result = parse(json.dumps(document).encode())
    except TranscriptError:
        return
    assert result.transcript.engine.startswith("import:")


@given(st.binary(max_size=300), st.sampled_from((None, *FORMATS)))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, kind: str | None) -> None:
    with contextlib.suppress(TranscriptError):
        assert parse(data, kind).format in FORMATS
