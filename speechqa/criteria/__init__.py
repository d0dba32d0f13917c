"""Judges what was said: rubrics as data, the phrases of two languages, and a detector a criterion.

Apart from the core so that a rubric, or a language, can change without anything else knowing.
"""

from speechqa.criteria.act_model import shipped_act_model
from speechqa.criteria.acts import annotate
from speechqa.criteria.judge import judge
from speechqa.criteria.loader import load_rubric, validate_rubric
from speechqa.criteria.signals import find_signals
from speechqa.criteria.turn_reader import shipped_turn_model
from speechqa.criteria.verdict_model import shipped_verdict_model
from speechqa.criteria.view import CallView

__all__ = [
    "CallView",
    "annotate",
    "find_signals",
    "judge",
    "load_rubric",
    "shipped_act_model",
    "shipped_turn_model",
    "shipped_verdict_model",
    "validate_rubric",
]
