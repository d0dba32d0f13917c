"""Signals of what a call is about and how the agent leads it, put beside the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from speechqa.core.analysis import Carp, PartedSignal, Signal, Signals
from speechqa.core.rubric import Rubric
from speechqa.criteria.calltext import CallText
from speechqa.criteria.detectors import CONTACT
from speechqa.criteria.detectors.manner import carp, chunking, feel_felt_found, humour
from speechqa.criteria.detectors.reasons import contact_reason

_TOLD: Final[Mapping[str, tuple[Callable[[CallText], Signal], str]]] = {
    "carp": (carp, "takes_control"),
    "chunking": (chunking, "checks_understanding"),
    "feel_felt_found": (feel_felt_found, "felt_alike"),
    "humour": (humour, "laughs"),
}
"""How each is told, and the list without which it is not."""


def with_the_way(signals: Signals, text: CallText, rubric: Rubric) -> Signals:
    """The signals with what the call is about and how it is led; the customer's words must be known.

    What the rubric has no phrases for is unknown, and so is how a call is led whose agent is not known.
    """
    phrased = dict.fromkeys(one.name for one in rubric.phrases)
    reasons = [name for name in phrased if name.startswith(CONTACT)]
    about = contact_reason(text, reasons) if reasons else None
    if not any(text.of("agent")):
        return replace(unknown_way(signals, "It is not known what the agent says"), contact_reason=about)
    found = {name: tell(text) for name, (tell, needed) in _TOLD.items() if needed in phrased}
    unknown = unknown_way(signals, "The rubric has no phrases for it")
    return replace(unknown, contact_reason=about, **found)


def unknown_way(signals: Signals, reason: str) -> Signals:
    """The signals with nothing known of how the call is led, and why."""
    return replace(
        signals,
        carp=Carp(value=None, reason=reason),
        chunking=Signal(value=None, reason=reason),
        feel_felt_found=PartedSignal(value=None, reason=reason),
        humour=Signal(value=None, reason=reason),
    )
