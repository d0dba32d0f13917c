"""The rules that give an overlap its class, in the order they are tried.

A rule's confidence is about the share of labelled overlaps (`benchmarks/overlap_labels.tsv`) it got right.

Definitions follow Sacks, Schegloff & Jefferson 1974 (terminal overlap, floor), Schegloff 2000 (competing for
the floor), Gravano & Hirschberg 2011 (backchannels) and Heldner & Edlund 2010 (timing).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from speechqa.core.dialogue import OverlapKind
from speechqa.dialogue.overlaps.scene import SLOPPY_ENTRY_MS, Scene, only_hesitates
from speechqa.dialogue.units import Unit
from speechqa.dialogue.wording import is_answer, takes_leave

EARLY_ENTRY_MS: Final = 600
"""An entry this close to the other's end is a normal exchange."""
WHOLE_ENTRY_MS: Final = 4500
"""Who says the sentence to its end was not cut short, unless the other came in longer before it than this."""
COVERED: Final = 0.6
"""Share of a turn from which an entry covers it rather than ends it."""
COVERED_MS: Final = 1500
"""How much must be covered for that."""
JUST_BEGUN_MS: Final = 500
"""A listener's token that began this shortly before the talker resumes is in nobody's way."""
HARDLY_MS: Final = 200
"""Who breaks off within so little of the other's start was not talked over."""
SHORT_MS: Final = 1000
"""What is no longer than this may be a listener's token even when its words are not known."""
LONG_MS: Final = 2000
"""No listener's token is longer than this."""
TOKEN_MS: Final = 1750
"""What nobody could make out and is no longer than this is taken for a listener's token."""
STOPS_MS: Final = 500
"""How long one must go on alone to have taken the floor."""
UNKNOWN_ENTRY_MS: Final = 3000
"""Where words do not tell, so early an entry is still far more often an exchange than an interruption."""
KEEPS_MS: Final = 1500
"""Who goes on for longer than this after the other came in has kept the floor."""
RESUME_MS: Final = 700
"""One who goes on after a pause up to this had not given up the floor."""


class Judgement(NamedTuple):
    """The class of an overlap, how sure, and the rule; `swapped` when the earlier starter came in."""

    kind: OverlapKind
    confidence: float
    rule: str
    swapped: bool = False


def judge(scene: Scene) -> Judgement:
    """The class of an overlap by the first rule that applies."""
    u, v = scene.u, scene.v
    if scene.into_ms <= scene.same_start_ms and scene.after_gap:
        return _same_start(scene)
    if scene.resumes and scene.into_ms <= RESUME_MS and v.new_words and u.new_words and u.end > v.end:
        return Judgement("failed_interruption", 0.5, "comes in at a pause of the other, who goes on", True)
    if u.words and v.words and _parting(u, v):
        return Judgement("terminal", 0.9, "both take leave")
    if only_hesitates(v) and u.new_words and u.end - v.end >= STOPS_MS:
        return Judgement("interruption", 0.5, "takes the floor from one who had begun to speak")
    if _token_begun(scene):
        return Judgement("backchannel", 0.65, "a listener's token as the other goes on", True)
    if v.only_listens and v.length <= LONG_MS and u.new_words:
        return Judgement("terminal", 0.95, "the other had only acknowledged, the speaker goes on")
    if u.only_listens:
        return _listener(scene)
    if u.new_words:
        return _content(scene) if v.words else _timing(scene, content=True)
    return _timing(scene, content=False)


def _parting(u: Unit, v: Unit) -> bool:
    """Whether both take leave, or one does and the other thanks."""
    first = takes_leave(u.words)
    # The words of the other are looked through only where it matters: a long turn is come into many times.
    if not first and not _thanks(u):
        return False
    return takes_leave(v.words) or (first and _thanks(v))


def _thanks(unit: Unit) -> bool:
    return any(word in unit.words for word in ("thank", "thanks", "תודה"))


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
    rule = f"both start within {scene.same_start_ms / 1000:g} s of each other after a gap"
    return Judgement("simultaneous_start", 0.85, rule)


def _may_listen(unit: Unit) -> bool:
    return unit.only_listens or (not unit.words and unit.length <= SHORT_MS)


def _token_begun(scene: Scene) -> bool:
    """Whether the other's token had only begun when the talker went on: it is in nobody's way."""
    u, v = scene.u, scene.v
    small = _may_listen(v) and v.length <= LONG_MS and u.new_words > 0
    return small and scene.into_ms <= JUST_BEGUN_MS and u.end > v.end and not scene.asked


def _listener(scene: Scene) -> Judgement:
    if scene.inside and scene.at_question_end:
        return Judgement("terminal", 0.6, "answers a question that was just ending, and the other goes on")
    if scene.inside:
        return Judgement("backchannel", 0.97, "only acknowledges, and the other goes on")
    if scene.left_ms <= EARLY_ENTRY_MS:
        return Judgement("terminal", 0.9, "acknowledges in the last 0.6 s of the other's turn")
    if scene.answers and scene.left_ms <= SLOPPY_ENTRY_MS:
        return Judgement("terminal", 0.75, "answers a question that was just ending")
    if scene.returns:
        return Judgement("backchannel", 0.7, "only acknowledges, and the other speaks next")
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
    if scene.echoes and u.end - v.end <= STOPS_MS:
        return Judgement("backchannel", 0.65, "gives back the other's own words")
    if scene.answers and is_answer(u.words):
        return Judgement("terminal", 0.9, "answers a question of the other's")
    if scene.unfinished and scene.overlap_ms > HARDLY_MS and u.end - v.end >= STOPS_MS:
        return Judgement("interruption", 0.8, "takes the floor, and the other stops in mid-phrase")
    if scene.left_ms > WHOLE_ENTRY_MS:
        return Judgement("interruption", 0.55, "talks over the other for long and has the floor after it")
    if left <= EARLY_ENTRY_MS:
        return Judgement("terminal", 0.97, "comes in within the last 0.6 s of the other's turn")
    if not words_left:
        return Judgement("terminal", 0.8, "comes in after the other's point is complete")
    if scene.answers:
        return Judgement("terminal", 0.9, "answers a question of the other's")
    if scene.left_ms >= COVERED_MS and scene.left_ms >= COVERED * v.length:
        return Judgement("interruption", 0.55, "talks over most of what the other says")
    if scene.finished and scene.left_ms <= WHOLE_ENTRY_MS:
        sure = 0.85 if left <= SLOPPY_ENTRY_MS or words_left <= 3 else 0.6
        if not scene.punctuated:
            return Judgement(
                "terminal", sure - 0.15, "comes in late, and the other's last words leave nothing open"
            )
        return Judgement("terminal", sure, "comes in as the other ends the sentence")
    if scene.finished and scene.returns and u.length <= SHORT_MS:
        return Judgement("failed_interruption", 0.55, "short words in mid-turn, the other speaks next")
    sure = 0.6 if scene.finished else 0.7
    return Judgement("interruption", sure, "says something new in mid-turn and has the floor after it")


def _content_inside(scene: Scene, left: int, words_left: int) -> Judgement:
    if scene.echoes:
        return Judgement("backchannel", 0.65, "gives back the other's own words, and the other goes on")
    if scene.answers_at_the_end:
        return Judgement("terminal", 0.7, "answers over the last words of a question")
    if (left <= EARLY_ENTRY_MS or not words_left) and scene.left_ms <= KEEPS_MS:
        return Judgement("terminal", 0.65, "comes in after the other's point is complete")
    if scene.at_sentence_end:
        return Judgement("terminal", 0.55, "comes in at the end of a sentence, and the other goes on")
    return Judgement("failed_interruption", 0.85, "says something new in mid-turn, the other keeps the floor")


def _timing(scene: Scene, *, content: bool) -> Judgement:
    """Where words of one side or both are not known: in doubt no interruption."""
    u, v, left = scene.u, scene.v, scene.left_ms
    if scene.inside:
        if u.length <= (SHORT_MS if content else TOKEN_MS):
            return Judgement("backchannel", 0.8, "short, and the other goes on; words not known")
        return Judgement(
            "failed_interruption", 0.5, "longer than a token, and the other goes on; words not known"
        )
    if left <= EARLY_ENTRY_MS:
        return Judgement("terminal", 0.85, "comes in within the last 0.6 s of the other's turn")
    if left <= UNKNOWN_ENTRY_MS or v.length <= SHORT_MS:
        return Judgement("terminal", 0.7, "comes in before the other ends; words not known")
    if u.end - v.end >= STOPS_MS:
        return Judgement("interruption", 0.5, "comes in long before the other ends; words not known")
    return Judgement("terminal", 0.4, "in doubt no interruption; words not known")
