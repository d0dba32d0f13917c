"""Documents that every earlier state of the schema wrote are read whole; one of a newer schema is refused."""

from __future__ import annotations

import hashlib
import json
import zlib

import pytest

from speechqa.assembly.rejudging import judged_again
from speechqa.core.analysis import SCHEMA_VERSION, CallAnalysis
from speechqa.core.codec import NewerDocument, decode, encode
from speechqa.errors import StoreError, TranscriptError
from speechqa.store.body import unpacked
from speechqa.transcripts.reading import read
from tests.support.golden import documents, lost

GOLDEN = list(documents())
STATES = list(dict.fromkeys(state for state, _ in GOLDEN))


@pytest.mark.parametrize("state", STATES)
def test_nothing_of_an_older_document_is_lost(state):
    bodies = [body for of, body in GOLDEN if of == state]
    assert len(bodies) == 3, "two calls, and one that failed"
    for body in bodies:
        document = decode(body)
        assert not list(lost(json.loads(body), json.loads(encode(document))))
        assert decode(encode(document)) == document


@pytest.mark.parametrize("state", [STATES[0], STATES[-1]])
def test_an_older_document_is_judged_again(state):
    calls = [decode(body) for of, body in GOLDEN if of == state]
    for call in calls:
        if isinstance(call, CallAnalysis):
            again = judged_again(call, call.roles, with_audio=False)
            assert {finding.criterion for finding in call.findings} <= {f.criterion for f in again.findings}
            assert [turn.text for turn in again.transcript.turns] == [t.text for t in call.transcript.turns]
            assert again.recording == call.recording


def newer(**more):
    body = json.loads(GOLDEN[-1][1])
    return json.dumps(body | {"schema_version": SCHEMA_VERSION + 1} | more).encode()


@pytest.mark.parametrize("body", [newer(), newer(call_id=7), newer(findings=[{"of": "another kind"}])])
def test_a_document_of_a_newer_schema_is_refused(body, tmp_path):
    with pytest.raises(NewerDocument, match="upgrade speechqa"):
        decode(body)
    with pytest.raises(StoreError, match="newer speechqa") as caught:
        unpacked(zlib.compress(body), hashlib.sha256(body).hexdigest(), "call 'c'")
    assert "Upgrade" in str(caught.value.hint)
    (tmp_path / "c.json").write_bytes(body)
    with pytest.raises(TranscriptError, match="upgrade speechqa"):
        read(tmp_path / "c.json")


@pytest.mark.parametrize("version", [0, -1])
def test_there_was_no_schema_before_the_first(version):
    with pytest.raises(ValueError, match="the first is 1"):
        decode(newer(schema_version=version))
