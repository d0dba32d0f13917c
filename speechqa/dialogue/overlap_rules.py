"""The rules that give an overlap its class, in the order they are tried.

Definitions follow Sacks, Schegloff & Jefferson 1974 (terminal overlap, floor), Schegloff 2000 (competing for
the floor), Gravano & Hirschberg 2011 (backchannels) and Heldner & Edlund 2010 (timing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from speechqa.core.dialogue import OverlapKind
from speechqa.dialogue.units import Unit, ends_sentence
from speechqa.dialogue.wording import breaks_off, is_filler, takes_leave

SAME_START_MS: Final = 200
"""Two who start within this of each other started at once."""
EARLY_ENTRY_MS: Final = 600
"""An entry this close to the other's end is a normal exchange."""
SLOPPY_ENTRY_MS: Final = 1200
"""The same where the other ends a sentence: times of transcripts, and of words, are marked that loosely."""
SHORT_MS: Final = 1000
"""What is no longer than this may be a listener's token even when its words are not known."""
LONG_MS: Final = 2000
"""What is longer than this is content even when its words are not known."""
MUMBLE_MS: Final = 4000
"""What the transcriber could not make out and is no longer than this is taken for a listener's token."""
STOPS_MS: Final = 500
"""How long one must go on alone to have taken the floor, where words do not tell."""
UNKNOWN_ENTRY_MS: Final = 1500
"""An entry this close to the other's end is a normal exchange where words do not tell."""
QUESTION_MS: Final = 1500
"""A question that ended this recently is being answered."""
RESUME_MS: Final = 700
"""One who goes on after a pause up to this had not given up the floor."""


class Judgement(NamedTuple):
    """The class of an overlap, how sure, and the rule; `swapped` when the earlier starter came in."""

    kind: OverlapKind
    confidence: float
    rule: str
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """An overlap as the rules see it: `u` started over `v`.

    `after_gap` says that neither party had just been speaking when `v` began; `resumes` that `u`'s party
    alone had; `returns` that `v`'s party is the next to speak after both; `punctuated` that the text marks
    the ends of sentences.
    """

    u: Unit
    v: Unit
    overlap_ms: int
    after_gap: bool
    resumes: bool
    returns: bool
    punctuated: bool

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
        """Whether `v` stopped in the middle of a phrase."""
        # A last piece that nobody could make out tells nothing.
        if not self.v.said or not self.v.said[-1].words:
            return False
        # Who trails off in fillers ends where they begin, with the mark that stands there.
        kept = list(self.v.said)
        while kept and is_filler(kept[-1].words) and not kept[-1].raw.endswith("-"):
            kept.pop()
        if not kept:
            return False
        raw, words = kept[-1].raw, [word for placed in kept for word in placed.words]
        trails = len(kept) < len(self.v.said)
        cut = self.punctuated and not trails and self.v.new[-1] and not ends_sentence(raw)
        return cut or breaks_off(words, raw)

    @property
    def finished(self) -> bool:
        """Whether `v` visibly came to an end; without marks of sentences, one that is not open."""
        if not self.v.said or self.unfinished:
            return False
        last = self.v.said[-1]
        return not last.words or not self.punctuated or ends_sentence(last.raw)

    @property
    def echoes(self) -> bool:
        """Whether `u` only gives back a few words that `v` had just said."""
        fresh = [word for word, new in zip(self.u.words, self.u.new, strict=True) if new]
        heard = [w for w, start in zip(self.v.words, self.v.starts, strict=True) if start <= self.u.end]
        return 0 < len(fresh) <= 4 and set(fresh) <= set(heard[-20:])

    @property
    def answers(self) -> bool:
        """Whether `v` had just ended a question, or was at its last words."""
        return any(
            placed.raw.endswith("?") and -QUESTION_MS <= placed.end - self.entry_ms <= SLOPPY_ENTRY_MS
            for placed in self.v.said
        )


def judge(scene: Scene) -> Judgement:
    """The class of an overlap by the first rule that applies."""
    u, v = scene.u, scene.v
    if u.start - v.start <= SAME_START_MS and scene.after_gap:
        return _same_start(scene)
    if scene.resumes and u.start - v.start <= RESUME_MS and v.new_words and u.new_words and u.end > v.end:
        return Judgement("failed_interruption", 0.5, "comes in at a pause of the other, who goes on", True)
    if u.words and v.words and _parting(u, v):
        return Judgement("terminal", 0.9, "both take leave")
    if v.only_listens and v.length <= LONG_MS and u.new_words:
        return Judgement("terminal", 0.75, "the other had only acknowledged, the speaker goes on")
    if u.only_listens:
        return _listener(scene)
    if u.new_words:
        return _content(scene) if v.words else _timing(scene, content=True)
    return _timing(scene, content=False)


def _parting(u: Unit, v: Unit) -> bool:
    leaves = takes_leave(u.words), takes_leave(v.words)
    thanks = [any(w in unit.words for w in ("thank", "thanks", "תודה")) for unit in (u, v)]
    return all(leaves) or (leaves[0] and thanks[1]) or (leaves[1] and thanks[0])


def _same_start(scene: Scene) -> Judgement:
    u, v = scene.u, scene.v
    # Within the precision of a start nobody can say who was first: the listener is who only listens.
    small_u, small_v = _may_listen(u), _may_listen(v)
    if small_u != small_v:
        listener, talker = (u, v) if small_u else (v, u)
        if talker.end >= listener.end and talker.length > listener.length:
            return Judgement("backchannel", 0.65, "a listener's token as the other starts", small_v)
    if not u.words and not v.words and min(u.length, v.length) <= SHORT_MS:
        return Judgement(
            "simultaneous_start", 0.5, "both start at once after a gap, what is said is not known"
        )
    return Judgement("simultaneous_start", 0.85, "both start within 0.2 s of each other after a gap")


def _may_listen(unit: Unit) -> bool:
    return unit.only_listens or (not unit.words and unit.length <= SHORT_MS)


def _listener(scene: Scene) -> Judgement:
    if scene.inside:
        return Judgement("backchannel", 0.95, "only acknowledges, and the other goes on")
    if scene.answers and scene.left_ms <= SLOPPY_ENTRY_MS:
        return Judgement("terminal", 0.75, "answers a question that was just ending")
    if scene.returns:
        return Judgement("backchannel", 0.8, "only acknowledges, and the other speaks next")
    if scene.left_ms <= SLOPPY_ENTRY_MS:
        return Judgement("terminal", 0.75, "takes over in the last moments of the other's turn")
    return Judgement("backchannel", 0.6, "only acknowledges while the other comes to an end")


def _content(scene: Scene) -> Judgement:
    u, v = scene.u, scene.v
    entry = scene.entry_ms
    left = scene.point_ms - entry
    words_left = scene.words_left(entry)
    if scene.inside:
        return _content_inside(scene, left, words_left)
    if scene.unfinished and scene.overlap_ms > SAME_START_MS and u.end - v.end >= STOPS_MS:
        return Judgement("interruption", 0.75, "takes the floor, and the other stops in mid-phrase")
    if left <= EARLY_ENTRY_MS:
        return Judgement("terminal", 0.9, "comes in within the last 0.6 s of the other's turn")
    if not words_left:
        return Judgement("terminal", 0.8, "comes in after the other's point is complete")
    if scene.answers:
        return Judgement("terminal", 0.75, "answers a question that had just ended")
    if scene.finished and (left <= SLOPPY_ENTRY_MS or words_left <= 3):
        return Judgement("terminal", 0.7, "comes in as the other ends the sentence")
    if scene.finished and scene.returns and u.length <= SHORT_MS:
        return Judgement("failed_interruption", 0.55, "short words in mid-turn, the other speaks next")
    sure = 0.6 if scene.finished else 0.75
    return Judgement("interruption", sure, "says something new in mid-turn and has the floor after it")


def _content_inside(scene: Scene, left: int, words_left: int) -> Judgement:
    if scene.echoes:
        return Judgement("backchannel", 0.65, "gives back the other's own words, and the other goes on")
    if scene.answers:
        return Judgement("terminal", 0.6, "answers a question that had just ended")
    if left <= EARLY_ENTRY_MS or not words_left:
        return Judgement("terminal", 0.65, "comes in after the other's point is complete")
    return Judgement("failed_interruption", 0.75, "says something new in mid-turn, the other keeps the floor")


def _timing(scene: Scene, *, content: bool) -> Judgement:
    """Where words of one side or both are not known: in doubt no interruption."""
    u, v, left = scene.u, scene.v, scene.left_ms
    if scene.inside:
        if u.length <= (SHORT_MS if content else MUMBLE_MS if u.said else LONG_MS):
            return Judgement("backchannel", 0.6, "short, and the other goes on; words not known")
        return Judgement(
            "failed_interruption", 0.5, "longer than a token, and the other goes on; words not known"
        )
    if scene.returns and u.length <= SHORT_MS:
        return Judgement("backchannel", 0.5, "short, and the other speaks next; words not known")
    if left <= UNKNOWN_ENTRY_MS or v.length <= SHORT_MS:
        return Judgement("terminal", 0.6, "comes in shortly before the other ends; words not known")
    if u.length >= LONG_MS and u.end - v.end >= STOPS_MS:
        return Judgement("interruption", 0.5, "long in mid-turn, and the other stops; words not known")
    return Judgement("backchannel", 0.4, "in doubt no interruption; words not known")
