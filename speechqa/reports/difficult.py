"""An agent's difficult calls: how many ended with the matter settled, and how many with a calmer customer.

Difficult is a call in which the customer complains, threatens with the public or the law, gives a sign of
leaving, or behaves in one of the ways that are told (`customer_type`). It tells of customers as much as of
the agent, and is no score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Verdict
from speechqa.core.value import Value
from speechqa.reports.endings import CustomerEndings, customer_endings
from speechqa.scoring.contact_log import NOT_SAID
from speechqa.scoring.intervals import Interval, wilson_interval

_SIGNALS: Final = ("complaint", "churn_risk", "public_or_legal_threat")
_SETTLED: Final = "expectation_summary"


class DifficultCalls(Value, frozen=True, kw_only=True):
    """Difficult calls of an agent.

    Attributes
    ----------
    calls, unknown : int
        Calls looked at, and those of which it is not known whether they were difficult.
    difficult : int
        Difficult ones, by `kinds` of what made them so; a call can be of several.
    settled, not_settled : int
        Of these: the customer says to be satisfied, or was told what was done or agreed; and those where
        neither is so. The others could not be assessed.
    share, interval : float and Interval, or None
        Settled of those that could be assessed, and its 95 % interval (Wilson); None while `withheld`.
    voices : CustomerEndings
        How customers' voices ended in the difficult calls.
    calmer_and_settled : int or None
        Calls of which both is known and both is so, None where voices are withheld.
    """

    calls: int = 0
    unknown: int = 0
    difficult: int = 0
    kinds: Mapping[str, int] = msgspec.field(default_factory=dict)
    settled: int = 0
    not_settled: int = 0
    share: float | None = None
    interval: Interval | None = None
    voices: CustomerEndings | None = None
    calmer_and_settled: int | None = None
    withheld: str = ""


def difficult_calls(calls: Iterable[CallAnalysis], *, minimum_calls: int, complete: bool) -> DifficultCalls:
    """Count an agent's difficult calls and how they ended; withheld under `minimum_calls` assessed ones.

    Parameters
    ----------
    complete : bool
        Whether somebody says that the log of calls is complete: which calls were kept may depend on how
        they went.
    """
    if not complete:
        return DifficultCalls(withheld=NOT_SAID)
    found: list[CallAnalysis] = []
    kinds: Counter[str] = Counter()
    total = unknown = 0
    for call in calls:
        total += 1
        of_call = _kinds(call)
        if of_call is None:
            unknown += 1
        elif of_call:
            found.append(call)
            kinds.update(of_call)
    ends = [_settled(call) for call in found]
    settled, open_ended = ends.count(True), ends.count(False)
    enough = settled + open_ended >= max(1, minimum_calls)
    voices = customer_endings(found, minimum_calls=minimum_calls)
    return DifficultCalls(
        calls=total,
        unknown=unknown,
        difficult=len(found),
        kinds=dict(sorted(kinds.items())),
        settled=settled,
        not_settled=open_ended,
        share=round(settled / (settled + open_ended), 3) if enough else None,
        interval=wilson_interval(settled, settled + open_ended) if enough else None,
        voices=voices,
        calmer_and_settled=None
        if voices.withheld
        else sum(bool(end) and _calmer(call) for call, end in zip(found, ends, strict=True)),
        withheld=""
        if enough
        else f"{settled + open_ended} of the {minimum_calls} assessed calls that a figure needs",
    )


def _kinds(call: CallAnalysis) -> tuple[str, ...] | None:
    """What makes a call difficult, empty where nothing does, None where that is not known."""
    values = {name: getattr(call.signals, name).value for name in _SIGNALS}
    kinds = [name for name, value in values.items() if value]
    if not kinds and not call.signals.customer_type and None in values.values():
        return None
    return (*kinds, *call.signals.customer_type)


def _settled(call: CallAnalysis) -> bool | None:
    if call.signals.satisfaction_expressed.value:
        return True
    told = next((one.verdict for one in call.findings if one.criterion == _SETTLED), None)
    return {Verdict.PASS: True, Verdict.FAIL: False}.get(told) if told is not None else None


def _calmer(call: CallAnalysis) -> bool:
    """Whether the customer's voice is known to have ended calmer."""
    return customer_endings((call,), minimum_calls=1).endings.get("calmer", 0) == 1
