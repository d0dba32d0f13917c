"""Train the models of the second reading that come with speechqa, and write them with their cards.

    python -m benchmarks.train_readings              measure both over folds, then write them
    python -m benchmarks.train_readings --dry-run    measure only

First the model of turn meanings: a logistic regression a mark, on the invented calls of `marked_calls/` and
the exchanges of `marked_lines/`. Then the model of verdicts: a logistic regression a detector, on what the
rules find in those calls and on the marks that the first model gives to calls of authors it was not trained
on. A fold is some authors: other people, matters and words than those it is measured on. Needs scikit-learn
and onnx, which come with librosa and with the development environment.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.marked_calls import FOCUS
from benchmarks.onnx_models import Turns, turn_model, verdict_model, write
from benchmarks.overlap_labels import kappa
from benchmarks.train_turns import FOLDS, Scores, folded, learn_turns
from benchmarks.training_calls import THERE, Call, calls, exchanges
from speechqa.core.finding import Verdict
from speechqa.criteria.reading import Reading
from speechqa.criteria.readings import READINGS
from speechqa.criteria.second_reading import MARGIN
from speechqa.criteria.signal_readings import SIGNALS
from speechqa.criteria.turn_features import DIGEST as TURN_DIGEST
from speechqa.criteria.turn_reader import FILE as TURN_FILE
from speechqa.criteria.verdict_features import DIGEST as VERDICT_DIGEST
from speechqa.criteria.verdict_features import features as verdict_features
from speechqa.criteria.verdict_model import FILE as VERDICT_FILE
from speechqa.criteria.verdict_model import VERDICTS, change

VERDICT_STRENGTH = 0.2
SEEN, RIGHT, BETTER = 5, 0.6, 2.0
"""A change of verdict is taken over where it was seen so often, was right so often, and was right so many
times as often as the verdict it would change."""
BOUNDS = tuple(n / 20 for n in range(2, 16))
"""From which probability a signal may be told."""
TRUE_OF_TOLD, GAIN = 0.5, 0.02
"""How much of what is told must be true, and how much better by F1 than the rules a model that is used is."""
ALIKE = 0.01
"""F1 that is as good: of bounds that are alike the one is taken from which most of what is told is true."""
RARER = 2
"""The marked calls were written to hold signals: elsewhere calls without one are taken to be so many times as
many beside those with it when the bound is chosen."""
LETTERS = {
    Verdict.PASS: "P", Verdict.FAIL: "F", Verdict.NOT_APPLICABLE: "N", Verdict.NOT_ASSESSED: "U",
}  # fmt: skip


class Learnt(NamedTuple):
    """A detector's regression with its features, and the changes of verdicts that proved right."""

    model: Any
    names: list[str]
    changes: list[str]


class LearntSignal(NamedTuple):
    """A signal's regression with its features, and from which probability it is told."""

    model: Any
    names: list[str]
    least: float


def learn_verdicts(all_calls: list[Call], all_scores: Scores) -> dict[str, Learnt]:
    """By detector the regression on all calls of which somebody gave its verdict."""
    letters = [LETTERS[verdict] for verdict in VERDICTS]
    learnt = {}
    for detector, reading in READINGS.items():
        judged = [n for n, call in enumerate(all_calls) if detector in call.verdicts]
        if any(not all_calls[n].looked_at_for_all for n in judged):
            # In the later calls seven in ten complain, which teaches to expect it.
            judged = [n for n in judged if not all_calls[n].looked_at_for_all]
        if reading.signal:
            judged = [n for n in judged if all_calls[n].verdicts.get(reading.signal) in THERE]
        if detector not in FOCUS:
            judged = [n for n in judged if all_calls[n].looked_at_for_the_first]
        every, scores = [all_calls[n] for n in judged], [all_scores[n] for n in judged]
        folds = np.array(folded([call.author for call in every]))
        x, columns = shown(reading, detector, every, scores)
        gold = np.array([call.verdicts[detector] for call in every])
        rules = np.array([LETTERS[call.rules[detector][0]] for call in every])
        odds = np.zeros((len(gold), len(letters)))
        for fold in range(FOLDS):
            apart = folds == fold
            model = regression(x[~apart], gold[~apart])
            odds[np.ix_(apart, [letters.index(one) for one in model.classes_])] = model.predict_proba(
                x[apart]
            )
        other = np.array(letters)[odds.argmax(axis=1)]
        by_rules = odds[np.arange(len(gold)), [letters.index(one) for one in rules]]
        differs = odds.max(axis=1) - by_rules >= MARGIN
        changes = []
        both = rules.copy()
        for first, second in permutations(VERDICTS, 2):
            at = differs & (rules == LETTERS[first]) & (other == LETTERS[second])
            right, wrong = (gold[at] == other[at]).sum(), (gold[at] == rules[at]).sum()
            if at.sum() >= SEEN and right >= RIGHT * at.sum() and right >= BETTER * wrong:
                changes.append(change(first, second))
                both[at] = other[at]
        learnt[detector] = Learnt(regression(x, gold), columns, changes)
        agreement = [kappa(list(zip(gold, found, strict=True))) for found in (rules, both)]
        print(
            f"{detector:24} rules {np.mean(gold == rules):.2f} kappa {agreement[0]:.2f}   "
            f"both {np.mean(gold == both):.2f} kappa {agreement[1]:.2f}   {', '.join(changes)}",
            flush=True,
        )
    return learnt


def learn_signals(all_calls: list[Call], all_scores: Scores) -> dict[str, LearntSignal]:
    """By signal the regression on all calls of which somebody gave it, and from where it is told."""
    learnt = {}
    for name, reading in SIGNALS.items():
        judged = [n for n, call in enumerate(all_calls) if name in call.verdicts]
        every, scores = [all_calls[n] for n in judged], [all_scores[n] for n in judged]
        x, columns = shown(reading, name, every, scores)
        gold = np.array([call.verdicts[name] in THERE for call in every])
        rules = np.array([call.rules[name][0] is Verdict.PASS for call in every])
        sure = np.zeros(len(gold))
        folds = np.array(folded([call.author for call in every]))
        for apart in (folds == fold for fold in range(FOLDS)):
            if apart.any():
                sure[apart] = regression(x[~apart], _letters(gold[~apart])).predict_proba(x[apart])[:, 1]
        by_bound = {bound: _right(gold, sure >= bound) for bound in BOUNDS}
        fit = {bound: of.f1 for bound, of in by_bound.items() if of.precision >= TRUE_OF_TOLD}
        best = max(fit.values(), default=0.0)
        least = max((bound for bound, f1 in fit.items() if f1 >= best - ALIKE), default=None)
        by_rules = _right(gold, rules)
        used = least is not None and fit[least] >= by_rules.f1 + GAIN
        print(
            f"{name:27}{gold.sum():5} of {len(gold):5}   rules F1 {by_rules.f1:.2f}   "
            + ("rules alone" if least is None or not used else f"from {least:.2f}: {by_bound[least]}"),
            flush=True,
        )
        if least is not None and used:
            learnt[name] = LearntSignal(regression(x, _letters(gold)), columns, least)
    return learnt


class _Right(NamedTuple):
    """How much of what is told is true, how much of what is true is told, and both in one."""

    precision: float
    recall: float
    f1: float

    def __str__(self) -> str:
        return f"precision {self.precision:.2f}, recall {self.recall:.2f}, F1 {self.f1:.2f}"


def _right(gold: NDArray[np.bool_], told: NDArray[np.bool_]) -> _Right:
    both, wrong = float((gold & told).sum()), RARER * float((told & ~gold).sum())
    every = float(gold.sum())
    return _Right(both / max(1, both + wrong), both / max(1, every), 2 * both / max(1, every + both + wrong))


def _letters(gold: NDArray[np.bool_]) -> NDArray[np.str_]:
    """A signal's values as letters of verdicts, that the model takes for its order of them."""
    return np.where(gold, LETTERS[Verdict.PASS], LETTERS[Verdict.FAIL])


def shown(reading: Reading, name: str, every: list[Call], scores: Scores) -> tuple[Any, list[str]]:
    """The features of calls for one criterion or signal, a row a call, and what the columns are."""
    from sklearn.feature_extraction import DictVectorizer

    by = DictVectorizer()
    x = by.fit_transform(
        [
            verdict_features(
                reading,
                *call.rules[name],
                [(line.role, of) for line, of in zip(call.lines, marks, strict=True)],
                call.phases,
            )
            for call, marks in zip(every, scores, strict=True)
        ]
    )
    return x, list(by.get_feature_names_out())


def regression(x: Any, gold: NDArray[np.str_]) -> Any:
    """A logistic regression on verdicts by letter."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=VERDICT_STRENGTH, max_iter=5000).fit(x, gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--dry-run", action="store_true", help="measure only, write nothing")
    chosen = parser.parse_args()
    # Vectors here are so long and sums so short that threads wait for each other nearly all the time.
    with threadpool_limits(1):
        _train(write_them=not chosen.dry_run)


def _train(*, write_them: bool) -> None:
    every, alone = calls(), exchanges()
    turns_of_calls = sum(len(call.lines) for call in every)
    print(f"{len(every)} calls, {turns_of_calls} turns, {len(alone)} exchanges; by author: ", end="")
    print(
        ", ".join(f"{name} {many}" for name, many in Counter(one.author for one in (*every, *alone)).items())
    )
    turns, scores = learn_turns(every, alone)
    verdicts, signals = learn_verdicts(every, scores), learn_signals(every, scores)
    if write_them:
        _write(turns, verdicts, signals)


def _write(turns: dict[str, Turns], verdicts: dict[str, Learnt], signals: dict[str, LearntSignal]) -> None:
    used = {name: one for name, one in verdicts.items() if one.changes}
    write(
        TURN_FILE,
        "turn-meanings",
        5,
        TURN_DIGEST,
        turn_model(turns),
        {p: list(m.marks) for p, m in turns.items()},
    )
    both: list[Learnt | LearntSignal] = [*used.values(), *signals.values()]
    names = sorted({name for one in both for name in one.names})
    letters = [LETTERS[verdict] for verdict in VERDICTS]
    graph = verdict_model([(one.model, one.names) for one in both], names, letters)
    write(
        VERDICT_FILE,
        "verdicts",
        4,
        VERDICT_DIGEST,
        graph,
        {
            "names": names,
            "detectors": {name: one.changes for name, one in used.items()},
            "signals": {name: one.least for name, one in signals.items()},
        },
    )


if __name__ == "__main__":
    main()
