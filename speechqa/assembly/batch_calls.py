"""The calls of a batch: counted, and made into tasks that say all that their results depend on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from speechqa.assembly.claims import Claims, claimed_id
from speechqa.assembly.corrections import kept_corrections
from speechqa.assembly.gone_through import Remarks
from speechqa.assembly.numbers import key_mark
from speechqa.config import Settings
from speechqa.core.incidents import Incident, digest_of, near
from speechqa.core.plain import printable
from speechqa.core.source import CallSource, PartyFile, printable_path
from speechqa.errors import CallNotFound, ModelError, SpeechQAError
from speechqa.pipeline.batch import Task, failure_from, fingerprint, result_fingerprint
from speechqa.places.urls import is_url
from speechqa.protocols import EngineInfo
from speechqa.version import __version__

if TYPE_CHECKING:
    from speechqa.ingest.discover import Discovery
    from speechqa.pipeline.engines import Engines
    from speechqa.store.sql import SqlStore

_USUAL_BYTES = 2**20
"""What a recording elsewhere counts for in the time left: a telephone call of some minutes."""


class BatchCalls:
    """What was found to analyse, gone through once to count it and once to make tasks of it.

    Attributes
    ----------
    total, size : int
        Calls, and bytes of their recordings; those told to be the same as others leave both.
    with_words, without_words : int
        Calls that have a transcript, and that need an engine.
    languages : frozenset of str or None
        Languages of the calls that need an engine.
    duplicates : Remarks
        Recordings that are the same as others, so far.
    """

    def __init__(
        self,
        found: Discovery,
        *,
        settings: Settings,
        engines: Engines,
        store: SqlStore,
        incidents: tuple[Incident, ...] | None = None,
    ) -> None:
        self._incidents = incidents
        self._found, self._settings, self._engines, self._store = found, settings, engines, store
        self.language = None if settings.language == "auto" else settings.language
        self.total = self.size = self.with_words = self.without_words = 0
        self.languages: frozenset[str | None] = frozenset()
        self._claims = Claims()
        self.duplicates = Remarks("recordings are the same as others, or named with other facts")
        for source in found:
            self.total += 1
            if not isinstance(source, CallSource):
                continue
            self.size += _size_of(source)
            self._claims.add(source)
            if source.transcript_path is not None:
                self.with_words += 1
            else:
                self.without_words += 1
                self.languages |= {self._language_of(source)}

    def tasks(self) -> Iterator[Task]:
        """A task for each call, made when it is asked for; a recording named twice is one call."""
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
                self.size -= _size_of(item.source)
                self.duplicates.add(
                    f"{name} is named more than once, each time with other facts: the first holds."
                    if item.contrary
                    else f"{name} is the same recording as {printable(item.first_path)}, "
                    "which is the one analysed."
                )
                self.total -= 1
                continue
            found, source = item
            identity = found or _digest("unreadable", source.path)
            problem = self._claims.against(source)
            if problem is None or self._kept_under(source, identity):
                yield self._task(identity, source)
            else:
                # Under an id of its own: the claimed one is nobody's.
                own = replace(source, call_id=None)
                yield Task(
                    identity=identity, fingerprint="", source=own, problem=problem, size=_size_of(source)
                )
        yield from _drained(refused)

    def _kept_under(self, source: CallSource, identity: str) -> bool:
        """Whether the store has this very recording under the id it claims: then the others are wrong."""
        with suppress(CallNotFound):
            return self._store.identity(claimed_id(source) or "") == identity
        return False

    def _task(self, identity: str, source: CallSource) -> Task:
        from speechqa.ingest.identity import file_digest

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
        incidents = self._incidents
        started = source.metadata.started_at
        if incidents and started is not None:
            # Without one the transcript may still say it.
            incidents = near(incidents, started)
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
                incidents=digest_of(incidents or ()),
            ),
            source=replace(source, roles=roles, words=corrections) if roles or corrections else source,
            input_digest=input_digest,
            size=_size_of(source),
            incidents=incidents,
        )

    def _engine_of(self, source: CallSource) -> EngineInfo | None:
        try:
            engine = self._engines.transcriber_for(self._language_of(source))
        except ModelError:
            return None  # the call itself fails with this, and says so
        return engine.info if engine is not None else None

    def _language_of(self, source: CallSource) -> str | None:
        language = self.language or source.language
        return None if language == "auto" else language

    @staticmethod
    def _refused(error: SpeechQAError, path: str | None, call_id: str | None) -> Task:
        name = path or call_id or "unnamed"
        return Task(
            identity=_digest("refused", name, error.message),
            fingerprint="",
            source=CallSource(files=(PartyFile(path=name),), call_id=call_id),
            problem=failure_from(error),
        )


def _drained(tasks: list[Task]) -> Iterator[Task]:
    while tasks:
        yield tasks.pop(0)


def _size_of(source: CallSource) -> int:
    """Bytes of a call's files, 0 for those that are not there, a guess for those elsewhere."""
    size = 0
    for file in source.files:
        size += _USUAL_BYTES if is_url(file.path) else 0
        with suppress(OSError, ValueError):
            size += os.stat(file.path).st_size  # noqa: PTH116 - hostile names stay text
    return size


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
