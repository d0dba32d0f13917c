"""Engines, stores and stamps from settings."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from speechqa.config import Settings
from speechqa.core.analysis import Document
from speechqa.protocols import ArousalModel, EngineInfo, TextEmbedder, Transcriber

if TYPE_CHECKING:
    from speechqa.pipeline.batch import Task, Worked
    from speechqa.pipeline.engines import Engines
    from speechqa.pipeline.judgement import RunStamp
    from speechqa.pipeline.together import Meeting
    from speechqa.store.sql import SqlStore


@cache
def build_engines(settings: Settings, threads: int | None = None) -> Engines:
    """The engines that settings name, built once a process; models load when first used.

    Parameters
    ----------
    settings : Settings
        What to build.
    threads : int, optional
        Cores an engine may use; its own choice where absent.

    Raises
    ------
    RubricError
        If the rubric cannot be used.
    UsageError, EngineUnavailable
        If the diarizer that was named is none, or is not installed.
    """
    from speechqa.audio.decoder import PyAVDecoder
    from speechqa.backends.choice import choose_engine
    from speechqa.backends.diarizers import choose_diarizer
    from speechqa.backends.onnx_arousal import choose_arousal
    from speechqa.backends.onnx_embeddings import choose_embedder
    from speechqa.backends.silero import SileroVad
    from speechqa.backends.swift_f0 import SwiftF0
    from speechqa.criteria import load_rubric
    from speechqa.pipeline.engines import Engines

    by_model: dict[EngineInfo, Transcriber] = {}

    @cache
    def transcriber_for(language: str | None) -> Transcriber | None:
        engine = choose_engine(settings.engine, language, threads=threads)
        # One model often serves several languages; it is in memory once.
        return None if engine is None else by_model.setdefault(engine.info, engine)

    @cache
    def arousal_model() -> ArousalModel | None:
        return choose_arousal(settings.arousal)

    @cache
    def embedder() -> TextEmbedder | None:
        return choose_embedder(settings.embeddings)

    diarizer, no_diarizer = choose_diarizer(settings.diarizer)
    return Engines(
        decoder=PyAVDecoder(),
        voice_activity=SileroVad(threads=threads or 1),
        pitch=SwiftF0(),
        transcriber_for=transcriber_for,
        rubric=load_rubric(settings.rubric),
        diarizer=diarizer,
        no_diarizer=no_diarizer,
        arousal_model=arousal_model,
        embedder=embedder,
    )


@contextmanager
def open_store(url: str, *, create: bool = True) -> Iterator[SqlStore]:
    """A store by its URL, closed at the end.

    Raises
    ------
    StoreError
        If it is absent and not to be created, or cannot be used.
    """
    from speechqa.store import open_store as opened

    with closing(opened(url, create=create)) as store:
        yield store


def new_stamp() -> RunStamp:
    """A stamp for a run that starts now."""
    from speechqa.pipeline.judgement import RunStamp

    return RunStamp(run_id=uuid.uuid4().hex, created_at=datetime.now(UTC).isoformat(timespec="seconds"))


def work(
    settings: Settings,
    threads: int,
    stamp: RunStamp,
    task: Task,
    *,
    cached: bool = False,
    meeting: Meeting[Worked] | None = None,
) -> Worked:
    """Analyse one task with this process's engines; never raises, a failure is a document too.

    With `cached`, stages that this machine's cache has are not computed again; with a meeting, words are
    heard with those of other calls.
    """
    from speechqa.assembly.caching import stage_cache
    from speechqa.pipeline.analyze import analyze_call
    from speechqa.pipeline.batch import Worked, failed_document, failure_of

    if task.problem is not None:
        return Worked(task=task, document=failure_of(task, task.problem))
    try:
        engines = build_engines(settings, threads)
        document: Document = analyze_call(
            task.source,
            identity=task.identity,
            engines=engines if meeting is None else meeting.engines(engines),
            settings=settings,
            stamp=stamp,
            input_digest=task.input_digest,
            cache=stage_cache() if cached else None,
            incidents=task.incidents,
        )
    except Exception as error:  # a fault in one call must not end the batch
        if os.environ.get("SPEECHQA_DEBUG"):
            raise
        document = failed_document(task, error)
    return Worked(task=task, document=document)


def work_together(
    settings: Settings, threads: int, stamp: RunStamp, tasks: tuple[Task, ...], *, cached: bool = False
) -> Iterator[Worked]:
    """What `work` makes of each task, in order; an engine that can hears the words of all of them at once."""
    from speechqa.pipeline.together import Meeting

    meeting: Meeting[Worked] = Meeting()
    works = [partial(work, settings, threads, stamp, one, cached=cached, meeting=meeting) for one in tasks]
    yield from meeting.run(works)


def rubric_minimum(rubric: str) -> int:
    """Calls below which a rubric lets no figure of an agent be shown.

    Of a rubric that comes with speechqa, whose thousands of phrases the tests have checked, only the number
    is read: figures are there in a fraction of a second.
    """
    from speechqa.criteria.sources import BUILT_IN, built_in

    if rubric in built_in():
        import tomllib

        text = (BUILT_IN / f"{rubric}.toml").read_text(encoding="utf-8")
        found = tomllib.loads(text).get("minimum_calls")
        if isinstance(found, int):
            return found
    from speechqa.criteria import load_rubric

    return load_rubric(rubric).minimum_calls
