"""Roles as inferred from words alone: right, unknown, wrong, and whether the confidence is what it says.

    SPEECHQA_DATA=../shared/data python -m benchmarks.roles [--fit] [--wrong SET] [--audio]

Conversations come with the party's letters drawn at random and no times, so that only words tell. Sets that
had no part in shaping phrases or fitting weights are marked "apart". `--fit` fits the weights of
`speechqa.dialogue.roles.cues` again and prints them beside those in use; `--wrong SET` prints where a role is
wrong with confidence; `--audio` has pocketsphinx transcribe the HarperValley calls.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from benchmarks.role_sets import DATA, Conversation, degraded, sets
from speechqa.assembly import analyze
from speechqa.config import Settings
from speechqa.core.transcript import Turn
from speechqa.dialogue.roles.assignment import CONTRARY_FROM
from speechqa.dialogue.roles.cues import MEANINGS
from speechqa.dialogue.roles.evidence import find_cues
from speechqa.dialogue.roles.inference import infer_roles

FLOOR = Settings().role_floor
WAYS = (
    ("all", 0.0, 0.0, ""),
    ("first 5", 0.0, 0.0, ""),
    ("first 10", 0.0, 0.0, ""),
    ("middle 10", 0.0, 0.0, ""),
    ("last 5", 0.0, 0.0, ""),
    ("all", 0.2, 0.0, ""),
    ("all", 0.4, 0.0, ""),
    ("all", 0.0, 0.1, "word"),
    ("all", 0.0, 0.1, "edge"),
    ("all", 0.0, 0.1, "turn"),
    ("first 5", 0.2, 0.1, "edge"),
    ("middle 10", 0.3, 0.1, "edge"),
)
APART = ("own apart", "sgd test", "ibm care test", "harpervalley", "primock57", "criteria calls")
BUCKETS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
FITTED_ON = {"sgd dev en": 300.0, "ibm care dev en": 300.0, "own shaped en": 60.0, "own shaped he": 100.0}
PRIORS = {
    "offers_help": 3.0, "speaks_for_company": 2.5, "seeks_person": 1.5, "asks_details": 1.5, "serves": 1.2,
    "offers_choice": 1.0, "asks_history": 0.8, "asks_anything_else": 2.5, "takes_leave_for_company": 1.0,
    "states_need": -1.5, "tells_problem": -1.3, "speaks_to_company": -1.0, "asks_terms": -0.8,
    "is_served": -1.3, "accepts": -0.6, "answers_as_asked": -0.7, "second_person": 0.7, "first_person": -0.7,
    "speaks_as_company": 0.4,
}  # fmt: skip
"""What was thought of the weights before any was fitted."""
PRIOR_DEVIATION = 0.5


class Answer(NamedTuple):
    """Confidence in [0.5, 1], or 0 where nothing tells, and whether the likelier role is the right one."""

    confidence: float
    right: bool

    @property
    def state(self) -> str:
        if self.confidence < FLOOR:
            return "unknown"
        return "right" if self.right else "wrong"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="fit the weights again")
    parser.add_argument("--wrong", metavar="SET", help="print where a role is wrong with confidence")
    parser.add_argument("--audio", action="store_true", help="have pocketsphinx hear the real calls")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"{DATA} is absent: only the project's own calls are measured; set SPEECHQA_DATA")
    found = [(f"{name} {language}", calls) for name, language, calls in sets() if calls]
    if options.fit:
        fit(dict(found))
        return
    if options.wrong:
        show_wrong(options.wrong, dict(found)[options.wrong])
        return
    every: dict[str, list[Answer]] = {}
    by_way: dict[tuple[str, float, float, str], list[Answer]] = {}
    print(f"{'right':>32} unknown wrong, of answers at the floor of {FLOOR}")
    for name, calls in found:
        for way in WAYS:
            answers = [answer(heard, name, n) for n, heard in enumerate(heard_as(calls, name, way))]
            every.setdefault(name, []).extend(answers)
            if is_apart(name):
                by_way.setdefault(way, []).extend(answers)
            if way == WAYS[0]:
                print(f"{name:22} as it is   {row(answers)}")
        print(f"{'':22} all ways    {row(every[name])}")
    print("\nsets kept apart, by what happened to the words")
    for way, answers in by_way.items():
        part, errors, moved, how = way
        what = f"{part}, {errors:.0%} of words misheard, {moved:.0%} misattributed {how}"
        print(f"{what:60} {row(answers)}")
    print(f"\ntold the wrong way round: noticed; told right: doubted (from a confidence of {CONTRARY_FROM})")
    for way in (WAYS[0], WAYS[6], WAYS[8]):
        sure = [a for a in by_way[way] if a.confidence >= CONTRARY_FROM]
        noticed, false = (sum(a.right == right for a in sure) / len(by_way[way]) for right in (True, False))
        print(f"{way!s:30} {noticed:.3f} {false:.4f}")
    print("\ncalibration on sets kept apart: confidence, how often right, n")
    for language in ("en", "he"):
        apart = [
            a for name, given in every.items() if is_apart(name) and name.endswith(language) for a in given
        ]
        print(
            f"{language}: Brier {brier(apart):.3f}, expected calibration error {calibration_error(apart):.3f}"
        )
        for low, high, answers in bucketed(apart):
            mean = sum(a.confidence for a in answers) / len(answers)
            right = sum(a.right for a in answers) / len(answers)
            print(f"  {low:.2f}-{high:.2f}   {mean:.3f} {right:.3f} {len(answers):6}")
    if options.audio:
        from_audio()


def is_apart(name: str) -> bool:
    return name.rsplit(" ", 1)[0] in APART


def heard_as(
    calls: Sequence[Conversation], name: str, way: tuple[str, float, float, str]
) -> Iterator[Conversation]:
    part, errors, moved, how = way
    return degraded(calls, part, errors, moved, how, lambda n: f"{name} {n} {way}")


def turns_of(call: Conversation, flip: bool) -> tuple[Turn, ...]:
    letter = {"a": "B", "c": "A", "i": "B"} if flip else {"a": "A", "c": "B", "i": "A"}
    return tuple(Turn(speaker="unknown", party=letter[who], text=text) for who, text in call)


def answer(call: Conversation, name: str, number: int) -> Answer:
    flip = random.Random(f"{name} {number}").random() < 0.5
    found = infer_roles(("A", "B"), turns_of(call, flip), None)["B" if flip else "A"]
    return Answer(found.confidence, found.role == "agent")


def row(answers: Sequence[Answer]) -> str:
    shares = [
        sum(a.state == state for a in answers) / len(answers) for state in ("right", "unknown", "wrong")
    ]
    return f"{shares[0]:7.3f} {shares[1]:7.3f} {shares[2]:6.4f}  of {len(answers)}"


def bucketed(answers: Sequence[Answer]) -> Iterator[tuple[float, float, list[Answer]]]:
    for low, high in pairwise(BUCKETS):
        within = [a for a in answers if low <= a.confidence < high]
        if within:
            yield low, high, within


def brier(answers: Sequence[Answer]) -> float:
    """Mean square of the error of the confidence, nothing to tell counted as one half."""
    return sum((max(a.confidence, 0.5) - a.right) ** 2 for a in answers) / len(answers)


def calibration_error(answers: Sequence[Answer]) -> float:
    told = [a for a in answers if a.confidence > 0]
    return sum(
        abs(sum(a.confidence for a in within) - sum(a.right for a in within))
        for _, _, within in bucketed(told)
    ) / len(told)


def show_wrong(name: str, calls: Sequence[Conversation]) -> None:
    for way in WAYS:
        for number, heard in enumerate(heard_as(calls, name, way)):
            found = infer_roles(("A", "B"), turns_of(heard, False), None)["A"]
            if found.role != "agent" and found.confidence >= FLOOR:
                print(f"\n{number} {way} {found.confidence}: {found.reason}")
                for who, text in heard[:12]:
                    print(f"   {who} {text[:140]}")


def fit(found: dict[str, list[Conversation]]) -> None:
    """Weights by logistic regression with a Gaussian prior, by Newton's method."""
    names = list(MEANINGS)
    prior = np.array([PRIORS[name] for name in names])
    rows, weights = [], []
    for name, total in FITTED_ON.items():
        table = [features(heard, names) for way in WAYS for heard in heard_as(found[name], name, way)]
        rows += table
        weights += [total / len(table)] * len(table)
    x, w = np.array(rows), np.array(weights)
    fitted = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ fitted))
        gradient = x.T @ (w * (1 - p)) - (fitted - prior) / PRIOR_DEVIATION**2
        curvature = (x.T * (w * p * (1 - p))) @ x + np.eye(len(names)) / PRIOR_DEVIATION**2
        fitted = fitted + np.linalg.solve(curvature, gradient)
    print(f"{'meaning':26} prior fitted in use")
    for name, before, after in sorted(zip(names, prior, fitted, strict=True), key=lambda item: -item[2]):
        print(f"{name:26} {before:5.1f} {after:6.2f} {MEANINGS[name].weight:6.1f}")


def features(call: Conversation, names: Sequence[str]) -> list[float]:
    amounts = {(p, n): MEANINGS[n].prior_count for p in "AB" for n in names}
    for cue in find_cues(turns_of(call, False)):
        amounts[cue.party, cue.meaning] += cue.trust
    return [math.log2(amounts["A", name]) - math.log2(amounts["B", name]) for name in names]


def from_audio() -> None:
    print("\nwords by pocketsphinx, real calls: agent on channel 0")
    for path in sorted((DATA / "calls" / "harpervalley").glob("*.flac")):
        analysis = analyze(path, settings=Settings(engine="pocketsphinx", language="en"))
        given = analysis.roles["A"]
        sure = analysis.transcript.mean_confidence if analysis.transcript else None
        print(f"  {path.stem}: A is {given.role} {given.confidence}, words {sure}: {given.reason[:200]}")


if __name__ == "__main__":
    main()
