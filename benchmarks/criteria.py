"""Speech acts and signals against labelled development text, and the speed of judging.

    python benchmarks/criteria.py [DATA_FOLDER]     (default: SPEECHQA_DATA, else ../shared/data)

Prints precision, recall and F1 with some errors of each, then seconds for 1,000 transcripts of 750 words.
Before them, needing no data: what becomes of the verdicts on the calls of the tests when words are misheard.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from speechqa.core.transcript import Transcript, Turn, Word
from speechqa.criteria import CallView, annotate, find_signals, judge, load_rubric
from speechqa.criteria.calltext import CallText
from speechqa.criteria.detectors.questions import question_of
from speechqa.criteria.lexicon import lexicon_of

RUBRIC = load_rubric("service")
CALLS = Path(__file__).resolve().parent.parent / "tests/unit/criteria/calls"
COPIES = 10
ERRORS = 4
Labelled = tuple[bool, bool, str]


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def transcript(turns: Iterable[dict[str, Any]]) -> Transcript:
    made = tuple(Turn(speaker=t["speaker"], text=t["text"]) for t in turns)
    return Transcript(language="en", engine="imported", turns=made)


def table(name: str, labelled: Iterable[Labelled]) -> None:
    rows = list(labelled)
    hit = sum(gold and found for gold, found, _ in rows)
    precision = hit / max(1, sum(found for _, found, _ in rows))
    recall = hit / max(1, sum(gold for gold, _, _ in rows))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{name:28} n={len(rows):5} P={precision:.3f} R={recall:.3f} F1={f1:.3f}")
    for kind, wrong in (("found", (False, True)), ("missed", (True, False))):
        texts = [text for gold, found, text in rows if (gold, found) == wrong]
        for text in random.Random(1).sample(texts, min(ERRORS, len(texts))):
            print(f"    wrongly {kind}: {text[:100]!r}")


def churn(data: Path) -> Iterator[Labelled]:
    for dialogue in read(data / "text/churn_swisscom/en_chatbot.jsonl"):
        turn = dialogue["turns"][0]
        view = CallView(transcript=transcript([turn]), language="en")
        yield bool(turn["labels"]["churn"]), bool(find_signals(view, RUBRIC).churn_risk.value), turn["text"]


def complaints(data: Path) -> None:
    """How often a complaint is found in requests of callers, most of whom complain of nothing."""
    found: list[str] = []
    count = 0
    for name in ("development", "test-banking", "test-finance"):
        for dialogue in read(data / f"text/natcs_utterances/{name}.jsonl"):
            turn = dialogue["turns"][0]
            if turn["labels"]["intent"] in ("ReportBillingIssue", "DisputeCharge"):
                continue
            count += 1
            view = CallView(transcript=transcript([turn]), language="en")
            if find_signals(view, RUBRIC).complaint.value:
                found.append(turn["text"])
    print(f"complaint (plain requests)   found in {len(found)} of {count}")
    for text in random.Random(1).sample(found, min(ERRORS, len(found))):
        print(f"    found: {text[:100]!r}")


def acts(data: Path, act: str, label: str, *, role: str | None = None) -> Iterator[Labelled]:
    for dialogue in read(data / "text/sgd/dev_sample.jsonl"):
        found = annotate(transcript(dialogue["turns"]), RUBRIC).turns
        for gold, turn in zip(dialogue["turns"], found, strict=True):
            if role is None or turn.speaker == role:
                yield label in gold["labels"]["act"], act in {a.act for a in turn.acts}, turn.text


def asked(data: Path) -> Iterator[Labelled]:
    """Whether a customer's turn asks for information."""
    lexicon = lexicon_of(RUBRIC)
    for dialogue in read(data / "text/sgd/dev_sample.jsonl"):
        for line in CallText(lexicon, transcript(dialogue["turns"])).of("customer"):
            gold = "REQUEST" in dialogue["turns"][line.turn]["labels"]["act"]
            yield gold, question_of(line) is not None, line.source.text


def speed(data: Path, *, calls: int = 60, words: int = 750) -> None:
    turns = [t for d in read(data / "text/sgd/dev_sample.jsonl") for t in d["turns"]]
    draw, made = random.Random(1), []
    for _ in range(calls):
        chosen: list[dict[str, Any]] = []
        while sum(len(t["text"].split()) for t in chosen) < words:
            chosen.append(draw.choice(turns))
        made.append(transcript(chosen))
    started = time.process_time()
    for one in made:
        view = CallView(transcript=annotate(one, RUBRIC))
        judge(RUBRIC, view)
        find_signals(view, RUBRIC)
    seconds = (time.process_time() - started) / calls * 1000
    print(f"1,000 transcripts of {words} words: {seconds:.1f} s on one core")


def misheard(
    call: dict[str, Any], rate: float, draw: random.Random, words: list[str], *, known: bool
) -> Transcript:
    """The call with words replaced (65 %), lost (20 %) and put in (15 %), with or without confidences."""
    turns = []
    for turn in call["turns"]:
        heard: list[tuple[str, float]] = []
        for word in turn["text"].split():
            kind = draw.random() if draw.random() < rate else 1.0
            if kind >= 0.85:
                heard.append((word, draw.uniform(0.75, 1.0)))
            if kind < 0.65 or 0.85 <= kind < 1.0:
                heard.append((draw.choice(words), draw.uniform(0.2, 0.75)))
        made = tuple(Word(text=w, confidence=round(c, 3) if known else None) for w, c in heard)
        turns.append(
            Turn(speaker=turn["speaker"], text=" ".join(w for w, _ in heard), words=made if known else ())
        )
    return Transcript(language=call["language"], engine="imported", turns=tuple(turns))


def flips(language: str, rate: float, *, known: bool) -> None:
    paths = sorted(path for path in CALLS.glob(f"{language}-*.json"))
    calls = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    words = [w for call in calls for turn in call["turns"] for w in turn["text"].split()]
    draw, total, flipped, abstained = random.Random(7), 0, 0, 0
    for call in calls:
        clean = judge(
            RUBRIC, CallView(transcript=misheard(call, 0.0, draw, words, known=False), language=language)
        )
        for _ in range(COPIES):
            noisy = misheard(call, rate, draw, words, known=known)
            for before, after in zip(
                clean, judge(RUBRIC, CallView(transcript=noisy, language=language)), strict=True
            ):
                if before.criterion != "no_interruptions":
                    total += 1
                    abstained += after.verdict != before.verdict and after.verdict.value == "not_assessed"
                    flipped += after.verdict != before.verdict and after.verdict.value != "not_assessed"
    print(
        f"{language} word errors {rate:.0%} confidences {'known  ' if known else 'unknown'} "
        f"flipped {flipped / total:.1%} abstained {abstained / total:.1%} n={total}"
    )


def main() -> None:
    for language in ("en", "he"):
        for known in (False, True):
            for rate in (0.1, 0.2):
                flips(language, rate, known=known)
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SPEECHQA_DATA", "../shared/data"))
    if not (data / "text").is_dir():
        print(f"skipped: there is no data in {data}; name its folder or set SPEECHQA_DATA")
        return
    table("churn_risk (chatbot)", churn(data))
    complaints(data)
    table("request_more (typed, agent)", acts(data, "request_more", "REQ_MORE", role="agent"))
    table("clarify (typed, agent)", acts(data, "clarify", "CONFIRM", role="agent"))
    table("asks for information (typed, customer)", asked(data))
    speed(data)


if __name__ == "__main__":
    main()
