"""The invented calls and exchanges that the models of the second reading learn from, as rules read them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, get_args
from zlib import crc32

from msgspec.structs import replace

from benchmarks.marked_calls import MarkedCall, marked_calls
from benchmarks.marked_lines import marked_lines
from speechqa.core.analysis import CustomerType
from speechqa.core.finding import Verdict
from speechqa.core.rubric import Rubric
from speechqa.criteria import CallView, find_signals, judge, load_rubric
from speechqa.criteria.calltext import CallText, Hit, Line
from speechqa.criteria.case import Case
from speechqa.criteria.judge import BY_TEXT
from speechqa.criteria.lexicon import Span, lexicon_of
from speechqa.criteria.naming import named_lines
from speechqa.criteria.phases import Phases, course
from speechqa.criteria.readings import READINGS
from speechqa.criteria.signal_readings import SIGNALS
from speechqa.criteria.turn_features import features

KINDS = get_args(CustomerType)
THERE = ("Y", "P")
"""What people wrote of a call for a signal that is there."""
ALONE = crc32(b"an exchange alone")
"""A feature of exchanges that no call has: half of them carry a mark, as no call's turns do."""
_PLACES = frozenset(
    crc32(f"{what} {number}".encode()) for what in ("from start", "from end", "part") for number in range(7)
)
"""What says where in a call a turn stands, which an exchange cannot tell."""


class Call(NamedTuple):
    """A call: whose it is, its lines with their features and marks, what rules find, what people say."""

    author: str
    lines: tuple[Line, ...]
    places: list[list[int]]
    marks: list[frozenset[str]]
    phases: Phases
    rules: dict[str, tuple[Verdict, float | None]]
    verdicts: dict[str, str]
    looked_at_for_all: bool
    looked_at_for_the_first: bool


class Exchange(NamedTuple):
    """A turn in question without its call: whose it is, the features and marks, what was looked for."""

    author: str
    role: str
    places: list[int]
    marks: frozenset[str]
    looked_for: frozenset[str]


@cache
def _rubric() -> Rubric:
    return replace(load_rubric("service"), turn_model=False)


def calls() -> list[Call]:
    """All marked calls, as phrases and rules read them."""
    rubric = _rubric()
    lexicon = lexicon_of(rubric)
    found = []
    for call in marked_calls():
        text = CallText(lexicon, call.transcript)
        view = CallView(transcript=call.transcript, language=call.transcript.language)
        found.append(
            Call(
                call.author,
                text.lines,
                list(features(text.lines, named_lines(text))),
                [call.marks[line.turn] for line in text.lines],
                course(text),
                by_rules(view, rubric, text, call),
                call.verdicts,
                call.looked_at_for_all,
                call.looked_at_for_the_first,
            )
        )
    return found


def exchanges() -> list[Exchange]:
    """All marked exchanges; each is known by its words and those around it, and by no place in a call."""
    lexicon = lexicon_of(_rubric())
    found = []
    for told in marked_lines():
        text = CallText(lexicon, told.transcript)
        for line, places in zip(text.lines, features(text.lines, named_lines(text)), strict=True):
            if line.turn == told.turn:
                hashes = [*(one for one in places if one not in _PLACES), ALONE]
                found.append(Exchange(told.author, line.role, hashes, told.marks, told.looked_for))
    return found


def by_rules(
    view: CallView, rubric: Rubric, text: CallText, call: MarkedCall
) -> dict[str, tuple[Verdict, float | None]]:
    """Of each criterion and signal what the rules find, and how sure they are.

    A criterion that a signal alone makes apply is judged as if the signal were told where people hear it:
    what is then learnt is how well a sign is answered, and not again whether there was one.
    """
    found = {one.criterion: (one.verdict, one.confidence) for one in judge(rubric, view)}
    signals = find_signals(view, rubric)
    for name in SIGNALS:
        told = name in signals.customer_type if name in KINDS else getattr(signals, name).value
        found[name] = (Verdict.PASS if told else Verdict.FAIL, None)
    heard = {name: tuple(_heard(name, mark, text, call)) for name, mark in _TURNS_OF.items()}
    for criterion in rubric.criteria:
        if criterion.detector in READINGS and READINGS[criterion.detector].signal:
            case = Case(criterion, view, text, course(text), heard["complaint"], heard["churn_risk"])
            finding = BY_TEXT[criterion.detector](case)
            found[criterion.id] = (finding.verdict, finding.confidence)
    return found


_TURNS_OF = {"complaint": "complaint", "churn_risk": "leaving"}
"""The mark of the turns that tell a signal."""


def _heard(name: str, mark: str, text: CallText, call: MarkedCall) -> Iterator[Hit]:
    """Where people hear the signal, if they do: the turns they marked, else the customer's first."""
    if call.verdicts.get(name) not in THERE:
        return
    said = list(text.of("customer"))
    for line in [one for one in said if mark in call.marks[one.turn]] or said[:1]:
        yield Hit(line, Span(0, len(line.tokens) - 1), name)
