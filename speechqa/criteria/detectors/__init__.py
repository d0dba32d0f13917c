"""One module a family of criteria: how each is judged, on acts, phrases, order and position in the call.

`LISTS` names what phrases a detector cannot do without, `COMPONENTS` the parts it grades, `OPTIONS` the
numbers it can be set by, with their defaults. A rubric is validated against these tables.
"""

from __future__ import annotations

LISTS: dict[str, tuple[str, ...]] = {
    "greeting": ("greet", "identify"),
    "needs_clarification": ("request", "problem", "question", "identity", "restate"),
    "expectation_summary": ("request", "problem", "outcome", "pending", "deadline", "assent"),
    "thanks": ("thank", "goodbye", "request_more"),
    "anything_else": ("request_more", "goodbye"),
    "farewell": ("goodbye",),
    "apology": ("apologise", "fault"),
    "empathy": ("empathise", "complaint"),
    "no_indifference": ("indifference",),
    "no_insult": ("insult",),
    "no_interruptions": (),
    "satisfaction_question": ("ask_satisfied", "goodbye"),
    "promise_with_deadline": ("vow", "deadline"),
    "ownership": ("disowns",),
    "no_policy_hiding": ("refuse", "reason", "alternative"),
    "no_patronising": ("patronise",),
    "no_arguing": ("argue",),
    "no_excuses": ("excuse",),
    "hold_etiquette": ("hold", "hold_back"),
    "responsiveness": (),
    # These are what the rubric says: phrases where they are due, bounds of a measure, and what waits for a
    # person.
    "said": (),
    "limit": (),
    "human": (),
    "solution_offered": ("request", "problem", "outcome", "pending"),
    "answers_or_finds_out": (
        "asks_info",
        "asks_whether",
        "asks_again",
        "does_not_know",
        "finds_out",
        "promises_answer",
    ),
    "active_listening": ("complaint", "feeling_back", "gives_back", "challenges", "not_let_finish"),
    "calming_language": ("complaint", "empathise", "takes_back", "blames"),
    "unusual_request_check": ("checks", "doubts_it", "self_corrects", "separate"),
    "identity_check": ("proof", "named_by", "discloses", "reads_record", "asks_own"),
    "fair_disclosure": ("price", "condition", "agrees_sale", "sells"),
    "personal_treatment": ("asks_name", "gives_name", "known_customer"),
    "complaint_route": ("complaint", "identity", "question", "thank_raise"),
    "respectful_boundary": ("abuse", "limit"),
    "escalation_handled": ("wants_manager", "manager_met"),
    "retention_response": ("churn", "ask_why", "values_customer", "offer_stay"),
    "gracious_exit": ("cancels", "lets_go", "obstructs"),
    "transfer_etiquette": ("transfers", "transfer_whom", "transfer_why", "transfer_told"),
}

COMPONENTS: dict[str, tuple[str, ...]] = {
    "greeting": ("greeting", "identification"),
    "expectation_summary": ("outcome", "next_step", "deadline", "assent"),
    "thanks": ("thanked", "specific"),
    "hold_etiquette": ("announced", "reason", "thanks"),
    "complaint_route": ("vent", "questions", "solution", "thanks"),
}

OPTIONS: dict[str, dict[str, float]] = {
    "greeting": {"agent_turns": 2},
    "no_interruptions": {"per_10min": 3.0, "minimum_count": 2, "customer_speech_s": 60},
    "hold_etiquette": {"silence_s": 20},
    "active_listening": {"explains_s": 20, "explains_words": 50},
    "responsiveness": {"median_s": 4.0, "dead_air_s": 60, "minimum_exchanges": 2},
    "said": {"pass_share": 1.0},
    "complaint_route": {"pass_share": 2 / 3},
}

ACT_LISTS = (
    "greet", "identify", "thank", "apologise", "goodbye", "hold", "offer", "promise", "question", "clarify",
    "reflect", "empathise", "request_more",
)  # fmt: skip

OTHER_LISTS = (
    "at_event", "gives_up", "points_to", "unsure", "wish",
    "asks_about", "explains", "mocks", "not_wanted", "told_of",
    "agent_ends", "agrees_to_go", "anger", "ask_satisfied_answered", "blame", "blames", "churn", "churn_weak",
    "comes_over", "complaint",
    "contradict", "customer_ends", "delight", "deny", "dismissal", "distress", "explain_choice",
    "asks_later", "asks_matter", "asks_when", "feel_felt_found", "grants",
    "hold_reason", "information", "instruct", "known_matter", "label", "maybe_outcome", "mentions_wait",
    "need_prompt", "no_more", "of_others", "organisation", "outcome_weak", "owns", "penalty", "policy",
    "protest",
    "refuted", "repeat", "reproach", "retold", "sarcasm",
    "satisfied", "sends_away", "small_talk", "sorry_but", "sorry_for_wait", "summary_open",
    "thank_not_counted", "thank_specific",
    "not_ours", "outright_indifference", "takes_back_when", "threat", "unsure_when", "vow_event",
    "vow_timed", "vow_when", "wants_sent", "vow_now", "vow_same", "whole_request",
)  # fmt: skip

READ_DOMAIN = frozenset({"unusual_request_check"})
"""Detectors that read the domain list, whatever the tables there are called."""

LEAVE_LISTS = (
    "approval", "closer", "connects", "hold_announced", "leaves_open", "parting", "thank_alike",
    "thank_borne", "thank_call", "wished_back",
)  # fmt: skip

CONDUCT_LISTS = (
    "asks_for", "cold", "declines", "insinuates", "insists", "leaves_off", "lectures", "limits", "no_reason",
    "protests",
)  # fmt: skip

ACROSS_LISTS = (
    "deed_call", "deed_visit", "deed_money", "deed_goods", "deed_word",
    "undone_call", "undone_visit", "undone_money", "undone_goods", "undone_word", "undone",
    "done_call", "done_visit", "done_money", "done_goods", "done_word", "calls_as_promised",
    "feels_ignored", "feels_talked_down", "feels_let_down", "feels_taken_for_granted",
    "asks_exit_terms", "asks_contract_end", "looks_elsewhere", "mind_made_up",
    "mainly_elsewhere", "settled_elsewhere", "stays_after_all",
)  # fmt: skip

GRIEVANCE_LISTS = (
    "only_heard", "hits_back", "is_manager", "manager_rings", "asks_to_try", "wants_amends", "amends",
    "not_in_authority",
)  # fmt: skip

BEHAVIOUR_LISTS = (
    "angry_words", "demanding", "confused", "passive_aggressive", "manipulative", "flat_assent", "sum_said",
    "about_product", "about_service", "about_staff", "about_billing", "about_delivery", "about_waiting",
    "about_policy",
)  # fmt: skip

PARTING_LISTS = (
    "sends_to_rival", "door_open", "goes_elsewhere", "need_ends", "speaks_of_leaving", "cancels_other",
    "lost_thing",
)  # fmt: skip
HANDED_LISTS = ("story_again", "asks_transfer", "transfer_offered", "transfer_untold")

SALE_LISTS = ("asks_terms", "not_for_sale")

IDENTITY_LISTS = ("asks_for_person", "is_person", "not_proved", "verified")

MANNER_LISTS = (
    "checks_understanding", "felt_alike", "found_after", "jokes", "laughs", "refocuses", "takes_control",
)  # fmt: skip

CONTACT = "contact_"
"""What lists of reasons for calling begin with: a rubric may bring lists of its own."""

PERSONAL_LISTS = ("gives_account", "gives_name_perhaps", "name_checked")

PAPER_LISTS = ("demands_paper", "demands_paper_to_cancel", "told_of_paper", "wants_out")

ALL_LISTS = frozenset(
    {
        *GRIEVANCE_LISTS,
        *PAPER_LISTS,
        *BEHAVIOUR_LISTS,
        *PARTING_LISTS,
        *ACROSS_LISTS,
        *HANDED_LISTS,
        *MANNER_LISTS,
        *IDENTITY_LISTS,
        *SALE_LISTS,
        *PERSONAL_LISTS,
        *ACT_LISTS,
        *LEAVE_LISTS,
        *OTHER_LISTS,
        *CONDUCT_LISTS,
        *(name for names in LISTS.values() for name in names),
    }
)
