"""Calls worked on together have the very documents that they have apart."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.determinism.calls import OWN, cut, random_models
from speechqa.assembly.engines import build_engines, new_stamp, work, work_together
from speechqa.backends import faster_whisper
from speechqa.config import Settings
from speechqa.core.analysis import CallAnalysis
from speechqa.core.codec import encode
from speechqa.core.source import CallSource, PartyFile
from speechqa.ingest.identity import file_digest
from speechqa.pipeline.batch import Task

pytest.importorskip("ctranslate2", reason="the extra `fast` is not installed")


def task(path: Path) -> Task:
    source = CallSource(files=(PartyFile(path=str(path)),))
    return Task(identity=file_digest(str(path)), fingerprint="", source=source)


def test_documents_are_the_same_whatever_is_worked_on_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = faster_whisper.FasterWhisperSettings
    monkeypatch.setattr(  # so that weights drawn at random say words, not one word for ever
        faster_whisper, "FasterWhisperSettings", partial(usual, sample_len=9, no_speech_threshold=None)
    )
    monkeypatch.setenv("SPEECHQA_CACHE", str(tmp_path / "cache"))
    random_models(tmp_path)
    cut(OWN / "en-pizza.wav", tmp_path / "two.wav", 5.0)
    cut(OWN / "en-library-mono.flac", tmp_path / "one.wav", 5.0)
    cut(OWN / "en-internet.wav", tmp_path / "other.wav", 4.0)
    (tmp_path / "broken.wav").write_bytes(b"RIFF\0\0\0\0WAVE")
    tasks = tuple(task(tmp_path / f"{name}.wav") for name in ("two", "broken", "one", "other"))
    given: Any = (Settings(engine=f"faster-whisper:{tmp_path / 'random.ct2'}", language="en"), 1, new_stamp())
    heard: list[int] = []
    several = faster_whisper.FasterWhisperTranscriber.transcribe_several

    def counted(self: Any, calls: Any) -> Any:
        heard.append(len(calls))
        return several(self, calls)

    monkeypatch.setattr(faster_whisper.FasterWhisperTranscriber, "transcribe_several", counted)
    build_engines.cache_clear()
    try:
        # Of the first what was heard is kept.
        apart = [work(*given, one, cached=at == 0) for at, one in enumerate(tasks)]
        said = [one.document.transcript for one in apart if isinstance(one.document, CallAnalysis)]
        assert [bool(one and one.turns) for one in said] == [True, True, True]
        together = work_together(*given, tasks, cached=True)
        for one, other in zip(apart, together, strict=True):
            assert (one.task, encode(one.document)) == (other.task, encode(other.document))
        assert heard == [2], "what was kept waits for none"
    finally:
        build_engines.cache_clear()
