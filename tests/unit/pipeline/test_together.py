"""Calls that wait for one another's words, and which of a batch do."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from speechqa.core.analysis import Failure
from speechqa.core.segment import Segment
from speechqa.core.source import CallSource, PartyFile
from speechqa.pipeline.batch import Task
from speechqa.pipeline.engines import Engines
from speechqa.pipeline.together import MOST_CALLS, SHORT_BYTES, SHORT_S, Groups, Meeting
from speechqa.protocols import EngineInfo, Recognition, Settled, Spoken, Together

pytest.importorskip("greenlet", reason="the extra `fast` is not installed")


class Told:
    """An engine that says what it was asked; for the language xx it fails."""

    info = EngineInfo(name="told", model="m", model_digest=None)

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def transcribe(self, audio: Any, speech: Any, *, language: str | None) -> Recognition:
        self.asked.append((audio,))
        return Recognition(language=f"{language} alone", channels=())

    def transcribe_several(self, calls: Sequence[Spoken]) -> list[Recognition | Exception]:
        self.asked.append(tuple(str(call.audio) for call in calls))
        return [
            ValueError(call.audio)
            if call.language == "xx"
            else Recognition(language=call.language, channels=())
            for call in calls
        ]


def engines(**by_language: Any) -> Engines:
    nothing: Any = SimpleNamespace()
    return Engines(
        decoder=nothing,
        voice_activity=nothing,
        pitch=nothing,
        rubric=nothing,
        transcriber_for=lambda language: by_language[str(language)],
    )


def call(meeting: Meeting[str], given: Engines, name: str, log: list[str], *, said_s: float = 9.0) -> str:
    """A call as `work` runs one: its errors are its own."""
    log.append(f"{name} begins")
    try:
        engine = meeting.engines(given).transcriber_for(name[:2])
        assert engine is not None
        assert engine.info.name == "told"
        audio: Any = name
        found = engine.transcribe(audio, [(Segment(0.0, said_s),)], language=name[:2])
    except ValueError as error:
        return f"failed {error}"
    finally:
        log.append(f"{name} ends")
    return f"{name} {found.language}"


def test_words_are_heard_when_no_call_can_go_on_and_each_has_its_own() -> None:
    one, other = Told(), Told()
    given = engines(he=one, en=other, xx=other)
    meeting: Meeting[str] = Meeting()
    log: list[str] = []
    names = ("he1", "en1", "xx1", "he2", "en2")
    works = [partial(call, meeting, given, name, log) for name in names]
    works.insert(1, lambda: "kept")
    found = meeting.run(works)
    assert next(found) == "he1 he"
    assert log == [*(f"{name} begins" for name in names), "he1 ends"]
    assert list(found) == ["kept", "en1 en", "failed xx1", "he2 he", "en2 en"]
    assert one.asked == [("he1", "he2")]
    assert other.asked == [("en1", "xx1", "en2")]


def test_a_long_call_waits_for_none_and_one_that_asks_again_is_heard_again() -> None:
    engine = Told()
    given, log = engines(he=engine), list[str]()
    meeting: Meeting[str] = Meeting()

    def twice() -> str:
        first = call(meeting, given, "he1", log)
        return first + call(meeting, given, "he2", log)

    works = [partial(call, meeting, given, "he0", log, said_s=SHORT_S + 1), twice]
    assert list(meeting.run(works)) == ["he0 he alone", "he1 hehe2 he"]
    assert engine.asked == [("he0",), ("he1",), ("he2",)]


def test_an_engine_that_hears_one_call_at_a_time_is_left_as_it_is() -> None:
    plain: Any = SimpleNamespace(info=Told.info, transcribe=lambda *_: None)
    met = Meeting[str]().engines(engines(he=plain, en=None)).transcriber_for
    assert met("he") is plain
    assert met("en") is None


def test_calls_that_are_given_up_give_back_what_they_hold() -> None:
    given, log = engines(he=Told(), en=Told()), list[str]()
    meeting: Meeting[str] = Meeting()

    def broken() -> str:
        raise KeyError("SPEECHQA_DEBUG")

    found = meeting.run([partial(call, meeting, given, "he1", log), broken])
    with pytest.raises(KeyError):
        next(found)
    del found
    gc.collect()
    assert log == ["he1 begins", "he1 ends"]


def task(number: int, *, size: int = 1000, path: str = "", **more: Any) -> Task:
    problem = more.pop("problem", None)
    source = CallSource(files=(PartyFile(path=path or f"{number}.wav"),), **more)
    return Task(identity=str(number), fingerprint="", source=source, size=size, problem=problem)


def grouped(items: list[Any], *, workers: int, calls: int | None = None) -> list[Any]:
    by: Any = list
    groups = Groups(by=by, calls=lambda: len(items) if calls is None else calls, workers=workers)
    return list(groups.of(iter(items)))


def flat(found: list[Any]) -> list[Any]:
    return [each for one in found for each in (one.items if isinstance(one, Together) else (one,))]


def test_groups_grow_smaller_towards_the_end_and_nothing_is_lost() -> None:
    items = [task(number) for number in range(60)]
    found = grouped(items, workers=2)
    sizes = [len(one.items) if isinstance(one, Together) else 1 for one in found]
    assert flat(found) == items
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[:5] == [MOST_CALLS] * 5
    assert sizes[-6:] == [1] * 6
    assert [len(one.items) for one in grouped(items[:6], workers=1)] == [4, 2]
    assert grouped(items[:1], workers=1) == items[:1]


def test_only_short_calls_here_that_need_an_engine_are_together() -> None:
    failure = Failure(type="E", message="m")
    apart = [
        task(1, size=SHORT_BYTES + 1),
        task(2, path="https://example.org/2.wav"),
        task(3, transcript_path="3.json"),
        task(4, problem=failure),
    ]
    short = [task(number) for number in range(5, 8)]
    found = grouped([short[0], *apart, short[1], short[2]], workers=1)
    assert found[:-1] == apart
    assert found[-1].items == tuple(short)


def test_a_call_is_not_held_while_those_done_before_are_gone_through() -> None:
    items = [task(0), task(1), Settled("a"), Settled("b"), task(2)]
    found = grouped(items, workers=1)
    assert found[0].items == (items[0], items[1])
    assert found[1:] == items[2:]
