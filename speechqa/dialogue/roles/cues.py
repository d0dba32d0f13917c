"""What tells an agent from a customer: meanings of what is said, with their weights in log-odds. Data only.

**How the weights were got.** By logistic regression over the difference between the two parties, with no
intercept, so that it is the same whoever is called A. Rounded judgements were the prior (a Gaussian of .5
around each). The evidence: English service dialogues (600 of SGD, CC BY-SA 4.0, and 525 of IBM's Twitter
customer care, Apache-2.0, the development parts of both) and 38 made-up English and Hebrew calls of our own,
whole and cut to their first, middle and last turns, with up to 40 % of the words lost or replaced and up to
10 % given to the wrong party. The two large sets weigh 300 each, ours 60 (English) and 100 (Hebrew), whatever
their size; the fit is rounded to a tenth. `python -m benchmarks.roles --fit` does it again. Hebrew shares the
weights: there are no labelled dialogues to fit it on.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Meaning(NamedTuple):
    """What a group of phrases tells of who speaks; `says` is how the reason puts it.

    `weight` is in log-odds for the agent (negative for the customer) a doubling, counted from `prior_count`:
    a party with `n` of them and another with `m` differ by `weight * log2((n + prior_count) / (m +
    prior_count))`. A phrase is evidence the first time; of words as common as "you" it takes many.
    """

    says: str
    weight: float
    prior_count: float = 1.0


COMMON: Final = 3.0
"""Prior count of words that everybody uses."""

MEANINGS: Final = {
    "offers_help": Meaning("offers help", 3.0),
    "speaks_for_company": Meaning("answers for a company", 2.3),
    "asks_anything_else": Meaning("asks whether anything else is needed", 2.4),
    "asks_details": Meaning("asks for details", 1.9),
    "serves": Meaning("acts for the other", 1.7),
    "seeks_person": Meaning("asks for the customer, or says why they are called", 1.6),
    "takes_leave_for_company": Meaning("takes leave as a host does", 1.4),
    "offers_choice": Meaning("offers a choice", 1.2),
    "asks_history": Meaning("asks how it came about", 0.9),
    "answers_as_asked": Meaning("answers as one who is asked", -0.5),
    "asks_terms": Meaning("asks for price and terms", -1.0),
    "accepts": Meaning("accepts what is offered", -0.9),
    "speaks_to_company": Meaning("speaks of the company as the other's", -1.0),
    "tells_problem": Meaning("tells of a problem", -1.5),
    "is_served": Meaning("has got what was wanted", -1.6),
    "states_need": Meaning("states what is wanted", -2.0),
    "second_person": Meaning("speaks of the other's things", 1.8, COMMON),
    "speaks_as_company": Meaning('says "we" and "our"', 1.4, COMMON),
    "first_person": Meaning("speaks of own things", -1.7, COMMON),
}
"""By their names in `role_cues_en` and `role_cues_he`."""

ANNOUNCEMENT: Final = "announcement"
"""Phrases of a recorded voice: "your call is important", "הקישו". A turn that has one is neither party's."""

ALONE: Final = 0.5
"""What a party's words weigh when the other party is not there to compare with."""
TIMING_NEEDS_S: Final = 20.0
"""Who speaks first, and more, tells nothing in less talk than this."""
FIRST_TO_SPEAK: Final = 0.8
"""Weight of being the first to speak for a while: who answers a service line greets. A judgement: on 42 real
and made calls it was the agent 38 times, but these are inbound calls."""
TALKS_MORE: Final = 0.3
"""Weight of talking clearly more than the other; a judgement, too."""
