"""A transcript as a PDF: the order in which pieces of a line stand, and what every page tells."""

import pypdfium2
import pytest

from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.reports.transcript_pages import transcript_pdf
from speechqa.transcripts.telling import tell
from tests.support.stores import call


def said(*turns, call_id="c1"):
    document = call(call_id, transcript=Transcript(language="he", engine="e", turns=turns))
    return pypdfium2.PdfDocument(transcript_pdf(tell(document)))


def places(page, text):
    """Left and lower edge of a text wherever it stands, in points, from the top."""
    textpage = page.get_textpage()
    search = textpage.search(text)
    found = []
    while (hit := search.get_next()) is not None:
        boxes = [textpage.get_charbox(at) for at in range(hit[0], sum(hit))]
        found.append((min(box[0] for box in boxes), boxes[0][1]))
    return found


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("OK אני צריך עד ה-12/3 אחרת I will", ["OK", "אחרת", "12/3", "צריך", "will"]),
        ("נדבר ב-14:30 עם Best Buy מחר", ["מחר", "Best", "עם", "14:30", "נדבר"]),
        ("הוא אמר (OK) ונתן 50% הנחה", ["הנחה", "50%", "ונתן", "OK", "אמר", "הוא"]),
    ],
)
def test_pieces_of_a_line_stand_as_they_are_read(line, seen):
    page = said(Turn(speaker="agent", text=line))[0]
    edges = [places(page, text)[-1][0] for text in seen]
    assert edges == sorted(edges)


def test_a_date_within_hebrew_within_english_stays_between_its_words():
    page = said(Turn(speaker="customer", text="OK thanks אני צריך עד 12/3 אחרת I will call"))[0]
    edges = [places(page, text)[-1][0] for text in ("thanks", "אחרת", "12/3", "צריך", "will")]
    assert edges == sorted(edges)


def test_the_sign_of_doubt_stays_beside_its_word():
    words = (Word(text="so"), Word(text="תיקון"), Word(text="חינם", confidence=0.2), Word(text="today"))
    page = said(Turn(speaker="agent", text="so תיקון חינם today", words=words))[0]
    head, mark = places(page, "?")
    assert head[1] > mark[1], "the head tells what the sign is"
    (so,), (free,), (repair,) = (places(page, text) for text in ("so ", "חינם", "תיקון"))
    assert so[0] < mark[0] < free[0] < repair[0]


def test_every_page_names_its_call_and_its_number():
    turns = tuple(Turn(speaker="agent", text=f"line {number}") for number in range(70))
    pages = said(*turns, call_id="claim-7")
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        foot = "".join(page.get_textpage().get_text_range().split("\n")[-1].split())
        assert "claim-7" in foot
        assert f"{number}/{len(pages)}" in foot


@pytest.mark.parametrize("name", ["שיחה-12/3-א", "x" * 500, "a\x1b[31mb", "\ue000", ""])
def test_any_id_stands_at_the_foot(name):
    assert len(said(Turn(speaker="agent", text="hi"), call_id=name)) == 1
