"""Two hundred hostile texts in every field of a document: in papers and terminals they are text too."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pypdfium2
import pytest
from pypdfium2 import raw

from tests.support.hostile_documents import KINDS, hostile_documents
from tests.support.hostile_texts import evened, spelled
from tests.support.page_makers import PAPERS, TERMINAL, printed

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\ud800-\udfff]")
ISOLATE, END = re.compile("[\u2066-\u2068]"), "\u2069"


@pytest.mark.parametrize("kind", TERMINAL)
def test_a_terminal_is_sent_no_command(kind):
    for one in hostile_documents(KINDS):
        sent = printed(TERMINAL[kind](one.document), colours=False)
        assert OBEYED.findall(sent) == []
        assert len(ISOLATE.findall(sent)) == sent.count(END), "an isolate that is not closed"
        coloured = printed(TERMINAL[kind](one.document), colours=True)
        assert COLOUR.sub("", coloured) == sent, "of escape sequences there are colours alone"


@pytest.mark.parametrize("kind", PAPERS)
def test_a_paper_shows_texts_and_acts_on_nothing(kind):
    """Two documents, for papers take long to set; each holds all texts."""
    for one in hostile_documents(KINDS)[::8]:
        paper = pypdfium2.PdfDocument(PAPERS[kind](one.document))
        twin = pypdfium2.PdfDocument(PAPERS[kind](one.twin))
        assert raw.FPDFDoc_GetJavaScriptActionCount(paper) == 0
        assert raw.FPDFDoc_GetAttachmentCount(paper) == 0
        assert _annotations(paper) == _annotations(twin), (
            "no link, field or action that harmless texts do not make"
        )
        shown, harmless = _letters(_text(paper)), _letters(_text(twin))
        lost = [
            (place, text.text[:60])
            for place, text in one.places.items()
            if _letters(text.harmless) in harmless
            and not any(_is_in(way, shown) for way in spelled(text.text))
        ]
        assert lost == []


def _annotations(paper: pypdfium2.PdfDocument) -> Counter[int]:
    kinds: Counter[int] = Counter()
    for page in paper:
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            kinds[raw.FPDFAnnot_GetSubtype(annotation)] += 1
            raw.FPDFPage_CloseAnnot(annotation)
    return kinds


def _text(paper: pypdfium2.PdfDocument) -> str:
    return "".join(page.get_textpage().get_text_range() for page in paper)


def _is_in(text: str, shown: str) -> bool:
    """Whether it is there whole, or all its words are: within Hebrew, PDFium tells them as they are seen."""
    return _letters(text) in shown or all(_letters(word) in shown for word in re.findall(r"\w+", text))


def _letters(text: str) -> str:
    """Letters and digits that a program could take for something, in the order they are set."""
    return "".join(c for c in evened(unicodedata.normalize("NFKC", text)) if c.isascii() and c.isalnum())
