"""JSON whose turns are read one by one: the same as read whole, what is wrong with it too."""

from __future__ import annotations

import json

import msgspec
import pytest

from speechqa.errors import TranscriptError
from speechqa.transcripts import fields
from speechqa.transcripts.fields import load_json
from speechqa.transcripts.reading import parse

WORDS = [{"text": "hello", "start": 0.0, "end": 0.4, "confidence": 0.5}]
TURNS = [
    {"speaker": "agent", "text": "שלום, hello", "start": 0, "end": 1e0, "words": WORDS},
    {"speaker": "customer", "text": 'a "quoted" \u2028 line', "start": 2.5},
]
WHOLE = {
    "simple": json.dumps({"id": "c", "language": "en", "turns": TURNS}),
    "not ascii": json.dumps({"turns": TURNS}, ensure_ascii=False, indent=1),
    "whisper": json.dumps({"segments": [{"text": "hi", "start": 0, "end": 1, "words": WORDS}], "text": "hi"}),
    "whisperx": json.dumps({"segments": [{"text": "hi", "speaker": "S1"}], "word_segments": WORDS}),
    "call analytics": json.dumps({"Transcript": [{"Content": "hi", "ParticipantRole": "AGENT"}]}),
    "twice": '{"turns": [], "turns": [{"speaker": "agent", "text": "a", "text": "b"}]}',
    "surrogate": '{"turns": [{"speaker": "agent", "text": "\\ud800 hello"}]}',
    "not a number": '{"turns": [{"speaker": "agent", "text": "a", "words": [{"text": "a", "score": NaN}]}]}',
}
WRONG = {
    "no escape": '{"turns": [{"speaker": "agent", "text": "a\\q"}]}',
    "a comma": '{"turns": [{"speaker": "agent", "text": "a"},]}',
    "more behind": '{"turns": [{"speaker": "agent", "text": "a"}]} x',
    "a control character": '{"turns": [{"speaker": "agent", "text": "a\x01"}]}',
    "no object": '{"turns": [{"speaker": "agent", "text": "a"}, 3]}',
    "no text": '{"turns": [{"speaker": "agent", "text": 5}]}',
    "digits": '{"turns": [{"speaker": "agent", "text": "a", "start": 1, "end": ' + "9" * 5000 + "}]}",
    "deep": '{"turns": [{"text": "a", "words": ' + "[" * 3000 + "]" * 3000 + "}]}",
}


@pytest.fixture
def as_whole(monkeypatch):
    def read(text):
        with monkeypatch.context() as changed:
            changed.setattr(fields, "_in_pieces", lambda _: None)
            return parse(text.encode())

    return read


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_turns_read_one_by_one_are_the_same(text, as_whole):
    assert parse(text.encode()) == as_whole(text)


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_the_same(text, as_whole):
    with pytest.raises(TranscriptError) as whole:
        as_whole(text)
    with pytest.raises(TranscriptError) as found:
        parse(text.encode())
    told = found.value
    assert (told.what, told.found, told.expected) == (
        whole.value.what,
        whole.value.found,
        whole.value.expected,
    )
    assert (told.where or "").startswith("transcript")


def test_turns_are_parsed_when_they_are_asked_for():
    turns = load_json(WHOLE["simple"], "x").need("turns")
    assert all(isinstance(turn, msgspec.Raw) for turn in turns.value)
    assert [node.need("text").value for node in turns.items()] == [turn["text"] for turn in TURNS]


def test_words_that_are_the_same_are_held_once():
    text = json.dumps({"turns": [{"speaker": "agent", "text": "hello", "words": WORDS}] * 2})
    first, second = parse(text.encode()).transcript.turns
    assert first.words[0].text is second.words[0].text
