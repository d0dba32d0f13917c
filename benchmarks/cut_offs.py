"""Cut-offs on real consultations, what was nearly taken for one, and cuts made on purpose.

    python -m benchmarks.cut_offs [--read]

There is no reference: with --read every place is printed where somebody stops without the mark of a sentence,
or at a word that seldom ends one, and the other starts within a second; the reader judges. Then exchanges
within 0.3 s are cut at a random word, in four ways of writing that, and it is counted how many are found.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from itertools import chain

from msgspec.structs import replace

from benchmarks.turn_taking import DATA, load
from speechqa.core.dialogue import CutOff
from speechqa.core.transcript import Turn
from speechqa.dialogue.measures import measure
from speechqa.dialogue.units import Unit, ends_sentence, units_from_turns
from speechqa.dialogue.wording import is_filler, phrases

SELDOM_LAST = phrases(
    "a|an|the|my|your|our|their|his|her|its|of|into|than|with|from|for|to|and|but|or|so|very|some|any|another|"
    "i|you|we|they|he|she|i'm|you're|it's|that's|there's|i've|i'll|because|if|when|while|is|are|was|be|been|have|"
    "had|will|would|can|could|don't|not|going|which|who|where|what|how|in|on|at|by|about"
)
_MARKS = re.compile(r"[.,?!]+(?=\s|$)")
WRITTEN = ("dash", "no mark", "no punctuation", "period")


def found_in(turns: Sequence[Turn]) -> tuple[CutOff, ...]:
    return measure(tuple(turns), None, {}, None, words_available=True).cut_offs


def nearly(turns: tuple[Turn, ...]) -> list[tuple[Unit, Unit]]:
    """Stretches of talk that end oddly, with the other's that starts within a second, for reading."""
    units = units_from_turns(turns)
    found = []
    for unit in chain.from_iterable(units.values()):
        others = [v for party, line in units.items() if party != unit.party for v in line]
        starts = [v for v in others if v.end > unit.end and -200 <= v.start - unit.end <= 1000]
        if not unit.new_words or not starts:
            continue
        if any(v.start < unit.end - 200 and v.end > unit.end for v in others):
            continue
        said = [p for p in unit.said if p.words and not is_filler(p.words)]
        if not said or said[-1].raw.endswith("?"):
            continue
        if not ends_sentence(unit.said[-1].raw) or said[-1].words[-1:] in SELDOM_LAST:
            found.append((unit, min(starts, key=lambda v: v.start)))
    return sorted(found, key=lambda pair: pair[0].end)


def cut(turns: tuple[Turn, ...], written: str, rng: random.Random) -> tuple[list[Turn], int]:
    """The turns with some quick exchanges cut at a random word, and how many."""
    made = list(turns)
    count = 0
    for i, turn in enumerate(turns):
        others = [t for t in turns if t.party != turn.party]
        end, words = turn.end or 0.0, re.sub("<[^>]*>", " ", turn.text).split()
        quick = any(0 <= (t.start or 0.0) - end <= 0.3 and len(t.text.split()) >= 5 for t in others)
        over = any((t.start or 0.0) < end < (t.end or 0.0) for t in others)
        if not quick or over or len(words) < 8 or rng.random() > 0.25:
            continue
        text = " ".join(words[: rng.randrange(5, len(words) - 1)]).rstrip(".,?!")
        made[i] = replace(turn, text=text + {"dash": "-", "period": "."}.get(written, ""))
        count += 1
    if written == "no punctuation":
        made = [replace(turn, text=_MARKS.sub("", turn.text).lower()) for turn in made]
    return made, count


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--read", action="store_true", help="print what a reader should judge")
    options = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"skipped: no {DATA}; set SPEECHQA_DATA")
    calls = {stem: load(stem) for stem in sorted({p.name.rsplit("_", 1)[0] for p in DATA.glob("*.TextGrid")})}
    places = [(stem, *pair) for stem, turns in calls.items() for pair in nearly(turns)]
    taken = [(stem, cut_off) for stem, turns in calls.items() for cut_off in found_in(turns)]
    bare = [
        cut_off
        for turns in calls.values()
        for cut_off in found_in([replace(turn, text=_MARKS.sub("", turn.text).lower()) for turn in turns])
    ]
    print(
        f"{len(calls)} consultations, {len(places)} odd endings, {len(taken)} cut-offs, "
        f"{len(bare)} without punctuation"
    )
    for stem, cut_off in taken:
        print(f"   {stem} {cut_off.time:.2f} {cut_off.rule}: {cut_off.quote}")
    for stem, unit, other in places if options.read else ():
        print(f"\n{stem} {unit.end / 1000:.2f}, the other {(other.start - unit.end) / 1000:+.2f} s")
        for who, talk in (("   ", unit), ("  >", other)):
            print(who, " ".join(p.raw for p in talk.said)[-120 if talk is unit else 0 :][:120])
    rng = random.Random(5)
    for written in WRITTEN:
        made = [cut(turns, written, rng) for turns in calls.values()]
        found = sum(len(found_in(turns)) for turns, _ in made)
        print(f"cut on purpose, {written:15} {found:3} of {sum(count for _, count in made)} found")


if __name__ == "__main__":
    main()
