"""Speech acts of turns on spoken calls, by rules, by the model and as the product gives them.

    python benchmarks/speech_acts.py [ACT ...]      (errors of these acts are printed; default: clarify)

The calls of `benchmarks/speech_acts` are read with what a party says in a row as one turn, since telephone
calls consist of such. A third of them is kept apart: the model was trained and its thresholds were set on the
others. "Product" is what speechqa finds, "either" what it or the rules alone find. "Other trade" says how the
model fares where it has seen neither railways and coaches nor operators: it is fitted anew without them and
tried on theirs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from speechqa.core.transcript import ActName, Transcript, Turn
from speechqa.criteria import annotate, load_rubric
from speechqa.criteria.acts import acts_of
from speechqa.criteria.calltext import CallText, Line
from speechqa.criteria.lexicon import lexicon_of

CALLS = Path(__file__).resolve().parent / "speech_acts"
RUBRIC = load_rubric("service")
APART = 3
FAMILIES = {"rail": "travel line", "coach": "travel line", "operator": "operator"}
SPEAKERS = {"a": "agent", "c": "customer"}
ERRORS = 8


@dataclass(frozen=True)
class Call:
    """A call, and the acts of every turn as they were labelled."""

    number: int
    language: str
    domain: str
    transcript: Transcript
    acts: tuple[frozenset[str], ...]

    @property
    def apart(self) -> bool:
        """Whether it is kept apart."""
        return self.number % APART == 0

    @property
    def family(self) -> str:
        """Its domain, those alike under one name."""
        return FAMILIES.get(self.domain, self.domain)


def read(path: Path) -> Call:
    number, language, domain = path.stem.split("-")
    turns, acts = [], []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        said, _, labels = line.partition("\t")
        who, _, text = said.partition(":")
        turns.append(Turn(speaker=SPEAKERS[who.strip()], text=text.strip()))
        named = frozenset(labels.strip().split(",")) - {"-"}
        unknown = named - set(get_args(ActName))
        if unknown:
            raise ValueError(f"{path.name}: {line!r}: no such act: {sorted(unknown)}")
        acts.append(named)
    made = Transcript(language=language, engine="imported", turns=tuple(turns))
    return Call(int(number), language, domain, made, tuple(acts))


def calls() -> list[Call]:
    return [read(path) for path in sorted(CALLS.glob("*.txt"))]


def as_turns(call: Call) -> Call:
    """What a party says in a row as one turn; what listeners murmur meanwhile is left out."""
    turns: list[Turn] = []
    acts: list[frozenset[str]] = []
    for turn, labels in zip(call.transcript.turns, call.acts, strict=True):
        if labels == {"backchannel"} and turns:
            continue
        if turns and turns[-1].speaker == turn.speaker:
            turns[-1] = Turn(speaker=turn.speaker, text=f"{turns[-1].text} {turn.text}")
            acts[-1] |= labels - {"backchannel"}
        else:
            turns.append(turn)
            acts.append(labels)
    made = Transcript(language=call.language, engine="imported", turns=tuple(turns))
    return Call(call.number, call.language, call.domain, made, tuple(acts))


Found = Callable[[Call], Sequence[frozenset[str]]]


def by_rules(call: Call) -> Sequence[frozenset[str]]:
    text = CallText(lexicon_of(RUBRIC), call.transcript)
    found = {line.turn: frozenset(act.act for act in acts_of(text, line)) for line in text.lines}
    return [found.get(index, frozenset()) for index in range(len(call.acts))]


def by_product(call: Call) -> Sequence[frozenset[str]]:
    turns = annotate(call.transcript, RUBRIC).turns
    return [frozenset(act.act for act in turn.acts) for turn in turns]


def by_either(call: Call) -> Sequence[frozenset[str]]:
    return [rules | product for rules, product in zip(by_rules(call), by_product(call), strict=True)]


def lines_of(call: Call) -> tuple[CallText, tuple[Line, ...]]:
    text = CallText(lexicon_of(RUBRIC), call.transcript)
    return text, text.lines


Pairs = list[tuple[bool, bool]]


def turn_by_turn(tried: Iterable[Call], act: str, found: Found, role: str = "agent") -> Pairs:
    return [
        (act in gold, act in named)
        for call in tried
        for turn, gold, named in zip(call.transcript.turns, call.acts, found(call), strict=True)
        if turn.speaker == role
    ]


def per_call(tried: Iterable[Call], act: str, found: Found, role: str = "agent") -> Pairs:
    rows = []
    for call in tried:
        of = turn_by_turn([call], act, found, role)
        rows.append((any(gold for gold, _ in of), any(named for _, named in of)))
    return rows


def figures(pairs: Pairs) -> tuple[float, float, float]:
    hit = sum(gold and named for gold, named in pairs)
    precision = hit / max(1, sum(named for _, named in pairs))
    recall = hit / max(1, sum(gold for gold, _ in pairs))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def row(*cells: str) -> None:
    print("".join(f"{cell:15}" for cell in cells))


def show(title: str, tried: Sequence[Call], found: dict[str, Found], acts: Sequence[str], unit: str) -> None:
    print(f"\n{title}: {len(tried)} calls, {unit}; precision, recall, F1")
    row("", *(f"{name}" for name in found), "n")
    count = per_call if unit == "per call" else turn_by_turn
    for act in acts:
        pairs = {name: count(tried, act, one) for name, one in found.items()}
        gold = sum(g for g, _ in next(iter(pairs.values())))
        row(act, *("{:.2f} {:.2f} {:.2f}".format(*figures(p)) for p in pairs.values()), str(gold))


def errors(tried: Sequence[Call], act: str, found: Found) -> None:
    for kind, wrong in (("wrongly found", (False, True)), ("missed", (True, False))):
        rows = [
            (before.text if before else "", turn.text)
            for call in tried
            for before, turn, gold, named in zip(
                (None, *call.transcript.turns), call.transcript.turns, call.acts, found(call), strict=False
            )
            if turn.speaker == "agent" and (act in gold, act in named) == wrong
        ]
        print(f"\n{act} {kind}: {len(rows)}")
        for before, text in rows[:ERRORS]:
            print(f"    {text[:90]!r}  after {before[-50:]!r}")


def main() -> None:
    from benchmarks.train_speech_acts import ACTS as ACTS_BY_MODEL
    from benchmarks.train_speech_acts import other_trade

    every = calls()
    apart = [call for call in every if call.apart]
    ways: dict[str, Found] = {"rules": by_rules, "product": by_product, "either": by_either}
    for language in ("en", "he"):
        written = [call for call in apart if call.language == language]
        joined = [as_turns(call) for call in written]
        show(f"Kept apart, {language}, as written", written, ways, ACTS_BY_MODEL, "turns of the agent")
        show(f"Kept apart, {language}", joined, ways, get_args(ActName), "turns of the agent")
        show(f"Kept apart, {language}", joined, ways, get_args(ActName), "per call")
    other_trade(every)
    for act in sys.argv[1:] or ["clarify"]:
        errors([as_turns(call) for call in apart], act, by_product)


if __name__ == "__main__":
    main()
