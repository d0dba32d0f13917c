"""A Word document says nothing about when it was written."""

from __future__ import annotations

import time

import pytest

from speechqa.reports.transcript_pages import transcript_docx
from speechqa.transcripts.telling import tell
from tests.support.stores import call

pytest.importorskip("docx")


def test_the_same_transcript_is_the_same_file_whenever_it_is_written(monkeypatch):
    written = []
    for now in (1_000_000_000, 1_700_000_000):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        written.append(transcript_docx(tell(call("lamp"))))
    assert written[0] == written[1]
