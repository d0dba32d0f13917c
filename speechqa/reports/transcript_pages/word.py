"""A transcript as a Word document."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from speechqa.core.plain import is_right_to_left
from speechqa.errors import ReportError
from speechqa.transcripts.telling import Told, ToldTurn

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HOW = "underlined with dots"
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""Instead of the time of writing, so that the same transcript is the same file."""


def transcript_docx(told: Told) -> bytes:
    """A Word document: the facts of the call, a paragraph a turn, page numbers.

    What is Hebrew stands in right-to-left paragraphs of right-to-left runs; doubtful words are underlined
    with dots; corrections stand under the text they replace.

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
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = _text(f"Transcript of call {told.call_id}")[:255], "speechqa"
    properties.comments, properties.created, properties.modified = "", _MADE, _MADE
    document.styles["Normal"].font.name = "Arial"  # which has Hebrew wherever Word runs
    document.add_heading(_text(f"Transcript of call {told.call_id}".rstrip()), level=1)
    _facts(document, told)
    for remark in (*told.remarks, told.marking.format(mark=_HOW)):
        document.add_paragraph(_text(remark))
    for turn in told.turns:
        _turn(document, turn)
    _footer(document, told)
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


def _facts(document: WordDocument, told: Told) -> None:
    from docx.shared import Pt

    table = document.add_table(rows=0, cols=2)
    for name, value in told.facts:
        for cell, text in zip(table.add_row().cells, (name, value), strict=True):
            # A line a fact: what was said begins on the first page.
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            for run in _runs(cell.paragraphs[0], text):
                _sized(run, 9)


def _turn(document: WordDocument, turn: ToldTurn) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_UNDERLINE
    from docx.shared import Pt, RGBColor

    rtl = turn.right_to_left
    head = document.add_paragraph()
    head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(8), Pt(0)
    head.paragraph_format.keep_with_next = True
    if rtl:
        # Times read from left to right even beside Hebrew: only the side they stand on is the text's.
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    soft = RGBColor(0x5C, 0x5C, 0x66)
    number = head.add_run(f"{turn.number}  {turn.when}  ".replace("    ", "  "))
    number.font.size, number.font.color.rgb = Pt(8), soft
    for run in _runs(head, turn.who):
        run.bold = True
    said = document.add_paragraph()
    said.paragraph_format.space_after = Pt(0)
    _directed(said, rtl)
    for piece in turn.pieces:
        for run in _runs(said, piece.text):
            if piece.confidence is not None:
                run.font.underline = WD_UNDERLINE.DOTTED
    if turn.corrected:
        # The machine's words have a paragraph of their own, for they have a direction of their own.
        for line in (f"{turn.corrected}; the machine heard:", turn.machine or "nothing"):
            beside = document.add_paragraph()
            beside.paragraph_format.space_after = Pt(0)
            _directed(beside, is_right_to_left(line))
            if rtl and not is_right_to_left(line):
                beside.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in _runs(beside, line):
                _sized(run, 8)
                run.italic, run.font.color.rgb = True, soft


def _runs(paragraph: Paragraph, text: str) -> list[Any]:
    """The text in runs of one direction each: Word gives a right-to-left run its own font and order."""
    from docx.oxml import OxmlElement

    runs = []
    for part, rtl in _directions(_text(text)):
        run = paragraph.add_run(part)
        if rtl:
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
        runs.append(run)
    return runs


def _sized(run: Any, points: int) -> None:
    """Give a run its size; Word has one of its own for what runs right to left."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.size = Pt(points)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(2 * points))
    run._r.rPr.find(qn("w:sz")).addnext(size)


def _directions(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces of a text with whether they run right to left; what has no direction goes with what precedes."""
    import unicodedata

    piece, rtl = "", is_right_to_left(text)
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        turns = True if kind in ("R", "AL") else False if kind in ("L", "EN") else rtl
        if turns != rtl and piece:
            yield piece, rtl
            piece = ""
        piece, rtl = piece + letter, turns
    if piece:
        yield piece, rtl


def _directed(paragraph: Paragraph, rtl: bool) -> None:
    from docx.oxml import OxmlElement

    if rtl:
        properties = paragraph._p.get_or_add_pPr()
        bidi = OxmlElement("w:bidi")
        # Word refuses a document whose paragraph properties are out of the schema's order.
        later = [f"w:{name}" for name in ("adjustRightInd", "snapToGrid", "spacing", "ind", "jc", "rPr")]
        properties.insert_element_before(bidi, *later)


def _footer(document: WordDocument, told: Told) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in _runs(paragraph, f"{told.call_id}  "):
        run.bold = False
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


def _text(text: str) -> str:
    """Text that XML can hold."""
    return _NO_XML.sub("\ufffd", text)
