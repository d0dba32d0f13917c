"""Small ONNX models that say how loud the upper half of their sound is, and cards for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CARD: dict[str, Any] = {
    "name": "brightness",
    "licence": "CC0-1.0",
    "sample_rate": 16000,
    "input": "signal",
    "output": "figures",
    "index": 0,
    "range": [0.0, 1.0],
    "calm_deviation": 0.02,
}


def write_card(model: Path, **changes: Any) -> Path:
    """A card beside the model; a key changed to None is left out."""
    lines = []
    for key, value in (CARD | changes).items():
        if value is not None:
            lines.append(f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}")
    path = model.with_suffix(".toml")
    path.write_text("\n".join(lines).replace("'", '"') + "\n", encoding="utf-8")
    return path


def brightness(
    path: Path,
    *,
    shape: tuple[int | str | None, ...] = ("batch", "time"),
    factor: float = 1.0,
    further_input: bool = False,
    external: str | None = None,
    element: int = TensorProto.FLOAT,
) -> Path:
    """A model that gives [brightness, 0.5, 0.25]: how much of the sound's strength its differences have.

    Brightness is the mean of |x[n] - x[n-1]| over the mean of |x|, times a quarter of `factor`, squeezed to
    lie under 1: it rises with the pitch and the upper partials of a voice and does not depend on level.
    """
    axis = len(shape) - 1
    weights = [
        numpy_helper.from_array(np.array([0], np.int64), "zero"),
        numpy_helper.from_array(np.array([1], np.int64), "one"),
        numpy_helper.from_array(np.array([-1], np.int64), "last"),
        numpy_helper.from_array(np.array([2**62], np.int64), "end"),
        numpy_helper.from_array(np.array([axis], np.int64), "axis"),
        numpy_helper.from_array(np.array([0.25 * factor], np.float32), "quarter"),
        numpy_helper.from_array(np.array([0.5, 0.25], np.float32), "others"),
        numpy_helper.from_array(np.array([1e-9], np.float32), "tiny"),
    ]
    nodes = [
        helper.make_node("Slice", ["signal", "one", "end", "axis"], ["later"]),
        helper.make_node("Slice", ["signal", "zero", "last", "axis"], ["earlier"]),
        helper.make_node("Sub", ["later", "earlier"], ["change"]),
        helper.make_node("Abs", ["change"], ["size"]),
        helper.make_node("Abs", ["signal"], ["strength"]),
        helper.make_node("ReduceMean", ["size"], ["upper"], keepdims=0),
        helper.make_node("ReduceMean", ["strength"], ["whole"], keepdims=0),
        helper.make_node("Add", ["whole", "tiny"], ["some"]),
        helper.make_node("Div", ["upper", "some"], ["ratio"]),
        helper.make_node("Mul", ["ratio", "quarter"], ["brightness"]),
        helper.make_node("Concat", ["brightness", "others"], ["three"], axis=0),
        helper.make_node("Unsqueeze", ["three", "zero"], ["figures"]),
    ]
    inputs = [helper.make_tensor_value_info("signal", element, list(shape))]
    if further_input:
        inputs.append(helper.make_tensor_value_info("attention_mask", TensorProto.FLOAT, ["n"]))
    outputs = [
        helper.make_tensor_value_info("figures", TensorProto.FLOAT, [1, 3]),
        helper.make_tensor_value_info("ratio", TensorProto.FLOAT, [1]),
    ]
    graph = helper.make_graph(nodes, "brightness", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    if external is not None:
        others = next(one for one in model.graph.initializer if one.name == "others")
        raw = others.raw_data
        others.ClearField("raw_data")
        others.data_location = TensorProto.EXTERNAL
        for key, value in (("location", external), ("offset", "0"), ("length", str(len(raw)))):
            entry = others.external_data.add()
            entry.key, entry.value = key, value
    path.write_bytes(model.SerializeToString())
    return path


def usable(folder: Path, **changes: Any) -> Path:
    """A model with its card."""
    path = brightness(folder / "brightness.onnx")
    write_card(path, **changes)
    return path


__all__ = ["CARD", "brightness", "onnx", "usable", "write_card"]
