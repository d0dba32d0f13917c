"""Cut-offs: a party stops in mid-phrase and the other goes on at once, without an overlap.

Silent interruptions after Ferguson 1977 and Beattie 1981. They rest on how a stretch of talk ends, so the
rules are kept narrow: a cut that is missed costs nobody anything. Who trails off in fillers, or ends on a
word that can end a sentence, is not taken for cut short.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from speechqa.core.dialogue import CutOff
from speechqa.core.transcript import Turn
from speechqa.dialogue.limits import Limits
from speechqa.dialogue.overlaps.sweep import Crossing
from speechqa.dialogue.talk import Talk
from speechqa.dialogue.units import Unit, ends_sentence, to_ms
from speechqa.dialogue.wording import is_filler, phrases, pieces

MIN_NEW_WORDS: Final = 3
"""Who says less than this has supplied a word or answered; who was cut off had begun to say something."""
STAYS_SILENT_MS: Final = 2000
"""Who goes on within this, while the other still speaks, was not cut off."""
MIN_MARKED: Final = 10
WELL_MARKED: Final = 0.9
"""Where this share of at least so many turns ends with a mark, a missing one tells of a break."""
_TURN_END_MS: Final = 1000
_QUOTED: Final = 12
UNHEARD: Final = "<?>"
_DASHES: Final = ("-", "–", "—")
_TRAILS: Final = ("...", "…")

# Words that are last in at most one of a thousand places where they stand in complete sentences, measured on
# 45,000 English and 14,000 Hebrew written ones. What speech also ends on ("of", "to", "את") is left out.
_NEVER_LAST: Final = phrases(
    """
    a|an|the|my|your|their|our|its|i|i'm|you're|we're|they're|he's|she's|it's|that's|there's|what's|
    i've|you've|we've|they've|i'll|you'll|we'll|they'll|he'll|she'll|i'd|you'd|because|'cause|than|into|
    if|whether|every|gonna|wanna|
    של|כי|בגלל|כדי|אם|בין|בשביל|על|עם|כאשר|איזו|אצל|בתוך|מאשר|או|כמו
    """
)


class Break(NamedTuple):
    """Why a stretch of talk is taken to end in mid-phrase, and how sure that is."""

    rule: str
    confidence: float


def find_cut_offs(
    talk: Talk,
    crossings: Iterable[Crossing],
    text: Sequence[Turn],
    limits: Limits,
    *,
    trust: float = 1.0,
) -> tuple[CutOff, ...]:
    """Cut-offs in order of time.

    Parameters
    ----------
    talk : Talk
        The talk of a call whose parties are told apart.
    crossings : iterable of Crossing
        Its overlaps: what overlaps is no cut-off.
    text : sequence of Turn
        The turns whose words were placed in the talk.
    limits : Limits
        `cut_off_gap_s` is the longest pause before the other starts.
    trust : float
        Factor in [0, 1] for how far the times and parties may be trusted.
    """
    crossed = {frozenset((_key(c.by), _key(c.of))) for c in crossings}
    marked, endings = well_marked(text), _turn_endings(text)
    found: list[CutOff] = []
    for party, line in talk.units.items():
        for unit in line:
            broken = mid_phrase(unit, marked=marked)
            if broken is None or not _ends_turn(unit, endings.get(party)):
                continue
            by = _comes_in(talk, unit, limits)
            if by is None or frozenset((_key(unit), _key(by))) in crossed:
                continue
            following = line[unit.index + 1] if unit.index + 1 < len(line) else None
            if following and following.start < min(by.end, by.start + STAYS_SILENT_MS):
                continue
            found.append(_cut_off(unit, by, broken, talk.names, trust))
    return tuple(sorted(found, key=lambda cut: (cut.time, cut.of, cut.by)))


def mid_phrase(unit: Unit, *, marked: bool) -> Break | None:
    """Whether a stretch of talk ends in mid-phrase, and by which rule.

    Parameters
    ----------
    unit : Unit
        The talk with its words.
    marked : bool
        Whether nearly every turn of the transcript ends with a mark of a sentence.
    """
    if not unit.new_words:
        return None
    raw, words = _last_word(unit)
    if raw.endswith(_DASHES):
        return Break("stops at a dash", 0.8)
    # A last piece that nobody could make out tells nothing, and who trails off has made the point.
    if not words or raw.endswith(("?", *_TRAILS)) or is_filler(words):
        return None
    if is_filler(unit.words[-2:]):
        return None
    if words[-1:] in _NEVER_LAST:
        return Break("stops at a word that ends no sentence", 0.7 if not ends_sentence(raw) else 0.6)
    if marked and raw[-1].isalnum() and len(unit.words) >= MIN_NEW_WORDS:
        return Break("stops without the mark that ends nearly every other turn", 0.6)
    return None


def _last_word(unit: Unit) -> tuple[str, tuple[str, ...]]:
    """The last piece of a stretch with the marks that stand after it, and its words, if it was made out."""
    marks = ""
    for placed in reversed(unit.said):
        if placed.words or placed.raw == UNHEARD:
            return placed.raw + marks, placed.words
        marks = placed.raw + marks
    return marks, ()


def well_marked(text: Sequence[Turn]) -> bool:
    """Whether nearly every turn ends with a mark of a sentence."""
    lasts = [parts[-1] for turn in text if len(parts := pieces(turn.text)) > MIN_NEW_WORDS]
    # Who trails off in fillers ends without a mark by nature.
    ends = [raw for raw, words in lasts if words and not is_filler(words)]
    return len(ends) >= MIN_MARKED and sum(map(ends_sentence, ends)) >= WELL_MARKED * len(ends)


def _key(unit: Unit) -> tuple[str, int]:
    return unit.party, unit.index


def _turn_endings(text: Sequence[Turn]) -> dict[str, list[tuple[int, str]]]:
    """When each turn ends and its last piece, for parties whose words have no times of their own."""
    endings: dict[str, list[tuple[int, str]]] = {}
    for turn in text:
        if turn.party is None or turn.end is None or not turn.text.strip():
            continue
        if not turn.words or any(word.start is None for word in turn.words):
            last = pieces(turn.text)
            if last:
                endings.setdefault(turn.party, []).append((to_ms(turn.end), last[-1][0]))
    for line in endings.values():
        line.sort()
    return endings


def _ends_turn(unit: Unit, endings: Sequence[tuple[int, str]] | None) -> bool:
    """Whether the talk ends where a turn does: inside one, words without times are placed by estimate."""
    if not endings:
        return True
    last = unit.said[-1]
    i = bisect_left(endings, (last.end - _TURN_END_MS, ""))
    while i < len(endings) and endings[i][0] <= last.end + _TURN_END_MS:
        if endings[i][1] == last.raw:
            return True
        i += 1
    return False


def _comes_in(talk: Talk, unit: Unit, limits: Limits) -> Unit | None:
    """Who starts to say something at once after a unit, nobody else having spoken then."""
    early = to_ms(limits.min_overlap_s)
    found: Unit | None = None
    for party, line in talk.units.items():
        if talk.names[party] == talk.names[unit.party]:
            continue
        i = bisect_left(line, unit.end - early, key=lambda other: other.start)
        if i and line[i - 1].end > unit.end:
            return None
        if i < len(line) and line[i].start - unit.end <= to_ms(limits.cut_off_gap_s):
            found = line[i] if found is None or line[i].start < found.start else found
    return found if found is not None and found.new_words >= MIN_NEW_WORDS else None


def _cut_off(unit: Unit, by: Unit, broken: Break, names: Mapping[str, str], trust: float) -> CutOff:
    return CutOff(
        time=unit.end / 1000,
        by=names[by.party],
        of=names[unit.party],
        by_party=by.party,
        of_party=unit.party,
        confidence=round(broken.confidence * trust, 3),
        rule=broken.rule,
        quote=" ".join(placed.raw for placed in unit.said[-_QUOTED:]),
        numbers={
            "gap_seconds": (by.start - unit.end) / 1000,
            "of_seconds": unit.length / 1000,
            "by_seconds": by.length / 1000,
            "by_new_words": float(by.new_words),
        },
    )
