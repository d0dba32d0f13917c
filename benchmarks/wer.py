"""Word error rate of an engine on the sample calls, from the documents that `speechqa audit --json` prints.

    python benchmarks/wer.py                            # audits recordings/ with pocketsphinx
    python benchmarks/wer.py --engine whisper:small     # with another engine
    python benchmarks/wer.py --documents calls.jsonl    # from documents made before
    python benchmarks/wer.py --errors                   # and which words went wrong

The reference is what the scripts in recordings/scripts say. Words are counted party by party, so that the
order of overlapping turns does not matter; a call that names no parties is counted in order of time. Calls
that brought their transcript are not counted: no engine worked on them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jiwer

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "recordings" / "scripts"

_FILLERS = frozenset({"um", "uh", "er", "erm", "hmm", "mm", "mhm"})
_ONE_SPELLING = {
    "goodbye": "good bye",
    "cannot": "can not",
    "okay": "ok",
    "alright": "all right",
    "dr": "doctor",
    "mr": "mister",
    "anymore": "any more",
}
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


class WordErrors(NamedTuple):
    """Error counts of words; they add, rates are derived and never averaged."""

    words: int = 0
    substituted: int = 0
    deleted: int = 0
    inserted: int = 0

    @property
    def errors(self) -> int:
        """All errors together."""
        return self.substituted + self.deleted + self.inserted

    @property
    def rate(self) -> float | None:
        """Errors a reference word; None without reference words, above 1 where much is inserted."""
        return self.errors / self.words if self.words else None

    def plus(self, other: WordErrors) -> WordErrors:
        """The counts of both."""
        return WordErrors(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def number_words(number: int) -> str:
    """Say a number from 0 to 999,999; a longer one digit by digit, as one reads out an account."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _TENS[tens - 2] + (f" {_ONES[rest]}" if rest else "")
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if size <= number < 1_000_000:
            count, rest = divmod(number, size)
            return f"{number_words(count)} {name}" + (f" {number_words(rest)}" if rest else "")
    return " ".join(_ONES[int(digit)] for digit in str(number))


def normalised(text: str) -> str:
    """Lower case, no punctuation, numbers in words, one spelling a word, no "um".

    >>> normalised("Um, that's $34 -- GOODBYE, Dr. Brown!")
    "that's thirty four dollars good bye doctor brown"
    """
    plain = text.lower().replace("’", "'")
    plain = re.sub(r"\$\s?([\d,]+)", r"\1 dollars", plain)
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", plain)
    plain = re.sub(r"\d+", lambda found: f" {number_words(int(found[0]))} ", plain)
    words = (word.strip("'") for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*'?", plain))
    return " ".join(_ONE_SPELLING.get(word, word) for word in words if word not in _FILLERS)


def word_error_counts(reference: str, hypothesis: str) -> WordErrors:
    """Count the errors of a hypothesis against a reference; both are normalised first."""
    said, heard = normalised(reference), normalised(hypothesis)
    if not said:
        return WordErrors(inserted=len(heard.split()))
    if not heard:
        return WordErrors(words=len(said.split()), deleted=len(said.split()))
    counts = jiwer.process_words(said, heard)
    return WordErrors(len(said.split()), counts.substitutions, counts.deletions, counts.insertions)


def wrong_words(reference: str, hypothesis: str) -> list[str]:
    """Each place where the hypothesis differs, as ``said -> heard``."""
    said, heard = normalised(reference).split(), normalised(hypothesis).split()
    chunks = jiwer.process_words(" ".join(said), " ".join(heard)).alignments[0] if said else []
    places = (
        (said[c.ref_start_idx : c.ref_end_idx], heard[c.hyp_start_idx : c.hyp_end_idx])
        for c in chunks
        if c.type != "equal"
    )
    return [f"{' '.join(a) or '(nothing)'} -> {' '.join(b) or '(nothing)'}" for a, b in places]


def said_by_party(script: Mapping[str, Any]) -> dict[str, str]:
    """What each speaker of a script says, in order."""
    parts: dict[str, list[str]] = defaultdict(list)
    for turn in script["turns"]:
        if text := turn.get("text"):
            parts[turn["speaker"]].append(text)
    return {party: " ".join(texts) for party, texts in parts.items()}


def heard_by_party(turns: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each party of a document says: by party where it has one, else by speaker."""
    parts: dict[str, list[str]] = defaultdict(list)
    for turn in turns:
        parts[str(turn.get("party") or turn.get("speaker") or "")].append(str(turn.get("text") or ""))
    return {party: " ".join(texts) for party, texts in parts.items()}


def pairs(script: Mapping[str, Any], turns: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Reference and hypothesis, party by party under the assignment with the fewest errors.

    Where the document has not the script's number of parties the whole call is one pair.
    """
    said, heard = said_by_party(script), heard_by_party(turns)
    if script.get("channels") == 1 or len(heard) != len(said):
        whole = " ".join(turn.get("text", "") for turn in script["turns"])
        return [(whole, " ".join(str(turn.get("text") or "") for turn in turns))]
    orders = [
        list(zip(said.values(), order, strict=True)) for order in itertools.permutations(heard.values())
    ]
    return min(orders, key=lambda order: sum(word_error_counts(*pair).errors for pair in order))


def audited(engine: str) -> str:
    """The documents of the sample calls, fresh from the command line."""
    program = Path(sys.executable).with_name("speechqa")
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/wer.db"
        command = [
            str(program),
            "audit",
            str(ROOT / "recordings"),
            "--engine",
            engine,
            "--store",
            store,
            "--json",
        ]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.returncode)
    return done.stdout.decode("utf-8")


def main() -> int:
    """Print a line a call and the totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--engine", default="pocketsphinx")
    parser.add_argument("--documents", type=Path, help="JSON Lines of audit --json, instead of an audit")
    parser.add_argument("--errors", action="store_true", help="show the words that went wrong")
    options = parser.parse_args()
    lines = options.documents.read_text(encoding="utf-8") if options.documents else audited(options.engine)
    documents = {doc["call_id"]: doc for doc in map(json.loads, filter(None, lines.split("\n")))}
    if not documents:
        parser.error("there are no documents to measure")
    totals: dict[str, WordErrors] = defaultdict(WordErrors)
    print(f"{'call':24}{'Hz':>7}{'words':>7}{'errors':>8}{'WER %':>8}{'confidence':>12}")
    for path in sorted(SCRIPTS.glob("*.toml")):
        script = tomllib.loads(path.read_text(encoding="utf-8"))
        transcript = documents.get(path.stem, {}).get("transcript")
        imported = (ROOT / "recordings" / f"{path.stem}.json").exists()
        if transcript is None or imported:
            why = "brought its own transcript" if imported else "no transcript"
            print(f"{path.stem:24}{script['sample_rate']:>7}  {why}")
            continue
        found = pairs(script, transcript["turns"])
        counts = WordErrors()
        for pair in found:
            counts = counts.plus(word_error_counts(*pair))
        confidence = transcript.get("mean_confidence")
        rate = "-" if counts.rate is None else f"{100 * counts.rate:.1f}"
        shown = "-" if confidence is None else f"{confidence:.2f}"
        print(
            f"{path.stem:24}{script['sample_rate']:>7}{counts.words:>7}{counts.errors:>8}{rate:>8}{shown:>12}"
        )
        if options.errors:
            for pair in found:
                print("".join(f"    {place}\n" for place in wrong_words(*pair)), end="")
        for group in (f"{script['sample_rate']} Hz", "all"):
            totals[group] = totals[group].plus(counts)
    for group, counts in sorted(totals.items()):
        rate = "-" if counts.rate is None else f"{100 * counts.rate:.1f}"
        print(f"{group:31}{counts.words:>7}{counts.errors:>8}{rate:>8}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
