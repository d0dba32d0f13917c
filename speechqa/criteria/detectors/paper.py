"""Paper that is asked for before a service is cancelled: a form, a fax, a letter, a visit."""

from __future__ import annotations

from speechqa.criteria.calltext import CallText, Hit
from speechqa.criteria.detectors.letting_go import cancels

_WANTS_OUT = ("asks_exit_terms", "churn", "mind_made_up", "speaks_of_leaving", "wants_out")


def paper_demanded(text: CallText) -> list[Hit]:
    """Where the agent asks for paper once the customer wants out, or the customer tells of being asked.

    What is asked for to give equipment back, and letters that the agent sends, are none.
    """
    told = [*text.hits("customer", ("told_of_paper",)), *text.hits("agent", ("demands_paper_to_cancel",))]
    out = [*cancels(text), *text.hits("customer", _WANTS_OUT)]
    start = min((hit.line.position for hit in out), default=None)
    asked = () if start is None else text.hits("agent", ("demands_paper",), start)
    return sorted([*told, *asked], key=lambda hit: (hit.line.position, hit.span))
