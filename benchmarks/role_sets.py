"""Labelled conversations for measuring roles, and what happens to words on the way to a transcript.

A conversation is a list of `(who, text)`: "a" for the agent's side, "c" for the customer's, "i" for a
recorded announcement on the agent's line.
"""

from __future__ import annotations

import json
import os
import random
import re
import tomllib
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SPEECHQA_DATA", str(ROOT / ".." / "shared" / "data")))
Conversation = list[tuple[str, str]]
OTHER = {"a": "c", "c": "a", "i": "c"}
# Handles, links and signatures of written messages, which name the company.
_WRITTEN = re.compile(r"@\w+|https?:\s*//\S+|\^\w+|#\w+")


def sets() -> Iterator[tuple[str, str, list[Conversation]]]:
    """Name, language and conversations of every set that is here."""
    own = ROOT / "benchmarks" / "role_calls"
    for language in ("en", "he"):
        for part in ("shaped", "apart"):
            yield f"own {part}", language, made(own / f"{language}-{part}.toml")
        yield "sample scripts", language, scripts(language)
        yield "criteria calls", language, simple(ROOT / "tests/unit/criteria/calls", f"{language}-*.json")
    for part in ("dev", "test"):
        yield f"sgd {part}", "en", lines(DATA / "text/sgd" / f"{part}_sample.jsonl")
        yield f"ibm care {part}", "en", lines(DATA / "text/ibm_twitter_care" / f"{part}.jsonl")
    yield "harpervalley", "en", simple(DATA / "calls/harpervalley", "*.json")
    yield "primock57", "en", primock(DATA / "turns/primock57")


def made(path: Path) -> list[Conversation]:
    calls = tomllib.loads(path.read_text(encoding="utf-8"))["calls"]
    return [[(turn[0], turn[3:]) for turn in call["turns"]] for call in calls]


def scripts(language: str) -> list[Conversation]:
    read = [tomllib.loads(p.read_text()) for p in sorted((ROOT / "recordings/scripts").glob(f"{language}-*"))]
    return [[(t["speaker"][0], t["text"]) for t in call["turns"] if "text" in t] for call in read]


def simple(folder: Path, pattern: str) -> list[Conversation]:
    """Calls in the simple form; names with a second dot are something else."""
    paths = [path for path in sorted(folder.glob(pattern)) if "." not in path.stem]
    read = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [[(t["speaker"][0], t["text"]) for t in call["turns"]] for call in read]


def lines(path: Path) -> list[Conversation]:
    if not path.is_file():
        return []
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [[(t["speaker"][0], _WRITTEN.sub(" ", t["text"])) for t in call["turns"]] for call in read]


def primock(folder: Path) -> list[Conversation]:
    from praatio import textgrid

    found = []
    for stem in sorted({path.name.rsplit("_", 1)[0] for path in folder.glob("*.TextGrid")}):
        said = [
            (entry.start, who, entry.label)
            for side, who in (("doctor", "a"), ("patient", "c"))
            for tier in textgrid.openTextgrid(
                str(folder / f"{stem}_{side}.TextGrid"), includeEmptyIntervals=False
            ).tiers
            for entry in tier.entries
            if entry.label.strip()
        ]
        found.append([(who, text) for _, who, text in sorted(said)])
    return found


# What happens on the way.


def cut(call: Conversation, part: str) -> Conversation:
    """`all`, or so many turns of it: `first 5`, `middle 10`, `last 5`."""
    if part == "all":
        return call
    where, count = part.split()
    n = int(count)
    start = {"first": 0, "middle": max(0, (len(call) - n) // 2), "last": max(0, len(call) - n)}[where]
    return call[start : start + n]


def misheard(call: Conversation, rate: float, rng: random.Random, vocabulary: Sequence[str]) -> Conversation:
    """Half of the rate of words lost, half replaced by any word of the set."""
    heard = []
    for who, text in call:
        words = []
        for word in text.split():
            chance = rng.random()
            if chance >= rate:
                words.append(word)
            elif chance >= rate / 2:
                words.append(rng.choice(vocabulary))
        heard.append((who, " ".join(words)))
    return heard


def misattributed(call: Conversation, share: float, how: str, rng: random.Random) -> Conversation:
    """A share of the words on the wrong side, as voices on one channel are confused.

    `word`: each by itself. `edge`: runs of up to six at the beginning or end of a turn. `turn`: short turns
    whole, and runs anywhere in long ones.
    """
    marks = [[who] * len(text.split()) for who, text in call]
    if how == "word":
        marks = [[OTHER[w] if rng.random() < share else w for w in mark] for mark in marks]
    else:
        _move_runs(call, marks, share, how, rng)
    moved: list[tuple[str, list[str], int]] = []
    for i, ((_, text), mark) in enumerate(zip(call, marks, strict=True)):
        for word, who in zip(text.split(), mark, strict=True):
            if moved and moved[-1][0] == who and moved[-1][2] == i:
                moved[-1][1].append(word)
            else:
                moved.append((who, [word], i))
    return [(who, " ".join(words)) for who, words, _ in moved]


def _move_runs(
    call: Conversation, marks: list[list[str]], share: float, how: str, rng: random.Random
) -> None:
    left = round(sum(map(len, marks)) * share)
    for _ in range(500):
        if left <= 0:
            return
        i = rng.randrange(len(marks))
        size = len(marks[i])
        if not size:
            continue
        n = min(left, rng.randint(1, 6), size)
        start = 0 if rng.random() < 0.5 else size - n
        if how == "turn":
            start, n = (rng.randrange(size - n + 1), n) if size > 8 else (0, size)
        for k in range(start, start + n):
            if marks[i][k] == call[i][0]:
                marks[i][k] = OTHER[call[i][0]]
                left -= 1


def degraded(
    calls: Sequence[Conversation],
    part: str,
    errors: float,
    moved: float,
    how: str,
    seed: Callable[[int], str],
) -> Iterator[Conversation]:
    """Every conversation as it comes out; the same every time."""
    vocabulary = [word for call in calls for _, text in call for word in text.split()]
    for number, call in enumerate(calls):
        rng = random.Random(zlib.crc32(seed(number).encode()))
        heard = cut(call, part)
        if errors:
            heard = misheard(heard, errors, rng, vocabulary)
        if moved:
            heard = misattributed(heard, moved, how, rng)
        yield heard
