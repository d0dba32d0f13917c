"""A transcript as a Word document."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from speechqa.core.plain import is_right_to_left
from speechqa.errors import ReportError
from speechqa.reports.language import Language
from speechqa.reports.transcript_pages.word_lines import directed, line, plain, runs, sized
from speechqa.reports.view.transcript import TranscriptView, transcript_view
from speechqa.transcripts.telling import Told, ToldTurn

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

_HOW = "underlined with dots"
_LRM = "\u200e"
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""Instead of the time of writing, so that the same transcript is the same file."""


def transcript_docx(told: Told, language: Language | None = None) -> bytes:
    """A Word document: the facts of the call, a paragraph a turn, page numbers.

    It speaks `language`, that of the call where absent. What is Hebrew stands in right-to-left paragraphs of
    right-to-left runs; doubtful words are underlined with dots; corrections stand under what they replace.

    Raises
    ------
    ReportError
        If the package that writes such documents is not installed.
    """
    try:
        import docx
    except ImportError as error:
        raise ReportError(
            "A Word document needs the package python-docx, which is not installed",
            hint="Install it with: pip install 'speechqa[documents]', or take another --format",
        ) from error
    view = transcript_view(told, mark=_HOW, language=language)
    rtl = view.language.direction == "rtl"
    document = docx.Document()
    _page_directed(document, rtl)
    properties = document.core_properties
    properties.title, properties.author = plain(view.title)[:255], "speechqa"
    properties.comments, properties.created, properties.modified = "", _MADE, _MADE
    properties.language = view.language.code
    document.styles["Normal"].font.name = "Arial"  # which has Hebrew wherever Word runs
    line(document.add_heading(level=1), view.title, rtl, side=rtl)
    _facts(document, view, rtl)
    for remark in (*view.remarks, view.marking):
        line(document.add_paragraph(), remark, rtl, side=rtl)
    for turn in view.turns:
        _turn(document, turn, view.language)
    _footer(document, view)
    written = io.BytesIO()
    document.save(written)
    return _without_times(written)


def _without_times(written: io.BytesIO) -> bytes:
    """The same archive with one date on every entry: the package writes the time of saving there."""
    again = io.BytesIO()
    with zipfile.ZipFile(written) as archive, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in archive.infolist():
            target.writestr(
                zipfile.ZipInfo(entry.filename, _MADE.timetuple()[:6]),
                archive.read(entry),
                zipfile.ZIP_DEFLATED,
            )
    return again.getvalue()


def _facts(document: WordDocument, view: TranscriptView, rtl: bool) -> None:
    from docx.enum.table import WD_TABLE_DIRECTION
    from docx.shared import Pt

    table = document.add_table(rows=0, cols=2)
    if rtl:
        table.table_direction = WD_TABLE_DIRECTION.RTL
    for name, value in view.facts:
        fact, known = (cell.paragraphs[0] for cell in table.add_row().cells)
        for paragraph, text, own in ((fact, name, rtl), (known, value, rtl and is_right_to_left(value))):
            # A line a fact: what was said begins on the first page.
            paragraph.paragraph_format.space_after = Pt(0)
            for run in line(paragraph, text, own, side=rtl):
                sized(run, 9)


def _turn(document: WordDocument, turn: ToldTurn, language: Language) -> None:
    from docx.enum.text import WD_UNDERLINE
    from docx.shared import Pt, RGBColor

    rtl, page = turn.right_to_left, language.direction == "rtl"
    soft = RGBColor(0x5C, 0x5C, 0x66)
    head = document.add_paragraph()
    head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(8), Pt(0)
    head.paragraph_format.keep_with_next = True
    # Times read from left to right even within Hebrew.
    when = f"{_LRM}{turn.when}{_LRM}  " if turn.when else ""
    for run in (*line(head, f"{turn.number}  ", page, side=rtl), *runs(head, when, page)):
        sized(run, 8)
        run.font.color.rgb = soft
    for run in runs(head, turn.who, page):
        run.bold = run.font.cs_bold = True
    said = document.add_paragraph()
    said.paragraph_format.space_after = Pt(0)
    directed(said, rtl)
    for piece in turn.pieces:
        for run in runs(said, piece.text, rtl):
            if piece.confidence is not None:
                run.font.underline = WD_UNDERLINE.DOTTED
    if turn.corrected:
        # The machine's words have a paragraph of their own, for they have a direction of their own.
        heard = f"{turn.corrected}; {language.say('the machine heard:')}"
        machine = turn.machine or language.say("nothing")
        for text, own in ((heard, page), (machine, is_right_to_left(machine))):
            beside = document.add_paragraph()
            beside.paragraph_format.space_after = Pt(0)
            for run in line(beside, text, own, side=rtl):
                sized(run, 8)
                run.italic = run.font.cs_italic = True
                run.font.color.rgb = soft


def _page_directed(document: WordDocument, rtl: bool) -> None:
    from docx.oxml import OxmlElement

    if rtl:
        section = document.sections[0]._sectPr
        section.insert_element_before(OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid")


def _footer(document: WordDocument, view: TranscriptView) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    # The mark keeps the figures behind a Hebrew id apart from it.
    runs(paragraph, f"{view.call_id}{_LRM}  ", rtl=False)
    _field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that Word fills in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run()
    for kind in ("begin", None, "separate", "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {name} "
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
