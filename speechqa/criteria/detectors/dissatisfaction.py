"""What a complaint is about and who gave cause for it, why somebody may leave, and amends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from speechqa.core.analysis import Cause, ChurnReason, ComplaintSubject, StageSign, Subject
from speechqa.core.finding import Evidence
from speechqa.criteria.calltext import CallText, Hit, Line, evidence, words_of
from speechqa.criteria.lexicon import Span

_SUBJECTS: Final[tuple[Subject, ...]] = (
    "staff", "delivery", "waiting", "billing", "product", "policy", "service",
)  # fmt: skip
"""The most telling first: a parcel that a rude driver threw is about staff before it is about delivery."""
_TELLS = ("complaint", "fault", "protest", "anger", "angry_words", "problem", "mentions_wait", "distress")
_MISCONDUCT = (
    "insult",
    "hits_back",
    "argue",
    "patronise",
    "label",
    "indifference",
    "sarcasm",
    "sends_to_rival",
)
Reason = Literal["product", "price", "indifference"]
_UNMOVED = (
    "indifference",
    "feels_ignored",
    "feels_taken_for_granted",
    "feels_talked_down",
    "about_staff",
    "about_waiting",
)
_REASONS: Final[dict[Reason, tuple[str, ...]]] = {
    "price": ("about_billing",),
    "indifference": _UNMOVED,
    "product": ("about_product", "about_service", "about_delivery"),
}
_NEAR = 2
_QUOTED = 3


def complaint_subjects(text: CallText, complained: Sequence[Hit]) -> tuple[ComplaintSubject, ...]:
    """What is complained of, in the words of the complaint and of the trouble told around it; each once."""
    told = list(_of_complaint(text, complained))
    found: dict[Subject, Hit] = {}
    for about in _SUBJECTS:
        name = f"about_{about}"
        line = next((line for line in told if line.has(name)), None)
        if line is not None:
            found[about] = Hit(line, line.hits[name][0], name)
    return tuple(
        ComplaintSubject(about=about, said=evidence(hit.line, hit.span)) for about, hit in found.items()
    )


def _of_complaint(text: CallText, complained: Sequence[Hit]) -> Iterator[Line]:
    """The customer's lines that complain, and those near the first of them that tell of the trouble."""
    if not complained:
        return
    positions = {hit.line.position for hit in complained}
    first = min(positions)
    for line in text.of("customer"):
        near = abs(line.position - first) <= 2 * _NEAR
        if line.position in positions or line.has(*_TELLS) or near:
            yield line


def cause_of(text: CallText, complained: Sequence[Hit], subjects: Sequence[ComplaintSubject]) -> Cause | None:
    """Who gave cause for the complaint; None where there is none."""
    if not complained:
        return None
    staff = [one.said for one in subjects if one.about == "staff"]
    first = min(hit.line.position for hit in complained)
    misconduct = text.first("agent", *_MISCONDUCT, stop=first)
    if staff or misconduct is not None:
        shown = () if misconduct is None else (evidence(misconduct.line, misconduct.span),)
        return Cause(by="agent", said=(*staff, *shown)[:_QUOTED])
    others = tuple(one.said for one in subjects)
    return Cause(by="organisation", said=others[:_QUOTED]) if others else Cause(by="unknown")


def churn_reason(text: CallText, leaves: Sequence[Hit], signs: Sequence[StageSign]) -> ChurnReason | None:
    """Why the customer may leave: the price, the product, or that nobody cares; None without a sign."""
    stage = max((sign.stage for sign in signs), default=0)
    if not leaves and stage < _NEAR:
        return None
    lines = {hit.line.position: hit.line for hit in leaves}
    turns = {sign.said.turn for sign in signs}
    lines |= {line.position: line for line in text.of("customer") if line.turn in turns or line.has(*_TELLS)}
    said = [lines[position] for position in sorted(lines)]
    by_reason: dict[Reason, tuple[Evidence, ...]] = {
        reason: tuple(_words(line, names) for line in said if line.has(*names))
        for reason, names in _REASONS.items()
    }
    # The one that more is said of; of two that weigh the same, the first.
    best = max(by_reason, key=lambda reason: len(by_reason[reason]))
    shown = by_reason[best][:_QUOTED]
    return ChurnReason(reason=best if shown else "unknown", stage=max(stage, _LEAVING), said=shown)


_LEAVING = 3
"""The stage of who speaks of leaving, where no sign of a later one is heard."""


def _words(line: Line, names: Sequence[str]) -> Evidence:
    name = next(name for name in names if line.has(name))
    return evidence(line, line.hits[name][0])


def asked_amends(text: CallText, complained: Sequence[Hit]) -> list[Hit]:
    """Where the customer asks for money or goods as amends; without a complaint a discount is none."""
    return list(text.hits("customer", ("wants_amends",))) if complained else []


def offered_amends(text: CallText, complained: Sequence[Hit]) -> list[Hit]:
    """Where the agent offers them to somebody who complains."""
    return list(text.hits("agent", ("amends",))) if complained else []


def no_authority(text: CallText) -> list[Hit]:
    """Where the agent says that it is not theirs to give or decide."""
    return list(text.hits("agent", ("not_in_authority",)))


def sums_of(amends: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Amounts in the words they are said in, of the lines that ask for amends or offer them."""
    lines = {hit.line.position: hit.line for hit in amends}
    spans: list[tuple[Line, Span]] = [
        (lines[at], span) for at in sorted(lines) for span in lines[at].hits.get("sum_said", ())
    ]
    return tuple(dict.fromkeys(words_of(line, span) for line, span in spans))
