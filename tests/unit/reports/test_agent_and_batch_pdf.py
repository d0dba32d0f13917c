"""An agent's calls and a batch as PDF: what their pages tell, on paper."""

from datetime import date, timedelta

import msgspec
import pypdfium2
import pytest

from speechqa.assembly.own_view import OwnAsked, calls_of_agent
from speechqa.assembly.reporting.batch import batch_facts
from speechqa.protocols import CallFilter
from speechqa.reports.language import language
from speechqa.reports.print.agent import agent_pdf
from speechqa.reports.print.batch import batch_pdf
from speechqa.reports.view.agent import agent_page
from speechqa.reports.view.batch import batch_page
from speechqa.store import open_store
from tests.support.hostile_documents import KINDS, hostile_documents
from tests.support.whole_documents import whole_document, with_texts

COUNT = 40


def documents():
    whole = whole_document()
    for number in range(COUNT):
        day = date(2026, 9, 1) + timedelta(days=2 * number)
        about = msgspec.structs.replace(
            whole.metadata, agent_id=f"a{number % 2}", started_at=f"{day}T09:00:00+02:00"
        )
        words = msgspec.structs.replace(whole.transcript, draft=False)
        yield msgspec.structs.replace(whole, call_id=f"call-{number}", metadata=about, transcript=words)


def kept(path, calls):
    store = open_store(f"sqlite:///{path / 'store.db'}")
    for number, document in enumerate(calls):
        store.put(f"{number:064x}", "f" * 64, document)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with kept(tmp_path_factory.mktemp("store"), documents()) as opened:
        yield opened


def words_of(paper):
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper))


def agents_page(store, code):
    view = calls_of_agent(store, "a1", OwnAsked(minimum_calls=2, quoted_calls=3))
    return agent_page(view, spoken=language(code))


def batchs_page(store, code):
    facts = batch_facts(store, store.find(CallFilter()), minimum_calls=2, day=date(2026, 11, 22))
    return batch_page(facts, language=language(code))


@pytest.mark.parametrize("code", ["en", "he"])
def test_an_agents_figures_and_lost_points_are_on_paper(store, code):
    page = agents_page(store, code)
    made = agent_pdf(page)
    assert made == agent_pdf(page)
    told = words_of(made)
    (part,) = page.rubrics
    for share in (score.share for score in part.figures.scores):
        assert share.percent in told
        assert share.counted in told
    assert all(call.call in told for call in part.lost)
    titles = {word for _, rows in part.figures.criteria for row in rows for word in row.title.split()}
    assert titles
    assert all(word in told for word in titles if word.isalpha())


def test_an_agents_paper_names_no_other_agent(store):
    told = words_of(agent_pdf(agents_page(store, "en")))
    others = {f"call-{number}" for number in range(0, COUNT, 2)}
    assert "call-39" in told.split()
    assert not others & set(told.split())
    assert "a0" not in told.split()


@pytest.mark.parametrize("code", ["en", "he"])
def test_each_call_of_a_batch_has_a_line(store, code):
    page = batchs_page(store, code)
    made = batch_pdf(page)
    assert made == batch_pdf(page)
    told = words_of(made)
    assert len(page.rows) == COUNT
    assert all(row.call in told for row in page.rows)
    assert all(number.value in told for number in page.numbers)
    bars = [bar.count for spread in page.spreads for bar in spread.bars if bar.count]
    assert bars
    assert all(str(count) in told.split() for count in bars)


def test_the_lines_stand_on_pages_that_lie(store):
    paper = pypdfium2.PdfDocument(batch_pdf(batchs_page(store, "en")))
    (first, *_, last) = [page.get_size() for page in paper]
    assert first[0] < first[1]
    assert last[0] > last[1]


def test_hostile_texts_are_text(tmp_path):
    calls = [with_texts(one.document, _kept) for one in hostile_documents(KINDS)[:2]]
    with kept(tmp_path, calls) as store:
        facts = batch_facts(store, store.find(CallFilter()), minimum_calls=1, day=date(2026, 11, 22))
        papers = [batch_pdf(batch_page(facts))]
        agent = calls[0].metadata.agent_id
        papers.append(agent_pdf(agent_page(calls_of_agent(store, agent, OwnAsked(minimum_calls=1)))))
    for made in papers:
        paper = pypdfium2.PdfDocument(made)
        assert pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(paper) == 0
        assert [pypdfium2.raw.FPDFPage_GetAnnotCount(page) for page in paper] == [0] * len(paper)
        for page in paper:
            textpage, (width, height) = page.get_textpage(), page.get_size()
            for at in range(0, textpage.count_chars(), 7):
                left, bottom, right, top = textpage.get_charbox(at)
                assert 0 <= left <= right <= width
                assert 0 <= bottom <= top <= height


def _kept(text):
    """What a store takes: Unicode alone."""
    return text.encode("utf-8", "replace").decode()
