"""What a call says about other calls: what became of promises, and how near the customer is to leaving.

A call alone settles neither: its signs are put together over all calls of a customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from speechqa.core.analysis import Deed, PromiseNews, StageSign
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.detectors.attitude import complaints, leaving
from speechqa.criteria.lexicon import Span

_DEEDS: Final[tuple[Deed, ...]] = ("call", "visit", "money", "goods", "word")
_AROUND: Final = 6
"""Words before and after a promise in which what it is of is looked for."""

_STAGES: Final = {
    "stays_after_all": 1,
    "feels_ignored": 2,
    "feels_talked_down": 2,
    "feels_let_down": 2,
    "feels_taken_for_granted": 2,
    "asks_exit_terms": 3,
    "looks_elsewhere": 3,
    "mind_made_up": 3,
    "mainly_elsewhere": 4,
    "settled_elsewhere": 5,
}
_BESIDE: Final = ("asks_contract_end",)
"""Asked by many who mean nothing by it: counts beside a complaint or another sign."""

_DONE: Final = tuple(f"done_{deed}" for deed in _DEEDS)
"""What tells of something done is no threat: "I got my money back"."""

CHURN: Final = "churn_risk"


def deed_of(line: Line, span: Span) -> Deed | None:
    """What a promise is of: what its own words say, else the nearest that the line says; None without any."""
    near = Span(max(0, span.first - _AROUND), span.last + _AROUND)
    found = [
        (not one.overlaps(span), _away(one, span), -(one.last - one.first), order, deed)
        for order, deed in enumerate(_DEEDS)
        for one in line.hits.get(f"deed_{deed}", ())
        if one.overlaps(near)
    ]
    return min(found)[-1] if found else None


def _away(one: Span, other: Span) -> int:
    return max(0, one.first - other.last, other.first - one.last)


def promise_news(text: CallText) -> tuple[PromiseNews, ...]:
    """What is said to have been done or not, in order; one word of a line on each deed.

    The customer's word counts; of the agent's only that they ring as was promised, for the call bears it out.
    """
    found: list[PromiseNews] = []
    for line in text.lines:
        if line.role == "customer":
            found += _news_of(line)
        elif line.role == "agent" and line.has("calls_as_promised"):
            said = evidence(line, line.hits["calls_as_promised"][0])
            found.append(PromiseNews(done=True, said=said, deed="call"))
    return tuple(found)


def _news_of(line: Line) -> Iterator[PromiseNews]:
    named = False
    for deed in _DEEDS:
        undone, done = line.hits.get(f"undone_{deed}", ()), line.hits.get(f"done_{deed}", ())
        if undone and done:
            continue  # the line says both: which of them holds is not for us to choose
        if undone or done:
            named = True
            yield PromiseNews(done=bool(done), said=evidence(line, (undone or done)[0]), deed=deed)
    if not named and line.has("undone"):
        yield PromiseNews(done=False, said=evidence(line, line.hits["undone"][0]))


def stage_signs(text: CallText) -> tuple[StageSign, ...]:
    """Signs of how near the customer is to leaving, in order, each kind once a line."""
    if text.first("customer", "comes_over") is not None:
        return ()  # who comes over to us speaks of another company
    found = [(hit, _STAGES[hit.name]) for hit in text.hits("customer", tuple(_STAGES))]
    away = [hit for hit in leaving(text) if not hit.line.has("stays_after_all", "satisfied", *_DONE)]
    gone = any(stage > 3 for _, stage in found)
    if not gone:
        found += [(hit, 3) for hit in away]
    if found or complaints(text):
        found += [(hit, 3) for hit in text.hits("customer", _BESIDE)]
    return tuple(_signs(found))


def _signs(found: Sequence[tuple[Hit, int]]) -> Iterator[StageSign]:
    seen: set[tuple[int, str]] = set()
    for hit, stage in sorted(found, key=lambda one: (one[0].line.position, one[0].span, one[0].name)):
        kind = hit.name if hit.name in _STAGES or hit.name in _BESIDE else CHURN
        if (hit.line.position, kind) not in seen:
            seen.add((hit.line.position, kind))
            yield StageSign(stage=stage, kind=kind, said=evidence(hit.line, hit.span))
