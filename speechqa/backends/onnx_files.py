"""Which further files an ONNX model reads: weights that lie outside it, and must not lie outside its folder.

Only what is needed of the format is read: https://onnx.ai/onnx/repo-docs/ExternalData.html and the field
numbers of `onnx.proto`. The file is mapped, not loaded; tensors are stepped over.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from speechqa.core.plain import printable
from speechqa.errors import ModelError

_TENSOR: Final = "tensor"
_LEADS_TO: Final[dict[str, dict[int, str]]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: _TENSOR, 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: _TENSOR, 6: "graph", 10: _TENSOR, 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: _TENSOR, 2: _TENSOR},
    _TENSOR: {13: "entry"},
}
_DEEPEST = 64


def external_files(model: Path) -> list[tuple[str, Path]]:
    """Files with weights of a model, by the names it gives them, in order of these.

    Raises
    ------
    ModelError
        If the file is no ONNX model, or names a file outside its folder or none at all.
    OSError
        If it cannot be read.
    """
    names: set[str] = set()
    with model.open("rb") as file:
        if file.seek(0, 2) == 0:
            raise _wrong(model, "is empty", "no bytes", "an ONNX model")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                names.update(_locations(data, 0, len(data), "model", 0))
            except (ValueError, IndexError, UnicodeDecodeError) as error:
                raise _wrong(model, "is no ONNX model", str(error), "an ONNX file, whole") from error
    return [(name, _inside(model, name)) for name in sorted(names)]


def _inside(model: Path, name: str) -> Path:
    folder = model.resolve().parent
    plain = not PurePosixPath(name).is_absolute() and not PureWindowsPath(name).drive and "\0" not in name
    path = (folder / name).resolve() if plain else folder
    if not plain or not path.is_relative_to(folder):
        raise _wrong(model, "reads a file outside its folder", repr(name), "weights beside the model")
    if not path.is_file():
        raise _wrong(model, "lacks a file of its weights", f"no file {name!r}", "it beside the model")
    return path


def _wrong(model: Path, what: str, found: str, expected: str) -> ModelError:
    return ModelError(
        f"The model {what}",
        where=printable(str(model)),
        found=printable(found, limit=300),
        expected=expected,
        hint="Use only models from a source you trust",
    )


def _locations(data: mmap.mmap, start: int, end: int, kind: str, depth: int) -> Iterator[str]:
    """What the entries of all tensors inside a message call the location of their data."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    for field, first, last in _fields(data, start, end):
        inner = _LEADS_TO[kind].get(field)
        if inner == "entry":
            texts = {number: data[a:b].decode("utf-8") for number, a, b in _fields(data, first, last)}
            if texts.get(1) == "location":
                yield texts.get(2, "")
        elif inner is not None:
            yield from _locations(data, first, last, inner, depth + 1)


def _fields(data: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Fields of a message that have a length: number, and where their content begins and ends."""
    at = start
    while at < end:
        tag, at = _varint(data, at, end)
        wire = tag & 7
        if wire == 0:
            _, at = _varint(data, at, end)
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
        elif wire == 2:
            length, at = _varint(data, at, end)
            if at + length > end:
                raise ValueError("a part is longer than what holds it")
            yield tag >> 3, at, at + length
            at += length
        else:
            raise ValueError(f"no such wire type: {wire}")
    if at > end:
        raise ValueError("a part is longer than what holds it")


def _varint(data: mmap.mmap, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while at < end and shift < 64:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("a number has no end")
