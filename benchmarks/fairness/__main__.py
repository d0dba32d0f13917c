"""Do verdicts flip when nothing changes but who is speaking, or how they speak?

    python -m benchmarks.fairness [KIND...] [--calls kept|trained|all] [--flips] [--criteria] [--show NAME]

Each call is judged as it is and once more with a swap: other names, another gender, another dialect, fillers
dropped. A flip is a verdict that goes from pass to fail or back, a signal that comes or goes, or anything
that is assessed in one and not in the other. `docs/fairness.md` has the figures. A swap that changes nothing
of a call does not count.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence

from benchmarks.fairness.calls import Call, kept_apart, trained_on
from benchmarks.fairness.kinds import Swap, swaps
from benchmarks.fairness.measure import Flip, Judge, Measured, interval
from speechqa.criteria import load_rubric


def main() -> None:
    kinds = sorted({swap.kind for swap in swaps()})
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("kinds", nargs="*", help=f"which of: {', '.join(kinds)}; all of them if left out")
    parser.add_argument("--language", choices=("en", "he"), help="only calls in that language")
    parser.add_argument("--calls", choices=("kept", "trained", "all"), default="kept",
                        help="calls that nothing was trained on, those it was, or both")  # fmt: skip
    parser.add_argument("--flips", action="store_true", help="every flip, with the reasons before and after")
    parser.add_argument("--criteria", action="store_true", help="the same by criterion")
    parser.add_argument("--show", type=int, metavar="N", help="N swapped calls of each swap instead, to read")
    chosen = parser.parse_args()
    calls = [
        *(kept_apart() if chosen.calls != "trained" else ()),
        *(trained_on() if chosen.calls != "kept" else ()),
    ]
    taken = [
        swap
        for swap in swaps()
        if (not chosen.kinds or swap.kind in chosen.kinds) and chosen.language in (None, swap.language)
    ]
    if chosen.show:
        for swap in taken:
            show(swap, calls, chosen.show)
        return
    judge = Judge(load_rubric("service"))
    print(f"{'':46}{'calls':>11} {'flips':>6} {'share of verdicts':>24} {'of all':>7} {'any change':>11}")
    every = []
    for swap in taken:
        every.append(judge.measure(swap, calls))
        line(f"{swap.kind}, {swap.language}, {swap.name}", every[-1:])
        if chosen.flips:
            for flip in (one for call in every[-1].flips for one in call):
                told(flip)
    print()
    for kind, language in dict.fromkeys((swap.kind, swap.language) for swap in taken):
        line(f"{kind}, {language}", [one for one in every if one.swap[:2] == (kind, language)])
    if chosen.criteria:
        print()
        by_criterion(every)


def line(name: str, every: Sequence[Measured]) -> None:
    """One row: changed calls of all, flips, their share of verdicts with its interval, and of all calls'."""
    flips = [len(call) for one in every for call in one.flips]
    moved = sum(
        one.before.verdict != one.after.verdict for each in every for call in each.moved for one in call
    )
    calls, changed = sum(one.calls for one in every), sum(one.changed for one in every)
    verdicts = sum(one.verdicts for one in every)
    each = verdicts // changed if changed else 1
    low, high = interval(flips, [each] * len(flips))
    share = sum(flips) / max(1, verdicts)
    print(
        f"{name:46}{changed:>5} / {calls:<4}{sum(flips):>6} {share:>8.2%} ({low:.2%} to {high:.2%})"
        f" {sum(flips) / max(1, calls * each):>7.2%} {moved / max(1, verdicts):>10.2%}",
        flush=True,
    )


def by_criterion(every: Sequence[Measured]) -> None:
    """A row a criterion and language, over all swaps: how many verdicts flip, and their share."""
    for language in sorted({one.swap.language for one in every}):
        of = Counter(name for one in every if one.swap.language == language for name in one.names)
        flips = Counter(
            (flip.criterion, flip.call)
            for one in every
            if one.swap.language == language
            for call in one.flips
            for flip in call
        )
        names = sorted(of)
        for criterion in sorted({criterion for criterion, _ in flips}):
            each = [flips[criterion, name] for name in names]
            low, high = interval(each, [of[name] for name in names])
            share = sum(each) / sum(of.values())
            print(
                f"{language} {criterion:24}{sum(each):>5} / {sum(of.values()):<6}"
                f"{share:>7.2%} ({low:.2%} to {high:.2%})"
            )


def told(flip: Flip) -> None:
    """One flip, for whoever looks for its cause."""
    print(f"    {flip.call} {flip.criterion}: {flip.before.verdict} > {flip.after.verdict}")
    print(f"        {flip.before.why[:150]}")
    print(f"        {flip.after.why[:150]}")


def show(swap: Swap, calls: Sequence[Call], many: int) -> None:
    """Some calls that a swap changes, with what it changed, to be read by eye."""
    print(f"\n##### {swap.kind}, {swap.language}, {swap.name}")
    changed = [
        call
        for call in calls
        if call.language == swap.language and swap.apply(call.lines) != list(call.lines)
    ]
    for call in random.Random(1).sample(changed, min(many, len(changed))):
        print(f"== {call.name}")
        for before, after in zip(call.lines, swap.apply(call.lines), strict=True):
            if before != after:
                print(f"{before.role[0]}: {before.text}\n   {after.text}")


if __name__ == "__main__":
    main()
