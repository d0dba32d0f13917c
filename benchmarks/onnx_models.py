"""Writes the small models of the second reading as ONNX, with their cards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from speechqa.criteria.turn_reader import INPUT
from speechqa.criteria.verdict_model import FEATURES, OUTPUT, WHICH

SHOWN = Path(__file__).resolve().parent.parent / "models"
_NEVER = -30.0
_OPSET, _IR = 18, 9


class Turns(NamedTuple):
    """Of one party's turns: the hashes of the features that are known, and by mark the regression on them."""

    keys: NDArray[np.int64]
    marks: dict[str, Any]


def turn_model(learnt: Mapping[str, Turns]) -> Any:
    """A logistic regression a mark. Weights are kept as numbers of one byte, with a scale for each mark."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants, outputs = [], [], []
    for party, (keys, of) in learnt.items():
        weights = np.stack([one.coef_[0] for one in of.values()], axis=1)
        # Row 0 stands for no feature.
        weights = np.concatenate([np.zeros((1, len(of))), weights])
        scale = np.maximum(np.abs(weights).max(axis=0), 1e-6) / 127
        for name, value in (
            ("weights", np.round(weights / scale).astype(np.int8)),
            ("scale", scale.astype(np.float32)),
            ("bias", np.array([one.intercept_[0] for one in of.values()], np.float32)),
            ("hashes", keys.astype(np.uint32)),
        ):
            constants.append(numpy_helper.from_array(value, f"{party} {name}"))
        steps = (
            ("Gather", [f"{party} weights", INPUT], "each"),
            ("Cast", [f"{party} each"], "numbers"),
            ("ReduceSum", [f"{party} numbers", "places"], "sum"),
            ("Mul", [f"{party} sum", f"{party} scale"], "scaled"),
            ("Add", [f"{party} scaled", f"{party} bias"], "logits"),
        )
        settings: dict[str, Any] = {"Cast": {"to": TensorProto.FLOAT}, "ReduceSum": {"keepdims": 0}}
        for kind, given, result in steps:
            nodes.append(helper.make_node(kind, given, [f"{party} {result}"], **settings.get(kind, {})))
        nodes.append(helper.make_node("Sigmoid", [f"{party} logits"], [party]))
        nodes.append(helper.make_node("Cast", [f"{party} hashes"], [f"{party} keys"], to=TensorProto.INT64))
        outputs.append(helper.make_tensor_value_info(party, TensorProto.FLOAT, ["turns", len(of)]))
        outputs.append(helper.make_tensor_value_info(f"{party} keys", TensorProto.INT64, [len(keys)]))
    constants.append(numpy_helper.from_array(np.array([1], np.int64), "places"))
    given = [helper.make_tensor_value_info(INPUT, TensorProto.INT64, ["turns", "features of a turn"])]
    return helper.make_graph(nodes, "turn-meanings", given, outputs, constants)


def verdict_model(learnt: Sequence[tuple[Any, list[str]]], names: list[str], letters: list[str]) -> Any:
    """A logistic regression a detector: weights of all of them, and which one is asked for."""
    from onnx import TensorProto, helper, numpy_helper

    weights = np.zeros((len(learnt), len(names), len(letters)), np.float32)
    bias = np.full((len(learnt), 1, len(letters)), _NEVER, np.float32)
    column = {name: n for n, name in enumerate(names)}
    for n, (model, own) in enumerate(learnt):
        classes = list(model.classes_)
        # A regression of two classes keeps the weights of the second alone.
        rows = [-model.coef_[0] / 2, model.coef_[0] / 2] if len(classes) == 2 else model.coef_
        starts = (
            [-model.intercept_[0] / 2, model.intercept_[0] / 2] if len(classes) == 2 else model.intercept_
        )
        for letter, row, start in zip(classes, rows, starts, strict=True):
            at = letters.index(letter)
            weights[n, [column[name] for name in own], at] = row
            bias[n, 0, at] = start
    nodes = [
        helper.make_node("Gather", ["weights", WHICH], ["own weights"]),
        helper.make_node("Gather", ["bias", WHICH], ["own bias"]),
        helper.make_node("Unsqueeze", [FEATURES, "middle"], ["row"]),
        helper.make_node("MatMul", ["row", "own weights"], ["products"]),
        helper.make_node("Add", ["products", "own bias"], ["logits"]),
        helper.make_node("Squeeze", ["logits", "middle"], ["flat"]),
        helper.make_node("Softmax", ["flat"], [OUTPUT], axis=-1),
    ]
    constants = [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(bias, "bias"),
        numpy_helper.from_array(np.array([1], np.int64), "middle"),
    ]
    given = [
        helper.make_tensor_value_info(FEATURES, TensorProto.FLOAT, ["verdicts", len(names)]),
        helper.make_tensor_value_info(WHICH, TensorProto.INT64, ["verdicts"]),
    ]
    outputs = [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["verdicts", len(letters)])]
    return helper.make_graph(nodes, "verdicts", given, outputs, constants)


def _toml(values: Mapping[str, Any]) -> Iterator[str]:
    """Lines of a card: numbers, texts and lists of texts, then tables of them. JSON writes these alike."""
    tables = {key: value for key, value in values.items() if isinstance(value, Mapping)}
    for key, value in values.items():
        if key not in tables:
            yield f"{key} = {json.dumps(value)}\n"
    for key, table in tables.items():
        yield f"\n[{key}]\n"
        yield from _toml(table)


def write(path: Path, name: str, version: int, features: str, graph: Any, says: Mapping[str, Any]) -> None:
    """The model and its card, in the package and, for people to find, in `models/`."""
    import onnx

    model = onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", _OPSET)], ir_version=_IR
    )
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    told = {
        "name": name,
        "version": version,
        "sha256": hashlib.sha256(data).hexdigest(),
        "features": features,
    }
    card = (
        f"# Written by benchmarks/train_readings.py; what the model is for stands in models/{name}.md.\n"
        + "".join(_toml({**told, **says}))
    )
    for folder in (path.parent, SHOWN):
        (folder / path.name).write_bytes(data)
        (folder / path.name).with_suffix(".toml").write_text(card, encoding="utf-8")
    print(f"written: {path}, {len(data):,} bytes")
