"""Reads ``model.bin`` of a folder for CTranslate2: what it holds, and the weights themselves."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speechqa.core.value import Value

_VERSIONS = (5, 6)
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 4: np.float16}
_SCALE = "_scale"


class Stored(Value, frozen=True):
    """One variable: its name, shape, the number of its type, and where its bytes lie."""

    name: str
    shape: tuple[int, ...]
    kind: int
    first: int
    size: int


def listing(path: Path) -> list[Stored]:
    """What the file holds, none of it read.

    Raises
    ------
    ValueError
        If it is no Whisper model in a form that is known here.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return list(_listed(data))


def weights(path: Path, folder: str) -> dict[str, NDArray[Any]]:
    """The variables under ``encoder/`` or ``decoder/`` by name; whole numbers as what they stand for.

    Raises
    ------
    ValueError
        If it is no Whisper model in a form that is known here.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = {
            one.name.removeprefix(folder): _values(data, one)
            for one in _listed(data)
            if one.name.startswith(folder)
        }
    for name in [name for name in found if name.endswith(_SCALE)]:
        scale, plain = found.pop(name), name.removesuffix(_SCALE)
        whole = found[plain].astype(np.float32)
        found[plain] = whole / scale.reshape(-1, *[1] * (whole.ndim - 1))
    return found


def _values(data: mmap.mmap, one: Stored) -> NDArray[Any]:
    if one.kind not in _TYPES:
        raise ValueError(f"{one.name} is of a type that is not known here: {one.kind}")
    # The bytes are copied: the file is closed when these are used.
    return np.frombuffer(data[one.first : one.first + one.size], dtype=_TYPES[one.kind]).reshape(one.shape)


def _listed(data: mmap.mmap) -> Iterator[Stored]:
    at = 0

    def numbers(form: str) -> tuple[Any, ...]:
        nonlocal at
        read = struct.unpack_from(f"<{form}", data, at)
        at += struct.calcsize(f"<{form}")
        return read

    def text() -> str:
        nonlocal at
        (length,) = numbers("H")
        at += length
        return data[at - length : at - 1].decode()

    try:
        if numbers("I")[0] not in _VERSIONS or text() != "WhisperSpec":
            raise ValueError("this is no Whisper model in a form that is known here")
        _, count = numbers("II")
        for _ in range(count):
            name = text()
            (rank,) = numbers("B")
            shape = numbers(f"{rank}I")
            kind, size = numbers("BI")
            yield Stored(name, shape, kind, at, size)
            at += size
    except struct.error as error:
        raise ValueError("the file ends too soon") from error


class HalfWeights:
    """Variables of a file taken out one by one as torch's, so that none is held twice."""

    def __init__(self, stored: dict[str, NDArray[Any]]) -> None:
        self._stored = stored

    def full(self, name: str) -> Any:
        """A variable in float32."""
        import torch

        return torch.from_numpy(self._stored.pop(name).astype(np.float32))

    def half(self, name: str) -> tuple[Any, Any]:
        """Weight and bias of a layer in bfloat16."""
        import torch

        weight, bias = self.full(f"{name}/weight"), self.full(f"{name}/bias")
        return weight.to(torch.bfloat16), bias.to(torch.bfloat16)

    def norm(self, name: str) -> tuple[Any, Any]:
        """What a normalisation multiplies by and adds, in float32."""
        return self.full(f"{name}/gamma"), self.full(f"{name}/beta")
