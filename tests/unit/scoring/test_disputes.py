"""Disputes as the journal leaves them."""

from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from speechqa.core.dispute import Dispute, Resolution
from speechqa.core.finding import Verdict
from speechqa.core.journal import JournalEntry
from speechqa.scoring.disputes import is_person, standing_disputes

TODAY = date(2026, 11, 20)


def entry(number, kind, body, actor="a1", identity="i1"):
    written = None if body is None else msgspec.json.encode(body).decode()
    return JournalEntry(
        number=number, at="2026-11-01T10:00:00+00:00", actor=actor, kind=kind, identity=identity,
        call_id="c1", body=written, chain="",
    )  # fmt: skip


def dispute(criterion="thanks", deadline="2026-11-21"):
    return Dispute(criterion=criterion, reason="not_me", comment="c", deadline=deadline, verdict=Verdict.FAIL)


def resolution(number, outcome="upheld", verdict=None):
    return Resolution(dispute=number, outcome=outcome, verdict=verdict, comment="c")


def test_days_left_count_to_the_deadline_and_end_with_it():
    (one,) = standing_disputes([entry(1, "dispute", dispute())], [], today=TODAY)
    assert (one.days_left, one.overdue) == (1, False)
    (one,) = standing_disputes([entry(1, "dispute", dispute())], [], today=date(2026, 11, 22))
    assert (one.days_left, one.overdue) == (-1, True)
    (one,) = standing_disputes(
        [entry(1, "dispute", dispute())],
        [entry(2, "dispute_resolution", resolution(1))],
        today=date(2027, 1, 1),
    )
    assert (one.days_left, one.overdue, one.state) == (None, False, "upheld")


def test_the_earlier_of_two_opened_at_once_holds_and_a_later_one_after_its_end_counts():
    entries = [entry(1, "dispute", dispute()), entry(2, "dispute", dispute())]
    assert [one.number for one in standing_disputes(entries, [], today=TODAY)] == [1]
    again = [*entries, entry(4, "dispute", dispute()), entry(5, "dispute", dispute("greeting"))]
    ended = [entry(3, "dispute_resolution", resolution(1, "changed", Verdict.PASS), "Rina")]
    found = standing_disputes(again, ended, today=TODAY)
    assert [(one.number, one.state) for one in found] == [(1, "changed"), (4, "open"), (5, "open")]
    assert found[0].verdict is Verdict.PASS


def test_what_was_erased_or_answers_nothing_is_left_out():
    entries = [entry(1, "dispute", None), entry(2, "dispute", dispute())]
    ended = [entry(3, "dispute_resolution", resolution(1)), entry(4, "dispute_resolution", None)]
    (one,) = standing_disputes(entries, ended, today=TODAY)
    assert (one.number, one.state) == (2, "open")


@given(st.lists(st.sampled_from(["open", "resolve"]), max_size=12))
def test_a_verdict_never_has_two_open_disputes(moves):
    opened = [entry(n, "dispute", dispute()) for n, m in enumerate(moves, 1) if m == "open"]
    ended = [
        entry(n, "dispute_resolution", resolution(max((e.number for e in opened if e.number < n), default=0)))
        for n, m in enumerate(moves, 1)
        if m == "resolve"
    ]
    assert sum(one.open for one in standing_disputes(opened, ended, today=TODAY)) <= 1


def test_a_person_is_the_same_whatever_the_case():
    assert is_person("דנה  לוי", None, "דנה לוי")
    assert not is_person("Dana", "", None, "Dan")
