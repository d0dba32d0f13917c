"""An overlap as the rules see it: two stretches of talk, what was around them, what follows from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from speechqa.dialogue.units import Placed, Unit, ends_sentence, is_left_open
from speechqa.dialogue.wording import (
    breaks_off,
    gives_way,
    is_answer,
    is_conjunction,
    is_filler,
    is_hesitation,
)

SAME_START_MS: Final = 200
"""Two who start within this of each other started at once."""
QUESTION_MS: Final = 1500
"""A question that ended this recently is being answered."""
SLOPPY_ENTRY_MS: Final = 1200
"""A question that ends this soon is being answered: times of transcripts, and of words, are so loose."""
AT_SENTENCE_END_MS: Final = (-300, 1200)
"""An entry so long after, or before, the end of a sentence in a longer turn is one at its end."""
UNHEARD_TAIL_MS: Final = 1000
"""Talked over for so long, an end that nobody could make out was lost in the overlap."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`u` started over `v`.

    `same_start_ms` is how close two starts must be to be one; `after_gap` says that neither party had just
    been speaking when `v` began; `resumes` that `u`'s party alone had; `returns` that `v`'s party is the next
    to speak after both; `asked` that `u`'s party had asked something just before `v` began; `punctuated` that
    the text marks the ends of sentences.
    """

    u: Unit
    v: Unit
    overlap_ms: int
    same_start_ms: int
    after_gap: bool
    resumes: bool
    returns: bool
    asked: bool
    punctuated: bool

    @property
    def into_ms(self) -> int:
        """How long `v` had been speaking when `u` began."""
        return self.u.start - self.v.start

    @property
    def left_ms(self) -> int:
        """How much `v` went on after `u` began."""
        return self.v.end - self.u.start

    @property
    def inside(self) -> bool:
        """Whether `v` was still speaking when `u` ended."""
        return self.v.end >= self.u.end

    @property
    def entry_ms(self) -> int:
        """When `u` began to say something new: tokens that open a turn only announce it."""
        news = (start for start, new in zip(self.u.starts, self.u.new, strict=True) if new)
        return max(self.u.start, next(news, self.u.start))

    def words_left(self, at_ms: int) -> int:
        """How many words that add something `v` still said after a time."""
        return sum(new and start >= at_ms for start, new in zip(self.v.starts, self.v.new, strict=True))

    @property
    def point_ms(self) -> int:
        """When `v` had said what it had to say: the end of its last word that adds something."""
        if not any(self.v.new):
            return self.v.end
        last = max(start for start, new in zip(self.v.starts, self.v.new, strict=True) if new)
        return next(placed.end for placed in reversed(self.v.said) if placed.words and placed.start <= last)

    @property
    def unfinished(self) -> bool:
        """Whether `v` stopped in the middle of a phrase, or gave way in so many words."""
        if not self.v.said:
            return False
        kept = list(self.v.said)
        if self._gives_way(kept):
            return True
        if ends_sentence(kept[-1].raw) and not is_hesitation(kept[-1].words):
            return False
        if not kept[-1].words:
            # A last piece that nobody could make out tells nothing by itself; an open word before it does.
            heard = [placed for placed in kept if placed.words]
            if not self.punctuated or self.overlap_ms < UNHEARD_TAIL_MS or not heard:
                return False
            return self._open(heard) or is_conjunction(heard[-1].words)
        # Who trails off in fillers ends where they begin, with the mark that stands there.
        while kept and is_filler(kept[-1].words) and not kept[-1].raw.endswith("-"):
            kept.pop()
            if kept and ends_sentence(kept[-1].raw):
                return False
        if not kept:
            return False
        trails = len(kept) < len(self.v.said)
        cut = self.punctuated and not trails and self.v.new[-1] and not ends_sentence(kept[-1].raw)
        return cut or (not trails and is_left_open(kept[-1].raw)) or self._open(kept)

    def _open(self, said: list[Placed]) -> bool:
        words = [word for placed in said for word in placed.words]
        return breaks_off(words, said[-1].raw, punctuated=self.punctuated)

    def _gives_way(self, said: list[Placed]) -> bool:
        late = [placed for placed in said if placed.end > self.u.start]
        return self.v.new_words > 0 and gives_way([word for placed in late for word in placed.words])

    @property
    def finished(self) -> bool:
        """Whether `v` visibly came to an end; without marks of sentences, one that is not open."""
        if not self.v.said or self.unfinished:
            return False
        last = self.v.said[-1]
        return not last.words or not self.punctuated or ends_sentence(last.raw)

    @property
    def echoes(self) -> bool:
        """Whether `u` only gives back a few words that `v` had just said, as far as all of it was heard."""
        if any(not placed.words for placed in self.u.said if placed.raw == "<?>"):
            return False
        fresh = [word for word, new in zip(self.u.words, self.u.new, strict=True) if new]
        heard = [w for w, start in zip(self.v.words, self.v.starts, strict=True) if start <= self.u.end]
        return 0 < len(fresh) <= 4 and all(_like_any(word, heard[-20:]) for word in fresh)

    @property
    def answers(self) -> bool:
        """Whether `v` had just ended a question, or was at its last words; or `u` says yes or no to one."""
        first = next((placed for placed in self.u.said if ends_sentence(placed.raw)), None)
        if first is not None and first.raw.endswith("?"):
            return False
        near = any(
            placed.raw.endswith("?") and -QUESTION_MS <= placed.end - self.entry_ms <= SLOPPY_ENTRY_MS
            for placed in self.v.said
        )
        return near or (is_answer(self.u.words) and any(p.raw.endswith("?") for p in self.v.said))

    @property
    def answers_at_the_end(self) -> bool:
        """Whether `u` says yes or no over the last words of a question."""
        asks = bool(self.v.said) and self.v.said[-1].raw.endswith("?")
        return asks and is_answer(self.u.words) and self.left_ms <= QUESTION_MS

    @property
    def at_sentence_end(self) -> bool:
        """Whether `v`, which goes on, was at the end of a sentence when `u` came in."""
        return any(ends_sentence(placed.raw) for placed in self._ends_nearby())

    @property
    def at_question_end(self) -> bool:
        """Whether `v`, which goes on, was at the end of a question when `u` came in."""
        return any(placed.raw.endswith("?") for placed in self._ends_nearby())

    def _ends_nearby(self) -> list[Placed]:
        after, before = AT_SENTENCE_END_MS
        return [p for p in self.v.said[:-1] if p.exact and after <= p.end - self.u.start <= before]


def only_hesitates(unit: Unit) -> bool:
    """Whether there is nothing but sounds of hesitation: somebody about to speak, who listens no more."""
    return is_hesitation(unit.words) and all(placed.words for placed in unit.said)


def _like_any(word: str, heard: Sequence[str]) -> bool:
    """Whether a word was heard, in this form or another of it: "שתיים" for "שתי", "days" for "day"."""
    return any(word == other or (len(word) > 2 and word[:3] == other[:3]) for other in heard)
