"""Labels of transcripts that are handed on: in the language of the call, and nothing left of another."""

import io
import re
from html.parser import HTMLParser

import docx
import msgspec
import pypdfium2
import pytest

from speechqa.core.correction import CorrectedTurn, WordCorrection
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.reports.language import language
from speechqa.reports.transcript_pages import transcript_docx, transcript_page, transcript_pdf
from speechqa.transcripts.telling import tell
from tests.support.stores import call

ISOLATES = re.compile("[\u2066-\u2069]")
NAMES = {"he", "speechqa", "SHA", "UTC", "A", "B", "T", "Z"}
"""What is the same in every language: codes, names, parties, times."""


def document(spoken="he"):
    """A call with every kind of fact, remark and correction; what stands in them has no Latin letters."""
    words = (Word(text="הזמנתי"), Word(text="שולחן", confidence=0.31), Word(text="אתמול"))
    turns = (
        Turn(speaker="agent", party="A", text="שלום, במה אפשר לעזור?", start=0.0, end=1.5),
        Turn(speaker="customer", party="B", text="הזמנתי שולחן אתמול", start=2.0, end=4.0, words=words),
        Turn(speaker="unknown", text="12/3", start=5.0, end=6.0),
    )
    found = call(
        "17",
        transcript=Transcript(
            language=spoken, engine="מנוע", model="3", draft=True, mean_confidence=0.8, turns=turns
        ),
        corrected_turns=tuple(
            CorrectedTurn(
                turn=turn,
                correction=WordCorrection(
                    turn=turn, machine=machine, text=turns[turn].text, by="דנה", reason=reason,
                    at="2026-11-22T09:00:00+00:00",
                ),
            )
            for turn, machine, reason in ((0, "שלום בעמק", "שמעתי"), (1, "", ""))
        ),
        agent_id="7", agent_name="נועה", customer_id="44", started_at="2026-11-22T09:00:00+02:00",
        duration=61.0,
    )  # fmt: skip
    made = msgspec.structs.replace(found.provenance, rubric="שירות@1", rubric_digest="2" * 64)
    return msgspec.structs.replace(found, provenance=made)


class Seen(HTMLParser):
    """All that a reader of a page is shown, titles of words too."""

    def __init__(self):
        super().__init__()
        self.texts, self._style = [], False

    def handle_starttag(self, tag, attributes):
        self._style = tag == "style"
        self.texts.append(dict(attributes).get("title", ""))

    def handle_endtag(self, tag):
        self._style = False

    def handle_data(self, data):
        if not self._style:
            self.texts.append(data)


def in_html(told, speaks=None):
    seen = Seen()
    seen.feed(transcript_page(told, speaks))
    return " ".join(seen.texts)


def in_word(told, speaks=None):
    written = docx.Document(io.BytesIO(transcript_docx(told, speaks)))
    cells = [cell.text for row in written.tables[0].rows for cell in row.cells]
    properties = written.core_properties
    return "\n".join(
        [properties.title, *cells, *(paragraph.text for paragraph in written.paragraphs)]
        + [paragraph.text for paragraph in written.sections[0].footer.paragraphs]
    )


def in_pdf(told, speaks=None):
    pages = pypdfium2.PdfDocument(transcript_pdf(told, speaks))
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


FORMS = pytest.mark.parametrize("shown", [in_html, in_word, in_pdf])


@FORMS
@pytest.mark.parametrize(
    "how", [{}, {"machine": True}, {"start": 1.0}, {"start": 1.0, "end": 3.0}, {"machine": True, "end": 1.0}]
)
def test_no_english_is_left_in_a_hebrew_document(shown, how):
    assert set(re.findall("[A-Za-z]+", shown(tell(document(), **how)))) <= NAMES


@FORMS
def test_a_hebrew_document_of_bare_turns_has_no_english(shown):
    bare = call(turns=(("agent", "שלום"), ("customer", "שלום")))
    bare = msgspec.structs.replace(bare.transcript, language="he", engine="1")
    assert set(re.findall("[A-Za-z]+", shown(tell(bare)))) <= NAMES
    assert "נציג" in shown(tell(bare))


@FORMS
def test_what_was_said_is_the_same_in_both_languages(shown):
    told = tell(document())
    hebrew, english = (ISOLATES.sub("", shown(told, language(code))) for code in ("he", "en"))
    for turn in told.turns:
        # A PDF gives back words, not always the marks between them in their order.
        assert all(word in hebrew and word in english for word in re.findall(r"\w+", turn.text))
    for label, instead in (
        ("תמליל השיחה", "Transcript of call"),
        ("ביטחון ממוצע במילה", "mean word confidence"),
        ("נציג", "agent"),
        ("המערכת שמעה", "the machine heard"),
        ("רושם ראשוני", "a first impression"),
        ("שום דבר", "nothing"),
    ):
        assert label in hebrew
        assert label not in english
        assert instead in english


@FORMS
def test_the_language_is_that_of_the_words_where_nobody_asks(shown):
    for spoken, speaks in (("he", "he"), ("en", "en"), (None, "en"), ("ar", "en")):
        told = tell(document(spoken))
        assert shown(told) == shown(told, language(speaks))


def test_a_hebrew_page_is_read_from_right_to_left():
    page = transcript_page(tell(document()))
    assert '<html lang="he" dir="rtl">' in page
    assert '<bdi dir="ltr">00:00:02.000 - 00:00:04.000</bdi>' in page, "a stretch is read from left to right"
    assert page.count('dir="ltr"') == len(document().transcript.turns), "and nothing else is"
    assert '<html lang="en" dir="ltr">' in transcript_page(tell(document()), language("en"))


def test_a_hebrew_word_document_is_read_from_right_to_left():
    written = docx.Document(io.BytesIO(transcript_docx(tell(document()))))
    assert "<w:bidi/>" in written.sections[0]._sectPr.xml
    assert "<w:bidiVisual" in written.tables[0]._tbl.xml
    assert not ISOLATES.search(in_word(tell(document()))), "Word does not know isolates"
    head, said = (
        next(one for one in written.paragraphs if text in one.text) for text in ("לקוח (B)", "הזמנתי")
    )
    for paragraph in (written.paragraphs[0], head, said):
        assert "<w:bidi/>" in paragraph._p.xml
    times = next(run for run in head.runs if "00:00:02.000" in run.text)
    assert not times.font.rtl
    assert "00:00:02.000 - 00:00:04.000" in times.text, "a stretch is read from left to right"
    bold = [run for run in head.runs if run.font.cs_bold]
    assert "".join(run.text for run in bold) == "לקוח (B)"
    english = docx.Document(io.BytesIO(transcript_docx(tell(document()), language("en"))))
    assert "<w:bidi/>" not in english.sections[0]._sectPr.xml
    assert "<w:bidi/>" not in english.paragraphs[0]._p.xml
    assert "<w:bidiVisual" not in english.tables[0]._tbl.xml
