"""A customer whose calls hold promises and steps of leaving: what tests of a customer's page show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from speechqa.assembly.customers import LogAsked, gathered
from speechqa.core.analysis import CallAnalysis, Promise, PromiseNews, Signal, Signals, StageSign
from speechqa.core.customers import CustomerHistory
from speechqa.core.finding import Evidence
from speechqa.core.transcript import Transcript, Turn
from speechqa.reports.language import PageLanguage, language
from speechqa.reports.view.customer import CustomerPage, customer_page
from speechqa.store import open_store
from tests.support.stores import call, failure, put

CUSTOMER = "k1"
TODAY = "2026-03-20"
LOG = LogAsked(TODAY, complete=True)


def said(text: str, who: str = "customer", *, start: float = 83.2) -> Evidence:
    """Words of a call."""
    return Evidence(speaker=who, quote=text, turn=0, start=start, end=start + 2)


def contact(
    call_id: str, day: str, *, customer: str = CUSTOMER, direction: str | None = "inbound", **signals: Any
) -> CallAnalysis:
    """A call of a day at ten o'clock with those signals and no others."""
    no = Signal(value=False)
    known: dict[str, Any] = {"complaint": no, "promises": (), "promise_news": (), "stage_signs": ()}
    return call(
        call_id,
        agent_id="a1",
        agent_name="Noa",
        customer_id=customer,
        started_at=f"{day}T10:00:00",
        direction=direction,
        duration=200.0,
        transcript=Transcript(language="en", engine="e", turns=(Turn(speaker="customer", text="hello"),)),
        signals=Signals(**{**known, **signals}),
    )


def promise(text: str, when: str | None, deed: str) -> Promise:
    """Something the agent promises."""
    by = None if when is None else said(when, "agent")
    return Promise(who="agent", what=said(text, "agent"), when=by, deed=deed)


def sign(stage: int, text: str) -> StageSign:
    """A sign of leaving."""
    return StageSign(stage=stage, kind="feels_ignored", said=said(text))


def calls() -> tuple[CallAnalysis, ...]:
    """Promises kept, broken and open; steps to 2 and 3 and back to 2; a call of ours."""
    yes = Signal(value=True, evidence=(said("this is the third time i call"),))
    return (
        contact(
            "c1",
            "2026-03-02",
            promises=(
                promise("i will refund you", "by 2026-03-04", "money"),
                promise("we will send the router", "by 2026-03-30", "goods"),
                promise("i will write to you", None, "word"),
            ),
        ),
        contact(
            "c2",
            "2026-03-07",
            complaint=yes,
            promise_news=(PromiseNews(done=False, said=said("no refund came"), deed="money"),),
        ),
        contact(
            "c3",
            "2026-03-10",
            complaint=yes,
            stage_signs=(sign(3, "i am looking at others"),),
            promises=(promise("i will call you", "by 2026-03-12", "call"),),
        ),
        contact(
            "c4",
            "2026-03-12",
            direction="outbound",
            promise_news=(PromiseNews(done=True, said=said("i call as i promised", "agent"), deed="call"),),
        ),
        contact(
            "c5",
            "2026-03-17",
            direction=None,
            satisfaction_expressed=Signal(value=True, evidence=(said("thank you, that is good"),)),
        ),
    )


def customer_store(folder: Path, *, failed: bool = False) -> str:
    """A store with that customer and others, so that no week is without a call; `failed` adds a lost one."""
    url = f"sqlite:///{folder / 'customers.db'}"
    with open_store(url) as store:
        others = ("2026-03-04", "2026-03-14", "2026-03-19")
        put(store, *calls(), *(contact(f"other {day}", day, customer="k2") for day in others))
        if failed:
            put(store, failure("lost", customer_id=CUSTOMER, started_at="2026-03-15T10:00:00"))
    return url


def history_of(url: str, asked: LogAsked = LOG) -> CustomerHistory:
    """What is known of the customer."""
    with open_store(url) as store:
        return gathered(store, CUSTOMER, asked)


def page_of(url: str, code: PageLanguage = "en", asked: LogAsked = LOG) -> CustomerPage:
    """The customer's page; the first calls have a page of their own, the last has none."""
    return customer_page(history_of(url, asked), spoken=language(code), paged={"c1", "c2", "c3"})
