"""A generated year of one customer's calls and one agent's, with planted promises, stages and fatigue.

    python -m benchmarks.year --seeds 40

Each call is words, read by the shipped rubric; documents go through a store and come back as the commands
`customers` and `agent` see them. What was planted must be found, and nothing else; with days missing from the
log nothing that the missing calls could change may be told. The wording is the project's own, and so are the
phrases that find it: what is counted here is whether calls are put together rightly, not whether real words
are met.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from benchmarks.year_words import Scene, greeting, scenes
from speechqa.assembly import open_store
from speechqa.assembly.customers import LogAsked, history
from speechqa.core.analysis import CallAnalysis, Provenance, Signals
from speechqa.core.customers import CustomerHistory
from speechqa.core.rubric import Rubric
from speechqa.core.source import CallMetadata
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, find_signals, load_rubric
from speechqa.store.sql import SqlStore

CUSTOMER = "k1"
FIRST = date(2025, 12, 1)
_SPACE = (17, 26)
_DUE_DAYS = {"tomorrow": 1, "three": 3, "five": 5}


GENERATED = Provenance(
    speechqa="0",
    rubric="service@0",
    rubric_digest="generated",
    settings_digest="generated",
    model_digest=None,
    profile="eu",
    run_id="generated",
    created_at="2026-01-01T00:00:00Z",
)
"""Of every document that is made up here."""


class Call(NamedTuple):
    """One call of the customer: when, who began it, and what was said."""

    number: int
    day: date
    outbound: bool
    turns: tuple[tuple[str, str], ...]

    @property
    def call_id(self) -> str:
        """As in the store."""
        return f"y{self.number:03d}"


class Year(NamedTuple):
    """A customer's calls, and what was planted: (call, deed, outcome) and (call, before, after)."""

    language: str
    calls: tuple[Call, ...]
    promises: frozenset[tuple[str, str, str]]
    steps: tuple[tuple[str, int, int], ...]
    ends: date


class _Writer:
    """Writes a life: chapters one after the other, each with what it should come to."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self.rng, self.language = rng, language
        self.words = scenes(language)
        self.calls: list[Call] = []
        self.promises: list[tuple[str, str, str]] = []
        self.steps: list[tuple[str, int, int]] = []
        self.day, self.stage = FIRST + timedelta(days=rng.randint(5, 12)), 1

    def say(self, name: str, *, outbound: bool = False, more: Sequence[Scene] = ()) -> str:
        """A call of one scene, or of several in a row."""
        turns = [*greeting(self.language, self.rng, outbound=outbound)]
        for scene in (self.rng.choice(self.words[name]), *more):
            turns += scene
        turns += self.rng.choice(self.words["goodbye"])
        call = Call(len(self.calls), self.day, outbound, tuple(turns))
        self.calls.append(call)
        return call.call_id

    def later(self, days: int | None = None) -> None:
        """Time goes by."""
        self.day += timedelta(days=self.rng.randint(*_SPACE) if days is None else days)

    def to(self, stage: int, call_id: str) -> None:
        """The customer is at a stage from that call on."""
        if stage != self.stage:
            self.steps.append((call_id, self.stage, stage))
            self.stage = stage

    def promise(self, deed: str, outcome: str) -> None:
        """A promise, and what comes of it."""
        when = self.rng.choice(tuple(_DUE_DAYS))
        made = self.say(f"problem_{deed}", more=(self.words[f"promise_{deed}_{when}"][0],))
        due = _DUE_DAYS[when]
        if outcome == "kept" and deed == "call":
            self.later(self.rng.randint(1, due))
            self.say("rings_back", outbound=True)
        elif outcome == "kept":
            self.later(due + self.rng.randint(3, 6))
            self.say(f"done_{deed}")
        elif outcome == "broken":
            self.later(due + self.rng.randint(5, 9))
            told = self.say(f"undone_{deed}")
            self.to(max(self.stage, 2), told)
        self.promises.append((made, deed, outcome))


def year_of(seed: int) -> Year:
    """A year; the same seed gives the same."""
    rng = random.Random(seed)
    language = ("en", "he")[seed % 2]
    write = _Writer(rng, language)
    chapters = [
        *(("promise", deed, rng.choice(("kept", "broken", "open"))) for deed in _shuffled(rng)),
        *(("plain", "", "") for _ in range(4)),
        *(("lookalike", "", "") for _ in range(3)),
        ("hurt", "", ""),
        ("mended", "", ""),
    ]
    rng.shuffle(chapters)
    for kind, deed, outcome in chapters:
        if kind == "promise":
            write.promise(deed, outcome)
        elif kind in ("plain", "lookalike"):
            write.say(kind)
        elif kind == "hurt":
            told = write.say("hurt")
            write.to(max(write.stage, 2), told)
        elif write.stage == 2:
            write.to(1, write.say("mended"))
        write.later()
    for kind in ("against", "stays", "mainly", "gone")[: rng.choice((0, 1, 2, 4))]:
        told = write.say(kind)
        write.to({"against": 3, "stays": 2, "mainly": 4, "gone": 5}[kind], told)
        write.later()
    ends = write.day
    return Year(language, tuple(write.calls), frozenset(write.promises), tuple(write.steps), ends)


def _shuffled(rng: random.Random) -> list[str]:
    deeds = ["call", "visit", "money", "goods", "word"]
    rng.shuffle(deeds)
    return deeds[: rng.randint(3, 5)]


@cache
def _rubric() -> Rubric:
    return load_rubric()


@cache
def _signals(language: str, turns: tuple[tuple[str, str], ...]) -> Signals:
    said = tuple(Turn(speaker=who, text=text) for who, text in turns)
    transcript = Transcript(language=language, engine="imported", turns=said)
    return find_signals(CallView(transcript=transcript, language=language), _rubric())


def stored(store: SqlStore, year: Year, *, without: tuple[date, date] | None = None) -> None:
    """Put a year into a store, beside calls of others every third day; without those of some days."""
    documents = [*_own(year), *_of_others(year.ends)]
    for document in documents:
        day = date.fromisoformat((document.metadata.started_at or "")[:10])
        if without is None or not without[0] <= day <= without[1]:
            store.put(document.call_id, "generated", document)


def _own(year: Year) -> Iterator[CallAnalysis]:
    for call in year.calls:
        said = tuple(Turn(speaker=who, text=text) for who, text in call.turns)
        yield _document(
            call.call_id,
            call.day,
            CUSTOMER,
            "outbound" if call.outbound else "inbound",
            Transcript(language=year.language, engine="imported", turns=said),
            _signals(year.language, call.turns),
        )


def _of_others(until: date) -> Iterator[CallAnalysis]:
    empty = Transcript(language="en", engine="imported", turns=())
    for at in range(0, (until - FIRST).days + 1, 3):
        yield _document(f"other{at}", FIRST + timedelta(days=at), "k2", "inbound", empty, Signals())


def _document(
    call_id: str, day: date, customer: str, direction: str, said: Transcript, signals: Signals
) -> CallAnalysis:
    at = datetime.combine(day, datetime.min.time()).replace(hour=10)
    return CallAnalysis(
        call_id=call_id,
        path=f"{call_id}.json",
        metadata=CallMetadata(
            agent_id="a1", customer_id=customer, started_at=at.isoformat(), direction=direction
        ),
        transcript=said,
        signals=signals,
        provenance=GENERATED,
    )


def found_in(year: Year, *, without: tuple[date, date] | None = None) -> CustomerHistory:
    """What the command tells of a year, at its end."""
    with open_store("sqlite://", create=True) as store:
        stored(store, year, without=without)
        asked = LogAsked(year.ends.isoformat(), complete=True)
        return history(store, CUSTOMER, asked=asked, by="benchmark")


def promises_in(found: CustomerHistory) -> frozenset[tuple[str, str, str]]:
    """Each promise as (call, deed, outcome)."""
    return frozenset(
        (made.call_id, made.deed or "", made.outcome) for one in found.calls for made in one.promises
    )


def steps_in(found: CustomerHistory) -> tuple[tuple[str, int, int], ...]:
    """Each step as (call, before, after)."""
    return tuple((s.call_id, s.before, s.after) for s in found.churn.steps) if found.churn else ()


def main() -> None:
    """Print what was planted, found and invented, and what a gap leaves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="Print each difference.")
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    for seed in range(asked.first, asked.first + asked.seeds):
        year = year_of(seed)
        found = found_in(year)
        told, steps = promises_in(found), steps_in(found)
        counts["calls"] += len(year.calls)
        counts["promises planted"] += len(year.promises)
        counts["promises found"] += len(year.promises & told)
        counts["promises invented"] += len(told - year.promises)
        counts["steps planted"] += len(year.steps)
        counts["steps found"] += len(set(year.steps) & set(steps))
        counts["steps invented"] += len(set(steps) - set(year.steps))
        if asked.show:
            _differences(seed, year, told, steps)
        middle = year.calls[len(year.calls) // 2].day
        gap = found_in(year, without=(middle, middle + timedelta(days=9)))
        counts["gaps"] += 1
        counts["stages told in spite of a gap"] += gap.churn is None or gap.churn.stage is not None
        counts["promises settled across a gap"] += sum(
            made.outcome in ("kept", "broken") and _spans(year, made.call_id, made.later[-1].call_id, middle)
            for one in gap.calls
            for made in one.promises
        )
    for name, count in counts.items():
        print(f"{count:6,}  {name}")


def _spans(year: Year, made: str, told: str, middle: date) -> bool:
    days = {call.call_id: call.day for call in year.calls}
    return days[made] <= middle + timedelta(days=9) and days[told] >= middle


def _differences(
    seed: int, year: Year, told: frozenset[tuple[str, str, str]], steps: tuple[tuple[str, int, int], ...]
) -> None:
    lines = {call.call_id: " / ".join(text for _, text in call.turns) for call in year.calls}
    for name, ones in (("missed", year.promises - told), ("invented", told - year.promises)):
        for one in sorted(ones):
            print(f"{seed} {name} {one}\n      {lines[one[0]]}")
    for name, those in (("missed", set(year.steps) - set(steps)), ("invented", set(steps) - set(year.steps))):
        for step in sorted(those):
            print(f"{seed} {name} {step}\n      {lines[step[0]]}")


if __name__ == "__main__":
    main()
