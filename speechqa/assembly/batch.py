"""A batch as a command runs it: calls found, told from those done, analysed, kept and reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from speechqa.assembly.batch_calls import BatchCalls
from speechqa.assembly.batch_workers import executor_here, hears_several, usual_workers
from speechqa.assembly.caching import tidy_cache, trouble_words
from speechqa.assembly.cluster import ClusterWanted, on_cluster
from speechqa.assembly.engines import build_engines, new_stamp, open_store, work, work_together
from speechqa.assembly.gone_through import GoneThrough
from speechqa.assembly.incidents import incidents_of
from speechqa.assembly.of_record import document_of_record, with_record
from speechqa.assembly.periods import standing_instead, standing_words
from speechqa.assembly.reporting import Report, ReportWanted
from speechqa.assembly.reporting.folder import ReportFolder
from speechqa.assembly.reviews import standings_of
from speechqa.config import Settings
from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.machine import cores
from speechqa.core.plain import printable
from speechqa.core.review import Standing
from speechqa.errors import ModelError, UsageError
from speechqa.protocols import CallSummary, EngineInfo, Executor

if TYPE_CHECKING:
    from speechqa.ingest.discover import Discovery
    from speechqa.pipeline.batch import Grouping, Outcome
    from speechqa.pipeline.judgement import RunStamp
    from speechqa.store.sql import SqlStore


PRESSING = 50
"""Weight from which a reason to listen makes a call one to hear first: conduct, signals, interruptions."""


class Batch:
    """One run over many calls; made by `open_batch`.

    Attributes
    ----------
    calls : BatchCalls
        The calls, and what they need.
    done, already, failed : int
        Calls analysed now, done before, and failed, so far.
    size_gone, size_worked : int
        Bytes of the recordings gone through so far, and of those of them that were not done before.
    sound : float
        Seconds of sound in the calls analysed now, so far.
    lines : GoneThrough
        A line for each call gone through so far.
    """

    def __init__(  # noqa: PLR0913 - all that it is made of
        self,
        found: Discovery,
        *,
        settings: Settings,
        store: SqlStore,
        store_name: str,
        workers: int | None,
        report: Path | None,
        time_limit: float | None = None,
        cached: bool = True,
        incidents: str | None = None,
    ) -> None:
        self._cached = cached
        self._found = found
        self._settings = settings
        self._store = store
        self._workers = workers
        self._report = report
        self._engines = build_engines(settings)
        self._time_limit = time_limit
        self._executor: Executor | None = None
        self._elsewhere: tuple[Executor, int] | None = None
        self._standing = 0
        self._at_once = 1
        self.calls = BatchCalls(
            found,
            settings=settings,
            engines=self._engines,
            store=store,
            incidents=incidents_of(incidents, self._engines.rubric),
        )
        self.lines = GoneThrough()
        self.store_name = store_name
        self.done = self.already = self.failed = 0
        self.size_gone = self.size_worked = 0
        self.sound = 0.0
        self._check()

    @property
    def total(self) -> int:
        """Calls to go through."""
        return self.calls.total

    @property
    def size(self) -> int:
        """Bytes of all recordings."""
        return self.calls.size

    def run_on(self, executor: Executor, *, threads: int) -> None:
        """Have calls run there instead of on this machine, each with so many cores."""
        self._elsewhere = executor, threads

    def _check(self) -> None:
        """Refuse a batch that has no engine and no transcript for any of its calls."""
        self._engines.arousal_model()
        self._engines.embedder()
        try:
            self._engine()
        except ModelError:
            if self.calls.without_words and not self.calls.with_words:
                raise

    def _engine(self) -> EngineInfo | None:
        engine = self._engines.transcriber_for(self.calls.language)
        return engine.info if engine is not None else None

    def outcomes(self) -> Iterator[Outcome]:
        """Go through all calls; each outcome is kept before it is given."""
        from speechqa.pipeline.batch import run
        from speechqa.store.projection import summary_of

        if self._cached:
            tidy_cache()
        stamp = new_stamp()
        workers = max(1, min(self._workers or self._usual_workers(), self.total))
        executor, threads = self._elsewhere or (self._here(workers), max(1, cores() // workers))
        self._executor, self._at_once = executor, workers
        given = self._settings, threads, stamp
        outcomes = run(
            self.calls.tasks(),
            store=self._store,
            executor=executor,
            work=partial(work, *given, cached=self._cached),
            together=self._groups(given, workers),
        )
        for outcome in map(self._as_it_counts, outcomes):
            self.done += outcome.state == "done"
            self.already += outcome.state == "already"
            self.failed += outcome.state == "failed"
            summary = outcome.summary
            if summary is None:
                summary = summary_of(outcome.document)
                if isinstance(outcome.document, CallAnalysis):
                    counted = document_of_record(self._store, outcome.document)
                    summary = with_record(summary, counted)
            self.lines.add(summary)
            self.size_gone += outcome.size
            if outcome.state != "already":
                self.size_worked += outcome.size
                self.sound += summary.duration or 0.0
            yield outcome

    @property
    def short_of_memory(self) -> str:
        """That fewer calls run at once than might, for memory is short; empty where it is not."""
        at_once, workers = getattr(self._executor, "at_once", None), self._at_once
        if at_once is None or at_once >= workers:
            return ""
        return f"memory is short: {at_once} of {workers} workers"

    def standings_to_show(self, document: Document, *, by: str) -> tuple[Standing, ...]:
        """Where each criterion of a call stands; the log has it first that somebody sees the call whole."""
        if not isinstance(document, CallAnalysis):
            return ()
        self._store.log("audit", call=document.call_id, actor=by, details={"format": "json"})
        return standings_of(self._store, document)

    def _as_it_counts(self, outcome: Outcome) -> Outcome:
        """Of a call whose period is closed the analysis that stands, where another one has come out now."""
        if outcome.summary is not None:
            return outcome  # what counts was recalled
        current = standing_instead(self._store, outcome.document)
        if current is None:
            return outcome
        from speechqa.pipeline.batch import outcome_of

        self._standing += 1
        return outcome_of("already", current, size=outcome.size)

    def listen_first(self, most: int = 3) -> tuple[CallSummary, ...]:
        """The calls a supervisor should hear before the others, the most pressing first."""
        return self.lines.pressing(PRESSING, most)

    @property
    def ignored(self) -> int:
        """Files in folders that are no recordings."""
        return self._found.counts.ignored

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else a person should know of the files."""
        standing = [standing_words(self._standing)]
        cache = trouble_words() if self._cached else ()
        return (
            *self._found.counts.remarks(),
            *self.calls.duplicates,
            *(standing if self._standing else ()),
            *cache,
        )

    @property
    def engine_words(self) -> str:
        """Which engine gave the words, and that it is a draft if it is; empty where none was needed."""
        if not self.calls.without_words:
            return ""
        try:
            info = self._engine()
        except ModelError as error:
            return f"No engine for calls without a transcript: {printable(error.what)}"
        if info is None:
            return "Engine none: calls without a transcript get voice measures only."
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
        return Report(self._store, self._report, wanted, workers=self._workers or cores())

    def _usual_workers(self) -> int:
        engine = None
        if self.calls.without_words:
            with suppress(ModelError):  # what needs no engine is done; the rest says what is missing
                engine = self._engine()
        return usual_workers(engine, calls=self.total)

    def _groups(self, given: tuple[Settings, int, RunStamp], workers: int) -> Grouping | None:
        """Short calls together, where they run on this machine in processes and the engine hears several."""
        from speechqa.pipeline.together import Groups

        with suppress(ModelError):
            if self._elsewhere is None and self.total > 1 and hears_several(self._engine()):
                by = partial(work_together, *given, cached=self._cached)
                return Groups(by=by, calls=lambda: self.total, workers=workers).of
        return None

    def _here(self, workers: int) -> Executor:
        return executor_here(workers, calls=self.total, time_limit=self._time_limit)


@contextmanager
def open_batch(  # noqa: PLR0913 - all that a batch is made of
    paths: Sequence[str],
    *,
    settings: Settings,
    store_url: str,
    workers: int | None = None,
    manifest: str | None = None,
    transcripts: str | None = None,
    name_pattern: str | None = None,
    report: Path | None = None,
    cluster: ClusterWanted | None = None,
    time_limit: float | None = None,
    cached: bool = True,
    incidents: str | None = None,
) -> Iterator[Batch]:
    """Prepare a batch: everything that can be wrong with it as a whole is found before any work.

    Parameters
    ----------
    workers : int, optional
        Calls at once; by default what suits the engine and the machine or cluster.
    cluster : ClusterWanted, optional
        Where calls run instead of on this machine, at most `workers` at once where that is given.
    time_limit : float, optional
        Seconds after which the analysis of a call on this machine is given up.
    cached : bool
        Whether stages are taken from this machine's cache, and kept there. On a cluster none are: a purge
        would not reach what lies on its nodes.
    incidents : str, optional
        A file of the organisation's incidents, or `none`.

    Raises
    ------
    UsageError, ConfigurationError, ClusterError, ModelError, StoreError, ReportError
        Each with its own exit code.
    """
    from speechqa.ingest.discover import discover
    from speechqa.store.opening import shown_url

    if cluster is not None and time_limit is not None:
        raise UsageError(
            "A cluster gives no call up after a time",
            found="--time-limit with --executor ray",
            expected="one of them",
        )
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
    with open_store(store_url) as store, ExitStack() as joined:
        name = shown_url(store_url)
        batch = Batch(
            found,
            settings=settings,
            store=store,
            store_name=name,
            workers=workers,
            report=report,
            time_limit=time_limit,
            cached=cached and cluster is None,
            incidents=incidents,
        )
        if cluster is not None and batch.total:
            there = on_cluster(cluster, settings, languages=batch.calls.languages, at_once=workers)
            batch.run_on(joined.enter_context(there), threads=cluster.cpus)
        yield batch
