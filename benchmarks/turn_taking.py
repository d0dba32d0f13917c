"""Classes of overlap on real two-party talk, with examples at random for reading.

    python -m benchmarks.turn_taking [--show interruption] [--n 20] [--seed 1] [--differing]

Reads PriMock57 (TextGrid pairs with human text) below the folder that SPEECHQA_DATA names. Prints how many
overlaps fall into each class, how far that agrees with two readers (`overlap_labels.tsv`) with text, with
text as a recogniser without punctuation gives it, and from times alone, the roles found, and the time that
measuring takes. `--show` prints examples of a class, `--differing` the overlaps on which both readers agree
and the program does not. Before that the same for calls of our own (`overlap_calls/`), which need no data.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
from praatio import textgrid

from benchmarks.overlap_labels import Label, kappa, labels, line, merged
from speechqa.core.dialogue import Dialogue, Overlap, RoleAssignment
from speechqa.core.transcript import Turn
from speechqa.dialogue.measures import measure
from speechqa.dialogue.roles.assignment import assign_roles
from speechqa.dialogue.wording import words_of

DATA = Path(os.environ.get("SPEECHQA_DATA", "../shared/data")) / "turns" / "primock57"
OWN = Path(__file__).with_name("overlap_calls")
SIDES = {"A": "doctor", "B": "patient"}


def load(stem: str) -> tuple[Turn, ...]:
    """Turns of one consultation, by start."""
    turns = [
        Turn(
            speaker="unknown",
            party=party,
            text=entry.label,
            start=round(entry.start, 3),
            end=round(entry.end, 3),
        )
        for party, side in SIDES.items()
        for tier in textgrid.openTextgrid(
            str(DATA / f"{stem}_{side}.TextGrid"), includeEmptyIntervals=False
        ).tiers
        for entry in tier.entries
        if entry.label.strip()
    ]
    return tuple(sorted(turns, key=lambda t: (t.start or 0.0, t.end or 0.0)))


def infer(turns: tuple[Turn, ...]) -> dict[str, RoleAssignment]:
    """Roles as an audit infers them."""
    return assign_roles(turns, None, agent_channel=None, manifest_roles=None, floor=0.7)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", help="print examples of this class")
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--differing", action="store_true", help="print where the readers say otherwise")
    options = parser.parse_args()
    own_calls()
    if not DATA.is_dir():
        raise SystemExit(f"skipped: no {DATA}; set SPEECHQA_DATA")
    calls: dict[str, tuple[tuple[Turn, ...], Dialogue]] = {}
    plain: dict[str, tuple[tuple[Turn, ...], Dialogue]] = {}
    wordless: dict[str, tuple[tuple[Turn, ...], Dialogue]] = {}
    roles: Counter[str] = Counter()
    spent = length = 0.0
    for stem in sorted({path.name.rsplit("_", 1)[0] for path in DATA.glob("*.TextGrid")}):
        turns = load(stem)
        began = time.perf_counter()
        dialogue = measure(turns, None, {}, None, words_available=True)
        spent += time.perf_counter() - began
        length += max(turn.end or 0.0 for turn in turns)
        calls[stem] = turns, dialogue
        lower = tuple(msgspec.structs.replace(turn, text=unpunctuated(turn.text)) for turn in turns)
        plain[stem] = lower, measure(lower, None, {}, None, words_available=True)
        bare = tuple(msgspec.structs.replace(turn, text="") for turn in turns)
        wordless[stem] = bare, measure(bare, None, {}, None, words_available=False)
        for kind, given in (("text", turns), ("timing alone", bare)):
            found = infer(given)["A"].role
            roles[f"{kind}: " + {"agent": "right", "customer": "WRONG", "unknown": "unknown"}[found]] += 1
    counts = Counter(overlap.kind for _, dialogue in calls.values() for overlap in dialogue.overlaps)
    print(
        f"{len(calls)} consultations, {length / 60:.0f} min, {spent:.2f} s ({spent / length:.5f} x real time)"
    )
    print("overlaps:", dict(counts.most_common()))
    print("roles:", dict(sorted(roles.items())))
    compare({"with text": calls, "without punctuation": plain, "times alone": wordless})
    if options.differing:
        for label, overlap in matched(calls):
            if label.agreed not in (None, overlap and merged(overlap.kind)):
                print(f"\nreaders: {label.judge_1}, {label.judge_2}", end="")
                print_overlap(calls, label.call, overlap, (label.start_ms / 1000, label.end_ms / 1000))
    if options.show:
        show(calls, options.show, options.n, options.seed)


def own_calls() -> None:
    """Print how far the classes agree with those of our own calls, a language at a time."""
    print("calls of our own, times and text made up")
    for language in ("en", "he"):
        for name, words in (("with text", True), ("times alone", False)):
            print(line(f"{language}, {name}", own_pairs(language, words=words)))


def own_pairs(language: str, *, words: bool) -> list[tuple[str, str]]:
    """Class of each overlap of our own calls, and what the program makes of it."""
    pairs: list[tuple[str, str]] = []
    for path in sorted(OWN.glob(f"{language}-*.json")):
        call = json.loads(path.read_text(encoding="utf-8"))
        turns = [
            Turn(
                speaker="unknown",
                party=turn["speaker"],
                text=turn["text"] if words else "",
                start=turn["start"],
                end=turn["end"],
            )
            for turn in call["turns"]
        ]
        found = measure(turns, None, {}, None, words_available=words).overlaps
        for known in call["overlaps"]:
            there = covering(found, known["start"], known["end"])
            pairs.append((merged(known["kind"]), merged(there.kind) if there else "none"))
    return pairs


def covering(found: Sequence[Overlap], begin: float, stop: float) -> Overlap | None:
    """The overlap that covers most of a stretch, None where none does."""
    there = [o for o in found if min(o.end, stop) > max(o.start, begin)]
    return max(there, key=lambda o: min(o.end, stop) - max(o.start, begin), default=None)


def matched(
    calls: dict[str, tuple[tuple[Turn, ...], Dialogue]],
) -> list[tuple[Label, Overlap | None]]:
    """Each label with the overlap found at its place, the one that covers most of it."""
    pairs: list[tuple[Label, Overlap | None]] = []
    for label in labels():
        begin, stop = label.start_ms / 1000, label.end_ms / 1000
        found = calls[label.call][1].overlaps if label.call in calls else ()
        pairs.append((label, covering(found, begin, stop)))
    return pairs


def unpunctuated(text: str) -> str:
    """Lower-case words alone, as a recogniser without punctuation gives them."""
    return " ".join(words_of(text))


def compare(sources: dict[str, dict[str, tuple[tuple[Turn, ...], Dialogue]]]) -> None:
    """Print how far the classes agree with the readers, and the readers with each other."""
    for sample in ("random", "candidate"):
        ours = [label for label in labels() if label.sample == sample]
        both = [(merged(label.judge_1), merged(label.judge_2)) for label in ours]
        print(f"{sample} overlaps: the two readers agree with kappa {kappa(both):.2f}")
        print(line("one reader against the other", both))
        for name, source in sources.items():
            print(
                line(
                    f"the program, {name}, where the readers agree",
                    [
                        (label.agreed, merged(overlap.kind) if overlap else "none")
                        for label, overlap in matched(source)
                        if label.sample == sample and label.agreed is not None
                    ],
                )
            )


def show(calls: dict[str, tuple[tuple[Turn, ...], Dialogue]], kind: str, n: int, seed: int) -> None:
    """Print overlaps of one class with what was said around them."""
    found = [(stem, o) for stem, (_, dialogue) in calls.items() for o in dialogue.overlaps if o.kind == kind]
    for stem, overlap in random.Random(seed).sample(found, min(n, len(found))):
        print_overlap(calls, stem, overlap, (overlap.start, overlap.end))


def print_overlap(
    calls: dict[str, tuple[tuple[Turn, ...], Dialogue]],
    stem: str,
    overlap: Overlap | None,
    span: tuple[float, float],
) -> None:
    """Print one overlap with the turns around it."""
    what = f"{overlap.kind}, {overlap.by} over {overlap.of}: {overlap.rule}" if overlap else "none found"
    print(f"\n{stem} {span[0]:.2f}-{span[1]:.2f} {what}")
    for turn in calls[stem][0]:
        if turn.segment and turn.segment.gap(type(turn.segment)(*span)) < 2.0:
            print(f"   {turn.party} {turn.start:7.2f} {turn.end:7.2f}  {turn.text[:150]}")


if __name__ == "__main__":
    main()
