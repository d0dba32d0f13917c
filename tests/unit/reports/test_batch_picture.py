"""How a batch's scores spread, as a picture for slides."""

from datetime import date
from xml.etree import ElementTree

import pytest

from speechqa.assembly.reporting.batch import batch_facts
from speechqa.core.finding import Verdict
from speechqa.protocols import CallFilter
from speechqa.reports.charts.pictures import batch_pictures
from speechqa.reports.language import language
from speechqa.reports.view.batch import batch_page
from speechqa.store import open_store
from tests.support.stores import call, finding, put


def pictures(folder, calls, code="en"):
    with open_store(f"sqlite:///{folder / 'calls.db'}") as store:
        put(store, *calls)
        found = tuple(store.find(CallFilter()))
        facts = batch_facts(store, found, minimum_calls=1, day=date(2026, 11, 1))
    return list(batch_pictures(batch_page(facts, language=language(code), agent_pages=())))


def scored(name, earned, draft=False):
    verdict = Verdict.PASS if earned else Verdict.FAIL
    return call(name, agent_id="a1", draft=draft, findings=(finding("thanks", verdict, earned, 10),))


@pytest.mark.parametrize("code", ["en", "he"])
def test_it_is_the_same_again_and_tells_its_counts(tmp_path, code):
    (one,) = pictures(tmp_path, [scored("c1", 10), scored("c2", 9), scored("c3", 0)], code)
    assert one.name == "scores"
    svg = one.draw("svg")
    assert svg == one.draw("svg")
    described = ElementTree.fromstring(svg).find("{http://www.w3.org/2000/svg}desc").text
    assert described.count("90–100%") == 1
    assert "pattern" not in svg.decode(), "nothing is hatched where no words are a draft's"
    assert one.draw("png").startswith(b"\x89PNG")


def test_draft_words_are_told_apart(tmp_path):
    (one,) = pictures(tmp_path, [scored("c1", 10), scored("c2", 10, draft=True)])
    assert "pattern" in one.draw("svg").decode()


def test_there_is_none_where_nothing_was_scored(tmp_path):
    assert pictures(tmp_path, [call("c1", agent_id="a1")]) == []
