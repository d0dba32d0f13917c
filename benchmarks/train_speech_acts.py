"""Train the model of speech acts that comes with speechqa and write it with its card.

    python benchmarks/train_speech_acts.py            compare with the rules over folds, then write the model
    python benchmarks/train_speech_acts.py --dry-run  compare only

A logistic regression an act, on the calls of `benchmarks/speech_acts` that are not kept apart: each as it is
written and with what a party says in a row as one turn. Thresholds are those with the best F1 over folds by
trade, so that each is tried on calls about something that it was not trained on. Needs scikit-learn and onnx,
which come with librosa and with the development environment.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from benchmarks.speech_acts import Call, as_turns, by_rules, calls, figures, lines_of, row
from speechqa.criteria.act_features import DIGEST, SIZE, features
from speechqa.criteria.act_model import FILE, INPUT, OUTPUT
from speechqa.criteria.calltext import Line

ROOT = Path(__file__).resolve().parent.parent
NAME, VERSION = "speech-acts", 1
ACTS = ("clarify", "question")
TRIED = ("clarify", "question", "offer", "hold", "promise")
STRENGTH = 0.5
SHOWN = ROOT / "models"
GRID = np.round(np.arange(0.1, 0.8, 0.05), 2)


class Rows:
    """Turns as the model takes them, in order of the calls; `beginnings` belong to the turns `begun`."""

    def __init__(self, tried: Sequence[Call]) -> None:
        self.calls: list[Call] = []
        self.lines: list[Line] = []
        whole, beginnings, begun = [], [], []
        for call in tried:
            text, lines = lines_of(call)
            rows, of = features(text)
            whole.append(rows[: len(lines)])
            beginnings.append(rows[len(lines) :])
            begun.append(of[len(lines) :] + len(self.lines))
            self.calls += [call] * len(lines)
            self.lines += lines
        self.x, self.beginnings = np.concatenate(whole), np.concatenate(beginnings)
        self.begun = np.concatenate(begun)
        self.family = np.array([call.family for call in self.calls])
        self.repeats = np.array([line.has("repeat") for line in self.lines])
        self.agent = np.array([line.role == "agent" for line in self.lines])

    def gold(self, act: str) -> NDArray[np.bool_]:
        return np.array(
            [act in call.acts[line.turn] for call, line in zip(self.calls, self.lines, strict=True)]
        )

    def rules(self, act: str) -> NDArray[np.bool_]:
        found = {id(call): by_rules(call) for call in self.calls}
        return np.array(
            [act in found[id(call)][line.turn] for call, line in zip(self.calls, self.lines, strict=True)]
        )

    def scores(self, model: Any, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Of the turns inside, those of their beginnings counted in as the product does."""
        scores = np.zeros(len(self.lines))
        scores[inside] = model.predict_proba(self.x[inside])[:, 1]
        of = inside[self.begun]
        if of.any():
            np.maximum.at(scores, self.begun[of], model.predict_proba(self.beginnings[of])[:, 1])
        return scores[inside]


def fit(x: NDArray[np.float32], y: NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH / 2, max_iter=5000).fit(x, y)


def out_of_fold(rows: Rows, act: str) -> NDArray[np.float64]:
    """The score of every turn by a model that saw no call of its trade."""
    gold, scores = rows.gold(act), np.zeros(len(rows.lines))
    for family in sorted(set(rows.family)):
        inside = rows.family == family
        scores[inside] = rows.scores(fit(rows.x[~inside], gold[~inside]), inside)
    return scores


def measured(gold: NDArray[np.bool_], found: NDArray[np.bool_]) -> tuple[float, float, float]:
    return figures(list(zip(gold.tolist(), found.tolist(), strict=True)))


def threshold(gold: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Among the thresholds whose F1 is within a hundredth of the best, a third of the way up.

    Misheard words lower every score, so that the lower ones are the safer ones.
    """
    f1 = np.array([measured(gold, scores >= at)[2] for at in GRID])
    near = GRID[f1 >= f1.max() - 0.01]
    return float(near[(len(near) - 1) // 3])


def trained_on(every: Sequence[Call]) -> Rows:
    kept = [call for call in every if not call.apart]
    return Rows([*kept, *map(as_turns, kept)])


def compare(rows: Rows) -> dict[str, float]:
    """Rules and model over folds; gives the thresholds."""
    print(f"Folds by trade: {len(rows.lines)} turns, those of agents count; precision, recall, F1")
    row("", "rules", "model", "either", "n", "threshold")
    thresholds = {}
    for act in TRIED:
        gold, scores, rules = rows.gold(act), out_of_fold(rows, act), rows.rules(act)
        of = rows.agent
        thresholds[act] = threshold(gold[of], scores[of])
        model = scores >= thresholds[act]
        if act == "clarify":
            model = model | rows.repeats
        told = [measured(gold[of], found[of]) for found in (rules, model, rules | model)]
        cells = ["{:.2f} {:.2f} {:.2f}".format(*t) for t in told]
        row(act, *cells, str(gold[of].sum()), str(thresholds[act]))
    return thresholds


def other_trade(every: Sequence[Call]) -> None:
    """Fitted without travel lines and operators, thresholds too; tried on theirs, joined to long turns."""
    away = {"travel line", "operator"}
    seen = trained_on([call for call in every if call.family not in away])
    tried = Rows([as_turns(call) for call in every if call.family in away])
    print(f"\nOther trade: {len(tried.lines)} turns, those of agents count; precision, recall, F1")
    row("", "rules", "model", "n")
    for act in ACTS:
        at = threshold(seen.gold(act)[seen.agent], out_of_fold(seen, act)[seen.agent])
        model = tried.scores(fit(seen.x, seen.gold(act)), np.ones(len(tried.lines), bool)) >= at
        if act == "clarify":
            model = model | tried.repeats
        gold, of = tried.gold(act), tried.agent
        told = [measured(gold[of], found[of]) for found in (tried.rules(act), model)]
        row(act, *("{:.2f} {:.2f} {:.2f}".format(*t) for t in told), str(gold[of].sum()))


def write(rows: Rows, thresholds: dict[str, float]) -> None:
    from onnx import TensorProto, checker, helper, numpy_helper

    models = [fit(rows.x, rows.gold(act)) for act in ACTS]
    weights = np.concatenate([one.coef_ for one in models]).T.astype(np.float32)
    bias = np.concatenate([one.intercept_ for one in models]).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", [INPUT, "weights", "bias"], ["logits"]),
            helper.make_node("Sigmoid", ["logits"], [OUTPUT]),
        ],
        NAME,
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["n", SIZE])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["n", len(ACTS)])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    made = model.SerializeToString(deterministic=True)
    card = "\n".join(
        [
            "# Written by benchmarks/train_speech_acts.py; models/speech-acts.md says what it is for.",
            f'name = "{NAME}"',
            f"version = {VERSION}",
            f'sha256 = "{hashlib.sha256(made).hexdigest()}"',
            f'features = "{DIGEST}"',
            "",
            "[thresholds]",
            *(f"{act} = {thresholds[act]}" for act in ACTS),
            "",
        ]
    )
    for folder in (FILE.parent, SHOWN):
        (folder / FILE.name).write_bytes(made)
        (folder / FILE.with_suffix(".toml").name).write_text(card, encoding="utf-8")
    print(f"\nwritten: {FILE.name}, {len(made)} bytes, sha256 {hashlib.sha256(made).hexdigest()}")


def main() -> None:
    rows = trained_on(calls())
    thresholds = compare(rows)
    if "--dry-run" not in sys.argv[1:]:
        write(rows, thresholds)


if __name__ == "__main__":
    main()
