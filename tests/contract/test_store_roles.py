"""What every store keeps of who is who as people said it."""

from __future__ import annotations

import pytest

from speechqa.core.segment import Segment
from speechqa.core.source import RoleCorrection
from speechqa.errors import CallNotFound, UsageError
from tests.support.stores import HOSTILE, call, failure, put

SWAP = RoleCorrection(
    roles={"A": "customer", "B": "agent"},
    by="dana",
    at="2026-03-01T10:00:00+00:00",
    reason="I know her voice",
)


def test_no_call_is_corrected_unless_somebody_says_so(store):
    put(store, call())
    assert store.role_correction("digest of /calls/c1.wav") is None
    assert store.role_corrections("digest of /calls/c1.wav") == ()


def test_the_last_correction_holds_and_all_are_kept(store):
    back = RoleCorrection(roles={"A": "agent", "B": "customer"}, by="avi", at="2026-03-02T10:00:00+00:00")
    store.correct_roles("i", SWAP)
    store.correct_roles("other", SWAP)
    store.correct_roles("i", back)
    assert store.role_correction("i") == back
    assert store.role_corrections("i") == (SWAP, back)
    assert store.role_correction("other") == SWAP


def test_a_correction_without_roles_undoes_those_before_it(store):
    undo = RoleCorrection(roles={}, by="dana", at="2026-03-02T10:00:00+00:00", reason="I was wrong")
    store.correct_roles("i", SWAP)
    store.correct_roles("i", undo)
    assert store.role_correction("i") is None
    assert store.role_corrections("i") == (SWAP, undo)
    store.correct_roles("i", SWAP)
    assert store.role_correction("i") == SWAP


@pytest.mark.parametrize("text", HOSTILE)
def test_a_correction_comes_back_as_it_was(store, text):
    kept = RoleCorrection(
        roles={text: "agent", "B": "unknown"},
        by=text,
        at=text,
        reason=text,
        heard={text: (Segment(0.5, 2.25), Segment(3.0, 4.0))},
    )
    store.correct_roles(text, kept)
    assert store.role_correction(text) == kept


@pytest.mark.parametrize(
    ("identity", "correction"),
    [
        ("", SWAP),
        ("i", RoleCorrection(roles={"A": "agent"}, by="", at="2026")),
        ("i", RoleCorrection(roles={"A": "agent"}, by="dana", at="")),
        ("i", RoleCorrection(roles={"A": "agent"}, by="\ud800", at="2026")),
        ("i", RoleCorrection(roles={"\ud800": "agent"}, by="dana", at="2026")),
        ("\ud800", SWAP),
    ],
)
def test_a_correction_needs_a_recording_a_person_and_a_time(store, identity, correction):
    with pytest.raises(UsageError):
        store.correct_roles(identity, correction)
    assert store.role_corrections("i") == ()


def test_a_recording_is_known_by_any_name_of_its_call(store):
    store.put("i", "f1", call("rec-0001", path="/calls/x.wav"))
    store.put("i", "f2", call("ticket-77", path="/calls/x.wav"))
    assert store.identity("rec-0001") == store.identity("ticket-77") == store.identity("x.wav") == "i"
    with pytest.raises(CallNotFound):
        store.identity("nobody")


def test_a_call_that_was_never_analysed_has_no_recording(store):
    put(store, failure("c2"))
    with pytest.raises(CallNotFound, match="never analysed"):
        store.identity("c2")
