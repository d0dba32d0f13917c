"""Verdicts on calls written for this project against those of two judges, criterion by criterion.

    python -m benchmarks.agreement [SET...] [--errors CRITERION] [--rules]

`judged_calls/` holds invented calls, as a transcriber would give them, and the verdicts that two judges gave
each by reading alone, neither seeing the other's or the machine's. Nothing was trained or worked out on them.
Where the judges differ nothing is counted.
Kappa is Cohen's, over the four verdicts. Precision, recall and F1 are those of the verdict `fail`, of a
signal those of its presence. `practice_en` and `practice_he` are about complaints, sales, identity, leaving.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from benchmarks.overlap_labels import kappa
from speechqa.core.analysis import Signals
from speechqa.core.finding import Evidence, Finding
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, find_signals, judge, load_rubric

FOLDER = Path(__file__).with_name("judged_calls")
JUDGES = ("A", "B")
CORE = ("needs_clarification", "expectation_summary", "thanks", "solution_offered", "empathy")
PRACTICE = (
    "complaint_route", "transfer_etiquette", "personal_treatment", "respectful_boundary",
    "escalation_handled", "retention_response", "gracious_exit", "fair_disclosure", "identity_check",
)  # fmt: skip
TYPES = ("angry", "demanding", "confused", "passive_aggressive", "manipulative")
SIGNALS = (
    "complaint", "churn_risk", "public_or_legal_threat", "satisfaction_expressed", "manager_request",
    "compensation_asked", "compensation_offered", "silent_dissatisfaction", "humour",
    "courtesy_under_provocation", *TYPES,
)  # fmt: skip
_LETTERS = {"pass": "P", "fail": "F", "not_applicable": "N", "not_assessed": "U"}
_SPEAKERS = {"a": "agent", "c": "customer"}


class Judged(NamedTuple):
    """One criterion, or signal, of one call: what each judge says, what the machine says, and why."""

    call: str
    criterion: str
    judges: tuple[str, ...]
    machine: str
    why: str

    @property
    def agreed(self) -> bool:
        """Whether the judges say the same."""
        return len(set(self.judges)) == 1


def calls(name: str) -> Iterator[tuple[str, Transcript]]:
    """The calls of a set, by number."""
    head, *parts = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n== ")
    language = head.partition(":")[2].strip()
    for part in parts:
        number, *lines = part.strip().split("\n")
        turns = tuple(Turn(speaker=_SPEAKERS[line[0]], text=line[2:].strip()) for line in lines)
        yield number, Transcript(language=language, engine="imported", turns=turns)


def verdicts(name: str, judge_name: str) -> dict[str, dict[str, str]]:
    """What one judge says of a set: by call, then by criterion."""
    rows = (FOLDER / f"{name}.{judge_name}.tsv").read_text(encoding="utf-8").splitlines()
    split = (row.partition("\t") for row in rows if row)
    return {number: dict(pair.split("=") for pair in rest.split()) for number, _, rest in split}


def judged(name: str, *, by_rules: bool) -> Iterator[Judged]:
    """Everything the judges and the machine say of a set."""
    rubric = load_rubric("service")
    if by_rules:
        rubric = replace(rubric, turn_model=False)
    said = [verdicts(name, judge_name) for judge_name in JUDGES]
    for number, transcript in calls(name):
        view = CallView(transcript=transcript, language=transcript.language)
        found = {finding.criterion: finding for finding in judge(rubric, view)}
        signals = find_signals(view, rubric)
        for criterion in said[0][number]:
            by = tuple(one[number][criterion] for one in said)
            if criterion in SIGNALS or criterion == "cause":
                yield Judged(f"{name} {number}", criterion, by, *_signal(signals, criterion))
            elif criterion in found:
                finding = found[criterion]
                letter = _LETTERS[finding.verdict.value]
                yield Judged(f"{name} {number}", criterion, by, letter, _why(finding))


def _signal(signals: Signals, name: str) -> tuple[str, str]:
    """A signal as judges write it, and its quotes."""
    if name == "cause":
        cause = signals.cause
        known = cause is not None and cause.by != "unknown"
        return (cause.by if cause and known else "-"), _quotes(cause.said if cause else ())
    if name in TYPES:
        said = [sign.said for sign in signals.customer_type_signs or () if sign.kind == name]
        return ("Y" if said else "-"), _quotes(said)
    signal = getattr(signals, name)
    return ("Y" if signal.value else "-"), _quotes(signal.evidence)


def _quotes(said: Sequence[Evidence]) -> str:
    return " / ".join(evidence.quote for evidence in said[:2])


def _why(finding: Finding) -> str:
    quotes = _quotes(finding.evidence)
    return f"{finding.reason}: {quotes}" if quotes else finding.reason


def main() -> None:
    names = sorted(path.stem for path in FOLDER.glob("*.txt"))
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sets", nargs="*", choices=[*names, []], help="which calls; all of them if left out")
    parser.add_argument("--errors", help="criterion or signal whose disagreements are listed, or `all`")
    parser.add_argument("--rules", action="store_true", help="by rules alone, without the trained models")
    chosen = parser.parse_args()
    rows = [row for name in chosen.sets or names for row in judged(name, by_rules=chosen.rules)]
    criteria = list(dict.fromkeys(row.criterion for row in rows))
    print(f"{'':26}{'n':>4} {'judges':>7} {'raw':>5} {'kappa':>6} {'P fail':>7} {'R fail':>7} {'F1':>5}")
    for criterion in criteria:
        of = [row for row in rows if row.criterion == criterion]
        _line(criterion, of)
        for row in of:
            if chosen.errors in (criterion, "all") and row.agreed and row.judges[0] != row.machine:
                print(f"    {row.call}: judges {row.judges[0]}, machine {row.machine}: {row.why[:160]}")
    scored = [row for row in rows if row.criterion not in (*SIGNALS, "cause")]
    _line("the five of the core", [row for row in scored if row.criterion in CORE])
    _line("the others", [row for row in scored if row.criterion not in (*CORE, *PRACTICE)])
    _line("the rest of practice", [row for row in scored if row.criterion in PRACTICE])


def _line(name: str, rows: Sequence[Judged]) -> None:
    if not rows:
        return
    between = kappa([(row.judges[0], row.judges[1]) for row in rows])
    pairs = [(row.judges[0], row.machine) for row in rows if row.agreed]
    count = Counter(pairs)
    bad = "Y" if rows[0].criterion in SIGNALS else "F"
    hit = count[bad, bad]
    found = sum(n for (_, machine), n in count.items() if machine == bad)
    there = sum(n for (judges, _), n in count.items() if judges == bad)
    raw = sum(a == b for a, b in pairs) / max(1, len(pairs))
    precision = f"{hit / found:.2f}" if found else "-"
    recall = f"{hit / there:.2f}" if there else "-"
    both = f"{2 * hit / (found + there):.2f}" if found + there else "-"
    agreement = f"{between:>7.2f} {raw:>5.2f} {kappa(pairs):>6.2f}"
    print(f"{name:26}{len(pairs):>4} {agreement} {precision:>7} {recall:>7} {both:>5}")


if __name__ == "__main__":
    main()
