"""A batch as a command runs it: calls found, told from those done, analysed, kept and reported."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from speechqa.assembly.corrections import kept_corrections
from speechqa.assembly.engines import build_engines, new_stamp, open_store, work
from speechqa.assembly.numbers import key_mark
from speechqa.assembly.of_record import document_of_record, with_record
from speechqa.assembly.periods import standing_instead, standing_words
from speechqa.assembly.reporting import Report, ReportWanted
from speechqa.assembly.reporting.folder import ReportFolder
from speechqa.assembly.reviews import standings_of
from speechqa.config import Settings
from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.plain import printable
from speechqa.core.review import Standing
from speechqa.core.source import CallSource, PartyFile, printable_path
from speechqa.errors import ModelError, SpeechQAError
from speechqa.protocols import CallSummary, EngineInfo, Executor
from speechqa.version import __version__

if TYPE_CHECKING:
    from speechqa.ingest.discover import Discovery
    from speechqa.pipeline.batch import Outcome, Task
    from speechqa.store.sql import SqlStore


PRESSING = 50
"""Weight from which a reason to listen makes a call one to hear first: conduct, signals, interruptions."""


class Batch:
    """One run over many calls; made by `open_batch`.

    Attributes
    ----------
    total : int
        Calls to go through, known once they are counted.
    done, already, failed : int
        Calls analysed now, done before, and failed, so far.
    """

    def __init__(
        self,
        found: Discovery,
        *,
        settings: Settings,
        store: SqlStore,
        store_name: str,
        workers: int | None,
        report: Path | None,
    ) -> None:
        self._found = found
        self._settings = settings
        self._store = store
        self._workers = workers
        self._report = report
        self._engines = build_engines(settings)
        self._summaries: list[CallSummary] = []
        self._duplicates: list[str] = []
        self._standing = 0
        self.store_name = store_name
        self.done = self.already = self.failed = 0
        self.total = 0
        self._language = None if settings.language == "auto" else settings.language
        self._needs_engine = False
        self._check()

    def _check(self) -> None:
        """Count the calls, and refuse a batch that has no engine and no transcript for any of them."""
        with_words = 0
        for source in self._found:
            self.total += 1
            if isinstance(source, CallSource):
                with_words += source.transcript_path is not None
                self._needs_engine = self._needs_engine or source.transcript_path is None
        self._engines.arousal_model()
        self._engines.embedder()
        try:
            self._engines.transcriber_for(self._language)
        except ModelError:
            if self._needs_engine and not with_words:
                raise

    def outcomes(self) -> Iterator[Outcome]:
        """Go through all calls; each outcome is kept before it is given."""
        from speechqa.pipeline.batch import run
        from speechqa.store.projection import summary_of

        stamp = new_stamp()
        workers = max(1, min(self._workers or self._usual_workers(), self.total))
        outcomes = run(
            self._tasks(),
            store=self._store,
            executor=self._executor(workers),
            work=partial(work, self._settings, max(1, _cores() // workers), stamp),
        )
        for outcome in map(self._as_it_counts, outcomes):
            self.done += outcome.state == "done"
            self.already += outcome.state == "already"
            self.failed += outcome.state == "failed"
            summary = summary_of(outcome.document)
            if isinstance(outcome.document, CallAnalysis):
                counted = document_of_record(self._store, outcome.document)
                summary = with_record(summary, counted)
            self._summaries.append(summary)
            yield outcome

    def standings_to_show(self, document: Document, *, by: str) -> tuple[Standing, ...]:
        """Where each criterion of a call stands; the log has it first that somebody sees the call whole."""
        if not isinstance(document, CallAnalysis):
            return ()
        self._store.log("audit", call=document.call_id, actor=by, details={"format": "json"})
        return standings_of(self._store, document)

    def _as_it_counts(self, outcome: Outcome) -> Outcome:
        """Of a call whose period is closed the analysis that stands, where another one has come out now."""
        current = standing_instead(self._store, outcome.document)
        if current is None:
            return outcome
        self._standing += 1
        return replace(outcome, state="already", document=current)

    def summaries(self) -> tuple[CallSummary, ...]:
        """One line for each call gone through so far, in the order of their ids."""
        return tuple(sorted(self._summaries, key=lambda summary: summary.call_id))

    def listen_first(self, most: int = 3) -> tuple[CallSummary, ...]:
        """The calls a supervisor should hear before the others, the most pressing first."""
        pressing = [summary for summary in self.summaries() if summary.listen_weight >= PRESSING]
        return tuple(sorted(pressing, key=lambda summary: -summary.listen_weight)[:most])

    @property
    def ignored(self) -> int:
        """Files in folders that are no recordings."""
        return self._found.counts.ignored

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else a person should know of the files."""
        standing = [standing_words(self._standing)]
        return (*self._found.counts.remarks(), *self._duplicates, *(standing if self._standing else ()))

    @property
    def engine_words(self) -> str:
        """Which engine gave the words, and that it is a draft if it is; empty where none was needed."""
        if not self._needs_engine:
            return ""
        try:
            engine = self._engines.transcriber_for(self._language)
        except ModelError as error:
            return f"No engine for calls without a transcript: {printable(error.what)}"
        if engine is None:
            return "Engine none: calls without a transcript get voice measures only."
        info = engine.info
        if info.draft:
            return (
                f"Words by {info.name}, a DRAFT engine: good for trying speechqa out, no basis for an audit. "
                "`speechqa models list` shows better ones."
            )
        return f"Words by {info.name} {info.model}."

    def report(self, *, by: str) -> Report | None:
        """Where the pages of the calls gone through are made, as `by` asked for; None where none is wanted.

        Raises
        ------
        ReportError
            If the folder cannot be written.
        """
        if self._report is None:
            return None
        wanted = ReportWanted(
            by=by, formats=("html", "pdf"), minimum_calls=self._engines.rubric.minimum_calls
        )
        return Report(self._store, self._report, wanted)

    @staticmethod
    def _executor(workers: int) -> Executor:
        from speechqa.executors.local import ProcessExecutor, SerialExecutor
        from speechqa.pipeline.batch import lost_worker

        if workers == 1:
            return SerialExecutor()
        return ProcessExecutor(workers, lost=lost_worker)

    def _usual_workers(self) -> int:
        # A Whisper model uses all cores by itself, and each worker would hold one of its own.
        if self._settings.engine.startswith(("auto", "whisper", "faster-whisper")):
            return 1
        return _cores()

    def _tasks(self) -> Iterator[Task]:
        from speechqa.ingest.identity import Duplicate, deduplicate

        refused: list[Task] = []

        def sources() -> Iterator[CallSource]:
            for source in self._found:
                if isinstance(source, CallSource):
                    yield source
                else:
                    refused.append(self._refused(source.error, source.path, source.call_id))

        for item in deduplicate(sources()):
            yield from _drained(refused)
            if isinstance(item, Duplicate):
                name = printable(printable_path(item.source.path))
                self._duplicates.append(
                    f"{name} is named more than once, each time with other facts: the first holds."
                    if item.contrary
                    else f"{name} is the same recording as {printable(item.first_path)}, "
                    "which is the one analysed."
                )
                self.total -= 1
                continue
            found, source = item
            yield self._task(found or _digest("unreadable", source.path), source)
        yield from _drained(refused)

    def _task(self, identity: str, source: CallSource) -> Task:
        from speechqa.ingest.identity import file_digest
        from speechqa.pipeline.batch import Task, fingerprint, result_fingerprint

        words: object = None
        if source.transcript_path is not None:
            words = file_digest(source.transcript_path)
        else:
            words = self._engine_of(source)
        known = (source.call_id, source.metadata, source.agent_channel, source.agent_offset_s)
        placed = (source.channel_offsets_s, source.language, source.raw_format, source.raw_channels)
        files = tuple((file.role, file.offset_s) for file in source.files)
        diarizer = self._engines.diarizer.name if self._engines.diarizer is not None else None
        model, embedder = self._engines.arousal_model(), self._engines.embedder()
        own = [*([model.info] if model else []), *([embedder.name] if embedder else []), *key_mark()]
        input_digest = fingerprint(words, *known, *placed, files, diarizer, *own)
        roles = self._store.role_correction(identity)
        corrections = kept_corrections(self._store, identity)
        return Task(
            identity=identity,
            fingerprint=result_fingerprint(
                version=__version__,
                settings=self._settings,
                rubric_digest=self._engines.rubric.digest,
                input_digest=input_digest,
                roles=roles,
                words=corrections,
            ),
            source=replace(source, roles=roles, words=corrections) if roles or corrections else source,
            input_digest=input_digest,
        )

    def _engine_of(self, source: CallSource) -> EngineInfo | None:
        language = self._language or source.language
        try:
            engine = self._engines.transcriber_for(None if language == "auto" else language)
        except ModelError:
            return None  # the call itself fails with this, and says so
        return engine.info if engine is not None else None

    @staticmethod
    def _refused(error: SpeechQAError, path: str | None, call_id: str | None) -> Task:
        from speechqa.pipeline.batch import Task, failure_from

        name = path or call_id or "unnamed"
        return Task(
            identity=_digest("refused", name, error.message),
            fingerprint="",
            source=CallSource(files=(PartyFile(path=name),), call_id=call_id),
            problem=failure_from(error),
        )


@contextmanager
def open_batch(
    paths: Sequence[str],
    *,
    settings: Settings,
    store_url: str,
    workers: int | None = None,
    manifest: str | None = None,
    transcripts: str | None = None,
    name_pattern: str | None = None,
    report: Path | None = None,
) -> Iterator[Batch]:
    """Prepare a batch: everything that can be wrong with it as a whole is found before any work.

    Raises
    ------
    UsageError, ConfigurationError, ModelError, StoreError, ReportError
        Each with its own exit code.
    """
    from sqlalchemy import make_url

    from speechqa.ingest.discover import discover

    found = discover(
        paths,
        manifest=manifest,
        transcripts=transcripts,
        name_pattern=name_pattern,
        agent_channel=settings.agent_channel,
        raw_format=settings.raw_format,
        raw_channels=settings.raw_channels,
    )
    if report is not None:
        ReportFolder(report)  # says so where it cannot be written
    with open_store(store_url) as store:
        name = make_url(store_url).render_as_string(hide_password=True)
        yield Batch(found, settings=settings, store=store, store_name=name, workers=workers, report=report)


def _drained(tasks: list[Task]) -> Iterator[Task]:
    while tasks:
        yield tasks.pop(0)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
