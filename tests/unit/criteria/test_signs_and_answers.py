"""What answers a sign is judged where the sign is told, and nowhere else: nobody reads of both yes and no."""

from __future__ import annotations

import random

import pytest

from benchmarks.marked_calls import marked_calls
from speechqa.core.finding import Verdict
from speechqa.criteria import CallView, find_signals, judge
from speechqa.criteria.readings import READINGS
from tests.support.calls_as_text import RUBRIC, SERVICE


@pytest.mark.parametrize("rubric", [RUBRIC, SERVICE], ids=["by rules", "read twice"])
def test_a_sign_and_its_answer_agree(rubric) -> None:
    answers = {name: one.signal for name, one in READINGS.items() if one.signal}
    assert answers == {"complaint_route": "complaint", "retention_response": "churn_risk"}
    told = dict.fromkeys(answers, 0)
    for call in random.Random(11).sample(list(marked_calls()), 60):
        view = CallView(transcript=call.transcript, language=call.transcript.language)
        signals = find_signals(view, rubric)
        for found in judge(rubric, view):
            if found.criterion not in answers:
                continue
            sign = getattr(signals, answers[found.criterion]).value
            applies = found.verdict is not Verdict.NOT_APPLICABLE
            assert applies is sign, (call.author, call.number, found.criterion, found.reason)
            told[found.criterion] += applies
    assert all(told.values())
