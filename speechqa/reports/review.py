"""Reviews as a person reads them in a terminal: what to listen to, what holds, and how far all agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Finding, Tally, Verdict
from speechqa.core.journal import JournalEntry
from speechqa.core.plain import isolated, printable
from speechqa.core.review import Part, Sample, Standing, Statement
from speechqa.reports.wording import VERDICT_WORDS, points, title
from speechqa.review.agreement_values import Agreement, CriterionAgreement, Estimate
from speechqa.scoring import score

PARTS: Mapping[Part, str] = {
    "random": "Drawn at random: these figures hold for the calls they were drawn from",
    "risk": "Picked for their risk: these figures hold for such calls alone",
    "chosen": "Taken by hand: these figures hold for these calls alone",
    "disputed": "Contested by agents: these figures hold for contested verdicts alone",
}
_SOURCES = {"resolution": "a dispute, resolved by", "review": "a review by", "machine": "the machine"}


def queue_view(
    entry: JournalEntry, sample: Sample, *, blind: bool, reviewed: Collection[str] = ()
) -> RenderableType:
    """The calls of a plan and why each is in it; blind, nothing that would tell a verdict."""
    plan = sample.plan
    who = f" for {printable(plan.reviewer)}" if plan.reviewer else ""
    how = f"drawn from {sample.frame} calls with seed {plan.seed}"
    left = f", {sample.left_out} left out that they reviewed or took" if sample.left_out else ""
    parts: list[RenderableType] = [
        Text(f"Plan {entry.number}{who}, by {printable(entry.actor)}, {entry.at[:16]} UTC", style="bold"),
        Text(f"  {how}{left}"),
    ]
    if plan.filters and not blind:
        wanted = ", ".join(f"{key} {value}" for key, value in plan.filters.items())
        parts.append(Text(f"  of calls with {printable(wanted)}"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("call", "part", "why", ""):
        table.add_column(heading, no_wrap=heading != "why", overflow="fold")
    for pick in sample.picks:
        table.add_row(
            Text(printable(pick.call_id, limit=60)),
            pick.part,
            Text(isolated(printable(plain_why(pick.part) if blind else pick.why))),
            "reviewed" if pick.identity in reviewed else "",
        )
    parts.append(table)
    return Group(*parts)


def plain_why(part: Part) -> str:
    """Why a call is in a plan, without what the machine made of it."""
    return {"random": "drawn at random", "risk": "picked"}.get(part, "reviewed by somebody else before")


def record_view(standings: Sequence[Standing], criterion: str | None = None) -> RenderableType | None:
    """What is of record where people said something, or have to; None where the machine alone has spoken.

    With `criterion` only what is said of it, still with the scores of the whole call.
    """
    lines = [line for one in standings if criterion in (None, one.criterion) for line in _record(one)]
    if not lines:
        return None
    parts: list[RenderableType] = [Text("Score of record", style="bold")]
    if any(one.differs for one in standings):
        parts += [Text(f"  {category}: {worth}") for category, worth in _scores(standings)]
    return Group(*parts, *lines)


def record_lines(standings: Sequence[Standing]) -> Iterator[str]:
    """As `record_view`, a line each for a page that shows the figures of record already."""
    for category, worth in _scores(standings):
        if "machine" in worth:
            yield f"{category.capitalize()} of record: {worth}"
    for one in standings:
        if one.differs:
            yield (
                f"{title(one.criterion).capitalize()}: {_by_whom(one)}; the machine: {_worth(one.machine)}"
            )
        if one.waits:
            yield f"{title(one.criterion).capitalize()} waits for {one.waits}"


def _scores(standings: Sequence[Standing]) -> Iterator[tuple[str, str]]:
    """Each category's points of record, with the machine's beside them where they differ."""
    machine = score(one.machine for one in standings)
    for category, tally in score(one.finding for one in standings).items():
        yield category, counted(tally, machine[category])


def counted(tally: Tally | None, machine: Tally | None) -> str:
    """Points of record, with the machine's beside them where they differ."""
    return points(tally) + ("" if tally == machine else f", by the machine {points(machine)}")


def review_view(analysis: CallAnalysis, standings: Sequence[Standing]) -> RenderableType:
    """Everything people said of a call, beside what the machine found."""
    parts: list[RenderableType] = [Text(f"Call {printable(analysis.call_id)}", style="bold")]
    record = record_view(standings)
    parts.append(record if record is not None else Text("Nobody has reviewed this call."))
    for one in standings:
        if one.said:
            parts.append(Text(f"{title(one.criterion)}: all that was said", style="bold"))
            parts.append(Text(f"  {'machine':<12}{_worth(one.machine)}  {printable(one.machine.reason)}"))
            parts.extend(_statement(said) for said in one.said)
    return Group(*parts)


def _record(one: Standing) -> Iterator[Text]:
    """How one criterion stands, where it is not simply what the machine found."""
    if one.source != "machine":
        line = Text("  ")
        line.append(f"{title(one.criterion):<22}", style="bold" if one.differs else "")
        line.append(f"{_by_whom(one)}; the machine: {_worth(one.machine)}")
        yield line
        yield Text(f"{'':24}“{isolated(printable(one.comment))}”", style="dim")
    if one.critical == "confirmed" and one.confirmed_by != one.by:
        yield Text(f"  {title(one.criterion):<22}critical failure confirmed by {printable(one.confirmed_by)}")
    if one.waits and (one.said or one.critical != "waits"):
        yield Text(f"  {title(one.criterion):<22}waits for {printable(one.waits)}", style="yellow")
    elif one.waits:
        yield Text(f"  {title(one.criterion):<22}waits for {one.waits}", style="bold red")


def _by_whom(one: Standing) -> str:
    return f"{_worth(one.finding)} by {_SOURCES[one.source]} {printable(one.by)} on {one.at[:10]}"


def _worth(finding: Finding) -> str:
    words = VERDICT_WORDS[finding.verdict.value]
    return words if finding.earned is None else f"{words} {finding.earned}/{finding.possible}"


def _statement(said: Statement) -> Text:
    blind = ", blind" if said.blind else ""
    who = f"{printable(said.actor)}{blind}, {said.at[:16]} UTC, entry {said.number}"
    words = VERDICT_WORDS[said.verdict.value]
    return Text(f"  {said.source:<12}{words} by {who}: “{isolated(printable(said.comment))}”")


def agreement_view(found: Sequence[CriterionAgreement], *, full: bool = False) -> RenderableType:
    """Tables of agreement, one for each way in which calls came in, and what the rubric should change.

    With `full` the confusion of every criterion too.
    """
    parts: list[RenderableType] = []
    for part, members in groupby(found, key=lambda one: one.part):
        listed = list(members)
        parts += [Text(PARTS[part], style="bold"), _machine_table(listed)]
        among = [one for one in listed if one.people.calls]
        if among:
            parts.append(_people_table(among))
        if full:
            for one in listed:
                parts += _confusions(one)
        advised = [one for one in listed if one.advice]
        if advised:
            parts.append(Text("What the rubric should change", style="bold"))
            parts += [Text(f"  {title(one.criterion)}: {one.advice}") for one in advised]
        parts.append(Text(""))
    parts.append(
        Text(
            "Intervals are 95 %, over calls. `–`: not stated, for too few calls or one verdict throughout. A "
            "verdict that was not blind follows the machine's more easily.",
            style="dim",
        )
    )
    return Group(*parts)


def _machine_table(found: Sequence[CriterionAgreement]) -> Table:
    table = _headed("criterion", "calls", "verdicts", "blind", "fails", "machine agrees", "kappa", "alpha")
    for one in found:
        table.add_row(
            Text(title(printable(one.criterion, limit=30))),
            *(str(count) for count in (one.calls, one.ratings, one.blind)),
            _share(one.prevalence),
            *_figures(one.machine),
        )
    return table


def _people_table(found: Sequence[CriterionAgreement]) -> Table:
    table = _headed("among people", "calls", "people", "agree", "kappa", "alpha")
    for one in found:
        name = Text(title(printable(one.criterion, limit=30)))
        table.add_row(name, str(one.people.calls), str(one.reviewers), *_figures(one.people))
    return table


def _headed(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left")
    return table


def _figures(agreement: Agreement) -> Iterator[str]:
    yield _agreed(agreement)
    yield _figure(agreement.kappa)
    yield _figure(agreement.alpha)


def _agreed(agreement: Agreement) -> str:
    if agreement.raw is not None:
        return _share(agreement.raw)
    return f"{agreement.agreed} of {agreement.pairs}"


def _share(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{100 * estimate.value:.0f}%"
    return f"{100 * estimate.value:.0f}% ({100 * estimate.low:.0f} to {100 * estimate.high:.0f})"


def _figure(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.2f}"
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def _confusions(one: CriterionAgreement) -> Iterator[RenderableType]:
    for name, rows, agreement in (
        ("the machine's verdict by row, people's by column", "machine", one.machine),
        ("people against each other, both ways round", "people", one.people),
    ):
        if not agreement.calls and not any(sum(row.values()) for row in agreement.confusion.values()):
            continue
        yield Text(f"{title(one.criterion)}: {name}", style="bold")
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column(rows)
        for verdict in Verdict:
            table.add_column(VERDICT_WORDS[verdict.value], justify="right")
        for verdict in Verdict:
            row = agreement.confusion.get(verdict.value, {})
            cells = (str(row.get(other.value, 0)) for other in Verdict)
            table.add_row(VERDICT_WORDS[verdict.value], *cells)
        yield table
        if agreement.not_stated:
            yield Text(f"  not stated: {agreement.not_stated}", style="yellow")
