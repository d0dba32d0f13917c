"""Lines of a Word document that run in the direction of what they hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from speechqa.core.plain import is_right_to_left
from speechqa.reports.language.sentences import END, FIRST_STRONG, LEFT_TO_RIGHT

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OPENING = (FIRST_STRONG, LEFT_TO_RIGHT)
_KINDS = {"R": True, "AL": True, "L": False, "EN": False}
"""Classes of letters that have a direction, and whether it is from right to left; digits count as letters."""


def line(paragraph: Paragraph, text: str, rtl: bool, *, side: bool) -> list[Any]:
    """The text as a paragraph that runs right to left or not, at the side where lines of `side` begin."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    directed(paragraph, rtl)
    if side != rtl:
        # The far side: of a right-to-left paragraph, Word calls the left one so.
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return runs(paragraph, text, rtl)


def runs(paragraph: Paragraph, text: str, rtl: bool) -> list[Any]:
    """The text in runs of one direction each: Word gives a right-to-left run its own font and order."""
    made = []
    for part, turned in _directions(_text(text), rtl):
        run = paragraph.add_run(part)
        if turned:
            run.font.rtl = True
        made.append(run)
    return made


def directed(paragraph: Paragraph, rtl: bool) -> None:
    """Let a paragraph run right to left, or leave it as it is."""
    from docx.oxml import OxmlElement

    if rtl:
        properties = paragraph._p.get_or_add_pPr()
        bidi = OxmlElement("w:bidi")
        # Word refuses a document whose paragraph properties are out of the schema's order.
        later = [f"w:{name}" for name in ("adjustRightInd", "snapToGrid", "spacing", "ind", "jc", "rPr")]
        properties.insert_element_before(bidi, *later)


def sized(run: Any, points: int) -> None:
    """Give a run its size; Word has one of its own for what runs right to left."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.size = Pt(points)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(2 * points))
    run._r.rPr.find(qn("w:sz")).addnext(size)


def plain(text: str) -> str:
    """Text for where no runs are: without isolates."""
    return "".join(piece for piece, _ in _directions(_text(text), rtl=False))


def _directions(text: str, rtl: bool) -> Iterator[tuple[str, bool]]:
    """Pieces of a text with whether they run right to left, within a line that does or does not.

    What has no direction goes with what is on both sides of it, else with what it is within (UAX 9, N1, N2).
    Isolates, which Word does not know, are left out; what is within one is within its direction.

    Examples
    --------
    >>> [(piece, rtl) for piece, rtl in _directions("by \\u2068Dana (QA)\\u2069: 3", rtl=False)]
    [('by Dana (QA): 3', False)]
    """
    letters, known, within = "", list[bool | None](), list[bool]()
    lines = [rtl]
    for at, letter in enumerate(text):
        if letter in _OPENING:
            inside = text[at + 1 :].partition(END)[0]
            lines.append(letter == FIRST_STRONG and is_right_to_left(inside))
        elif letter == END:
            lines = lines[:-1] or [rtl]
        else:
            letters += letter
            known.append(_KINDS.get(unicodedata.bidirectional(letter)))
            within.append(lines[-1])
    before, after = _nearest(known, rtl), _nearest(reversed(known), rtl)[::-1]
    turned = [
        one if one is not None else left if left == right else line
        for one, left, right, line in zip(known, before, after[1:], within, strict=False)
    ]
    for direction, piece in groupby(zip(letters, turned, strict=True), key=itemgetter(1)):
        yield "".join(letter for letter, _ in piece), bool(direction)


def _nearest(known: Iterable[bool | None], edge: bool) -> list[bool]:
    """Before each and after the last, the direction that was known last; at first that of the edge."""
    found = [edge]
    for one in known:
        found.append(found[-1] if one is None else one)
    return found


def _text(text: str) -> str:
    """Text that XML can hold."""
    return _NO_XML.sub("\ufffd", text)
