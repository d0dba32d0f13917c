"""The log of calls as a whole, the same of every store: its days, whom to call back, what a line keeps."""

from __future__ import annotations

from speechqa.assembly.customers import LogAsked, call_backs, history
from speechqa.core.analysis import Promise, PromiseNews, Signal, Signals, StageSign
from speechqa.core.finding import Evidence
from speechqa.protocols import CallFilter
from tests.support.stores import call, failure, put

NO = Signal(value=False)
TODAY = "2026-03-09"


def said(text, who="customer"):
    return Evidence(speaker=who, quote=text, turn=0, start=1.5, end=2.0)


def contact(call_id, customer, day, *, direction="inbound", **signals):
    known = {"complaint": NO, "promises": (), "promise_news": (), "stage_signs": (), **signals}
    return call(
        call_id,
        customer_id=customer,
        started_at=f"{day}T10:00:00",
        direction=direction,
        signals=Signals(**known),
    )


def sign(stage, text="so"):
    return (StageSign(stage=stage, kind="feels_ignored", said=said(text)),)


def promised(due):
    when = said(due, "agent")
    return (Promise(who="agent", what=said("i will refund you", "agent"), when=when, deed="money"),)


def filled(store):
    put(
        store,
        contact("p1", "k1", "2026-03-02", promises=promised("by 2026-03-04")),
        contact(
            "p2", "k1", "2026-03-07", promise_news=(PromiseNews(done=False, said=said("no"), deed="money"),)
        ),
        contact("h", "k2", "2026-03-08", stage_signs=sign(2)),
        contact("a", "k3", "2026-03-09", stage_signs=sign(3)),
        contact("o", "k4", "2026-03-05", stage_signs=sign(2)),
        contact("o2", "k4", "2026-03-06", direction="outbound"),
        contact("late", "k5", "2026-03-10", stage_signs=sign(2)),
        failure("f", customer_id="k6", started_at="2026-03-05T10:00:00"),
        contact("f2", "k6", "2026-03-06", stage_signs=sign(2)),
        contact("undated", None, "2026-03-01"),
    )


def test_days_with_calls_come_in_order_up_to_a_day(store):
    assert store.days_with_calls(TODAY) == ()
    filled(store)
    assert store.days_with_calls("2026-03-06") == (*("2026-03-01", "2026-03-02", "2026-03-05", "2026-03-06"),)
    assert store.days_with_calls("2026-02-01") == ()


def test_customers_with_a_signal_in_some_days(store):
    filled(store)
    assert store.customers_with(("stage_signs",), "2026-03-06", "2026-03-09") == ("k2", "k3", "k6")
    assert store.customers_with(("promise_news",), "2026-03-01", "2026-03-09") == ("k1",)


def test_whom_to_call_back_stage_two_first_and_each_call_that_is_quoted_is_logged(store):
    filled(store)
    found = call_backs(store, asked=LogAsked(TODAY, complete=True), within=7, most=10, by="Ruth")
    listed = [(one.customer_id, one.stage, [p.outcome for p in one.promises]) for one in found.customers]
    assert listed == [("k2", 2, []), ("k1", 2, ["broken"]), ("k3", 3, [])]
    assert found.not_assessed == 1
    seen = {one.call_id for one in store.accesses() if one.event == "call back"}
    assert seen == {"h", "p1", "p2", "a"}
    few = call_backs(store, asked=LogAsked(TODAY, complete=True), within=7, most=1, by="Ruth")
    assert ([one.customer_id for one in few.customers], few.more) == (["k2"], 2)
    unsaid = call_backs(store, asked=LogAsked(TODAY), within=7, most=1, by="Ruth")
    assert unsaid.withheld


def test_a_history_quotes_both_calls_and_a_gap_leaves_it_untold(store):
    filled(store)
    found = history(store, "k1", asked=LogAsked(TODAY, complete=True), by="Ruth")
    (made,) = [promise for one in found.calls for promise in one.promises]
    assert (made.call_id, made.what, made.due) == ("p1", "i will refund you", "2026-03-04")
    assert (made.outcome, made.later[0].call_id, made.later[0].said.quote) == ("broken", "p2", "no")
    assert (found.promises_broken, found.promises_past_due) == (1, 0)
    # No call of anybody for more than a week, to the day that is asked about.
    later = history(store, "k1", asked=LogAsked("2026-03-20", complete=True), by="Ruth")
    assert later.churn.stage is None
    assert later.promises_broken == 1
    assert later.gaps == ("no call of anybody from 2026-03-11 to 2026-03-20",)


def test_a_line_keeps_who_began_the_call_and_how_long_they_waited(store):
    put(store, call("c", queue_wait_s=12.5, transfers=2, direction="inbound"))
    (line,) = store.find(CallFilter())
    assert (line.direction, line.queue_wait_s, line.transfers) == ("inbound", 12.5, 2)
