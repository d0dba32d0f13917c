"""What the criteria of service practice share: when one does not apply, and whose conduct is meant."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.criteria.case import CLEARER, Case

AGENTS = "More than one agent speaks, and which of them is judged is not known"


def does_not_apply(case: Case, what: str, reason: str, *roles: str) -> Finding:
    """Not applicable, where those who could have said it were heard well enough to say so.

    Parameters
    ----------
    what
        What was not found, as in "No transfer".
    reason
        Why the criterion does not apply.
    roles
        Whose words it would be found in; the agent's when left out.
    """
    if case.unheard:
        return case.not_assessed(
            "Too much is said by a speaker whose role is not known to say that it is missing",
            "Roles for all speakers",
        )
    for role in roles or ("agent",):
        unsure = case.unheard_well(role=role)
        if unsure is not None:
            return case.not_assessed(f"{what} was found, but {unsure}", CLEARER)
    return case.not_applicable(reason)


def agents(case: Case) -> frozenset[str]:
    """The parties who speak as agents, where the transcript tells parties apart."""
    return frozenset(line.source.party for line in case.text.of("agent") if line.source.party is not None)


def several_agents(case: Case) -> Finding | None:
    """Not assessed, where agents take turns in one call: what one of them leaves out is not the other's."""
    if len(agents(case)) < 2:
        return None
    return case.not_assessed(AGENTS, "The agents' parts of the call apart")
