"""Short calls that one worker works on at once, so that an engine hears what is said in all of them together.

Each call runs in a greenlet, a function that can be left and gone on with: the calls of a group take turns in
one thread, always the same, and no two of them compute at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from speechqa.core.segment import Timeline, seconds
from speechqa.pipeline.batch import Task, Worked
from speechqa.pipeline.engines import Engines
from speechqa.places.urls import is_url
from speechqa.protocols import (
    CallAudio,
    EngineInfo,
    Recognition,
    Settled,
    Spoken,
    Together,
    Transcriber,
    TranscriberOfSeveral,
)

T = TypeVar("T")

MOST_CALLS = 4
"""Calls of a group at most: of one minute each they fill two batches of a core."""

SHORT_BYTES = 4 << 20
"""Bytes of a recording that may be short: two minutes of two telephone channels, uncompressed."""

SHORT_S = 180.0
"""Seconds of speech of all channels up to which a call waits for others; more fills batches by itself."""

_GROUPS_LEFT = 3
"""Groups for each worker that what is left must make: at the end none waits long for another's group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Which calls of a batch are worked on together.

    Attributes
    ----------
    by : callable
        Works on the tasks of a group.
    calls : callable
        How many calls the batch has, as far as is known by then.
    workers : int
        Processes that work at the same time.
    """

    by: Callable[[tuple[Task, ...]], Iterator[Worked]]
    calls: Callable[[], int]
    workers: int

    def of(self, items: Iterable[Task | Settled]) -> Iterator[Task | Settled | Together]:
        """The items, short calls among them together; no result depends on which, and none is held back."""
        held: list[Task] = []
        for gone, item in enumerate(items, start=1):
            if isinstance(item, Settled):
                yield from self._group(held)
                held = []
                yield item
            elif not _may_be_short(item):
                yield item
            else:
                held.append(item)
                if len(held) >= self._size(self.calls() - gone):
                    yield from self._group(held)
                    held = []
        yield from self._group(held)

    def _size(self, left: int) -> int:
        return MOST_CALLS if self.workers == 1 else min(MOST_CALLS, left // (_GROUPS_LEFT * self.workers))

    def _group(self, held: Sequence[Task]) -> Iterator[Task | Together]:
        if len(held) > 1:
            yield Together(tuple(held), self.by)
        else:
            yield from held


def _may_be_short(task: Task) -> bool:
    """Whether a call needs an engine and may be short; one from afar may be long in coming."""
    source = task.source
    here = not any(is_url(file.path) for file in source.files)
    return here and task.problem is None and source.transcript_path is None and task.size <= SHORT_BYTES


class Meeting(Generic[T]):
    """Where the calls of a group wait for one another's words."""

    def engines(self, engines: Engines) -> Engines:
        """Engines of which those that hear several calls at once do so for the calls of this meeting."""

        def meeting(language: str | None) -> Transcriber | None:
            engine = engines.transcriber_for(language)
            return _Met(engine) if isinstance(engine, TranscriberOfSeveral) else engine

        return replace(engines, transcriber_for=meeting)

    def run(self, works: Sequence[Callable[[], T]]) -> Iterator[T]:
        """What comes of each, in order, given as soon as it and those before it are done.

        Each goes on until it is done or needs words; when none is left that could go on, they have them.
        """
        from greenlet import greenlet

        calls = [greenlet(work) for work in works]
        states: list[Any] = [call.switch() for call in calls]
        waiting = [at for at, state in enumerate(states) if isinstance(state, _Wanted)]
        answers = dict(zip(waiting, _heard([states[at] for at in waiting]), strict=True))
        for at, call in enumerate(calls):
            if at in answers:
                states[at] = call.switch(answers.pop(at))
            while isinstance(states[at], _Wanted):  # it needs other words, too
                states[at] = call.switch(*_heard([states[at]]))
            yield states[at]
            states[at] = None


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    engine: TranscriberOfSeveral
    spoken: Spoken


class _Met:
    """An engine that leaves the call it is asked by until other calls ask as well."""

    def __init__(self, engine: TranscriberOfSeveral) -> None:
        self._engine = engine

    @property
    def info(self) -> EngineInfo:
        return self._engine.info

    def transcribe(
        self, audio: CallAudio, speech: Sequence[Timeline], *, language: str | None
    ) -> Recognition:
        from greenlet import getcurrent

        if sum(map(seconds, speech)) > SHORT_S:
            return self._engine.transcribe(audio, speech, language=language)
        answer = getcurrent().parent.switch(_Wanted(self._engine, Spoken(audio, speech, language)))
        if isinstance(answer, Exception):
            raise answer
        found: Recognition = answer
        return found


def _heard(wanted: Sequence[_Wanted]) -> list[Recognition | Exception]:
    answers: dict[int, Recognition | Exception] = {}
    for engine in dict.fromkeys(one.engine for one in wanted):
        its = [at for at, one in enumerate(wanted) if one.engine is engine]
        found = engine.transcribe_several([wanted[at].spoken for at in its])
        answers.update(zip(its, found, strict=True))
    return [answers[at] for at in range(len(wanted))]
