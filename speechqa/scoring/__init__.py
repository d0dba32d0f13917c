"""Adds verdicts up: tallies of a call, figures of an agent, and what a supervisor should listen to first.

Apart from the judging, so that points can be looked at again without judging again.
"""

from speechqa.scoring.agents import AgentScore, CriterionScore, pool
from speechqa.scoring.attention import still_to_listen_to, what_to_listen_to
from speechqa.scoring.intervals import Interval, ratio_interval
from speechqa.scoring.scorecard import CATEGORIES, score

__all__ = [
    "CATEGORIES",
    "AgentScore",
    "CriterionScore",
    "Interval",
    "pool",
    "ratio_interval",
    "score",
    "still_to_listen_to",
    "what_to_listen_to",
]
