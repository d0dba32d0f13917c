"""Reads a verdict a second time by the trained models, and takes it over with the lines that bear it out.

Rules find what they know in the words they know; the models have read many calls that people judged. Where
both say the same, the rules' finding stands as it is. Where the models say otherwise the finding is made
anew, quotes the turns that they go by, and says so. Where they can point to no turn, the rules' stands; and
so it does where the words were not heard well enough, or the end of the call is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from speechqa.core.analysis import Signal
from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.rubric import Rubric
from speechqa.criteria.calltext import DOUBTFUL, CallText, Hit, Line, evidence
from speechqa.criteria.case import CLEARER, Case
from speechqa.criteria.graded_readings import SAID, graded
from speechqa.criteria.lexicon import Span
from speechqa.criteria.normalise import content_keys
from speechqa.criteria.reading import Reading
from speechqa.criteria.readings import READINGS
from speechqa.criteria.signal_readings import SIGNALS
from speechqa.criteria.turn_reader import TurnReader, shipped_turn_model
from speechqa.criteria.verdict_features import Marks, features
from speechqa.criteria.verdict_model import VerdictModel, shipped_verdict_model

MARK = "as the trained model reads it"
MARGIN = 0.25
"""How much likelier than the rules' verdict another must be to take its place."""
_QUOTED = 2
_FEWEST_LINES = 8
_CLOSING = 3
_BOTH = ("customer", "agent")


_SHOWN = 0.15
"""How probably a turn must mean what tells a signal to be quoted for it."""
_BESIDE = 0.5
"""How probable a second turn must be to be quoted, as a share of the first."""


@dataclass(frozen=True)
class SecondReading:
    """The models, and the call they read."""

    text: CallText
    turns: TurnReader
    verdicts: VerdictModel

    @cached_property
    def marks(self) -> list[Marks]:
        """Of each line the marks of its role, with their probabilities; of doubtful lines none."""
        found = self.turns.marks(self.text)
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
        if not self.verdicts.reads(detector) or self._unlike or finding.detector != case.detector:
            return finding
        if _unsure(case, finding) or self._unseen(finding.evidence):
            return finding
        reading = READINGS[detector]
        if finding.verdict is Verdict.NOT_APPLICABLE and (
            reading.signal or self.text.first("customer", *reading.spares)
        ):
            return finding
        shown = features(reading, finding.verdict, finding.confidence, self._lines, case.phases)
        verdict, sure = self._read(detector, shown, finding.verdict)
        if verdict is finding.verdict:
            return finding
        made = self._made(case, reading, verdict, sure)
        # What is made abstains by itself where what is missing may have been said.
        return made if made is not None and made.verdict is verdict else finding

    def signal(self, name: str, signal: Signal) -> Signal:
        """The signal that stands after both readings."""
        least = self.verdicts.least(name)
        if least is None or self._unlike or signal.value is None or self._unseen(signal.evidence):
            return signal
        reading = SIGNALS[name]
        rules = Verdict.PASS if signal.value else Verdict.FAIL
        odds = self.verdicts.odds(name, features(reading, rules, None, self._lines))
        there = odds[Verdict.PASS] >= least
        if there is signal.value:
            return signal
        if not there:
            return Signal(value=False, reason=f"{reading.failed}, {MARK}")
        proof = self._quoted(reading.occasion, self.marks, *_BOTH, least=_SHOWN)
        return Signal(value=True, evidence=proof, reason=f"{reading.passed}, {MARK}") if proof else signal

    def told(self, read: Signal, name: str, hits: Sequence[Hit]) -> list[Hit]:
        """Where the customer tells a signal as it was read twice, given where the rules say so."""
        if not read.value:
            return []
        turns = {one.turn for one in read.evidence}
        said = [line for line in self.text.of("customer") if line.turn in turns]
        return list(hits) or [Hit(line, Span(0, len(line.tokens) - 1), name) for line in said]

    @cached_property
    def _unlike(self) -> bool:
        """Whether the call is unlike all that the models have read: shorter, or of one party alone."""
        roles = {line.role for line in self.text.lines}
        return len(self.text.lines) < _FEWEST_LINES or not {"agent", "customer"} <= roles

    @cached_property
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
            if not reading.left_out or _badly_heard(case):
                return None
            return case.not_applicable(f"{reading.left_out}, {MARK}")
        if verdict is Verdict.NOT_ASSESSED:
            return (
                case.not_assessed(f"The transcript stops before a closing, {MARK}", "The rest of the call")
                if reading.ending
                else None
            )
        if verdict is Verdict.PASS:
            return self._passed(case, reading, sure)
        return self._failed(case, reading, sure)

    def _passed(self, case: Case, reading: Reading, sure: float) -> Finding | None:
        marks = self._standing(reading)
        proof = self._quoted(reading.met, marks, "agent")
        if proof:
            parts = graded(case, self.text.lines, marks, proof=proof)
            if case.criterion.components and not parts:
                return None
            return case.passed(reading.passed, proof, sure, parts=parts)
        if not reading.absence or _badly_heard(case):
            return None
        return case.passed(f"{reading.passed}, {MARK}", (), sure * case.heard())

    def _failed(self, case: Case, reading: Reading, sure: float) -> Finding | None:
        against = self._quoted(reading.against, self.marks, "agent")
        if reading.absence:
            return case.failed(reading.failed, reading.change, sure, proof=against) if against else None
        shown = against or self._quoted(reading.occasion, self.marks, "customer", "agent")
        if reading.occasion and not shown:
            return None
        if case.view.complete is False and case.stops_open:
            # What is missing could still have come.
            return None
        return case.failed(
            reading.failed if shown else f"{reading.failed}, {MARK}",
            reading.change,
            sure,
            proof=shown,
            parts=graded(case, self.text.lines, self._standing(reading)),
            absent=self._from(reading),
        )

    def _standing(self, reading: Reading) -> list[Marks]:
        """The marks, without those of turns that never meet the criterion, whatever they are read as."""
        return [
            {} if line.role == "agent" and (line.has(*reading.never) or _ritual(line)) else of
            for line, of in zip(self.text.lines, self.marks, strict=True)
        ]

    def _quoted(
        self, names: Iterable[str], marks: Sequence[Marks], *roles: str, least: float = SAID
    ) -> tuple[Evidence, ...]:
        """The turns of these parties that most probably carry one of the marks, in order of the call."""
        best = sorted(
            (
                (max((of.get(name, 0.0) for name in names), default=0.0), line.position)
                for line, of in zip(self.text.lines, marks, strict=True)
                if line.role in roles
            ),
            key=lambda one: (-one[0], one[1]),
        )
        # Beside a turn that is sure one that hardly is would bear nothing out.
        least = max([least, *(_BESIDE * sure for sure, _ in best[:1])])
        shown = [(position, sure) for sure, position in best[:_QUOTED] if sure >= least]
        return tuple(
            evidence(self.text.lines[position], note=f"{MARK} {sure:.2f}") for position, sure in sorted(shown)
        )

    def _unseen(self, proof: Iterable[Evidence]) -> bool:
        """Whether the rules go by a turn of doubtful words, of which the models are shown nothing."""
        doubtful = {line.turn for line in self.text.lines if _doubtful(line)}
        return any(one.turn in doubtful for one in proof)

    def _from(self, reading: Reading) -> int:
        """The line from which what is missing was due: the agent's last few, or what first asks for it."""
        if reading.ending:
            return [line.position for line in self.text.of("agent")][-_CLOSING:][0]
        for line, of in zip(self.text.lines, self.marks, strict=True):
            if any(of.get(name, 0.0) >= SAID for name in reading.occasion):
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
    """Whether the rules abstained for what no model makes good: doubtful words, or a call known to be cut."""
    return finding.verdict is Verdict.NOT_ASSESSED and (
        _badly_heard(case)
        or finding.would_change.startswith(CLEARER)
        or case.view.complete is False
        or case.view.missing_start
    )


def _badly_heard(case: Case) -> bool:
    """Whether too little of the call was heard well to say that something was not said."""
    return case.unheard or any(case.unheard_well(role=role) is not None for role in ("agent", "customer"))


def second_reading_of(rubric: Rubric, text: CallText) -> SecondReading | None:
    """The second reading of a call, None where the rubric goes by its rules alone."""
    if not rubric.turn_model:
        return None
    return SecondReading(text, shipped_turn_model(), shipped_verdict_model())
