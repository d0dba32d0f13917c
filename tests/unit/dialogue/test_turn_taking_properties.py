from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.core.dialogue import Dialogue, RoleAssignment, WaitingSound
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.transcript import Turn, Word
from speechqa.dialogue.limits import Limits
from speechqa.dialogue.measures import measure

ROLES = {
    "A": RoleAssignment(role="agent", confidence=1.0, source="manifest"),
    "B": RoleAssignment(role="customer", confidence=1.0, source="manifest"),
}
SAID = (
    "yes",
    "okay mm",
    "I bought it on",
    "what I wanted to know is whether the -",
    "it does not work because",
    "where do you live?",
    "Thank you, bye.",
    "the box is red.",
    "one moment please I will look",
    "כן",
    "אני רוצה לדעת אם",
    "",
)
# Small floors, so that the short calls drawn here reach every measure.
LIMITS = Limits(min_speech_s=0.5, min_other_speech_s=1.0, min_hebrew_words=1, monologue_s=5.0)


class Call(NamedTuple):
    turns: tuple[Turn, ...]
    lines: dict[str, Timeline]
    waiting: tuple[WaitingSound, ...]

    @property
    def end(self) -> float:
        return max(segment.end for line in self.lines.values() for segment in line)


ms = st.integers(min_value=0, max_value=60_000)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    lines: dict[str, Timeline] = {}
    turns: list[Turn] = []
    worded = draw(st.booleans())
    # Even starts for one party, odd for the other: with equal starts nobody comes in over the other. Some of
    # the second party's come right after the first has stopped.
    ends: list[int] = []
    for parity, party in enumerate("AB"):
        starts = ms.map(lambda a: 2 * a)
        if ends:
            starts = st.one_of(starts, st.sampled_from(ends).map(lambda a: a // 2 * 2 + 100))
        pieces = draw(st.lists(st.tuples(starts, st.integers(100, 9000)), min_size=1, max_size=8))
        line = union(Segment((a + parity) / 1000, (a + parity + n) / 1000) for a, n in pieces)
        ends = [round(segment.end * 1000) for segment in line]
        lines[party] = line
        for segment in line:
            text = draw(st.sampled_from(SAID))
            turns.append(
                Turn(
                    speaker="unknown",
                    party=party,
                    start=segment.start,
                    end=segment.end,
                    text=text,
                    words=_words(text, segment) if worded else (),
                )
            )
    sounds = draw(st.lists(st.tuples(ms, st.integers(200, 30_000)), max_size=3))
    kinds = st.sampled_from(("music", "tones", "ringing"))
    waiting = tuple(
        WaitingSound(start=2 * a / 1000, end=(2 * a + n) / 1000, kind=draw(kinds)) for a, n in sounds
    )
    return Call(tuple(sorted(turns, key=lambda t: t.start or 0.0)), lines, waiting)


def _words(text: str, segment: Segment) -> tuple[Word, ...]:
    parts = text.split()
    start, length = round(segment.start * 1000), round(segment.duration * 1000)
    return tuple(
        Word(
            text=part,
            start=(start + length * i // len(parts)) / 1000,
            end=(start + length * (i + 1) // len(parts)) / 1000,
        )
        for i, part in enumerate(parts)
    )


def run(
    call: Call, *, sound: bool, words: bool, roles: Any = None, duration: float | None = None
) -> Dialogue:
    return measure(
        call.turns,
        call.lines if sound else None,
        ROLES if roles is None else roles,
        duration,
        words_available=words,
        waiting=call.waiting if sound else None,
        limits=LIMITS,
    )


def swapped(call: Call) -> Call:
    other = {"A": "B", "B": "A"}
    turns = tuple(msgspec.structs.replace(t, party=other[t.party or ""]) for t in call.turns)
    return Call(turns, {other[p]: line for p, line in call.lines.items()}, call.waiting)


def plainly(d: Dialogue) -> Any:
    plain = msgspec.json.decode(msgspec.json.encode(d))
    plain["not_assessed"].sort(key=str)
    return plain


def mirrored(d: Dialogue) -> Any:
    names = {"A": "B", "B": "A", "agent": "customer", "customer": "agent"}

    def swap(value: Any) -> Any:
        if isinstance(value, dict):
            return {names.get(k, k): swap(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [swap(v) for v in value]
        if isinstance(value, str):
            head, dot, tail = value.partition(".")
            return head + dot + names.get(tail, tail) if dot else names.get(value, value)
        return value

    plain = swap(plainly(d))
    plain["not_assessed"].sort(key=str)
    return plain


@settings(max_examples=80, deadline=None)
@given(calls(), st.booleans(), st.booleans())
def test_swapping_parties_mirrors_everything(call: Call, sound: bool, words: bool) -> None:
    # Without roles the letters swap.
    here = run(call, sound=sound, words=words, roles={})
    there = run(swapped(call), sound=sound, words=words, roles={})
    assert mirrored(here) == plainly(there)
    # With roles that stay on the letters, the roles swap too.
    here = run(call, sound=sound, words=words)
    there = run(swapped(call), sound=sound, words=words)
    one_agent = {"holds", "dead_air", "queue_wait_seconds", "queue_wait_source", "response_latency"}
    mirror, plain = mirrored(here), plainly(there)
    # Only an agent puts somebody on hold and only an agent answers a call, so these follow the agent.
    for name in one_agent:
        mirror.pop(name), plain.pop(name)
    for found in (mirror, plain):
        found["not_assessed"] = [
            m for m in found["not_assessed"] if m["measure"].partition(".")[0] not in OF_AGENT
        ]
    assert mirror == plain
    # With roles that follow the people, only the letters change.
    followed = run(swapped(call), sound=sound, words=words, roles={"A": ROLES["B"], "B": ROLES["A"]})
    for name in here.__struct_fields__:
        if name not in {"speech", "overlaps", "cut_offs"}:
            assert getattr(followed, name) == getattr(here, name), name


OF_AGENT = {"queue_wait_seconds", "response_latency", "response_latency_p90"}


def moved(value: Any, by_ms: int) -> Any:
    """A plain dialogue with every time later; what is before the first word starts at 0 all the same."""
    later = {"start", "end", "time"}
    if isinstance(value, dict):
        return {
            k: shifted(v, by_ms) if k in later and isinstance(v, float | int) else moved(v, by_ms)
            for k, v in value.items()
        }
    return [moved(v, by_ms) for v in value] if isinstance(value, list) else value


def shifted(time: float, by_ms: int) -> float:
    return (round(time * 1000) + by_ms) / 1000


def shifted_segment(segment: Segment, by_ms: int) -> Segment:
    return Segment(shifted(segment.start, by_ms), shifted(segment.end, by_ms))


def later_turn(turn: Turn, by_ms: int) -> Turn:
    words = tuple(
        msgspec.structs.replace(w, start=shifted(w.start or 0.0, by_ms), end=shifted(w.end or 0.0, by_ms))
        for w in turn.words
    )
    return msgspec.structs.replace(
        turn, start=shifted(turn.start or 0.0, by_ms), end=shifted(turn.end or 0.0, by_ms), words=words
    )


def delayed(call: Call, by_ms: int, *, after: float = -1.0) -> Call:
    """The call with everything that starts after a time so much later."""
    return Call(
        tuple(later_turn(t, by_ms) if (t.start or 0.0) > after else t for t in call.turns),
        {
            p: tuple(shifted_segment(s, by_ms) if s.start > after else s for s in line)
            for p, line in call.lines.items()
        },
        tuple(
            msgspec.structs.replace(w, start=shifted(w.start, by_ms), end=shifted(w.end, by_ms))
            if w.start > after
            else w
            for w in call.waiting
        ),
    )


@settings(max_examples=100, deadline=None)
@given(calls(), st.integers(1, 5_000_000), st.booleans(), st.booleans())
def test_shifting_time_changes_only_times(call: Call, by_ms: int, sound: bool, words: bool) -> None:
    here = plainly(run(call, sound=sound, words=words))
    there = plainly(run(delayed(call, by_ms), sound=sound, words=words))
    expected = moved(here, by_ms)
    expected["speech"] = {
        p: [[shifted(a, by_ms), shifted(b, by_ms)] for a, b in line] for p, line in here["speech"].items()
    }
    for found in (expected, there):
        # The silence before the first word grows, or is listed at last.
        found["silences"] = [s for s in found["silences"] if s["after"] is not None]
        found.pop("silence_seconds")
    assert expected == there


@settings(max_examples=60, deadline=None)
@given(calls(), st.integers(3001, 100_000))
def test_silence_at_the_end_adds_silence_only(call: Call, more_ms: int) -> None:
    call = call._replace(waiting=())
    here = run(call, sound=True, words=True, duration=call.end)
    there = run(call, sound=True, words=True, duration=call.end + more_ms / 1000)
    assert there.silences[:-1] == here.silences
    assert there.silences[-1].before is None
    blank = {"silences": (), "silence_seconds": None}
    assert msgspec.structs.replace(here, **blank) == msgspec.structs.replace(there, **blank)


@settings(max_examples=100, deadline=None)
@given(calls(), st.integers(1, 100_000), st.data())
def test_silence_in_a_silence_adds_silence_only(call: Call, more_ms: int, data: st.DataObject) -> None:
    call = call._replace(waiting=())
    here = run(call, sound=True, words=True)
    inside = [s for s in here.silences if s.after is not None and s.before is not None]
    if not inside:
        return
    grown = data.draw(st.sampled_from(inside))
    there = run(delayed(call, more_ms, after=grown.start), sound=True, words=True)
    for name in (
        "talk_seconds",
        "talk_share",
        "interruptions",
        "interruption_seconds",
        "interruptions_per_10min",
        "longest_monologue_seconds",
        "monologues",
        "words_per_minute",
        "syllables_per_second",
        "speaker_changes",
    ):
        assert getattr(there, name) == getattr(here, name), name
    assert [(o.kind, o.by, o.rule) for o in there.overlaps] == [(o.kind, o.by, o.rule) for o in here.overlaps]
    assert [(c.by, c.rule, c.quote) for c in there.cut_offs] == [
        (c.by, c.rule, c.quote) for c in here.cut_offs
    ]
    assert len(there.silences) == len(here.silences)
    assert there.silence_seconds == round((here.silence_seconds or 0.0) + more_ms / 1000, 3)
