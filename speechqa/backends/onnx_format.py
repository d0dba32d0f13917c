"""Weights out of a network in ONNX's own format, and small networks into it, without the package onnx.

Only what is needed of the format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, whose numbers of
fields these are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_OPSET = 16
_FORMAT = 8
_TYPES = {np.dtype(np.float32): 1, np.dtype(np.int64): 7}
_A_NUMBER, _A_TEXT, _NUMBERS = 2, 3, 7

Attribute = int | str | Sequence[int]


def node(operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Attribute) -> bytes:
    """One operator of the network."""
    body = [_bytes(1, name.encode()) for name in inputs] + [_bytes(2, name.encode()) for name in outputs]
    body.append(_bytes(4, operator.encode()))
    body += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
    return b"".join(body)


def network(
    nodes: Iterable[bytes],
    constants: Mapping[str, NDArray[np.float32] | NDArray[np.int64]],
    inputs: Mapping[str, Sequence[int | str]],
    outputs: Mapping[str, Sequence[int | str]],
) -> bytes:
    """A network as onnxruntime loads it.

    Parameters
    ----------
    nodes : iterable of bytes
        From `node`, each after those whose outputs it takes.
    constants : mapping of str to array
        Weights, in float32 or int64.
    inputs, outputs : mapping of str to sequence of int or str
        Their shapes, all in float32; a name is a size that may be any.
    """
    graph = [_bytes(1, one) for one in nodes]
    graph.append(_bytes(2, b"network"))
    graph += [_bytes(5, _tensor(name, values)) for name, values in constants.items()]
    graph += [_bytes(11, _value(name, shape)) for name, shape in inputs.items()]
    graph += [_bytes(12, _value(name, shape)) for name, shape in outputs.items()]
    return _number(1, _FORMAT) + _bytes(8, _number(2, _OPSET)) + _bytes(7, b"".join(graph))


def weights_of(data: bytes) -> dict[str, NDArray[np.float32]]:
    """The weights of a network in float32, by name.

    Raises
    ------
    ValueError
        If the bytes are no network.
    """
    found: dict[str, NDArray[np.float32]] = {}
    for graph in _fields(data, 7):
        for tensor in _fields(graph, 5):
            # Data type and shape are numbers, the name and the values bytes.
            shape = _numbers(tensor, 1)
            values = b"".join(_fields(tensor, 9))
            if _numbers(tensor, 2) == [_TYPES[np.dtype(np.float32)]] and len(values) == 4 * math.prod(shape):
                name = b"".join(_fields(tensor, 8)).decode()
                found[name] = np.frombuffer(values, "<f4").reshape(shape).astype(np.float32)
    return found


def _numbers(data: bytes, field: int) -> list[int]:
    """Numbers of a field, each by itself or packed together."""
    found: list[int] = []
    for number, value in _entries(data):
        if number != field:
            continue
        if isinstance(value, int):
            found.append(value)
        else:
            at = 0
            while at < len(value):
                one, at = _read_varint(value, at)
                found.append(one)
    return found


def _fields(data: bytes, field: int) -> Iterator[bytes]:
    return (value for number, value in _entries(data) if number == field and isinstance(value, bytes))


def _entries(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Fields of a message of protocol buffers, with their numbers."""
    at = 0
    while at < len(data):
        key, at = _read_varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _read_varint(data, at)
            yield key >> 3, value
            continue
        size = {1: 8, 5: 4}.get(kind)
        if kind == 2:
            size, at = _read_varint(data, at)
        if size is None or at + size > len(data):
            raise ValueError("no network in the format of ONNX")
        yield key >> 3, data[at : at + size]
        at += size


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("no network in the format of ONNX")


def _attribute(name: str, value: Attribute) -> bytes:
    start = _bytes(1, name.encode())
    if isinstance(value, int):
        return start + _number(3, value) + _number(20, _A_NUMBER)
    if isinstance(value, str):
        return start + _bytes(4, value.encode()) + _number(20, _A_TEXT)
    return start + b"".join(_number(8, one) for one in value) + _number(20, _NUMBERS)


def _tensor(name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> bytes:
    shape = b"".join(_number(1, size) for size in values.shape)
    little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    return shape + _number(2, _TYPES[values.dtype]) + _bytes(8, name.encode()) + _bytes(9, little.tobytes())


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = (_number(1, one) if isinstance(one, int) else _bytes(2, one.encode()) for one in shape)
    dimensions = b"".join(_bytes(1, size) for size in sizes)
    tensor = _number(1, _TYPES[np.dtype(np.float32)]) + _bytes(2, dimensions)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
