"""Where the calls of a batch run on this machine, and how many of them at once."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from speechqa.core.machine import cores
from speechqa.protocols import EngineInfo, Executor

if TYPE_CHECKING:
    from speechqa.backends.fast_loading import Manner


def usual_workers(engine: EngineInfo | None, *, calls: int) -> int:
    """How many calls run at once where nobody says; `engine` is None where none is used.

    openai-whisper uses all cores by itself, a GPU serves one process best, and each worker would hold a model
    of its own. The fast engine on a CPU is as fast with a core a worker, and every other stage is faster so;
    but one worker with all cores has few calls done before others have loaded their models.
    """
    name = "" if engine is None else engine.name
    few = calls < 2 * cores()
    if name == "whisper" or (name == "faster-whisper" and (few or _on_gpu())):
        return 1
    return cores()


def hears_several(engine: EngineInfo | None) -> bool:
    """Whether an engine decodes windows of several calls at once, with the same words as apart."""
    if engine is None or engine.name != "faster-whisper" or find_spec("greenlet") is None:
        return False
    return _manner().exact


def executor_here(workers: int, *, calls: int, time_limit: float | None) -> Executor:
    """An executor on this machine; `time_limit` is the seconds after which a call is given up."""
    from speechqa.executors.local import executor
    from speechqa.pipeline.batch import late_call, lost_worker

    # One worker too is a process of its own: a recording that ends it must not end the batch.
    here = calls == 1 and time_limit is None
    return executor(0 if here else workers, lost=lost_worker, late=late_call, limit_s=time_limit)


def _on_gpu() -> bool:
    return _manner().device != "cpu"


def _manner() -> Manner:
    from speechqa.backends.fast_loading import manner

    return manner()
