"""Recall and false masks of redaction on generated calls: ``python -m benchmarks.redaction [--count N]``.

The calls are those of `benchmarks.generated_numbers`. A number counts as masked when nothing of it is left;
a text without such a number counts as a false mask when anything in it is masked.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter

from benchmarks.generated_numbers import Case, negative, positive
from benchmarks.number_speech import CORRECTION, HESITATION
from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.privacy import redact

_BETWEEN = {
    word for words in (*HESITATION.values(), *CORRECTION.values()) for said in words for word in said.split()
}
_BETWEEN |= {"not", "at", "dot", "to", "for", "נקודה", "לא"}


def transcript(case: Case, *, words: bool) -> Transcript:
    turns = []
    for index, (party, before, number, after) in enumerate(case.turns):
        text = before + number + after
        said = tuple(
            Word(text=word, start=index + i / 100, end=index + (i + 1) / 100, confidence=0.9)
            for i, word in enumerate(text.split())
        )
        turns.append(
            Turn(
                speaker="agent" if party == "A" else "customer",
                party=party,
                text=text,
                words=said if words else (),
            )
        )
    return Transcript(language=case.language, engine="import:simple", turns=tuple(turns))


def masked(case: Case, result: Transcript) -> bool:
    """Whether nothing of the number is left, in the text and in the words; whatever it was taken for."""
    for (_, before, number, after), turn in zip(case.turns, result.turns, strict=True):
        if not number:
            continue
        kept = turn.text.removeprefix(before)
        kept = kept.removesuffix(after) if after else kept
        said = " ".join(word.text for word in turn.words)
        left = set(_told(kept)) & set(_told(number))
        if left or "[" not in kept or (turn.words and said != " ".join(turn.text.split())):
            return False
    return True


def _told(text: str) -> list[str]:
    """Words that tell something of a number or an address: not what only stands between its parts."""
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _BETWEEN]


def exact(case: Case, result: Transcript) -> bool:
    """Whether all but the number is as it was."""
    return all(
        turn.text == (f"{before}[{case.kind}]{after}" if number else before + after)
        for (_, before, number, after), turn in zip(case.turns, result.turns, strict=True)
    )


def measure(count: int, seed: int, *, show: int = 0) -> dict[str, float]:
    """Recall, exactness and the rate of false masks over `count` cases of each sort."""
    rng = random.Random(seed)
    hits = exactly = false = 0
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for number in range(count):
        case = positive(rng)
        result = redact(transcript(case, words=number % 2 == 0)).transcript
        if masked(case, result):
            hits += 1
            exactly += exact(case, result)
        else:
            missed[f"{case.language}/{case.style}"] += 1
            if sum(missed.values()) <= show:
                print(
                    "MISSED",
                    case.kind,
                    [turn[1:] for turn in case.turns],
                    "->",
                    [turn.text for turn in result.turns],
                )
    for number in range(count):
        case = negative(rng)
        result = redact(transcript(case, words=number % 2 == 0))
        if result.masked:
            false += 1
            wrong[case.style] += 1
            if false <= show:
                print("FALSE", case.turns[0][1], "->", result.transcript.turns[0].text)
    if show:
        print("missed", dict(missed.most_common()), "wrong", dict(wrong.most_common()))
    return {"recall": hits / count, "exact": exactly / count, "false_masks": false / count}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print this many misses and false masks")
    options = parser.parse_args()
    found = measure(options.count, options.seed, show=options.show)
    print(f"{options.count} numbers, {options.count} texts without, seed {options.seed}")
    print(f"recall {found['recall']:.2%}, exact {found['exact']:.2%}, false masks {found['false_masks']:.2%}")


if __name__ == "__main__":
    main()
