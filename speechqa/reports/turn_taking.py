"""The measures and events of turn-taking in words: the same for terminal and page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from speechqa.core.dialogue import Dialogue, Separation
from speechqa.core.transcript import Turn
from speechqa.core.value import Value
from speechqa.reports.wording import clock, title

_SEPARATION: Final[Mapping[Separation, str]] = {
    "channel": "by channel",
    "voice": "by their voices on one channel",
    "transcript": "as the transcript says",
    "none": "not at all",
}
_FIGURES: Final = {
    "overlap_seconds": "both speak",
    "gap_seconds": "pause before the other",
    "into_turn_seconds": "into the other's turn",
    "left_seconds": "the other goes on",
    "of_seconds": "who is cut off spoke",
    "by_seconds": "who comes in speaks",
    "by_words": "words of who comes in",
    "by_new_words": "new words of who comes in",
    "of_words_left": "new words the other still says",
}
AROUND_S: Final = 1.5
"""What is said is quoted from this long before an event to this long after it."""
_INTERRUPTIONS: Final = ("interruption", "failed_interruption")


class Event(Value, frozen=True, kw_only=True):
    """Something that happened between the parties, ready to show.

    `confidence` is None for what is measured and not judged.
    """

    start: float
    end: float
    what: str
    who: str = ""
    confidence: float | None = None
    why: str = ""
    numbers: Mapping[str, float] = {}


class Said(Value, frozen=True, kw_only=True):
    """What a party says around an event."""

    who: str
    text: str


def separation(dialogue: Dialogue) -> str:
    """How the parties were told apart."""
    sure = dialogue.separation_confidence
    return _SEPARATION[dialogue.separation] + ("" if sure is None else f", confidence {sure:.2f}")


def party_measures(dialogue: Dialogue, who: str) -> Iterator[tuple[str, str]]:
    """What is measured of one party, each figure with its name."""
    seconds = dialogue.talk_seconds.get(who)
    if seconds is not None:
        share = dialogue.talk_share.get(who)
        yield "speaks", f"{seconds:.1f} s" + ("" if share is None else f" ({100 * share:.0f} %)")
    latency = dialogue.response_latency.get(who)
    if latency is not None and latency.median is not None:
        slow = "" if latency.p90 is None else f", nine in ten within {latency.p90:.1f} s"
        yield "answers after", f"{latency.median:.1f} s{slow} ({latency.n} times)"
    count = dialogue.interruptions.get(who)
    if count is not None:
        rate = dialogue.interruptions_per_10min.get(who)
        spent = dialogue.interruption_seconds.get(who)
        often = "" if rate is None else f", {rate:.1f} in ten minutes of the other's speech"
        yield "interrupts", f"{count} times{often}" + (f", {spent:.1f} s both speak" if spent else "")
    cuts = sum(cut.by == who for cut in dialogue.cut_offs)
    if cuts:
        yield "cuts off without overlap", f"{cuts} times, not counted as interruptions"
    longest = dialogue.longest_monologue_seconds.get(who)
    if longest is not None:
        many = dialogue.monologues.get(who, 0)
        yield "longest monologue", f"{longest:.1f} s" + (f", {many} of a minute and more" if many else "")
    words, syllables = dialogue.words_per_minute.get(who), dialogue.syllables_per_second.get(who)
    if words is not None:
        rate_of = "" if syllables is None else f", {syllables:.1f} syllables a second"
        yield "pace", f"{words:.0f} words a minute{rate_of}"


def call_measures(dialogue: Dialogue) -> Iterator[tuple[str, str]]:
    """What is measured of the call as a whole."""
    yield "parties told apart", separation(dialogue)
    if dialogue.speaker_changes is not None:
        yield "speaker changes", str(dialogue.speaker_changes)
    if dialogue.silence_seconds is not None:
        yield "silence", f"{dialogue.silence_seconds:.1f} s in {len(dialogue.silences)} over 3 s"
    if dialogue.dead_air:
        total = sum(silence.end - silence.start for silence in dialogue.dead_air)
        yield "dead air", f"{total:.1f} s in {len(dialogue.dead_air)}"
    if dialogue.holds:
        total = sum(hold.end - hold.start for hold in dialogue.holds)
        yield "holds", f"{total:.1f} s in {len(dialogue.holds)}"
    if dialogue.queue_wait_seconds is not None:
        source = f", by the {dialogue.queue_wait_source}" if dialogue.queue_wait_source else ""
        yield "queue wait", f"{dialogue.queue_wait_seconds:.1f} s{source}"
    if dialogue.overlapped:
        total = sum(stretch.end - stretch.start for stretch in dialogue.overlapped)
        yield "several at once on one channel", f"{total:.1f} s in {len(dialogue.overlapped)}"


def not_assessed(dialogue: Dialogue) -> tuple[tuple[str, str], ...]:
    """Reasons why something was not measured, each once, with what it holds for."""
    names: dict[str, list[str]] = {}
    for missing in dialogue.not_assessed:
        measure, _, who = missing.measure.partition(".")
        names.setdefault(missing.reason, []).append(title(measure) + (f" of {who}" if who else ""))
    return tuple((", ".join(found), reason) for reason, found in names.items())


def events(dialogue: Dialogue, *, all_overlaps: bool = True) -> tuple[Event, ...]:
    """Overlaps, cut-offs, silences and holds by time; without `all_overlaps`, those that matter most."""
    found = [
        Event(
            start=overlap.start,
            end=overlap.end,
            what=title(overlap.kind),
            who=f"{overlap.by} over {overlap.of}",
            confidence=overlap.confidence,
            why=overlap.rule,
            numbers=overlap.numbers,
        )
        for overlap in dialogue.overlaps
        if all_overlaps or overlap.kind in _INTERRUPTIONS
    ]
    found += [
        Event(
            start=cut.time,
            end=max(cut.time, cut.time + cut.numbers.get("gap_seconds", 0.0)),
            what="cut-off, no interruption",
            who=f"{cut.by} after {cut.of}",
            confidence=cut.confidence,
            why=f"{cut.rule}: “{cut.quote}”",
            numbers=cut.numbers,
        )
        for cut in dialogue.cut_offs
    ]
    dead = {(silence.start, silence.end) for silence in dialogue.dead_air}
    found += [
        Event(start=s.start, end=s.end, what="dead air", who=_between(s.after, s.before))
        for s in dialogue.dead_air
    ]
    if all_overlaps:
        found += [
            Event(start=s.start, end=s.end, what="silence", who=_between(s.after, s.before))
            for s in dialogue.silences
            if (s.start, s.end) not in dead
        ]
    found += [
        Event(
            start=hold.start,
            end=hold.end,
            what="hold, " + ("announced" if hold.kind == "told" else "unannounced"),
            why="; ".join(
                part
                for part in (
                    f"“{hold.quote}”" if hold.quote else "",
                    "" if hold.sound == "unknown" else f"{hold.sound} is heard",
                )
                if part
            ),
        )
        for hold in dialogue.holds
    ]
    return tuple(sorted(found, key=lambda event: (event.start, event.end, event.what)))


def _between(after: str | None, before: str | None) -> str:
    if after is None:
        return f"before {before} speaks" if before else ""
    return f"after {after}" + (f", before {before}" if before else "")


def figures(numbers: Mapping[str, float]) -> str:
    """The figures behind an event, each with its name.

    Examples
    --------
    >>> figures({"overlap_seconds": 0.52, "by_new_words": 3.0})
    'both speak 0.52 s, new words of who comes in 3'
    """
    order = {name: place for place, name in enumerate(_FIGURES)}
    return ", ".join(
        f"{_FIGURES.get(name) or title(name.removesuffix('_seconds'))} "
        + (f"{value:.2f} s" if name.endswith("_seconds") else f"{value:g}")
        for name, value in sorted(numbers.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    )


class Sayings:
    """What was said in a call, to be looked up by time."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._turns = sorted((t for t in turns if t.start is not None), key=lambda t: t.start or 0.0)
        self._starts = [turn.start or 0.0 for turn in self._turns]
        self._longest = max(((t.end or 0.0) - (t.start or 0.0) for t in self._turns), default=0.0)

    def around(self, event: Event) -> tuple[Said, ...]:
        """What each party says around an event, by start; words without times by their place in the turn."""
        begin, end = event.start - AROUND_S, event.end + AROUND_S
        first, last = bisect_left(self._starts, begin - self._longest), bisect_left(self._starts, end)
        found = []
        for turn in self._turns[first:last]:
            text = " ".join(word for start, stop, word in _words(turn) if stop > begin and start < end)
            if text:
                who = turn.speaker if turn.speaker != "unknown" else turn.party or "unknown"
                found.append(Said(who=who, text=text))
        return tuple(found)


def _words(turn: Turn) -> Iterator[tuple[float, float, str]]:
    if turn.words and all(word.start is not None for word in turn.words):
        for word in turn.words:
            yield word.start or 0.0, word.end or 0.0, word.text
        return
    begin, end = turn.start or 0.0, turn.end or 0.0
    parts = turn.text.split()
    whole = sum(len(part) + 1 for part in parts)
    done = 0
    for part in parts:
        start = begin + (end - begin) * done / whole
        done += len(part) + 1
        yield start, begin + (end - begin) * done / whole, part


def event_times(event: Event) -> str:
    """When an event was, for a person."""
    return f"{clock(event.start)} to {clock(event.end)}"
