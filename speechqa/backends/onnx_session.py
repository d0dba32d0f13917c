"""How models of the user's own are run: on onnxruntime, on one thread, whatever the cores of the machine."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from speechqa.backends.onnx_files import external_files
from speechqa.errors import EngineUnavailable


def open_session(path: Path, *, needed_by: str) -> Any:
    """An onnxruntime session on the processor.

    Raises
    ------
    EngineUnavailable
        If onnxruntime is not installed; `needed_by` says what needs it.
    Exception
        Of onnxruntime's own kinds, if it cannot run the model.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise EngineUnavailable(
            f"{needed_by} needs the package onnxruntime",
            found=str(error),
            hint="install it with: pip install onnxruntime",
        ) from error
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def whole_digest(path: Path, card: bytes, *others: Path) -> str:
    """SHA-256 over a model, its card, the further files with its weights, and other files it is used with."""
    whole = hashlib.sha256(file_digest(path).encode())
    whole.update(card)
    for name, further in (*external_files(path), *((other.name, other) for other in others)):
        whole.update(f"{name}\0{file_digest(further)}".encode())
    return whole.hexdigest()
