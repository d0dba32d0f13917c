"""A call as a PDF: all that its page tells is in it, found by its words, the same bytes each time."""

import re
import sys

import msgspec
import pypdfium2
import pytest
from pypdfium2 import raw

from speechqa.core.playback import Outline, Playback
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.errors import ReportError
from speechqa.reports.language import language
from speechqa.reports.print import typesetting
from speechqa.reports.print.call import call_pdf
from speechqa.reports.print.timeline_picture import WIDE, picture
from speechqa.reports.view.call import call_page
from speechqa.reports.view.timeline import Timeline
from tests.support.hostile_documents import KINDS, hostile_documents
from tests.support.stores import call
from tests.support.whole_documents import whole_document

ENGLISH, HEBREW = language("en"), language("he")


def pages_of(page):
    return list(pypdfium2.PdfDocument(call_pdf(page)))


def text_of(pages):
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


def off_the_page(pages):
    """Places of characters that lie off their page."""
    found = []
    for number, page in enumerate(pages, start=1):
        textpage, (width, height) = page.get_textpage(), page.get_size()
        for at in range(textpage.count_chars()):
            left, bottom, right, top = textpage.get_charbox(at)
            if not (0 <= left <= right <= width and 0 <= bottom <= top <= height):
                found.append((number, at))
    return found


def spoken(*turns, call_id="c1", **about):
    return call(call_id, transcript=Transcript(language="en", engine="e", turns=turns), **about)


@pytest.mark.parametrize("speaks", [ENGLISH, HEBREW], ids=["en", "he"])
def test_all_that_the_page_tells_is_on_paper(speaks):
    page = call_page(whole_document(), language=speaks)
    shown = _letters(text_of(pages_of(page)))
    told = [one.title for one in (*page.other, *(one for _, found in page.categories for one in found))]
    told += [place.reason for place in page.listen_to] + [signal.title for signal in page.signals]
    told += [name for name, _ in page.measures] + [piece.text for turn in page.turns for piece in turn.pieces]
    words = {word for text in told for word in text.split() if word.isalpha()}
    assert len(words) > 20
    assert sorted(word for word in words if _letters(word) not in shown) == []


def _letters(text):
    return "".join(letter for letter in text if letter.isalnum())


def test_the_same_call_is_the_same_file():
    page = call_page(whole_document())
    assert call_pdf(page) == call_pdf(page)


def test_a_viewer_is_told_title_and_language():
    made = call_pdf(call_page(spoken(Turn(speaker="agent", text="hi")), language=HEBREW))
    paper = pypdfium2.PdfDocument(made)
    assert "c1" in paper.get_metadata_value("Title")
    assert paper.get_metadata_value("CreationDate") == ""
    assert b"/Lang(he)" in made
    assert raw.FPDFCatalog_IsTagged(paper)


def test_nothing_of_a_long_word_is_off_the_page():
    long = "w" * 10_000
    page = call_page(spoken(Turn(speaker="customer", text=f"{long} end"), call_id=long[:500]))
    pages = pages_of(page)
    assert text_of(pages).count("w") >= 10_000
    assert off_the_page(pages) == []


def test_accents_do_not_climb_over_what_stands_above():
    tall = spoken(Turn(speaker="agent", text="e" + "\u0301" * 500))
    shown = pages_of(call_page(tall, language=ENGLISH))
    assert off_the_page(shown) == []
    assert "◌" in text_of(shown)
    pointed = spoken(Turn(speaker="agent", text="שׁ" + "\u05b8\u05bd"))
    assert "◌" not in text_of(pages_of(call_page(pointed, language=ENGLISH)))


def test_a_digest_is_copied_whole_in_either_language():
    digest = "0aee2f608fda7e2f9e4c27eb9cf045d761b374698185b1657aa8e0dd03c48db7"
    whole = whole_document()
    document = msgspec.structs.replace(
        whole, recording=msgspec.structs.replace(whole.recording, sha256=digest)
    )
    for speaks in (ENGLISH, HEBREW):
        assert digest in text_of(pages_of(call_page(document, language=speaks)))


def test_doubt_is_marked_beside_its_word():
    words = (Word(text="good"), Word(text="mourning", confidence=0.2))
    page = call_page(spoken(Turn(speaker="agent", text="good mourning", words=words)), language=ENGLISH)
    assert "mourning(?)" in "".join(text_of(pages_of(page)).split())


def test_what_the_font_lacks_is_counted_and_told():
    page = call_page(spoken(Turn(speaker="agent", text="hello 你好")), language=ENGLISH)
    assert "2 characters that the font does not have" in text_of(pages_of(page))


@pytest.mark.parametrize("speaks", [ENGLISH, HEBREW], ids=["en", "he"])
@pytest.mark.parametrize("which", [0, 3, 11, 12])
def test_no_hostile_text_leaves_its_page(which, speaks):
    """Words of 10,000 letters in names of criteria, in quotes, in what is kept whole."""
    document = hostile_documents(KINDS)[which].document
    assert off_the_page(pages_of(call_page(document, language=speaks))) == []


def test_hostile_texts_are_text_on_hebrew_paper_too():
    """Words of Latin letters within a Hebrew line are told in another order by what reads them here."""
    one = hostile_documents(KINDS)[0]
    paper = pypdfium2.PdfDocument(call_pdf(call_page(one.document, language=HEBREW)))
    assert raw.FPDFDoc_GetJavaScriptActionCount(paper) == 0
    assert [raw.FPDFPage_GetAnnotCount(page) for page in paper] == [0] * len(paper)
    assert "script" in text_of(paper)


@pytest.mark.parametrize(
    "text", ["#panic()", '#read("/etc/passwd")', "$x$ *b* _i_ @ref <label> \\u{41} // c"]
)
def test_markup_of_the_typesetter_is_text(text):
    page = call_page(spoken(Turn(speaker="agent", text=text)), language=ENGLISH)
    assert text in text_of(pages_of(page))


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ReportError, match="typst"):
        call_pdf(call_page(spoken(Turn(speaker="agent", text="hi"))))


def test_a_fault_of_a_template_is_a_report_error():
    with pytest.raises(ReportError, match=r"could not be set.*transcript\.typ"):
        typesetting.typeset("transcript", ENGLISH, title="no facts are given")


def test_a_long_call_is_drawn_in_rows():
    drawn = picture(_timeline(3600.0), ENGLISH)
    assert len(drawn.rows) == 6
    assert [row.ticks[0].text for row in drawn.rows] == ["0:00", "10:00", "20:00", "30:00", "40:00", "50:00"]
    assert len(picture(_timeline(59.0), ENGLISH).rows) == 1


def _timeline(seconds) -> Timeline:
    document = whole_document()
    heard = Playback(outlines={"A": Outline(step_s=0.1, peaks=bytes(range(200)) * 12)})
    page = call_page(document, playback=heard, language=ENGLISH)
    lanes = page.timeline.lanes
    return Timeline(
        duration=seconds, ticks=(), waits=(), bleeped=(), lanes=lanes, curves=page.timeline.curves,
        marks=page.timeline.marks, kinds=page.timeline.kinds, description="",
    )  # fmt: skip


def test_each_mark_is_in_one_row():
    timeline = _timeline(1800.0)
    assert timeline.marks
    rows = picture(timeline, ENGLISH).rows
    signs = sum(len(lane.signs) for lane in timeline.lanes)
    assert sum(row.svg.count("<g transform") for row in rows) == len(timeline.marks) + signs


def test_a_wave_stays_in_its_row():
    for row in picture(_timeline(1800.0), ENGLISH).rows:
        wave = re.findall(r'<path d="M([\d.]+) [\d.]+L.*?Z" fill="#0', row.svg)
        assert all(0 <= float(start) <= WIDE for start in wave)


def test_viewers_are_not_told_to_read_every_line_from_the_right():
    """PDFium would copy a digest in pieces; a title that says so stays as it is."""
    made = call_pdf(
        call_page(spoken(Turn(speaker="agent", text="hi"), call_id="/Direction/R2L"), language=HEBREW)
    )
    catalogue = made[made.rindex(b"/Type/Catalog") :]
    assert b"/Direction/L2R" in catalogue
    assert b"/Direction/R2L" not in catalogue
    assert made.count(b"/Direction/L2R") == 1


def test_nothing_that_is_kept_whole_is_taller_than_a_page():
    """Many short quotes, wide letters, long names beside short words: what would not fit is parted."""
    document = whole_document()
    one = document.findings[0]
    said = one.evidence[0]
    many = tuple(msgspec.structs.replace(said, quote=f"W{number}", note="n") for number in range(90))
    wide = (msgspec.structs.replace(said, quote="W" * 390),)
    findings = tuple(msgspec.structs.replace(one, evidence=quotes) for quotes in (many, wide))
    turns = (
        Turn(speaker="S" * 900, text="short", start=0.0, end=1.0),
        Turn(speaker="agent", party="P" * 900, text="W" * 1100, start=1.0, end=2.0),
    )
    words = Transcript(language="en", engine="e", turns=turns)
    page = call_page(msgspec.structs.replace(document, findings=findings, transcript=words), language=ENGLISH)
    pages = pages_of(page)
    told = text_of(pages)
    assert all(f"W{number}" in told for number in range(90))
    assert told.count("S") > 890
    assert off_the_page(pages) == []
