"""Promises, stages and contacts over a customer's calls, worked out by hand."""

import pytest

from speechqa.core.analysis import PromiseNews, StageSign
from speechqa.core.finding import Evidence
from speechqa.scoring.call_back import call_back, in_order
from speechqa.scoring.churn import churn_stage, contact_change, repeat_contacts
from speechqa.scoring.contact_log import NOT_SAID, ContactFacts, Gap, MadePromise, own_gaps
from speechqa.scoring.ledger import ledger

TODAY = "2026-03-31"


def said(text="so", who="customer"):
    return Evidence(speaker=who, quote=text, turn=1)


def contact(
    call_id, day, *, deed=None, due=None, done=None, stage=None, direction="inbound", who="customer", **more
):
    """A call that promises `deed`, or says that it is `done`, or shows a sign of a stage."""
    made = (MadePromise(who="agent", what="i will", due=due, deed=deed),) if deed and done is None else ()
    news = () if done is None else (PromiseNews(done=done, said=said(who=who), deed=deed or None),)
    signs = () if stage is None else (StageSign(stage=stage, kind="feels_ignored", said=said()),)
    return ContactFacts(
        call_id=call_id,
        started_at=day and f"{day}T10:00:00",
        day=day,
        direction=direction,
        promises=made,
        news=news,
        signs=signs,
        negative=more.pop("negative", bool(signs)),
        **more,
    )


def outcomes(contacts, gaps=(), complete=True):
    found = ledger(contacts, gaps, today=TODAY, complete=complete)
    return [(one.call_id, one.outcome, len(one.later)) for one in found]


PROMISED = contact("p", "2026-03-02", deed="money", due="2026-03-05")


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        (contact("l", "2026-03-09", deed="money", done=True), "kept"),
        (contact("l", "2026-03-09", deed="money", done=False), "broken"),
        # Its last day is not over yet.
        (contact("l", "2026-03-05", deed="money", done=False), "open"),
        (contact("l", "2026-03-09", deed="goods", done=False), "open"),
        (contact("l", "2026-03-09"), "open"),
        # Nothing was named, and one promise alone can be meant.
        (contact("l", "2026-03-09", deed="", done=False), "broken"),
    ],
)
def test_a_promise_is_settled_by_a_later_word_on_the_same_deed(later, outcome):
    assert outcomes([PROMISED, later])[0][1] == outcome


def test_both_calls_are_quoted():
    (found,) = ledger(
        [PROMISED, contact("l", "2026-03-09", deed="money", done=False)], (), today=TODAY, complete=True
    )
    assert (found.call_id, found.what) == ("p", "i will")
    assert (found.later[0].call_id, found.later[0].said.quote) == ("l", "so")


def test_which_of_two_is_meant_is_not_guessed():
    second = contact("q", "2026-03-03", deed="money", due="2026-03-06")
    assert outcomes([PROMISED, second, contact("l", "2026-03-09", deed="money", done=False)]) == [
        ("p", "not_assessed", 1),
        ("q", "not_assessed", 1),
    ]


def test_a_promise_of_no_day_is_never_broken_but_the_word_is_shown():
    vague = contact("p", "2026-03-02", deed="money")
    assert outcomes([vague, contact("l", "2026-03-20", deed="money", done=False)]) == [("p", "open", 1)]


@pytest.mark.parametrize(
    ("day", "direction", "outcome"),
    [
        ("2026-03-05", "outbound", "kept"),
        ("2026-03-06", "outbound", "broken"),
        ("2026-03-05", "inbound", "open"),
        ("2026-03-05", None, "open"),
    ],
)
def test_a_call_back_is_kept_by_our_call_in_time(day, direction, outcome):
    promised = contact("p", "2026-03-02", deed="call", due="2026-03-05")
    back = contact("l", day, deed="call", done=True, direction=direction, who="agent")
    assert outcomes([promised, back])[0][1] == outcome


def test_said_twice_in_a_call_is_promised_once():
    twice = ContactFacts(
        call_id="p",
        started_at="2026-03-02T10:00:00",
        day="2026-03-02",
        promises=(
            MadePromise(who="agent", what="one", deed="money"),
            MadePromise(who="agent", what="two", deed="money", due="2026-03-05"),
            MadePromise(who="agent", what="three", deed="goods", due="2026-03-05"),
        ),
    )
    found = ledger([twice], (), today=TODAY, complete=True)
    assert [one.what for one in found] == ["two", "three"]


def test_a_call_that_says_both_settles_nothing():
    both = ContactFacts(
        call_id="l",
        started_at="2026-03-09T10:00:00",
        day="2026-03-09",
        news=(
            PromiseNews(done=True, said=said(), deed="money"),
            PromiseNews(done=False, said=said(), deed="money"),
        ),
    )
    assert outcomes([PROMISED, both])[0][1] == "open"


def test_without_a_complete_log_nothing_is_settled():
    calls = [PROMISED, contact("l", "2026-03-09", deed="money", done=False)]
    (found,) = ledger(calls, (), today=TODAY, complete=False)
    assert (found.outcome, found.later) == ("not_assessed", ())
    assert found.why.lower() == NOT_SAID
    assert churn_stage(calls, (), (), today=TODAY, complete=False).withheld == NOT_SAID


@pytest.mark.parametrize(
    ("gap", "outcome"),
    [
        (("2026-03-05", "2026-03-06"), "not_assessed"),
        (("2026-02-01", "2026-03-01"), "broken"),
        (("2026-03-10", "2026-03-12"), "broken"),
        ((None, None), "not_assessed"),
    ],
)
def test_a_gap_leaves_what_it_could_change_not_assessed(gap, outcome):
    calls = [PROMISED, contact("l", "2026-03-09", deed="money", done=False)]
    known = (Gap(first=gap[0], last=gap[1], why="a gap"),)
    assert outcomes(calls, known)[0][1] == outcome


def test_own_gaps_are_calls_unheard_undated_or_of_unknown_order():
    assert own_gaps([PROMISED]) == ()
    unheard = contact("u", "2026-03-03", unheard="it could not be analysed")
    undated = contact("d", None)
    day_alone = ContactFacts(call_id="s", started_at="2026-03-02", day="2026-03-02")
    found = own_gaps([PROMISED, day_alone, unheard, undated])
    assert [(gap.first, gap.last) for gap in found] == [
        ("2026-03-02", "2026-03-02"),
        ("2026-03-03", "2026-03-03"),
        (None, None),
    ]


def stage_of(*contacts, made=(), gaps=()):
    found = churn_stage(contacts, made, gaps, today=TODAY, complete=True)
    return found.stage, [(step.call_id, step.before, step.after) for step in found.steps]


def content(call_id, day, **more):
    return contact(call_id, day, satisfied=(said("lovely"),), **more)


def test_stages_rise_by_what_is_said_and_fall_by_one_where_the_customer_is_satisfied():
    assert stage_of(contact("a", "2026-03-01")) == (1, [])
    hurt, against = contact("a", "2026-03-01", stage=2), contact("b", "2026-03-02", stage=3)
    assert stage_of(hurt, against) == (3, [("a", 1, 2), ("b", 2, 3)])
    assert stage_of(hurt, content("c", "2026-03-05")) == (1, [("a", 1, 2), ("c", 2, 1)])
    assert stage_of(against, content("c", "2026-03-05")) == (2, [("b", 1, 3), ("c", 3, 2)])
    # Satisfied amid a complaint mends nothing, nor does it bring back who is elsewhere.
    assert stage_of(hurt, content("c", "2026-03-05", complains=True))[0] == 2
    assert stage_of(contact("a", "2026-03-01", stage=4), content("c", "2026-03-05"))[0] == 4
    # A milder sign than the stage changes nothing.
    assert stage_of(against, contact("c", "2026-03-05", stage=2))[0] == 3


def test_who_stays_after_all_comes_back_to_where_it_can_be_mended():
    gone, stays = contact("a", "2026-03-01", stage=5), contact("b", "2026-03-02", stage=1)
    assert stage_of(gone, stays) == (2, [("a", 1, 5), ("b", 5, 2)])
    happy = content("b", "2026-03-02", stage=1)
    assert stage_of(gone, happy)[0] == 1


def test_a_broken_promise_that_the_customer_tells_hurts():
    calls = (PROMISED, contact("l", "2026-03-09", deed="money", done=False))
    made = ledger(calls, (), today=TODAY, complete=True)
    assert stage_of(*calls, made=made) == (2, [("l", 1, 2)])
    # In a first call, of something that nobody promised, it is no step.
    assert stage_of(calls[1]) == (1, [])


def test_contacts_are_counted_by_who_began_them_and_as_far_as_the_log_goes():
    calls = [
        contact("a", "2025-11-01", stage=2),
        content("b", "2025-12-01"),
        contact("c", "2026-02-01", negative=True),
        contact("d", "2026-03-01", stage=2),
        contact("e", "2026-03-20", direction="outbound", negative=True),
        content("f", "2026-03-25", negative=True),
    ]
    found = contact_change(calls, (), today=TODAY, begins="2025-01-01", complete=True)
    assert (found.begun, found.positive, found.negative) == ((2, 3), (1, 0), (1, 2))
    late = contact_change(calls, (), today=TODAY, begins="2026-01-01", complete=True)
    assert late.withheld.startswith("the log of calls begins on 2026-01-01")
    unknown = [*calls, contact("g", "2026-03-28", direction=None)]
    found = contact_change(unknown, (), today=TODAY, begins="2025-01-01", complete=True)
    assert found.withheld == "it is not known of every call who began it"


def test_repeat_contacts():
    calls = [
        contact("a", "2026-02-01"),
        contact("b", "2026-02-05"),
        contact("c", "2026-02-20"),
        contact("d", "2026-02-22", direction="outbound"),
        contact("e", "2026-03-30"),
    ]
    known = {"today": TODAY, "begins": "2026-01-01", "complete": True, "days": 7}
    found = repeat_contacts(calls, (), **known)
    # The call of 20 February stands alone; ours of the 22nd is no contact of theirs.
    assert (found.first, found.resolved, found.repeats, found.edge) == (2, 1, 1, 1)


def listed(*contacts, since="2026-03-20"):
    made = ledger(contacts, (), today=TODAY, complete=True)
    stage = churn_stage(contacts, made, (), today=TODAY, complete=True)
    found = call_back(contacts[0].call_id, contacts, stage, made, since=since)
    return None if found is None else (found.stage, found.last_call)


def test_whom_to_call_back():
    hurt = contact("h", "2026-03-25", stage=2)
    assert listed(hurt) == (2, "h")
    assert listed(hurt, since="2026-03-26") is None
    assert listed(hurt, content("c", "2026-03-26")) is None
    assert listed(hurt, contact("o", "2026-03-26", direction="outbound")) is None
    assert listed(contact("m", "2026-03-25", stage=4)) is None
    assert listed(contact("x", "2026-03-25", negative=True)) is None


def test_stage_two_is_called_first_then_the_newest():
    calls = {
        "three": contact("three", "2026-03-30", stage=3),
        "old": contact("old", "2026-03-22", stage=2),
        "new": contact("new", "2026-03-29", stage=2),
    }
    found = []
    for name, one in calls.items():
        stage = churn_stage([one], (), (), today=TODAY, complete=True)
        found.append(call_back(name, [one], stage, (), since="2026-03-01"))
    assert [one.customer_id for one in in_order(found)] == ["new", "old", "three"]
