"""The timeline of a pack: what is not known is said once and in words, on the page as in the text."""

import re

import pytest

from speechqa.core.finding import Evidence, Verdict
from speechqa.reports.agreed import agreed, agreed_page, agreed_text
from tests.support.stores import call, finding


def _page(views):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", agreed_page(views)))


@pytest.mark.parametrize("shown", [agreed_text, _page], ids=["text", "page"])
@pytest.mark.parametrize(
    ("start", "told"), [(None, "agent: “on the way”"), (61.24, "1:01.2 agent: “on the way”")]
)
def test_a_quote_has_its_time_where_one_is_known(shown, start, told):
    said = Evidence(quote="on the way", turn=0, speaker="agent", start=start, end=start)
    found = shown(agreed([call(findings=(finding("solution_offered", Verdict.PASS, evidence=(said,)),))]))
    assert told in found
    assert "no time" not in found


@pytest.mark.parametrize("shown", [agreed_text, _page], ids=["text", "page"])
def test_an_unknown_length_is_said_in_words(shown):
    found = shown(agreed([call(), call("timed", duration=61.0)]))
    assert "length unknown" in found
    assert "length 1:01" in found


def test_a_call_of_which_nothing_was_assessed_says_so():
    assert "nothing was assessed" in _page(agreed([call()]))
    assert "nothing was assessed" not in _page(
        agreed([call(findings=(finding("solution_offered", Verdict.PASS),))])
    )
