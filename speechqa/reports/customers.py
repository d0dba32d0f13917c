"""A customer's history as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.customers import (
    CallBack,
    CallBacks,
    ChurnStage,
    ContactChange,
    CustomerHistory,
    LaterWord,
    OpenPromise,
    RepeatContacts,
    StageStep,
)
from speechqa.core.finding import Evidence
from speechqa.core.plain import isolated, printable
from speechqa.reports.wording import call_name, clock, length, signal_words, title

STAGES = {1: "settled", 2: "thawing", 3: "against us", 4: "mainly elsewhere", 5: "settled elsewhere"}

_STATES = {
    "broken": "broken",
    "past_due": "past due",
    "due": "due",
    "day_unknown": "no day known",
    "kept": "kept",
}
_STYLES = {"broken": "bold red", "past_due": "red", "due": "yellow", "day_unknown": "dim", "kept": "green"}


def history_view(found: CustomerHistory) -> RenderableType:
    """Every call with what came of it, then what was promised and is not known to be kept."""
    span = f", {found.first_at[:10]} to {found.last_at[:10]}" if found.first_at and found.last_at else ""
    heading = f"Customer {found.customer_id}: {_count(len(found.calls), 'call')}{span}"
    with_agents = f", {_count(found.agents, 'agent')}" if found.agents else ""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("date", "call", "agent", "length", "outcome"):
        table.add_column(name, justify="right" if name == "length" else "left", overflow="fold")
    table.add_column("signals", ratio=1)
    for one in found.calls:
        table.add_row(
            Text(printable((one.started_at or "not known")[:16].replace("T", " "))),
            Text(printable(call_name(one.call_id, one.path), limit=28)),
            Text(printable(one.agent_name or one.agent_id or "", limit=20)),
            length(one.duration),
            Text(title(one.outcome), style="red" if one.outcome in ("complaint_open", "failed") else ""),
            Text(", ".join(map(signal_words, one.signals)) + (" (draft words)" if one.draft else "")),
        )
    parts: list[RenderableType] = [Text(printable(heading + with_agents), style="bold"), table]
    for name, calls in sorted(found.signals.items()):
        last = found.last_signal.get(name)
        when = f", last on {printable(last[:10])}" if last else ""
        parts.append(Text(f"{signal_words(name).capitalize()}: in {calls} of {len(found.calls)} calls{when}"))
    return Group(
        *parts, *_promised(found), *_stage(found.churn), *_change(found.change), *_repeats(found.repeat)
    )


def call_back_view(found: CallBacks) -> RenderableType:
    """Whom to call back, in the order in which it is worth most, each with why."""
    heading = Text(
        f"To call back on {found.day}: said in the last {_count(found.within, 'day')}", style="bold"
    )
    if found.withheld:
        return Group(heading, _unknown("Not assessed", found.withheld))
    parts: list[RenderableType] = [heading]
    if not found.customers:
        parts.append(Text("Nobody."))
    for one in found.customers:
        parts += _customer(one)
    if found.more:
        parts.append(Text(f"{found.more} more: ask with --limit, or --json.", style="dim"))
    if found.not_assessed:
        whom = _count(found.not_assessed, "customer")
        parts.append(Text(f"{whom} not assessed: not all of their calls are known.", style="yellow"))
    return Group(*parts)


def _customer(one: CallBack) -> Iterator[Text]:
    line = Text(f"{printable(one.customer_id, limit=40)}", style="bold")
    line.append(f"  stage {one.stage}, {STAGES[one.stage]}; last on {printable(one.last_day)}", style="")
    line.append(f", call {printable(one.last_call, limit=28)}", style="")
    yield line
    for step in one.steps:
        yield from _step(step)
    for promise in one.promises:
        yield from _line(promise)


def _promised(found: CustomerHistory) -> Iterator[Text]:
    promises = [promise for one in found.calls for promise in one.promises]
    if not promises:
        return
    reasons = {one.why for one in promises if one.outcome == "not_assessed"}
    all_unknown = all(one.outcome == "not_assessed" for one in promises)
    yield Text("Promised, and not known to be kept" if all_unknown else "Promised", style="bold")
    if all_unknown and len(reasons) == 1:
        yield _unknown("  What came of it is not assessed", *reasons)
    order = list(_STATES)
    for one in sorted(promises, key=lambda each: (order.index(_kind(each)), each.due or "")):
        yield from _line(one, reason=not all_unknown or len(reasons) > 1)


def _kind(one: OpenPromise) -> str:
    return one.outcome if one.outcome in ("kept", "broken") else one.state


def _line(one: OpenPromise, *, reason: bool = True) -> Iterator[Text]:
    when = f" {one.due}" if one.due else ""
    kind = _kind(one)
    line = Text("  ")
    line.append(f"{_STATES[kind]}{when}", style=_STYLES[kind])
    quote = isolated(printable(one.what, limit=200))
    line.append(f"  {printable(one.call_id, limit=28)} {clock(one.start)} {printable(one.who)}: “{quote}”")
    yield line
    if reason:
        known = one.outcome != "not_assessed"
        yield Text(f"      {printable(one.why)}") if known else _unknown("      Not assessed", one.why)
    for word in one.later:
        yield _later(word)


def _later(word: LaterWord) -> Text:
    return _said(word.call_id, word.started_at, word.said)


def _said(call_id: str, started_at: str | None, said: Evidence) -> Text:
    day = f" on {printable(started_at[:10])}" if started_at else ""
    quote = isolated(printable(said.quote, limit=200))
    where = f"{printable(call_id, limit=28)}{day} {clock(said.start)}"
    return Text(f"      {where} {printable(said.speaker)}: “{quote}”")


def _stage(found: ChurnStage | None) -> Iterator[Text]:
    if found is None:
        return
    if found.stage is None:
        yield _unknown("How near to leaving: not assessed", found.withheld)
        return
    yield Text(f"How near to leaving: stage {found.stage} of 5, {STAGES[found.stage]}", style="bold")
    for step in found.steps:
        yield from _step(step)


def _step(step: StageStep) -> Iterator[Text]:
    day = printable((step.started_at or "")[:10])
    names = f"{STAGES[step.before]} to {STAGES[step.after]}"
    yield Text(f"  {day} {names}: {printable(step.why)}")
    for sign in step.signs:
        yield _said(step.call_id, None, sign.said)


def _change(found: ContactChange | None) -> Iterator[Text]:
    if found is None:
        return
    if found.begun is None or found.positive is None or found.negative is None:
        yield _unknown("Contacts the customer began: not assessed", found.withheld)
        return
    begun, good, bad = found.begun, found.positive, found.negative
    yield Text(
        f"Contacts the customer began, {found.days} days before and the last {found.days}: "
        f"{begun[0]} and {begun[1]}; positive {good[0]} and {good[1]}, negative {bad[0]} and {bad[1]}"
    )


def _repeats(found: RepeatContacts | None) -> Iterator[Text]:
    if found is None:
        return
    if found.first is None:
        yield _unknown("Repeat contacts: not assessed", found.withheld)
        return
    edge = f"; {found.edge} too near to an end of the log" if found.edge else ""
    yield Text(
        f"Repeat contacts within {_count(found.days, 'day')}: {found.repeats}; of {found.first} first "
        f"contacts {found.resolved} resolved at once{edge}"
    )


def _unknown(what: str, why: str) -> Text:
    return Text(f"{what}: {printable(why)}", style="yellow")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
