"""A signal as phrases find it, and as it stands after both readings, with where it is told."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.core.analysis import Signal
from speechqa.criteria.calltext import Hit, evidence
from speechqa.criteria.second_reading import SecondReading

_EVIDENCE = 3
_ABSENT = {
    "complaint": "The customer does not complain",
    "churn_risk": "The customer gives no sign of leaving",
    "public_or_legal_threat": "The customer threatens with neither the public nor the law",
    "satisfaction_expressed": "The customer expresses no satisfaction",
    "form_demanded_to_cancel": "No form, fax or letter is asked for to cancel",
    "manager_request": "The customer asks for no manager",
    "compensation_asked": "The customer asks for no amends",
    "compensation_offered": "The agent offers no amends",
    "not_in_authority": "The agent does not say that it is beyond their authority",
    "silent_dissatisfaction": "The customer does not give in flatly with the matter open",
    "courtesy_under_provocation": "No courtesy under provocation was found",
}


def weighed(name: str, hits: Sequence[Hit], second: SecondReading | None) -> tuple[Signal, tuple[Hit, ...]]:
    """What stands of a signal after both readings, and where the customer tells it.

    Parameters
    ----------
    hits : sequence of Hit
        Where phrases find it.
    second : SecondReading or None
        None where the rubric goes by phrases alone.
    """
    signal = found_by_phrases(name, hits)
    if second is None:
        return signal, tuple(hits)
    read = second.signal(name, signal)
    return read, tuple(second.told(read, name, hits))


def found_by_phrases(name: str, hits: Sequence[Hit]) -> Signal:
    """The signal as phrases have it, with the first turns that say so."""
    if not hits:
        return Signal(value=False, reason=_ABSENT[name])
    lines = {hit.line.position: hit for hit in reversed(hits)}
    proof = tuple(evidence(hit.line, hit.span) for _, hit in sorted(lines.items())[:_EVIDENCE])
    return Signal(
        value=True, evidence=proof, reason=f"Said in {len(lines)} turn{'s' if len(lines) > 1 else ''}"
    )
