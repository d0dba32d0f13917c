"""Hebrew calls give Hebrew pages, from the recordings to the sentences on them."""

from __future__ import annotations

import pytest

from speechqa.core import codec
from speechqa.core.analysis import CallAnalysis
from speechqa.reports.language import language
from tests.support.told_sentences import sentences_of, untold


@pytest.mark.usefixtures("heard_once")
def test_hebrew_calls_are_told_in_hebrew(run, store, hebrew_calls, tmp_path):
    report = tmp_path / "report"
    audited = run("audit", hebrew_calls, "--engine", "none", "--store", store, "--report", report)
    assert audited.code == 0, audited.err
    documents = [
        codec.decode(run("show", call["call_id"], "--store", store, "--json").out)
        for call in run("calls", "--store", store, "--json").lines
    ]
    analyses = [document for document in documents if isinstance(document, CallAnalysis)]
    assert len(analyses) >= 2
    for analysis in analyses:
        assert untold(sentences_of(analysis)) == []
    pages = [page.read_text("utf-8") for page in sorted(report.glob("call-*.html"))]
    assert len(pages) == len(analyses)
    hebrew = language("he")
    for page in pages:
        assert '<html lang="he" dir="rtl">' in page
        for label in ("Transcript", "Scores", "courtesy", "needs clarification"):
            assert hebrew.say(label) in page
