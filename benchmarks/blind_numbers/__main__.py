"""Mask the blind set and print what was found and what was masked that should have stayed."""

from __future__ import annotations

import argparse
import re
from collections import Counter

from benchmarks.blind_numbers.generate import SECRETS, Item, Piece, items
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.privacy.redaction import redact

HALVES = ["dev", "kept", "more", "second-dev", "second-kept", "mended", "third-dev", "third-kept"]
HIDDEN = ("kept", "second-kept", "second", "third-kept", "third", "fourth")
"""Sets with scenes whose misses nobody who works on the masking may see."""
MASK = re.compile(r"\[[^\[\]]*\]")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--half", choices=[*HALVES, "second", "third", "fourth", "all"], default="all")
    parser.add_argument("--show-missed", type=int, default=0, metavar="N", help="never of what was kept")
    asked = parser.parse_args()
    for half in HALVES if asked.half == "all" else [asked.half]:
        _measure(half, asked.seed, asked.count, 0 if half in HIDDEN else asked.show_missed)


def masked(item: Item, *, timed: bool) -> tuple[str, ...]:
    """The turns after masking; with `timed` as an engine gives them, in words with times."""
    turns = []
    for at, (who, text) in enumerate(item.turns):
        spoken = text.split()
        step = 8.0 / (len(spoken) + 1)
        words = tuple(
            Word(text=word, start=10 * at + n * step, end=10 * at + (n + 1) * step)
            for n, word in enumerate(spoken)
        )
        party = "A" if who == "agent" else "B"
        turns.append(Turn(speaker=who, text=text, party=party, words=words if timed else ()))
    found = redact(Transcript(language=item.language, engine="import", turns=tuple(turns))).transcript
    return tuple(turn.text for turn in found.turns)


def hidden(before: str, after: str) -> list[tuple[int, int]]:
    """Stretches of a text that masks stand for."""
    kept = MASK.split(after)
    found = re.fullmatch("(.+?)".join(re.escape(part) for part in kept), before, re.DOTALL)
    if found is None:
        raise ValueError(f"masking changed more than numbers: {before!r} became {after!r}")
    return [found.span(n + 1) for n in range(len(kept) - 1)]


def _measure(half: str, seed: int, count: int, show: int) -> None:
    tally: Counter[tuple[str, str, str]] = Counter()
    for n, item in enumerate(items(seed, count, half)):
        after = masked(item, timed=n % 2 == 0)
        spans = [hidden(text, left) for (_, text), left in zip(item.turns, after, strict=True)]

        def is_hidden(piece: Piece, spans: list[list[tuple[int, int]]] = spans) -> bool:
            return any(start <= piece.start and piece.end <= end for start, end in spans[piece.turn])

        def is_touched(piece: Piece, spans: list[list[tuple[int, int]]] = spans) -> bool:
            return any(start < piece.end and piece.start < end for start, end in spans[piece.turn])

        wrong = [piece for piece in item.ordinary if is_touched(piece)]
        tally[item.language, "ordinary", "all"] += len(item.ordinary)
        tally[item.language, "ordinary", "masked"] += len(wrong)
        found = True
        if item.kind in SECRETS:
            found = all(map(is_hidden, item.must_hide()))
            tally[item.language, item.kind, "all"] += 1
            tally[item.language, item.kind, "found"] += found
            tally[item.language, item.kind, "whole"] += all(map(is_hidden, item.secret))
        if show and (not found or wrong):
            show -= 1
            print(f"{'masked' if found else 'missed'} {item.scene}")
            for (who, text), left in zip(item.turns, after, strict=True):
                print(f"  {who}: {text}\n   -> {left}")
    _print(half, seed, tally)


def _print(half: str, seed: int, tally: Counter[tuple[str, str, str]]) -> None:
    print(f"{half} scenes, seed {seed}")
    for language in ("en", "he", None):
        every = Counter[tuple[str, str]]()
        for (said_in, kind, what), n in tally.items():
            if language in (None, said_in):
                every[kind, what] += n
                every["any", what] += n if kind in SECRETS else 0
        for kind in (*SECRETS, "any") if language else ("any",):
            if not every[kind, "all"]:
                continue
            share, whole = (
                every[kind, "found"] / every[kind, "all"],
                every[kind, "whole"] / every[kind, "all"],
            )
            print(
                f"  {language or 'all'} {kind:8} {every[kind, 'all']:5} found {share:6.1%} whole {whole:6.1%}"
            )
        ordinary = every["ordinary", "masked"], every["ordinary", "all"]
        print(f"  {language or 'all'} ordinary {ordinary[1]:5} masked {ordinary[0] / ordinary[1]:.1%}")


if __name__ == "__main__":
    main()
