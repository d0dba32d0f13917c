"""How many workers a batch has that nobody asked a number for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from speechqa.assembly import batch_workers
from speechqa.assembly.batch import Batch
from speechqa.errors import ModelError
from speechqa.protocols import EngineInfo


def usual(engine: str, calls: int) -> int:
    return batch_workers.usual_workers(EngineInfo(name=engine, model="m", model_digest=None), calls=calls)


def test_the_fast_engine_has_a_worker_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_workers, "cores", lambda: 4)
    monkeypatch.setattr(batch_workers, "_on_gpu", lambda: False)
    assert usual("faster-whisper", 100) == 4
    assert usual("faster-whisper", 3) == 1, "one worker has few calls done before others have their models"
    assert usual("whisper", 100) == 1
    assert usual("pocketsphinx", 100) == 4
    assert batch_workers.usual_workers(None, calls=100) == 4
    monkeypatch.setattr(batch_workers, "_on_gpu", lambda: True)
    assert usual("faster-whisper", 100) == 1


@pytest.mark.parametrize(("without_words", "there", "workers"), [(1, True, 1), (0, True, 4), (1, False, 4)])
def test_an_engine_that_no_call_is_given_to_holds_back_none(
    monkeypatch: pytest.MonkeyPatch, *, without_words: int, there: bool, workers: int
) -> None:
    monkeypatch.setattr(batch_workers, "cores", lambda: 4)

    def engine() -> EngineInfo:
        if not there:
            raise ModelError("no model is here")
        return EngineInfo(name="whisper", model="m", model_digest=None)

    batch: Any = SimpleNamespace(
        _engine=engine, calls=SimpleNamespace(without_words=without_words), total=100
    )
    assert Batch._usual_workers(batch) == workers
