"""What each signal is about, for its second reading: marks of turns, and sentences."""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.criteria.reading import SOON, Pair, Reading

_BY_TURNS: Mapping[str, Reading] = {
    "complaint": Reading(
        "The customer complains",
        "The customer does not complain",
        "",
        occasion=("complaint", "fault", "anger"),
        others=("distress", "empathy", "apology"),
    ),
    "churn_risk": Reading(
        "The customer shows that they may leave",
        "The customer gives no sign of leaving",
        "",
        occasion=("leaving", "exit_terms", "cancels"),
        others=(
            "threat",
            "complaint",
            "anger",
            "satisfied",
            "need",
            "values",
            "ask_why",
            "offer_stay",
            "lets_go",
            "door_open",
            "obstructs",
            "compensate",
        ),
        pairs=(Pair("leaving", ("values", "ask_why", "offer_stay", "door_open"), 0, SOON),),
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
        others=(
            "compensate",
            "not_in_authority",
            "refuse",
            "complaint",
            "threat",
            "manipulative",
            "demanding",
        ),
    ),
    "compensation_offered": Reading(
        "The agent offers amends",
        "The agent offers no amends",
        "",
        occasion=("compensate",),
        others=(
            "wants_amends",
            "not_in_authority",
            "complaint",
            "apology",
            "satisfied",
            "offer_stay",
            "price",
            "refuse",
        ),
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
    "angry": Reading(
        "The customer is angry",
        "The customer is not angry",
        "",
        occasion=("anger",),
        others=("threat", "abuse", "complaint", "limit", "empathy", "provokes", "wants_manager"),
    ),
    "demanding": Reading(
        "The customer is demanding",
        "The customer is not demanding",
        "",
        occasion=("demanding",),
        others=("wants_manager", "threat", "wants_amends", "manipulative", "limit", "refuse"),
    ),
    "confused": Reading(
        "The customer is confused",
        "The customer is not confused",
        "",
        occasion=("confused",),
        others=("clarify", "question", "answer", "reflect", "patronise"),
    ),
    "passive_aggressive": Reading(
        "The customer is unkind behind kind words",
        "The customer is not unkind behind kind words",
        "",
        occasion=("passive_aggressive",),
        others=("complaint", "provokes", "flat_assent", "anger", "satisfied"),
    ),
    "manipulative": Reading(
        "The customer works on the agent",
        "The customer does not work on the agent",
        "",
        occasion=("manipulative",),
        others=("threat", "demanding", "wants_amends", "satisfied", "refuse"),
    ),
}


def whole(name: str) -> dict[str, str]:
    """By party the mark of a turn in a call with the signal, whatever the turn itself says.

    A complaint is also told by how the agent answers, and by what is said in no turn that complains. Such
    a mark is never quoted, and no criterion's reading is shown it: a verdict stands on the turns that it is
    about, and hears of it no more than that the customer complains.
    """
    return {party: f"{party} in {name}" for party in ("agent", "customer")}


SIGNALS: Mapping[str, Reading] = {
    name: reading._replace(others=(*reading.others, *whole(name).values()))
    for name, reading in _BY_TURNS.items()
}
"""By a signal's name, or the kind of behaviour. The trained model's card says which are used."""
