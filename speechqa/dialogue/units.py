"""Stretches of talk of one party with the words said in them, on a clock of whole milliseconds.

Whole milliseconds make every later figure independent of where the clock starts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from speechqa.core.segment import Segment, Timeline
from speechqa.core.transcript import Turn
from speechqa.dialogue.wording import SENTENCE_ENDS, content_flags, pieces

Span = tuple[int, int]

AUDIO_BRIDGE_MS: Final = 300
"""Pauses up to this are inside one stretch of talk when the times come from the sound."""

TURNS_BRIDGE_MS: Final = 100
"""The same for times of an imported transcript, whose turns are already whole."""

_WORD_SLACK_MS: Final = 400


class Placed(NamedTuple):
    """A piece of text with its place in milliseconds; no `words` where the transcriber heard none.

    `exact` says that its end was marked, by the time of the word or of the turn that it closes.
    """

    start: int
    end: int
    raw: str
    words: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One party's talk without a pause worth the name; `index` counts the party's units."""

    party: str
    index: int
    start: int
    end: int
    said: tuple[Placed, ...] = ()
    words: tuple[str, ...] = field(default=())
    starts: tuple[int, ...] = field(default=())
    new: tuple[bool, ...] = field(default=())

    @property
    def length(self) -> int:
        """Milliseconds."""
        return self.end - self.start

    @property
    def new_words(self) -> int:
        """Words that add something to the talk."""
        return sum(self.new)

    @property
    def only_listens(self) -> bool:
        """Whether there are words, and none of them adds anything."""
        return bool(self.words) and not any(self.new)


def to_ms(seconds: float) -> int:
    """Whole milliseconds."""
    return round(seconds * 1000)


def spans(timeline: Iterable[Segment], bridge_ms: int = 0) -> tuple[Span, ...]:
    """A timeline in milliseconds, in order, gaps up to `bridge_ms` closed, empty stretches left out."""
    merged: list[Span] = []
    for start, end in sorted((to_ms(s.start), to_ms(s.end)) for s in timeline):
        if end <= start:
            continue
        if merged and start - merged[-1][1] <= bridge_ms:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def clipped(line: Sequence[Span], start: int, end: int) -> list[Span]:
    """The parts of a sorted line of spans within two times."""
    found: list[Span] = []
    i = bisect_right(line, start, key=lambda span: span[1])
    while i < len(line) and line[i][0] < end:
        found.append((max(line[i][0], start), min(line[i][1], end)))
        i += 1
    return found


def units_from_sound(turns: Sequence[Turn], speech: Mapping[str, Timeline]) -> dict[str, tuple[Unit, ...]]:
    """Units of each party from its speech, with the words that fall into them."""
    said = placed_words(turns, speech)
    return {
        party: _fill(party, spans(line, AUDIO_BRIDGE_MS), said.get(party, []))
        for party, line in speech.items()
    }


def units_from_turns(turns: Sequence[Turn]) -> dict[str, tuple[Unit, ...]]:
    """Units of each party from the times of its turns; turns without times or party are left out."""
    times: dict[str, list[Segment]] = {}
    for turn in usable(turns):
        if turn.segment is not None and turn.party is not None:
            times.setdefault(turn.party, []).append(turn.segment)
    said = placed_words(turns, {})
    return {
        party: _fill(party, spans(line, TURNS_BRIDGE_MS), said.get(party, []))
        for party, line in times.items()
    }


def usable(turns: Iterable[Turn]) -> list[Turn]:
    """Turns that may serve as evidence: all but those without speech under them."""
    return [turn for turn in turns if turn.voiced is not False]


def placed_words(turns: Iterable[Turn], speech: Mapping[str, Timeline]) -> dict[str, list[Placed]]:
    """What each party said and when, in order of time.

    Words without times of their own are spread over the turn by their length, within the speech under the
    turn where there is any.
    """
    lines = {party: spans(line) for party, line in speech.items()}
    said: dict[str, list[Placed]] = {}
    for turn in usable(turns):
        if turn.party is None:
            continue
        if turn.words and all(word.start is not None for word in turn.words):
            timed = [
                Placed(to_ms(word.start), to_ms(word.end), raw, words, exact=True)
                for word in turn.words
                if word.start is not None and word.end is not None
                for raw, words in _pieces_of_word(word.text)
            ]
            said.setdefault(turn.party, []).extend(timed)
        elif turn.segment is not None:
            start, end = to_ms(turn.segment.start), to_ms(turn.segment.end)
            room = clipped(lines.get(turn.party, ()), start, end) or [(start, end)]
            said.setdefault(turn.party, []).extend(_closed(_spread(turn.text, room)))
    for words in said.values():
        words.sort(key=lambda placed: (placed.start, placed.end))
    return said


# Hours of talk say the same few thousand words: each is held once.
_pieces_of_word = lru_cache(maxsize=10_000)(pieces)


def _spread(text: str, room: Sequence[Span]) -> list[Placed]:
    parts = pieces(text)
    weights = [len(raw) + 1 for raw, _ in parts]
    whole, total = sum(end - start for start, end in room), sum(weights)
    placed: list[Placed] = []
    done = 0
    for (raw, words), weight in zip(parts, weights, strict=True):
        begin = _inside(room, whole * done // total)
        done += weight
        placed.append(Placed(begin, max(begin, _inside(room, whole * done // total)), raw, words))
    return placed


def _closed(placed: list[Placed]) -> list[Placed]:
    return [*placed[:-1], *(last._replace(exact=True) for last in placed[-1:])]


def _inside(room: Sequence[Span], position: int) -> int:
    for start, end in room:
        if position <= end - start:
            return start + position
        position -= end - start
    return room[-1][1]


def _fill(party: str, line: Sequence[Span], said: Sequence[Placed]) -> tuple[Unit, ...]:
    ends = [end for _, end in line]
    chosen: list[list[Placed]] = [[] for _ in line]
    for placed in said:
        # Compared doubled, so that the middle stays a whole number on every clock.
        middle2 = placed.start + placed.end
        i = bisect_left(ends, middle2, key=lambda end: 2 * end)
        near = [k for k in (i - 1, i) if 0 <= k < len(line)]
        if not near:
            continue
        best = min(near, key=lambda k: (max(2 * line[k][0] - middle2, middle2 - 2 * line[k][1], 0), k))
        if max(2 * line[best][0] - middle2, middle2 - 2 * line[best][1]) <= 2 * _WORD_SLACK_MS:
            chosen[best].append(placed)
    return tuple(
        _unit(party, index, span, tuple(words))
        for index, (span, words) in enumerate(zip(line, chosen, strict=True))
    )


def _unit(party: str, index: int, span: Span, said: tuple[Placed, ...]) -> Unit:
    words = tuple(word for placed in said for word in placed.words)
    starts = tuple(placed.start for placed in said for _ in placed.words)
    return Unit(party, index, *span, said, words, starts, content_flags(words))


def is_punctuated(turns: Sequence[Turn]) -> bool:
    """Whether the transcript marks the ends of sentences, so that a missing mark tells something."""
    texts = [turn.text.rstrip() for turn in turns if len(turn.text.split()) > 3]
    return len(texts) >= 3 and 2 * sum(text.endswith(SENTENCE_ENDS) for text in texts) > len(texts)


def ends_sentence(raw: str) -> bool:
    """Whether a piece of text closes a sentence; three dots leave it open."""
    return raw.endswith(SENTENCE_ENDS) and not is_left_open(raw)


def is_left_open(raw: str) -> bool:
    """Whether a transcriber's three dots or dash show that no more came."""
    return raw.endswith(("...", "…", "-", "–", "—"))
