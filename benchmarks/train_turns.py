"""The model of turn meanings: a logistic regression a mark, on the turns of calls and of exchanges alone.

A fold is some authors: other people, matters and words than those it is measured on. Exchanges teach in every
fold, for nobody wrote both exchanges and calls; they are measured in none.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.marked_calls import FOCUS, LATER_MARKS
from benchmarks.onnx_models import Turns
from benchmarks.training_calls import THERE, Call, Exchange
from speechqa.criteria.signal_readings import SIGNALS, whole

PARTIES = ("agent", "customer")
STRENGTH, WHOLE_STRENGTH = 0.5, 0.1
"""How freely the weights of a mark may grow; of one that all turns of a call share, less."""
KNOWN, OFTEN = 24_000, 2
"""Features that are kept of each party's turns, those with the most weight; and how often one must occur."""
FOLDS = 8
FEWEST = 25
"""Turns of a mark below which it is not learnt."""
ALONE_WEIGHT = 0.3
"""What a turn of an exchange counts beside one of a call: near misses stand thick there as nowhere else."""

Scores = list[list[dict[str, float]]]
"""Of each call, of each line, the probability of every mark."""


class Gold(NamedTuple):
    """Of one mark the turns that were looked at for it, those that carry it, how freely weights may grow."""

    looked_at: NDArray[np.bool_]
    carry: NDArray[np.bool_]
    strength: float = STRENGTH

    def of(self, chosen: NDArray[np.bool_]) -> Gold:
        """The same of some turns."""
        return self._replace(looked_at=self.looked_at[chosen], carry=self.carry[chosen])


class _Given(NamedTuple):
    """The turns of one party: in calls, at these places, and behind them those of exchanges."""

    at: list[tuple[int, int]]
    hashes: list[list[int]]
    folds: NDArray[np.int64]
    weights: NDArray[np.float64]
    gold: dict[str, Gold]


def folded(authors: list[str]) -> list[int]:
    """Of each author's things the fold: those of one author are all in one."""
    order = sorted(set(authors))
    return [order.index(author) % FOLDS for author in authors]


def learn_turns(every: list[Call], alone: list[Exchange]) -> tuple[dict[str, Turns], Scores]:
    """By party the regressions on all turns; and the scores of each call by those of other authors."""
    from sklearn.metrics import average_precision_score

    scores: Scores = [[{} for _ in call.lines] for call in every]
    learnt = {}
    for party in PARTIES:
        given = _given(party, every, alone)
        in_calls = len(given.at)
        told = {name: np.zeros(in_calls) for name in given.gold}
        for fold in range(FOLDS):
            apart = given.folds == fold
            others = {name: one.of(~apart) for name, one in given.gold.items()}
            weights = given.weights[~apart]
            keys = known(
                [row for row, out in zip(given.hashes, apart, strict=True) if not out], others, weights
            )
            x = matrix(given.hashes, keys)
            for name, gold in others.items():
                model = turn_regression(x[~apart], gold, weights)
                told[name][apart[:in_calls]] = model.predict_proba(x[apart])[:, 1]
        for name, gold in given.gold.items():
            for (n, m), score in zip(given.at, told[name].tolist(), strict=True):
                scores[n][m][name] = round(score, 3)
            looked_at = gold.looked_at[:in_calls]
            carry = gold.carry[:in_calls][looked_at]
            precision = average_precision_score(carry, told[name][looked_at])
            print(f"{party:10}{name:16}{carry.sum():6} turns   average precision {precision:.2f}", flush=True)
        keys = known(given.hashes, given.gold, given.weights)
        x = matrix(given.hashes, keys)
        models = {name: turn_regression(x, gold, given.weights) for name, gold in given.gold.items()}
        learnt[party] = Turns(keys, models)
    return learnt, scores


def _given(party: str, every: list[Call], alone: list[Exchange]) -> _Given:
    at = [(n, m) for n, call in enumerate(every) for m, line in enumerate(call.lines) if line.role == party]
    own = [one for one in alone if one.role == party]
    folds = [*folded([every[n].author for n, _ in at]), *(-1 for _ in own)]
    marks = [*(every[n].marks[m] for n, m in at), *(one.marks for one in own)]
    later = [every[n].looked_at_for_all for n, _ in at]
    first = [every[n].looked_at_for_the_first for n, _ in at]
    counted = Counter(mark for one in marks[: len(at)] for mark in one)
    gold = {}
    for name in sorted(name for name, many in counted.items() if many >= FEWEST):
        in_calls = later if name in LATER_MARKS else [True] * len(at) if name in FOCUS else first
        looked_at = [*in_calls, *(name in one.looked_for for one in own)]
        gold[name] = Gold(np.array(looked_at), np.array([name in one for one in marks]))
    no = [False] * len(own)
    for name in SIGNALS:
        judged = [name in every[n].verdicts for n, _ in at]
        there = [every[n].verdicts.get(name) in THERE for n, _ in at]
        gold[whole(name)[party]] = Gold(np.array(judged + no), np.array(there + no), WHOLE_STRENGTH)
    return _Given(
        at,
        [*(every[n].places[m] for n, m in at), *(one.places for one in own)],
        np.array(folds),
        np.array([1.0] * len(at) + [ALONE_WEIGHT] * len(own)),
        gold,
    )


def matrix(hashes: list[list[int]], keys: NDArray[np.int64]) -> Any:
    """The features of turns, sparse, a column a key."""
    from scipy.sparse import csr_matrix

    column = {key: n for n, key in enumerate(keys.tolist())}
    rows = [[column[one] for one in row if one in column] for row in hashes]
    starts = np.cumsum([0, *map(len, rows)])
    every = np.concatenate([np.array(row, np.int64) for row in rows])
    return csr_matrix((np.ones(len(every), np.float32), every, starts), shape=(len(rows), len(keys)))


def known(hashes: list[list[int]], gold: dict[str, Gold], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """The features that weigh most, over all marks, by how often they occur."""
    counted = Counter(one for row in hashes for one in row)
    keys = np.array(sorted(one for one, many in counted.items() if many >= OFTEN), np.int64)
    x = matrix(hashes, keys)
    share = np.sqrt(np.asarray(x.mean(axis=0)).ravel())
    weight = np.max(
        [np.abs(turn_regression(x, of, weights, digits=2).coef_[0]) * share for of in gold.values()], axis=0
    )
    chosen: NDArray[np.int64] = np.sort(keys[np.argsort(-weight, kind="stable")[:KNOWN]])
    return chosen


def turn_regression(x: Any, gold: Gold, weights: NDArray[np.float64], *, digits: int = 4) -> Any:
    """A logistic regression on one mark of the turns that were looked at for it; fewer digits are faster."""
    from sklearn.linear_model import LogisticRegression

    at = gold.looked_at
    model = LogisticRegression(C=gold.strength, tol=10.0**-digits, solver="liblinear")
    return model.fit(x if at.all() else x[at], gold.carry[at], sample_weight=weights[at])
