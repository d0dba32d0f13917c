from __future__ import annotations

import io
import math
import re

import pytest
import srt
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.core import codec
from speechqa.core.analysis import CallAnalysis, Provenance
from speechqa.core.dialogue import RoleAssignment
from speechqa.core.plain import cleaned
from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.errors import UsageError
from speechqa.transcripts import parse, write_json, write_srt, write_txt, write_vtt
from speechqa.transcripts.imported import party_letter

PROVENANCE = Provenance(
    speechqa="0", rubric="r", rubric_digest="d", settings_digest="d", model_digest=None, profile="eu",
    run_id="r", created_at="t",
)  # fmt: skip
TURNS = (
    Turn(speaker="agent", party="A", text="Hello\x1b[31m there", start=0.5, end=2.0, channel=0),
    Turn(speaker="customer", party="B", text="שלום, מה שלומך?", start=2.0, end=3661.25),
    Turn(speaker="unknown", party=None, text="", start=3662.0, end=3663.0),
)


def made(*turns: Turn, draft: bool = False, engine: str = "whisper") -> Transcript:
    return Transcript(language="he", engine=engine, model="small", draft=draft, turns=turns)


def analysis(transcript: Transcript | None, roles: dict[str, RoleAssignment] | None = None) -> CallAnalysis:
    return CallAnalysis(
        call_id="c1",
        path=None,
        provenance=PROVENANCE,
        transcript=transcript,
        roles=roles or {},
        metadata=CallMetadata(agent_id="a7", customer_id="k3"),
    )


def test_txt_shows_times_roles_and_isolates_hebrew() -> None:
    text = write_txt(analysis(made(*TURNS)))
    lines = text.split("\n")
    assert lines[0] == "call c1"
    assert "whisper (small)" in lines[1]
    assert "  1 [00:00:00.500 - 00:00:02.000] agent (A): Hello there" in lines
    assert "  2 [00:00:02.000 - 01:01:01.250] customer (B): \u2068שלום, מה שלומך?\u2069" in lines
    assert "  3 [01:01:02.000 - 01:01:03.000] unknown:" in lines
    assert "\x1b" not in text


def test_a_draft_engine_is_named() -> None:
    transcript = made(*TURNS, draft=True, engine="pocketsphinx")
    assert "pocketsphinx (small): A DRAFT" in write_txt(transcript)
    vtt = write_vtt(transcript)
    assert "NOTE speechqa draft: pocketsphinx" in vtt
    again = parse(vtt.encode()).transcript
    assert again.draft
    assert not again.confident
    assert parse(write_json(transcript).encode()).transcript.draft


def test_roles_of_the_analysis_are_the_labels() -> None:
    known = {
        "A": RoleAssignment(role="agent", confidence=0.9, source="inferred"),
        "B": RoleAssignment(role="unknown", confidence=0.1, source="none"),
    }
    turns = (
        Turn(speaker="ch_0", party="A", text="a", start=0.0, end=1.0),
        Turn(speaker="ch_1", party="B", text="b", start=1.0, end=2.0),
        Turn(speaker="unknown", party="B", text="c", start=2.0, end=3.0),
    )
    text = write_txt(analysis(made(*turns), known))
    assert re.findall(r"\] (.*?):", text) == ["agent (A)", "ch_1 (B)", "B"]


def test_a_stretch_holds_the_turns_that_overlap_it() -> None:
    transcript = made(*TURNS)
    assert [t["text"] for t in _turns(write_json(transcript, start=1.0, end=2.0))] == [TURNS[0].text]
    assert len(_turns(write_json(transcript, start=2.0))) == 2
    for start, end in ((2.0, 1.0), (-1.0, 2.0), (math.nan, 2.0)):
        with pytest.raises(UsageError, match="no such stretch"):
            write_txt(transcript, start=start, end=end)


def _turns(text: str) -> list[dict[str, object]]:
    import json

    found: list[dict[str, object]] = json.loads(text)["turns"]
    return found


def test_turns_without_times_have_no_subtitles() -> None:
    transcript = made(Turn(speaker="agent", party="A", text="hi"))
    for write in (write_srt, write_vtt):
        with pytest.raises(UsageError, match="needs times"):
            write(transcript)
    with pytest.raises(UsageError, match="needs times"):
        write_txt(transcript, start=0.0)
    assert write_txt(transcript).endswith("agent (A): hi\n")


def test_a_call_without_a_transcript_says_so() -> None:
    with pytest.raises(UsageError, match="no transcript"):
        write_txt(analysis(None))


def test_json_is_the_simple_form() -> None:
    words = (Word(text="hi", start=0.0, end=0.5, confidence=0.9), Word(text="you"))
    turn = Turn(speaker="agent", party="A", channel=1, text="hi you", start=0.0, end=1.0, words=words)
    result = parse(write_json(analysis(made(turn))).encode())
    assert result.transcript.turns == (turn,)
    assert (result.call_id, result.metadata.agent_id, result.metadata.customer_id) == ("c1", "a7", "k3")


def test_our_own_document_is_read_back() -> None:
    transcript = made(*TURNS)
    result = parse(codec.encode(analysis(transcript)), name="doc.json")
    assert result.format == "speechqa"
    assert result.transcript.turns == transcript.turns
    assert result.transcript.engine == "import:speechqa"
    assert (result.call_id, result.metadata.agent_id) == ("c1", "a7")


def test_subtitles_cannot_be_broken_out_of() -> None:
    evil = "a\n\n00:00:09.000 --> 00:00:10.000\n<v Agent>faked & <b>bold</b> {\\an8}\x00\u202e"
    transcript = made(Turn(speaker="customer", party="B", text=evil, start=0.0, end=1.0))
    vtt, text = write_vtt(transcript), write_srt(transcript)
    assert len(parse(vtt.encode()).transcript.turns) == 1
    assert len(parse(text.encode()).transcript.turns) == 1
    assert len(list(webvtt.from_buffer(io.StringIO(vtt)))) == 1
    assert len(list(srt.parse(text))) == 1
    assert "\u202e" not in vtt + text


TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab <>&-:\n\t{}\\/שלום123\x1b[\u2028\u202e\x00")), st.characters(codec="utf-8")
    ),
    max_size=40,
)


@st.composite
def timed_turns(draw: st.DrawFn) -> tuple[Turn, ...]:
    found = []
    names: dict[str, str] = {}
    for text in draw(st.lists(TEXT, max_size=6)):
        start = draw(st.integers(0, 10**8)) / 1000
        end = start + draw(st.integers(0, 10**5)) / 1000
        speaker = draw(st.sampled_from(["agent", "customer", "Dana & Co"]))
        party = names.setdefault(speaker, party_letter(len(names)))
        found.append(Turn(speaker=speaker, party=party, text=text, start=start, end=round(end, 3)))
    return tuple(found)


def canonical(text: str) -> str:
    lines = (line.strip() for line in cleaned(text, lines=True).split("\n"))
    return "\n".join(line for line in lines if line)


@given(timed_turns())
@settings(max_examples=150, deadline=None)
def test_vtt_round_trip(turns: tuple[Turn, ...]) -> None:
    text = write_vtt(Transcript(language="en", engine="x", turns=turns))
    read = parse(text.encode("utf-8", "surrogatepass")).transcript.turns
    assert [(t.speaker, t.party, t.start, t.end) for t in read] == [
        (t.speaker, t.party, t.start, t.end) for t in turns
    ]
    assert [t.text.strip() for t in read] == [canonical(t.text).strip() for t in turns]
    assert [(c.start_in_seconds) for c in webvtt.from_buffer(io.StringIO(text))] == [
        math.floor(t.start or 0) for t in turns
    ]


def test_a_line_within_a_turn_that_begins_like_a_name_names_nobody_in_srt() -> None:
    turns = tuple(Turn(speaker="agent", text="0\n0: x", start=0.0, end=1.0) for _ in range(2))
    read = parse(write_srt(Transcript(language="en", engine="x", turns=turns)).encode()).transcript.turns
    assert [(t.speaker, t.text, t.start) for t in read] == [("agent", "0 0: x", 0.0)] * 2


@given(timed_turns())
@settings(max_examples=150, deadline=None)
def test_srt_round_trip_of_times_and_speakers(turns: tuple[Turn, ...]) -> None:
    text = write_srt(Transcript(language="en", engine="x", turns=turns))
    if not turns:
        assert text == ""
        return
    read = parse(text.encode()).transcript.turns
    known = [t for t in turns if t.speaker != "Dana & Co"]
    if len(known) == len(turns):
        assert [(t.speaker, t.start, t.end) for t in read] == [(t.speaker, t.start, t.end) for t in turns]
    else:
        assert [(t.start, t.end) for t in read] == [(t.start, t.end) for t in turns]


@given(timed_turns())
@settings(max_examples=100, deadline=None)
def test_json_round_trip_is_exact(turns: tuple[Turn, ...]) -> None:
    text = write_json(Transcript(language="en", engine="x", turns=turns))
    assert parse(text.encode()).transcript.turns == turns


@given(TEXT)
def test_plain_text_is_safe_to_print(text: str) -> None:
    shown = cleaned(text)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert cleaned(shown) == shown
