"""Loads a folder for CTranslate2 on what this machine has: a GPU, or the cores of its processor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from speechqa.backends.fast_file import listing
from speechqa.core.machine import cores
from speechqa.core.value import Value
from speechqa.errors import EngineUnavailable, ModelError

_KEPT_BYTES = 512 * 2**20
# Beyond 6 a token costs little less, and fewer batches share worse among cores.
_MOST_ON_CPU, _ON_GPU = 6, 16
_HEARD = 1500


class Manner(Value, frozen=True, kw_only=True):
    """How a model is run here.

    Attributes
    ----------
    device : str
        `cuda` or `cpu`.
    compute : str
        CTranslate2's type of numbers.
    hands : int
        Batches decoded at the same time, each by one core; 1 on a GPU.
    exact : bool
        Whether what comes of a window is the same to the last bit whatever stands beside it in a batch.
    """

    device: str
    compute: str
    hands: int
    exact: bool


def manner(compute: str | None = None, threads: int | None = None) -> Manner:
    """How a model would be run: `float16` on a GPU, else `int8` with a batch a core.

    Whole numbers add up to the same in any order, and what CTranslate2 computes in float32 beside them it
    computes for each window apart: a test holds it to that. In float32 and float16 sums depend on the batch.
    """
    import ctranslate2

    if ctranslate2.get_cuda_device_count():
        return Manner(device="cuda", compute=compute or "float16", hands=1, exact=False)
    kind = compute or "int8"
    return Manner(
        device="cpu", compute=kind, hands=threads or cores(), exact=kind in ("int8", "int8_float32")
    )


def load_folder(path: Path, how: Manner) -> Any:
    """Load a folder.

    Raises
    ------
    EngineUnavailable
        If CTranslate2 does not load, or not on the GPU that is here.
    ModelError
        If the folder is no Whisper model of CTranslate2.
    """
    import ctranslate2

    try:
        return ctranslate2.models.Whisper(
            str(path),
            device=how.device,
            compute_type=how.compute,
            # Decoding a batch uses one core, however many threads it is given: so each core has a batch.
            inter_threads=how.hands,
            intra_threads=1,
        )
    except (RuntimeError, ValueError) as error:
        first = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        if how.device == "cuda" and "model" not in first.lower():
            raise EngineUnavailable(
                "the engine faster-whisper does not load on this GPU",
                found=first,
                hint="Install CUDA's cuBLAS and cuDNN, or hide the GPU: CUDA_VISIBLE_DEVICES=",
            ) from error
        raise ModelError(
            "the folder is no Whisper model that CTranslate2 reads",
            where=str(path),
            found=first,
            hint="Make it anew of the checkpoint: speechqa models convert CHECKPOINT.pt",
        ) from error


def require_engine() -> None:
    """Load what the engine is made of.

    Raises
    ------
    EngineUnavailable
        If CTranslate2, openai-whisper or torch does not load.
    """
    try:
        import ctranslate2  # noqa: F401
        import torch
        import whisper  # noqa: F401 - its spectrum and tokenizer are used
    except (ImportError, OSError) as error:
        raise EngineUnavailable(
            "the engine faster-whisper does not load",
            found=str(error),
            hint="pip install ctranslate2 openai-whisper",
        ) from error
    # Says how many threads torch has here, before one_core says it of others: else whatever runs in this
    # thread later would have one or all of them, by whether a call had words before.
    torch.get_num_threads()


def one_core() -> None:
    """Keep torch in this thread to one core; other threads keep what they have."""
    import torch

    torch.set_num_threads(1)


def usual_batch(path: Path, how: Manner) -> int:
    """Windows decoded together: on a CPU what keeps a batch's attention within half a GB, 2 to 6."""
    if how.device != "cpu":
        return _ON_GPU
    try:
        held = {one.name: one.shape for one in listing(path / "model.bin")}
        width = held["decoder/embeddings/weight"][-1]
    except (KeyError, ValueError):
        return 2
    layers = sum(name.startswith("decoder/") and name.endswith("/ffn/linear_0/weight") for name in held)
    return min(_MOST_ON_CPU, max(2, _KEPT_BYTES // max(1, layers * _HEARD * width * 2 * 4)))
