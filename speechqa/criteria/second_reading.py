"""Reads a verdict a second time by the trained models, and takes it over with the lines that bear it out.

Rules find what they know in the words they know; the models have read many calls that people judged. Where
both say the same, the rules' finding stands as it is. Where the models say otherwise the finding is made
anew, quotes the turns that they go by, and says so. Where they can point to no turn, the rules' stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from speechqa.core.analysis import Signal
from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.rubric import Rubric
from speechqa.criteria.calltext import DOUBTFUL, CallText, Line, evidence
from speechqa.criteria.case import Case
from speechqa.criteria.graded_readings import graded
from speechqa.criteria.normalise import content_keys
from speechqa.criteria.readings import READINGS, SIGNALS, Reading
from speechqa.criteria.turn_reader import TurnReader, shipped_turn_model
from speechqa.criteria.verdict_features import Marks, features
from speechqa.criteria.verdict_model import VerdictModel, shipped_verdict_model

MARK = "as the trained model reads it"
_SHOWN = 0.5
"""Probability from which a turn may be shown as what a verdict rests on."""
MARGIN = 0.15
"""How much likelier than the rules' verdict another must be to take its place."""
_QUOTED = 2
_FEWEST_LINES = 8


@dataclass(frozen=True)
class SecondReading:
    """The models, and the call they read."""

    text: CallText
    turns: TurnReader
    verdicts: VerdictModel

    @cached_property
    def marks(self) -> list[Marks]:
        """Of each line the marks of its role, with their probabilities; of doubtful lines none."""
        found = self.turns.marks(self.text.lines)
        return [{} if _doubtful(line) else of for line, of in zip(self.text.lines, found, strict=True)]

    def reread(self, case: Case, finding: Finding) -> Finding:
        """The finding that stands after both readings.

        Parameters
        ----------
        case : Case
            The criterion and the call.
        finding : Finding
            What the rules found.
        """
        detector = case.criterion.detector
        if not self.verdicts.reads(detector) or self._short or finding.detector != case.detector:
            return finding
        if _unsure(case, finding):
            return finding
        reading = READINGS[detector]
        shown = features(reading, finding.verdict, finding.confidence, self._lines, case.phases)
        verdict, sure = self._read(detector, shown, finding.verdict)
        if verdict is finding.verdict:
            return finding
        made = self._made(case, reading, verdict, sure)
        return finding if made is None else made

    def signal(self, name: str, signal: Signal) -> Signal:
        """The signal that stands after both readings."""
        if not self.verdicts.reads(name) or self._short or signal.value is None:
            return signal
        reading = SIGNALS[name]
        rules = Verdict.PASS if signal.value else Verdict.FAIL
        verdict, _ = self._read(name, features(reading, rules, None, self._lines), rules)
        if verdict is rules:
            return signal
        if verdict is Verdict.FAIL:
            return Signal(value=False, reason=f"{reading.failed}, {MARK}")
        proof = self._quoted(reading.occasion, "customer")
        return Signal(value=True, evidence=proof, reason=f"{reading.passed}, {MARK}") if proof else signal

    @property
    def _short(self) -> bool:
        """Whether the call is shorter than any that the models have read."""
        return len(self.text.lines) < _FEWEST_LINES

    @property
    def _lines(self) -> list[tuple[str, Marks]]:
        return [(line.role, of) for line, of in zip(self.text.lines, self.marks, strict=True)]

    def _read(self, name: str, shown: dict[str, float], rules: Verdict) -> tuple[Verdict, float]:
        """The verdict that is likeliest, and how likely; the rules' own where it is hardly less so."""
        odds = self.verdicts.odds(name, shown)
        verdict = max(odds, key=lambda one: odds[one])
        if odds[verdict] - odds[rules] < MARGIN or not self.verdicts.changes(name, rules, verdict):
            verdict = rules
        return verdict, odds[verdict]

    def _made(self, case: Case, reading: Reading, verdict: Verdict, sure: float) -> Finding | None:
        """The finding with that verdict, None where no turn bears it out."""
        if verdict is Verdict.NOT_APPLICABLE:
            return case.not_applicable(f"{reading.left_out}, {MARK}") if reading.left_out else None
        if verdict is Verdict.NOT_ASSESSED:
            return (
                case.not_assessed(f"The transcript stops before a closing, {MARK}", "The rest of the call")
                if reading.ending
                else None
            )
        parts = graded(case, self.text.lines, self.marks, passed=verdict is Verdict.PASS)
        if verdict is Verdict.PASS:
            proof = self._quoted(reading.met, "agent", reading.never)
            if not proof and not reading.absence:
                return None
            return case.passed(reading.passed, proof, sure, parts=parts)
        against = self._quoted(reading.against, "agent")
        if against:
            return case.failed(reading.failed, reading.change, sure, proof=against, parts=parts)
        if reading.absence:
            return None
        occasion = self._quoted(reading.occasion, "customer")
        return case.failed(
            reading.failed, reading.change, sure, proof=occasion, parts=parts, absent=self._from(reading)
        )

    def _quoted(self, names: Iterable[str], role: str, never: tuple[str, ...] = ()) -> tuple[Evidence, ...]:
        """The turns that most probably carry one of the marks, in order of the call."""
        best = sorted(
            (
                (max((of.get(name, 0.0) for name in names), default=0.0), line.position)
                for line, of in zip(self.text.lines, self.marks, strict=True)
                if line.role == role and not line.has(*never) and not _ritual(line)
            ),
            key=lambda one: (-one[0], one[1]),
        )
        shown = [(position, sure) for sure, position in best[:_QUOTED] if sure >= _SHOWN]
        return tuple(
            evidence(self.text.lines[position], note=f"{MARK} {sure:.2f}") for position, sure in sorted(shown)
        )

    def _from(self, reading: Reading) -> int:
        """The line from which what is missing was due: the first that makes the criterion apply."""
        for line, of in zip(self.text.lines, self.marks, strict=True):
            if any(of.get(name, 0.0) >= 0.5 for name in reading.occasion):
                return line.position
        return 0


def _ritual(line: Line) -> bool:
    """Whether a line only opens to give something back ("if I understood correctly") and gives nothing."""
    opening = [span for name in ("gives_back", "restate") for span in line.hits.get(name, ())]
    if not opening:
        return False
    left = [
        token
        for at, token in enumerate(line.tokens)
        if not any(span.first <= at <= span.last for span in opening)
    ]
    return not content_keys(left)


def _doubtful(line: Line) -> bool:
    """Whether the words of a line were perhaps never said."""
    known = [word.confidence for word in line.source.words if word.confidence is not None]
    return bool(known) and sum(known) / len(known) < DOUBTFUL


def _unsure(case: Case, finding: Finding) -> bool:
    """Whether the rules abstained because too little was heard well, which no model makes good."""
    return finding.verdict is Verdict.NOT_ASSESSED and (
        case.unheard or case.unheard_well() is not None or case.unheard_well(role="customer") is not None
    )


def second_reading_of(rubric: Rubric, text: CallText) -> SecondReading | None:
    """The second reading of a call, None where the rubric goes by its rules alone."""
    if not rubric.turn_model:
        return None
    return SecondReading(text, shipped_turn_model(), shipped_verdict_model())
