"""Hostile names and texts in every format: the file opens with somebody else's reader and says the same."""

import csv
import io
import math
import os
import re
import tempfile
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pyarrow.parquet as pq
import pypdfium2
import pytest
import srt
import webvtt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from praatio import textgrid

from speechqa.core.correction import CorrectedTurn, WordCorrection
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.reports.print import typesetting
from speechqa.reports.tables import Column, write_table
from speechqa.reports.tables.columns import cell_text
from speechqa.reports.transcript_pages import transcript_docx, transcript_page, transcript_pdf
from speechqa.transcripts import write_rttm, write_srt, write_textgrid, write_txt, write_vtt
from speechqa.transcripts.cutting import one_line
from speechqa.transcripts.telling import tell
from tests.support.stores import call

TRIES = int(os.environ.get("SPEECHQA_TRIES", "40"))
"""Texts a format; measured with 1,000."""
PIECES = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'", '"', '""', ",", ";", "|", "007", "1e5", "12/11",
    "TRUE", "\x00", "\x07", "\x1b[31m", "\u202e", "\u2067", "\u200f", "\ufeff", "\ufffe", "\ud800", "\n",
    "\r\n", "\u2028", "<script>", "</style>", "<b>", "&amp;", "&", "]]>", "-->", "{{ 7*7 }}", "{\\an8}",
    "_x0041_", "_x000D_", "שלום", "עליכם", "שָׁלוֹם", "مرحبا", "😀", "中", "e\u0301", "x" * 90, "( [ ) ]",
    "%s%n", "${x}", "{nb}", "**b**", "__u__", "\\", "~~", " ", "a", "B", "9", "<NA>", ";;", "!", "(?)",
)  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=7).map("".join)
PLAIN = settings(max_examples=TRIES, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@st.composite
def calls(draw):
    """A call with hostile names, turns, words, reasons."""
    turns, start = [], 0.0
    for text in draw(st.lists(TEXT, min_size=1, max_size=3)):
        start += draw(st.integers(0, 4000)) / 1000
        end = start + draw(st.integers(0, 5000)) / 1000
        sure = draw(st.none() | st.floats(0, 1))
        words = tuple(Word(text=word, start=start, end=end, confidence=sure) for word in text.split())
        speaker = draw(st.sampled_from(("agent", "customer")) | TEXT)
        turns.append(
            Turn(
                speaker=speaker or "unknown", party=draw(st.sampled_from((None, "A", "B"))), text=text,
                start=round(start, 3), end=round(end, 3), words=words,
            )
        )  # fmt: skip
    corrected = ()
    if draw(st.booleans()):
        said = WordCorrection(
            turn=0, machine=draw(TEXT), text=turns[0].text, by=draw(TEXT), at="2026-11-22T09:00:00+00:00",
            reason=draw(TEXT),
        )  # fmt: skip
        corrected = (CorrectedTurn(correction=said, turn=0),)
    transcript = Transcript(
        language=draw(st.sampled_from((None, "he", "en"))), engine=draw(TEXT) or "e", turns=tuple(turns)
    )
    return call(
        draw(TEXT) or "c", transcript=transcript, corrected_turns=corrected, agent_name=draw(TEXT),
        customer_id=draw(TEXT), duration=draw(st.none() | st.floats(0, 20)),
    )  # fmt: skip


def bare(text):
    """Letters and digits alone, with what has no direction or shape of its own left out."""
    return [c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] in "LN"]


class Page(HTMLParser):
    """What a reader of a page sees, turn by turn, and every tag."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.turns, self.tags, self._in = [], Counter(), False

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        if tag == "p" and dict(attributes) == {"dir": "auto"}:
            self._in = True
            self.turns.append("")

    def handle_endtag(self, tag):
        self._in &= tag != "p"

    def handle_data(self, data):
        if self._in:
            self.turns[-1] += data


def xml_text(text):
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


@given(calls())
@PLAIN
def test_word(analysis):
    told = tell(analysis)
    written = docx.Document(io.BytesIO(transcript_docx(told)))
    found = [paragraph.text for paragraph in written.paragraphs]
    for turn in told.turns:
        assert xml_text(turn.text) in found
    values = [row.cells[1].text for row in written.tables[0].rows]
    assert values == [xml_text(value) for _, value in told.facts]


@given(calls())
@PLAIN
def test_page(analysis):
    told = tell(analysis)
    page = transcript_page(told).encode("utf-8", "replace").decode()
    seen = Page()
    seen.feed(page)
    assert [text.replace("\r\n", "\n") for text in seen.turns] == [turn.text for turn in told.turns]
    assert set(seen.tags) <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "ol", "li", "span", "bdi",
        "div", "mark", "q", "dl", "dt", "dd", "footer",
    }  # fmt: skip


@given(calls())
@PLAIN
def test_pdf(analysis):
    told = tell(analysis)
    pdf = pypdfium2.PdfDocument(transcript_pdf(told))
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    found = Counter(bare(text))
    lost = Counter()
    for turn in told.turns:
        for letter, count in Counter(bare(turn.text)).items():
            if found[letter] < count:
                lost[letter] = count
    shown = text.count("\ufffd") + text.count("\ufffe")
    missing = [c for c in lost if _in_font(c)]
    assert not missing, (missing, text)
    assert not lost or shown or "does not have" in text


def _in_font(letter):
    return typesetting.has(letter)


@given(calls())
@PLAIN
def test_subtitles(analysis):
    turns = analysis.transcript.turns
    text = write_vtt(analysis).encode("utf-8", "replace").decode()
    assert [math.floor(c.start_in_seconds) for c in webvtt.from_buffer(io.StringIO(text))] == [
        math.floor(turn.start) for turn in turns
    ]
    subtitles = write_srt(analysis).encode("utf-8", "replace").decode()
    assert len(list(srt.parse(subtitles))) == len(turns)


@given(calls())
@PLAIN
def test_textgrid(analysis):
    text = write_textgrid(analysis)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.TextGrid"
        path.write_bytes(text.encode("utf-8", "replace"))
        grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False)
    said = Counter(
        entry.label
        for tier in grid.tiers
        if isinstance(tier, textgrid.IntervalTier)
        for entry in tier.entries
    )
    wanted = Counter(one_line(turn.text) for turn in analysis.transcript.turns)
    wanted.pop("", None)
    assert said == wanted


@given(calls())
@PLAIN
def test_rttm(analysis):
    lines = write_rttm(analysis).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(analysis.transcript.turns)
    for line, turn in zip(lines, analysis.transcript.turns, strict=True):
        fields = line.split()
        assert (len(fields), fields[0]) == (10, "SPEAKER")
        assert float(fields[3]) == pytest.approx(turn.start, abs=0.0006)


@given(calls())
@PLAIN
def test_plain_text(analysis):
    text = write_txt(analysis)
    assert not any(ord(c) < 32 and c != "\n" for c in text)
    said = text.replace("(?)", "")
    for turn in tell(analysis).turns:
        assert turn.text.replace("(?)", "").strip() in said


@given(st.lists(TEXT, min_size=1, max_size=4))
@PLAIN
def test_tables(texts):
    columns = tuple(Column(f"c{index}") for index in range(len(texts)))
    row = {column.name: cell_text(text) for column, text in zip(columns, texts, strict=True)}
    wanted = [row[column.name] for column in columns]
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".csv", ".xlsx", ".parquet"):
            path = Path(folder) / f"t{ending}"
            write_table(path, ending, columns, [row], name="calls", right_to_left=True)
            if ending == ".csv":
                with path.open(encoding="utf-8-sig", newline="") as file:
                    _, found = csv.reader(file)
                assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in found)
                read = [(cell[1:] if cell[:1] == "'" else cell) or None for cell in found]
            elif ending == ".xlsx":
                cells = openpyxl.load_workbook(path).active[2] if any(wanted) else ()
                assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
                read = [cell.value and unescape(cell.value) for cell in cells] if any(wanted) else wanted
                read += [None] * (len(wanted) - len(read))
            else:
                (found,) = pq.read_table(path).to_pylist()
                read = list(found.values())
            assert read == wanted, ending
