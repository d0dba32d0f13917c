"""What each signal is about, for its second reading: marks of turns, and sentences."""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.criteria.reading import SOON, Pair, Reading

SIGNALS: Mapping[str, Reading] = {
    "complaint": Reading(
        "The customer complains",
        "The customer does not complain",
        "",
        occasion=("complaint", "fault", "anger"),
        others=("distress", "empathy", "apology"),
    ),
    "satisfaction_expressed": Reading(
        "The customer expresses satisfaction",
        "The customer expresses no satisfaction",
        "",
        occasion=("satisfied",),
        others=("leave",),
    ),
    "manager_request": Reading(
        "The customer asks for a manager",
        "The customer asks for no manager",
        "",
        occasion=("wants_manager",),
        others=("manager_met", "manager_refused"),
        pairs=(Pair("wants_manager", ("manager_met", "manager_refused"), 0, SOON),),
    ),
    "compensation_asked": Reading(
        "The customer asks for amends",
        "The customer asks for no amends",
        "",
        occasion=("wants_amends",),
        others=("compensate", "not_in_authority"),
    ),
    "silent_dissatisfaction": Reading(
        "The customer gives in flatly with the matter open",
        "The customer does not give in flatly with the matter open",
        "",
        occasion=("flat_assent",),
        others=("refuse", "indifference", "satisfied", "leave"),
    ),
    "humour": Reading(
        "The agent jokes or takes up a joke",
        "No joke of the agent was found",
        "",
        occasion=("humour",),
    ),
    "courtesy_under_provocation": Reading(
        "The customer provokes and the agent stays courteous",
        "No courtesy under provocation was found",
        "",
        occasion=("provokes", "abuse"),
        others=("anger", "passive_aggressive", "empathy", "limit", "insult", "argue", "indifference"),
    ),
}
"""By a signal's name. Which of them are used, the card of the trained model says."""
