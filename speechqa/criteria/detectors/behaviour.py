"""How the customer behaves in this call, and the agent under it: told of the call, never of a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from speechqa.core.analysis import CustomerType, TypeSign
from speechqa.criteria.calltext import CallText, Hit, evidence
from speechqa.criteria.detectors.abuse import abuses
from speechqa.criteria.phases import achieved, later

_TOLD_BY: Final[dict[CustomerType, tuple[str, ...]]] = {
    "angry": ("anger", "angry_words", "abuse", "threat"),
    "demanding": ("demanding",),
    "confused": ("confused",),
    "passive_aggressive": ("passive_aggressive", "sarcasm"),
    "manipulative": ("manipulative",),
}
_LEAST: Final[dict[CustomerType, int]] = {"confused": 2}
"""Lines that it takes where one says nothing: anybody may ask once what was meant."""
_ONLY_AGGRIEVED: Final = frozenset({"passive_aggressive"})
"""Kind words that are meant as such where nothing is complained of."""
_UNKIND = (
    "insult", "hits_back", "sarcasm", "indifference", "label", "patronise", "argue", "sends_to_rival",
    "lectures",
)  # fmt: skip
_KIND = ("empathise", "apologise", "limit", "owns", "thank", "outcome", "offer", "question", "pending")
_LAST_LINES = 3
_REFUSES = ("refuse", "dismissal", "indifference", "policy", "no_reason", "declines", "cold", "disowns")
_MATTERS = (
    "problem",
    "fault",
    "complaint",
    "protest",
    "distress",
    "cancels",
    "wants_manager",
    "whole_request",
)
_GOES_ON = ("problem", "fault", "request", "question")
"""What somebody says who does not give in, but begins or goes on: "okay, my bill is wrong"."""
_CONTENT = ("satisfied", "delight")


def type_signs(text: CallText, aggrieved: bool) -> tuple[TypeSign, ...]:
    """Signs of behaviour in order of the call, each kind once a line.

    Parameters
    ----------
    aggrieved : bool
        Whether the customer complains.
    """
    found: list[tuple[Hit, CustomerType]] = []
    for kind, lists in _TOLD_BY.items():
        if kind in _ONLY_AGGRIEVED and not aggrieved:
            continue
        hits = {hit.line.position: hit for hit in reversed(list(text.hits("customer", lists)))}
        if len(hits) >= _LEAST.get(kind, 1):
            found += [(hit, kind) for hit in hits.values()]
    ordered = sorted(found, key=lambda one: (one[0].line.position, one[1]))
    return tuple(TypeSign(kind=kind, said=evidence(hit.line, hit.span)) for hit, kind in ordered)


def silent_dissatisfaction(text: CallText) -> list[Hit]:
    """Where the customer gives in flatly in the last lines, with nothing achieved for them."""
    last = list(text.of("customer"))[-_LAST_LINES:]
    given_in = [
        Hit(line, line.hits["flat_assent"][0], "flat_assent")
        for line in last
        if line.has("flat_assent") and not line.has(*_GOES_ON)
    ]
    if not given_in or any(
        line.has(*_CONTENT) and line.position > given_in[0].line.position for line in last
    ):
        return []
    last_word = given_in[-1].line.position
    refused = done = -1
    for line in text.of("agent"):
        settled = bool(achieved(text, line))
        if line.position > last_word and (settled or later(line)):
            return []
        if line.position < last_word:
            done = line.position if settled else done
            refused = line.position if line.has(*_REFUSES) else refused
    if refused < 0 and text.first("customer", *_MATTERS) is None:
        return []  # "okay" to what was asked for and told
    # What was refused at first and done in the end is nothing to give in to.
    return given_in if refused >= done else []


def courtesy_under_provocation(text: CallText, signs: Sequence[TypeSign]) -> list[Hit]:
    """Where the agent stays courteous with a customer who insults, shouts or mocks; else empty."""
    start = _provoked(text, signs)
    if start is None or text.first("agent", *_UNKIND, start=start) is not None:
        return []
    kind = text.first("agent", *_KIND, start=start)
    return [] if kind is None else [kind]


def _provoked(text: CallText, signs: Sequence[TypeSign]) -> int | None:
    """Position of the customer's first insult, or of mockery or anger that is said again."""
    insults = abuses(text)
    if insults:
        return insults[0].line.position
    turns = sorted(
        {sign.said.turn for sign in signs if sign.kind in ("angry", "passive_aggressive")}, key=str
    )
    if len(turns) < _LEAST["confused"]:
        return None
    return min(line.position for line in text.of("customer") if line.turn in turns)
