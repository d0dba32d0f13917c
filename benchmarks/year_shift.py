"""A generated year of one agent's shifts, with fatigue planted or not: is call 70 as patient as call 1?

    python -m benchmarks.year_shift --seeds 100

Calls are words judged by the shipped rubric, patient ones and impatient ones. A tired agent is impatient more
and more often as the shift goes on; a steady one as often at its end as at its beginning. Who is steady is
told to be worse in about one of forty years all the same, at a 95 % interval: how often is counted.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from benchmarks.year import GENERATED
from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Finding
from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, judge, load_rubric
from speechqa.scoring.shift import Shift, over_shifts

_HEAD = (("agent", "good morning dunmore telecom this is linda"),)
_TROUBLE = (
    "this is the second bill that's wrong and it's really annoying",
    "i'm so fed up the internet has been down for three days",
    "nobody told me about this charge and i'm not happy at all",
)
_PATIENT = (
    "i'm so sorry about that i understand how annoying that must be",
    "oh no i'm really sorry to hear that let me look into it for you",
    "you're right that is frustrating and i'm sorry",
)
_IMPATIENT = (
    "well you should have read the contract",
    "calm down please",
    "that's not my problem it's up to you",
)
_TAIL = (
    ("customer", "can you fix it"),
    ("agent", "i've corrected it for you and it's working now is there anything else"),
    ("customer", "no thank you"),
    ("agent", "thank you for calling have a good day goodbye"),
)
_FROM, _TO, _STEADY = 0.05, 0.45, 0.25
SHIFTS = 48


@cache
def _judged(trouble: str, answer: str) -> tuple[Finding, ...]:
    said = (*_HEAD, ("customer", trouble), ("agent", answer), *_TAIL)
    turns = tuple(Turn(speaker=who, text=text) for who, text in said)
    transcript = Transcript(language="en", engine="imported", turns=turns)
    return tuple(judge(load_rubric(), CallView(transcript=transcript, language="en")))


def shifts_of(seed: int, *, tired: bool) -> Iterator[CallAnalysis]:
    """Every call of a year's shifts, one shift a week of 18 to 70 calls; the same seed gives the same."""
    rng = random.Random(seed)
    for week in range(SHIFTS):
        start = datetime(2025, 12, 1, 8) + timedelta(days=7 * week)
        calls = rng.randint(18, 70)
        for at in range(calls):
            curt = _FROM + (_TO - _FROM) * at / (calls - 1) if tired else _STEADY
            answer = rng.choice(_IMPATIENT if rng.random() < curt else _PATIENT)
            begun = start + timedelta(minutes=7 * at)
            yield CallAnalysis(
                call_id=f"w{week:02d}-{at:02d}",
                path=None,
                metadata=CallMetadata(agent_id="a1", started_at=begun.isoformat()),
                findings=_judged(rng.choice(_TROUBLE), answer),
                provenance=GENERATED,
            )


def shift_of(seed: int, *, tired: bool, complete: bool = True) -> Shift:
    """What is told of such a year."""
    calls = tuple(shifts_of(seed, tired=tired))
    log = [(one.call_id, one.metadata.started_at) for one in calls]
    return over_shifts(calls, log, minimum_calls=5, complete=complete)


def main() -> None:
    """Print how often fatigue was told where it was planted, and where it was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    asked = parser.parse_args()
    for tired in (True, False):
        told = Counter[str]()
        for seed in range(asked.seeds):
            found = shift_of(seed, tired=tired).patience
            told[str(found and found.direction)] += 1
        print("tired: " if tired else "steady:", dict(sorted(told.items())))


if __name__ == "__main__":
    main()
