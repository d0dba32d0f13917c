"""Train the model of turn meanings that comes with speechqa and write it with its card.

    python -m benchmarks.train_turn_meanings            compare with phrases over folds, then write it
    python -m benchmarks.train_turn_meanings --dry-run  compare only

A logistic regression a meaning, on the invented calls of `benchmarks/turn_meanings`, every turn labelled.
A fold is a fifth of each author's calls: other people, matters and words than those it is read after.
The threshold of a meaning is the one by which calls are told best that hold it. Figures are of calls.
Needs scikit-learn and onnx, which come with librosa and with the development environment.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import load_rubric
from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.lexicon import lexicon_of
from speechqa.criteria.turn_features import DIGEST, PLACES, features
from speechqa.criteria.turn_reader import FILE, INPUT

CALLS = Path(__file__).with_name("turn_meanings")
SHOWN = Path(__file__).resolve().parent.parent / "models"
NAME, VERSION = "turn-meanings", 1
STRENGTH = 0.7
PRECISION, SURE = 0.6, 0.8
"""Of the turns that the model adds, the share that must be right; the second for those below."""
CAREFUL = frozenset({"complaint", "fault", "outcome", "pending"})
FOLDS = 5
FEWEST = 25
"""Turns of a meaning below which it is not learnt."""
LEFT_OUT = frozenset(
    ("answer", "ask_satisfied", "chat", "churn", "explain_choice", "goodbye", "greet", "hold_back",
     "identify",
     "identity", "need_question", "reason", "restate", "satisfied", "thank", "thank_specific", "vow",
     "argue", "blames", "disowns", "dismissal", "excuse", "indifference", "insult", "label", "patronise",
     "policy", "refuse", "sarcasm", "empathise", "apologise", "owns", "deadline", "alternative")
)  # fmt: skip
"""Labels that no list stands for; that authors gave more widely than the criterion counts the thing; that
cost an agent points; or that what stands around a turn would tell, as regret behind a complaint."""
PARTIES = ("agent", "customer")
_SPEAKERS = {"a": "agent", "c": "customer"}


class Row(NamedTuple):
    """A turn: whose call it is of and which, its line, the places of its features, its labels as lists."""

    author: str
    call: int
    line: Line
    places: list[int]
    labels: frozenset[str]


class Learnt(NamedTuple):
    """A meaning: its phrase list, weights of the places, bias, and threshold; figures over the folds."""

    name: str
    weights: NDArray[np.float32]
    bias: float
    least: float
    told: str


def rows() -> list[Row]:
    """All labelled turns."""
    lexicon = lexicon_of(load_rubric("service"))
    found: list[Row] = []
    for path in sorted(CALLS.glob("*.txt")):
        for number, (language, lines) in enumerate(_calls(path)):
            turns = [(line[0], *line[2:].strip().partition("\t")[::2]) for line in lines]
            transcript = Transcript(
                language=language,
                engine="imported",
                turns=tuple(Turn(speaker=_SPEAKERS[who], text=said.strip()) for who, said, _ in turns),
            )
            text = CallText(lexicon, transcript)
            for line, places in zip(text.lines, features(text.lines), strict=True):
                labels = {label.strip() for label in turns[line.turn][2].split(",")} - {"-", ""}
                found.append(Row(path.stem, number, line, places, frozenset(labels - LEFT_OUT)))
    return found


def _calls(path: Path) -> Iterator[tuple[str, list[str]]]:
    head, *parts = path.read_text(encoding="utf-8").split("\n== ")
    language = head.partition(":")[2].strip()
    for part in parts:
        yield language, part.strip("\n").split("\n")[1:]


def matrix(of: list[Row]) -> Any:
    """The features of turns, sparse."""
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0, *(len(row.places) for row in of)])
    places = np.concatenate([np.array(row.places, np.int64) for row in of])
    return csr_matrix((np.ones(len(places), np.float32), places, starts), shape=(len(of), PLACES))


def learn(of: list[Row]) -> Iterator[Learnt]:
    """Every meaning of one party's turns that there are enough of and that the folds show some use of."""
    from sklearn.linear_model import LogisticRegression

    x = matrix(of)
    folds = np.array([row.call % FOLDS for row in of])
    _, calls = np.unique([f"{row.author} {row.call}" for row in of], return_inverse=True)
    for name in sorted({label for row in of for label in row.labels}):
        gold = np.array([name in row.labels for row in of])
        if gold.sum() < FEWEST:
            continue
        by_phrases = np.array([row.line.has(name) for row in of])
        scores = np.zeros(len(of))
        for fold in range(FOLDS):
            apart = folds == fold
            if 0 < gold[~apart].sum() < (~apart).sum():
                model = LogisticRegression(C=STRENGTH, solver="liblinear").fit(x[~apart], gold[~apart])
                scores[apart] = model.predict_proba(x[apart])[:, 1]
        least = threshold(name, calls, gold, by_phrases, scores)
        model = LogisticRegression(C=STRENGTH, solver="liblinear").fit(x, gold)
        told = "   ".join(
            _figures(_by_call(calls, gold), _by_call(calls, found))
            for found in (by_phrases, by_phrases | (scores >= least))
        )
        yield Learnt(
            name,
            model.coef_[0].astype(np.float32),
            float(model.intercept_[0]),
            least,
            f"{gold.sum():5} {told}",
        )


def threshold(
    name: str,
    calls: NDArray[np.int64],
    gold: NDArray[np.bool_],
    found: NDArray[np.bool_],
    scores: NDArray[np.float64],
) -> float:
    """The score from which calls are told best by whether anybody in them says it; above 1 where none helps.

    What the phrases miss must be found precisely: an agent loses points by what is wrongly found.
    """
    said, known = _by_call(calls, gold), _by_call(calls, found)
    best, chosen = _f1(said, known), 1.01
    needed = SURE if name in CAREFUL else PRECISION
    for least in np.arange(0.95, 0.04, -0.05):
        more = (scores >= least) & ~found
        if not more.any() or (gold & more).sum() < needed * more.sum():
            continue
        value = _f1(said, known | _by_call(calls, more))
        if value > best:
            best, chosen = value, round(float(least), 2)
    return chosen


def _by_call(calls: NDArray[np.int64], turns: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.bincount(calls, weights=turns) > 0


def _f1(gold: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    return float(2 * (gold & found).sum() / max(1, gold.sum() + found.sum()))


def _figures(gold: NDArray[np.bool_], found: NDArray[np.bool_]) -> str:
    hit = int((gold & found).sum())
    precision, recall = hit / max(1, int(found.sum())), hit / max(1, int(gold.sum()))
    f1 = 2 * hit / max(1, int(gold.sum() + found.sum()))
    return f"{precision:.2f} {recall:.2f} {f1:.2f}"


def write(learnt: dict[str, list[Learnt]], path: Path) -> None:
    """The model and its card. Weights are kept as numbers of one byte, with a scale for each meaning."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants, outputs = [], [], []
    for party, of in learnt.items():
        weights = np.stack([one.weights for one in of], axis=1)
        weights[0] = 0.0
        scale = np.maximum(np.abs(weights).max(axis=0), 1e-6) / 127
        whole = np.round(weights / scale).astype(np.int8)
        for name, value in (
            ("weights", whole),
            ("scale", scale.astype(np.float32)),
            ("bias", np.array([one.bias for one in of], np.float32)),
        ):
            constants.append(numpy_helper.from_array(value, f"{party} {name}"))
        steps = (
            ("Gather", [f"{party} weights", INPUT], "each"),
            ("Cast", [f"{party} each"], "numbers"),
            ("ReduceSum", [f"{party} numbers", "places"], "sum"),
            ("Mul", [f"{party} sum", f"{party} scale"], "scaled"),
            ("Add", [f"{party} scaled", f"{party} bias"], "logits"),
        )
        for kind, given, result in steps:
            settings: dict[str, Any] = {"Cast": {"to": TensorProto.FLOAT}, "ReduceSum": {"keepdims": 0}}
            nodes.append(helper.make_node(kind, given, [f"{party} {result}"], **settings.get(kind, {})))
        nodes.append(helper.make_node("Sigmoid", [f"{party} logits"], [party]))
        outputs.append(helper.make_tensor_value_info(party, TensorProto.FLOAT, ["turns", len(of)]))
    constants.append(numpy_helper.from_array(np.array([1], np.int64), "places"))
    graph = helper.make_graph(
        nodes,
        NAME,
        [helper.make_tensor_value_info(INPUT, TensorProto.INT64, ["turns", "places of a turn"])],
        outputs,
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    tags = "".join(
        f'\n[[{party}]]\nlist = "{one.name}"\nleast = {one.least}\n'
        for party, of in learnt.items()
        for one in of
    )
    card = (
        f"# Written by benchmarks/train_turn_meanings.py; what the model is for stands in models/{NAME}.md.\n"
        f'name = "{NAME}"\nversion = {VERSION}\nsha256 = "{hashlib.sha256(data).hexdigest()}"\n'
        f'features = "{DIGEST}"\n{tags}'
    )
    for folder in (path.parent, SHOWN):
        (folder / path.name).write_bytes(data)
        (folder / path.name).with_suffix(".toml").write_text(card, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--dry-run", action="store_true", help="compare only, write nothing")
    chosen = parser.parse_args()
    every = rows()
    authors = sorted({row.author for row in every})
    print(f"{len(every)} turns by {len(authors)} authors: {', '.join(authors)}")
    print(f"{'':28}    n  phrases P R F1     with the model P R F1  from")
    learnt: dict[str, list[Learnt]] = {}
    for party in PARTIES:
        learnt[party] = []
        for one in learn([row for row in every if row.line.role == party]):
            used = one.least <= 1
            print(f"{party:10}{one.name:18}{one.told}  {one.least if used else 'not used'}", flush=True)
            if used:
                learnt[party].append(one)
    if not chosen.dry_run:
        write(learnt, FILE)
        print(f"written: {FILE}, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
