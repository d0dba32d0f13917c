"""What the criteria of complaints, leaving, sales and identity are about, for their second reading."""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.criteria.reading import ANYWHERE, SOON, Pair, Reading

PRACTICE_READINGS: Mapping[str, Reading] = {
    "complaint_route": Reading(
        "The complaint is heard out, asked about and taken on",
        "The complaint is not heard out, asked about or taken on, or its way is cut short",
        "Acknowledgement before identity is asked for, questions about it, a step, thanks for raising it",
        "The customer does not complain",
        signal="complaint",
        occasion=("complaint", "fault", "anger"),
        met=("empathy", "reflect", "clarify", "solution", "thank_raise"),
        against=("indifference", "blame", "argue", "excuse"),
        others=("apology", "compensate", "answer"),
        pairs=(
            Pair("complaint", ("empathy", "reflect", "apology"), 0, SOON),
            Pair("complaint", ("clarify",), 0, SOON),
            Pair("complaint", ("solution", "offer_stay", "compensate"), 0, ANYWHERE),
            Pair("identity", ("empathy", "reflect", "apology"), ANYWHERE, 0),
        ),
    ),
    "transfer_etiquette": Reading(
        "The agent says why and to whom the customer is handed on",
        "The customer is handed on without hearing why or to whom, or has to tell it again",
        "A word of why and to whom, and that the story is passed on",
        "The customer is not handed on",
        occasion=("transfer",),
        met=("transfer_why", "transfer_whom", "transfer_told"),
        others=("story_again", "indifference"),
    ),
    "personal_treatment": Reading(
        "The agent uses the customer's name or what is known of them",
        "The customer is known, and the agent uses neither their name nor what is known of them",
        "The customer's name, or a word of earlier contacts or of what they have",
        "The customer is not identified",
        occasion=("gives_identity", "verified", "identity"),
        met=("name_used", "known"),
    ),
    "respectful_boundary": Reading(
        "The agent stays calm and sets a limit to the abuse",
        "The agent strikes back at the abuse, leaves without warning or sets no limit",
        "A calm limit: that help goes on, but not in these words",
        "The customer is not abusive",
        occasion=("abuse",),
        met=("limit", "manager_met"),
        against=("insult", "argue", "indifference"),
        others=("provokes",),
    ),
    "escalation_handled": Reading(
        "The wish for a manager is met, or answered with a time",
        "The wish for a manager is neither met nor answered with a time",
        "To fetch a manager, or to say by when one calls",
        "The customer asks for no manager",
        occasion=("wants_manager",),
        met=("manager_met",),
        against=("manager_refused",),
        others=("when", "transfer", "promise"),
        pairs=(Pair("wants_manager", ("manager_met",), 0, ANYWHERE),),
    ),
    "retention_response": Reading(
        "The sign of leaving is answered",
        "The customer shows that they may leave and it is hardly answered",
        "To ask why, to say that the customer matters, and to offer something real",
        "The customer shows no sign of leaving for dissatisfaction",
        signal="churn_risk",
        occasion=("leaving", "exit_terms"),
        met=("ask_why", "values", "offer_stay"),
        against=("indifference", "obstructs"),
        others=("cancels", "compensate", "empathy", "apology", "solution"),
        pairs=(
            Pair("leaving", ("ask_why",), 2, ANYWHERE),
            Pair("leaving", ("values", "apology", "empathy"), 2, ANYWHERE),
            Pair("leaving", ("offer_stay", "compensate", "solution"), 2, ANYWHERE),
        ),
    ),
    "gracious_exit": Reading(
        "The customer who leaves is let go with help and a friendly word",
        "The customer who leaves is held back, or let go without help or a friendly word",
        "To end it in this call, or to say how, and to leave the door open",
        "The customer cancels nothing",
        occasion=("cancels",),
        spares=("lost_thing",),
        met=("lets_go", "door_open"),
        against=("obstructs", "indifference"),
        others=("leaving",),
    ),
    "fair_disclosure": Reading(
        "Price and conditions are said before the customer agrees",
        "The customer agrees without having heard the price or the conditions",
        "Price, term and conditions aloud, before anything is confirmed",
        "Nothing is sold or changed",
        occasion=("sale", "agrees_sale"),
        met=("price", "condition"),
        pairs=(
            Pair("sale", ("price",), ANYWHERE, 0),
            Pair("sale", ("condition",), ANYWHERE, 0),
            Pair("agrees_sale", ("price",), ANYWHERE, 0),
        ),
    ),
    "identity_check": Reading(
        "The customer is verified before anything personal is told",
        "Something personal is told to a customer who was not verified",
        "A question that only the customer can answer, before anything personal is told",
        "Nothing personal is told",
        occasion=("discloses",),
        met=("verified", "identity"),
        others=("gives_identity",),
        pairs=(Pair("discloses", ("verified", "identity"), ANYWHERE, 0),),
    ),
}
"""By a criterion's detector."""
