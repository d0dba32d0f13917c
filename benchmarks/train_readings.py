"""Train the models of the second reading that come with speechqa, and write them with their cards.

    python -m benchmarks.train_readings              measure both over folds, then write them
    python -m benchmarks.train_readings --dry-run    measure only

First the model of turn meanings: a logistic regression a mark, on the invented calls of `marked_calls/`.
Then the model of verdicts: a logistic regression a detector, on what the rules find in those calls and on
the marks that the first model gives to calls of authors it was not trained on. A fold is some authors: other
people, matters and words than those it is measured on. Needs scikit-learn and onnx, which come with librosa
and with the development environment.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import permutations
from typing import Any, NamedTuple, get_args

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.marked_calls import FOCUS, LATER_MARKS, marked_calls
from benchmarks.onnx_models import Turns, turn_model, verdict_model, write
from benchmarks.overlap_labels import kappa
from speechqa.core.analysis import CustomerType
from speechqa.core.finding import Verdict
from speechqa.core.rubric import Rubric
from speechqa.criteria import CallView, find_signals, judge, load_rubric
from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.phases import Phases, course
from speechqa.criteria.reading import Reading
from speechqa.criteria.readings import READINGS
from speechqa.criteria.second_reading import MARGIN
from speechqa.criteria.signal_readings import SIGNALS
from speechqa.criteria.turn_features import DIGEST as TURN_DIGEST
from speechqa.criteria.turn_features import features
from speechqa.criteria.turn_reader import FILE as TURN_FILE
from speechqa.criteria.verdict_features import DIGEST as VERDICT_DIGEST
from speechqa.criteria.verdict_features import features as verdict_features
from speechqa.criteria.verdict_model import FILE as VERDICT_FILE
from speechqa.criteria.verdict_model import VERDICTS, change

PARTIES = ("agent", "customer")
STRENGTH, VERDICT_STRENGTH = 0.5, 0.2
KNOWN, OFTEN = 16_000, 2
"""Features that are kept of each party's turns, those with the most weight; and how often one must occur."""
FOLDS = 8
FEWEST = 25
"""Turns of a mark below which it is not learnt."""
SEEN, RIGHT, BETTER = 5, 0.6, 2.0
"""A change of verdict is taken over where it was seen so often, was right so often, and was right so many
times as often as the verdict it would change."""
BOUNDS = tuple(n / 20 for n in range(2, 16))
"""From which probability a signal may be told."""
TRUE_OF_TOLD, GAIN = 0.5, 0.02
"""How much of what is told must be true, and how much better by F1 than the rules a model that is used is."""
RARER = 2
"""The marked calls were written to hold signals: elsewhere calls without one are taken to be so many times as
many beside those with it when the bound is chosen."""
KINDS = get_args(CustomerType)
LETTERS = {
    Verdict.PASS: "P", Verdict.FAIL: "F", Verdict.NOT_APPLICABLE: "N", Verdict.NOT_ASSESSED: "U",
}  # fmt: skip


_THERE = ("Y", "P")
"""What people wrote of a call for a signal that is there."""


class Call(NamedTuple):
    """A call: whose it is, its lines with their features and marks, what rules find, what people say."""

    author: str
    lines: tuple[Line, ...]
    places: list[list[int]]
    marks: list[frozenset[str]]
    phases: Phases
    rules: dict[str, tuple[Verdict, float | None]]
    verdicts: dict[str, str]
    looked_at_for_all: bool
    looked_at_for_the_first: bool


Scores = list[list[dict[str, float]]]
"""Of each call, of each line, the probability of every mark."""


def calls() -> list[Call]:
    """All marked calls, as phrases and rules read them."""
    rubric = replace(load_rubric("service"), turn_model=False)
    lexicon = lexicon_of(rubric)
    found = []
    for call in marked_calls():
        text = CallText(lexicon, call.transcript)
        view = CallView(transcript=call.transcript, language=call.transcript.language)
        found.append(
            Call(
                call.author,
                text.lines,
                list(features(text.lines)),
                [call.marks[line.turn] for line in text.lines],
                course(text),
                by_rules(view, rubric),
                call.verdicts,
                call.looked_at_for_all,
                call.looked_at_for_the_first,
            )
        )
    return found


def folded(authors: list[str]) -> list[int]:
    """Of each author's things the fold: those of one author are all in one."""
    order = sorted(set(authors))
    return [order.index(author) % FOLDS for author in authors]


def by_rules(view: CallView, rubric: Rubric) -> dict[str, tuple[Verdict, float | None]]:
    """Of each criterion and signal what the rules find, and how sure they are."""
    found = {one.criterion: (one.verdict, one.confidence) for one in judge(rubric, view)}
    signals = find_signals(view, rubric)
    for name in SIGNALS:
        told = name in signals.customer_type if name in KINDS else getattr(signals, name).value
        found[name] = (Verdict.PASS if told else Verdict.FAIL, None)
    return found


def matrix(hashes: list[list[int]], keys: NDArray[np.int64]) -> Any:
    """The features of turns, sparse, a column a key."""
    from scipy.sparse import csr_matrix

    column = {key: n for n, key in enumerate(keys.tolist())}
    rows = [[column[one] for one in row if one in column] for row in hashes]
    starts = np.cumsum([0, *map(len, rows)])
    every = np.concatenate([np.array(row, np.int64) for row in rows])
    return csr_matrix((np.ones(len(every), np.float32), every, starts), shape=(len(rows), len(keys)))


Gold = dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]
"""Of each mark the turns that were looked at for it, and those that carry it."""


def known(hashes: list[list[int]], gold: Gold) -> NDArray[np.int64]:
    """The features that weigh most, over all marks, by how often they occur."""
    counted = Counter(one for row in hashes for one in row)
    keys = np.array(sorted(one for one, many in counted.items() if many >= OFTEN), np.int64)
    x = matrix(hashes, keys)
    share = np.sqrt(np.asarray(x.mean(axis=0)).ravel())
    weight = np.max(
        [np.abs(turn_regression(x, *of, digits=2).coef_[0]) * share for of in gold.values()], axis=0
    )
    chosen: NDArray[np.int64] = np.sort(keys[np.argsort(-weight, kind="stable")[:KNOWN]])
    return chosen


def turn_regression(x: Any, looked_at: NDArray[np.bool_], gold: NDArray[np.bool_], *, digits: int = 4) -> Any:
    """A logistic regression on one mark of the turns that were looked at for it; fewer digits are faster."""
    from sklearn.linear_model import LogisticRegression

    given = x if looked_at.all() else x[looked_at]
    return LogisticRegression(C=STRENGTH, tol=10.0**-digits, solver="liblinear").fit(given, gold[looked_at])


def learn_turns(every: list[Call]) -> tuple[dict[str, Turns], Scores]:
    """By party the regressions on all calls; and the scores of each call by those of other authors."""
    from sklearn.metrics import average_precision_score

    scores: Scores = [[{} for _ in call.lines] for call in every]
    learnt = {}
    for party in PARTIES:
        at = [
            (n, m) for n, call in enumerate(every) for m, line in enumerate(call.lines) if line.role == party
        ]
        hashes = [every[n].places[m] for n, m in at]
        folds = np.array(folded([every[n].author for n, _ in at]))
        counted = Counter(mark for n, m in at for mark in every[n].marks[m])
        names = sorted(name for name, many in counted.items() if many >= FEWEST)
        later = np.array([every[n].looked_at_for_all for n, _ in at])
        first = np.array([every[n].looked_at_for_the_first for n, _ in at])
        every_turn = np.ones(len(at), bool)
        gold: Gold = {
            name: (
                later if name in LATER_MARKS else (every_turn if name in FOCUS else first),
                np.array([name in every[n].marks[m] for n, m in at]),
            )
            for name in names
        }
        told = {name: np.zeros(len(at)) for name in names}
        for fold in range(FOLDS):
            apart = folds == fold
            others = {name: (looked_at[~apart], one[~apart]) for name, (looked_at, one) in gold.items()}
            keys = known([row for row, out in zip(hashes, apart, strict=True) if not out], others)
            x = matrix(hashes, keys)
            for name in names:
                told[name][apart] = turn_regression(x[~apart], *others[name]).predict_proba(x[apart])[:, 1]
        for name in names:
            for (n, m), score in zip(at, told[name].tolist(), strict=True):
                scores[n][m][name] = round(score, 3)
            looked_at, of = gold[name]
            precision = average_precision_score(of[looked_at], told[name][looked_at])
            print(
                f"{party:10}{name:16}{of.sum():6} turns   average precision {precision:.2f}",
                flush=True,
            )
        keys = known(hashes, gold)
        x = matrix(hashes, keys)
        learnt[party] = Turns(keys, {name: turn_regression(x, *of) for name, of in gold.items()})
    return learnt, scores


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
        gold = np.array([call.verdicts[name] in _THERE for call in every])
        rules = np.array([call.rules[name][0] is Verdict.PASS for call in every])
        sure = np.zeros(len(gold))
        folds = np.array(folded([call.author for call in every]))
        for apart in (folds == fold for fold in range(FOLDS)):
            if apart.any():
                sure[apart] = regression(x[~apart], _letters(gold[~apart])).predict_proba(x[apart])[:, 1]
        by_bound = {bound: _right(gold, sure >= bound) for bound in BOUNDS}
        fit = {bound: of.f1 for bound, of in by_bound.items() if of.precision >= TRUE_OF_TOLD}
        least = max(fit, key=lambda bound: fit[bound], default=None)
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
    every = calls()
    print(f"{len(every)} calls, {sum(len(call.lines) for call in every)} turns, by author: ", end="")
    print(", ".join(f"{name} {many}" for name, many in Counter(call.author for call in every).items()))
    turns, scores = learn_turns(every)
    verdicts, signals = learn_verdicts(every, scores), learn_signals(every, scores)
    if write_them:
        _write(turns, verdicts, signals)


def _write(turns: dict[str, Turns], verdicts: dict[str, Learnt], signals: dict[str, LearntSignal]) -> None:
    used = {name: one for name, one in verdicts.items() if one.changes}
    write(
        TURN_FILE,
        "turn-meanings",
        4,
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
        3,
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
