"""What each criterion and signal is about, for its second reading: marks of turns, and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Pair(NamedTuple):
    """Something that asks for something: `due` must stand from `back` lines before to `ahead` lines after."""

    trigger: str
    due: tuple[str, ...]
    back: int
    ahead: int


class Reading(NamedTuple):
    """What a criterion is about.

    `occasion` are marks that make it apply, `met` those that meet it, `against` those that speak against
    it; `others` are looked at besides. A turn with a phrase of one of the lists `never` does not meet it.
    `ending` says that how the call ends matters, `absence` that it is met where nothing speaks against it.
    The rest are the sentences of a verdict.
    """

    passed: str
    failed: str
    change: str
    left_out: str = ""
    occasion: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    ending: bool = False
    absence: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        """All of them, each once."""
        due = tuple(name for pair in self.pairs for name in (pair.trigger, *pair.due))
        return tuple(dict.fromkeys((*self.occasion, *self.met, *self.against, *self.others, *due)))


_SOON = 8
_ANYWHERE = 10_000

READINGS: Mapping[str, Reading] = {
    "needs_clarification": Reading(
        "The agent sharpens what the customer needs before the solution",
        "The agent does not sharpen what the customer needs before the solution",
        "A question about the need (not about identity), or a restatement that the customer can correct",
        "The customer says at once all that is needed",
        occasion=("need", "question", "complaint"),
        met=("clarify",),
        against=("identity", "solution"),
        never=("small_talk", "request_more"),
        pairs=(Pair("need", ("clarify",), 0, _SOON), Pair("solution", ("clarify",), _ANYWHERE, 0)),
    ),
    "answers_or_finds_out": Reading(
        "What the customer asks is answered or found out",
        "A question of the customer is left without an answer",
        "An answer, or the word to find out",
        "The customer asks for no information",
        occasion=("question",),
        met=("answer",),
        against=("indifference",),
        pairs=(Pair("question", ("answer",), 0, _SOON),),
    ),
    "active_listening": Reading(
        "The agent gives back what the customer says",
        "The customer explains or complains and the agent does not give it back",
        "The content or the feeling given back in other words",
        "The customer neither complains nor explains at length",
        occasion=("complaint", "need", "distress"),
        met=("reflect", "empathy"),
        others=("clarify",),
        pairs=(Pair("complaint", ("reflect", "empathy"), 0, _SOON),),
    ),
    "empathy": Reading(
        "The agent acknowledges the customer's feeling or situation",
        "The customer complains or is distressed and the agent does not acknowledge it",
        "An acknowledgement, such as that the situation is annoying or that the customer is right",
        "The customer neither complains nor is distressed in words",
        occasion=("complaint", "distress", "anger"),
        met=("empathy",),
        against=("label", "sarcasm", "takeback"),
        never=("sarcasm", "label"),
        pairs=(Pair("complaint", ("empathy",), 1, _ANYWHERE), Pair("distress", ("empathy",), 1, _ANYWHERE)),
    ),
    "apology": Reading(
        "The agent regrets what happened",
        "A fault of the organisation is alleged and the agent does not regret it",
        "Regret for what happened, with or without admitting fault",
        "No fault of the organisation is alleged",
        occasion=("fault", "complaint"),
        met=("apology",),
        against=("refuted",),
        never=("repeat", "sarcasm"),
        pairs=(Pair("fault", ("apology",), 2, _ANYWHERE),),
    ),
    "calming_language": Reading(
        "Nothing the agent says blames the customer or takes an acknowledgement back",
        "The agent blames the customer or takes the acknowledgement back",
        "An acknowledgement without a but, and no blame",
        "The customer neither complains nor is angry in words",
        occasion=("complaint", "anger"),
        met=("empathy",),
        against=("takeback", "blame", "label", "argue"),
        pairs=(Pair("complaint", ("empathy",), 0, _SOON),),
        absence=True,
    ),
    "solution_offered": Reading(
        "The agent offers a concrete step, or the full answer",
        "The agent offers no concrete step",
        "A step that can be carried out, with who carries it out",
        "The customer states no request and no problem",
        occasion=("need", "question"),
        met=("solution", "answer", "achieved"),
        against=("refuse", "indifference", "hedge"),
        pairs=(Pair("need", ("solution", "answer"), 0, _ANYWHERE),),
    ),
    "promise_with_deadline": Reading(
        "What the agent promises for later has a time",
        "A later action is promised without a time",
        "A time for what was promised",
        "The agent promises no later action",
        occasion=("promise",),
        met=("deadline",),
        against=("hedge",),
        others=("when", "next"),
        pairs=(Pair("promise", ("deadline", "when"), 2, 4),),
    ),
    "expectation_summary": Reading(
        "The customer hears what was done or agreed, and what comes next and when where something is left",
        "The customer does not hear what was done or agreed, or by when what is left will happen",
        "What was done or agreed, what happens next and by when, said once the matter is settled",
        "The customer states no request and no problem",
        occasion=("need", "question"),
        met=("achieved", "next"),
        against=("hedge", "refuse"),
        never=("penalty",),
        others=("when", "deadline"),
        pairs=(
            Pair("promise", ("when", "deadline"), 2, _ANYWHERE),
            Pair("solution", ("achieved", "assent"), 0, _ANYWHERE),
        ),
    ),
    "satisfaction_question": Reading(
        "The agent asks whether it solved the matter",
        "The call closes and the agent does not ask whether the customer is satisfied",
        "A question whether the customer is satisfied or the matter solved, once there is an outcome",
        "The customer ends the call before a closing",
        met=("satisfaction",),
        ending=True,
    ),
    "anything_else": Reading(
        "The agent asks whether anything else is needed",
        "The call closes and the agent does not ask whether anything else is needed",
        "A question whether there is anything else",
        "The customer ends the call before a closing",
        met=("else",),
        ending=True,
    ),
    "thanks": Reading(
        "The agent thanks the customer in the closing",
        "The call closes and the agent does not thank the customer",
        "A thank-you by the agent in the closing",
        "The customer ends the call before a closing",
        met=("thank", "thank_specific"),
        against=("indifference",),
        never=("thank_not_counted", "sarcasm"),
        ending=True,
    ),
    "farewell": Reading(
        "The agent takes leave",
        "The call closes and the agent does not take leave",
        "A goodbye by the agent at the end",
        "The customer ends the call before a closing",
        met=("farewell",),
        ending=True,
    ),
    "hold_etiquette": Reading(
        "The agent tells of the wait, says why or how long, and comes back with thanks",
        "The customer is let wait without a word of why, or without thanks after it",
        "A word before the wait, its reason or length, and thanks after it",
        "The customer is not let wait",
        occasion=("hold",),
        met=("hold_reason", "hold_back"),
        pairs=(Pair("hold", ("hold_back",), 0, _SOON),),
    ),
    "ownership": Reading(
        "The agent passes no blame on",
        "The agent passes the matter or the blame on",
        "To take the matter on, whoever caused it",
        met=("own",),
        against=("disown", "blame"),
        absence=True,
    ),
    "no_policy_hiding": Reading(
        "What is refused is explained, or another way is offered",
        "What is refused is neither explained nor is another way offered",
        "The reason for the refusal, or an alternative",
        "The agent refuses nothing",
        occasion=("refuse", "policy"),
        met=("reason", "alternative"),
        pairs=(Pair("refuse", ("reason", "alternative"), 3, 6),),
    ),
    "no_indifference": Reading(
        "No indifference is found",
        "The agent shows that the customer's matter is of no interest",
        "A word that takes the matter up",
        against=("indifference",),
        absence=True,
    ),
    "no_arguing": Reading(
        "No arguing is found",
        "The agent disputes with the customer",
        "To hear the customer's account before putting another beside it",
        against=("argue",),
        absence=True,
    ),
}
"""By a criterion's detector. Which of them are used, the card of the trained model says."""

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
}
"""By a signal's name."""
