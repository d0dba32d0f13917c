"""Syllables counted by spelling, against a pronouncing dictionary (English) and counts by hand (Hebrew).

    python -m benchmarks.syllables [--errors 20]

English: words of the texts below the folder that SPEECHQA_DATA names, each as often as it is said, against
the CMU dictionary in pocketsphinx's wheel; multidogo was never looked at while the rules were made. Hebrew:
lines of the project's own calls with the syllables of each word as spoken, on which the weights were fitted.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from speechqa.dialogue.syllables import english, hebrew
from speechqa.dialogue.wording import words_of

DATA = Path(os.environ.get("SPEECHQA_DATA", "../shared/data"))
COUNTED = Path(__file__).with_name("syllables_he.json")
SETS = ("natcs_utterances", "sgd", "multidogo_customer")


def pronouncing() -> dict[str, set[int]]:
    """Syllables of each word of the dictionary, one number a pronunciation."""
    import pocketsphinx

    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    found: dict[str, set[int]] = {}
    for line in path.read_text().splitlines():
        word, *sounds = line.split()
        vowels = sum(sound[0] in "AEIOU" for sound in sounds)
        found.setdefault(re.sub(r"\(\d+\)$", "", word), set()).add(vowels)
    return found


def texts() -> Iterator[tuple[str, Counter[str]]]:
    """How often each word stands in each set."""
    grids = sorted((DATA / "turns" / "primock57").glob("*.TextGrid"))
    if grids:
        from speechqa.transcripts import read

        said = (turn.text for path in grids for turn in read(path).transcript.turns)
        yield "primock57", Counter(word for text in said for word in words_of(text))
    for name in SETS:
        words: Counter[str] = Counter()
        for path in sorted((DATA / "text" / name).glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").split("\n"):
                for turn in json.loads(line)["turns"] if line else ():
                    words.update(words_of(turn["text"]))
        if words:
            yield name, words


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", type=int, default=0, help="show so many of the commonest wrong words")
    options = parser.parse_args()
    known = pronouncing()
    for name, words in texts():
        said = wrong = counted = expected = 0
        errors: Counter[str] = Counter()
        for word, times in words.items():
            if word not in known:
                continue
            found = english(word)
            right = min(known[word], key=lambda count: (abs(count - found), count))
            said += times
            counted += times * found
            expected += times * right
            if found != right:
                wrong += times
                errors[word] += times
        share, bias = 100 * wrong / said, 100 * (counted / expected - 1)
        print(f"{name:20} {said:7} words, {share:.2f} % wrong, sum {bias:+.2f} %")
        if options.errors:
            print("   ", ", ".join(word for word, _ in errors.most_common(options.errors)))
    lines = json.loads(COUNTED.read_text(encoding="utf-8"))
    for size in (5, len(lines)):
        for first in range(0, len(lines), size):
            part = lines[first : first + size]
            by_hand = sum(sum(line["syllables"]) for line in part)
            estimated = sum(hebrew(word) for line in part for word in words_of(line["text"]))
            count = sum(len(line["syllables"]) for line in part)
            print(f"Hebrew, own calls    {count:7} words, sum {100 * (estimated / by_hand - 1):+.2f} %")


if __name__ == "__main__":
    main()
