"""One criterion of one call under judgement, and the only place where findings are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from speechqa.core.finding import Component, Evidence, Finding, Verdict
from speechqa.core.rubric import Criterion
from speechqa.core.segment import Segment
from speechqa.criteria.calltext import CallText, Hit, Line, evidence
from speechqa.criteria.meaning import Meaning
from speechqa.criteria.phases import Phases
from speechqa.criteria.view import CallView

DETECTOR_VERSION = 4
CLEARER = "A transcript of higher confidence"
"""What would make good that words were not heard well enough; what begins so abstained for that."""
UNHEARD_SHARE = 0.15
"""Share of words by speakers without a role above which nothing counts as absent."""

ABSENCE_CONFIDENCE = 0.7
"""Mean confidence of the agent's words under which nothing that was not found counts as absent."""
UNSURE_WORD = 0.5
UNSURE_SHARE = 0.08
"""Share of the agent's words under `UNSURE_WORD` from which what was not found may have been said there."""

_LOW = 0.3
_BY_MEANING = 0.8


@dataclass(frozen=True, slots=True)
class Part:
    """A graded part as a detector found it."""

    id: str
    verdict: Verdict
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A criterion and all there is to judge it by.

    `complained` is where the customer complains and `leaves` where they show that they may leave, as the
    signals `complaint` and `churn_risk` have it: by the rules, and where the rubric lets them by the trained
    models. So what answers a sign is judged exactly where the sign is told.
    """

    criterion: Criterion
    view: CallView
    text: CallText
    phases: Phases
    complained: tuple[Hit, ...] = ()
    leaves: tuple[Hit, ...] = ()
    basis: Literal["", "measured", "outright"] = ""

    @property
    def detector(self) -> str:
        """Name and version of what judges, with what the finding rests on where no model may doubt it."""
        return f"{self.criterion.detector}/{DETECTOR_VERSION} {self.basis}".rstrip()

    def by_measure(self) -> Case:
        """The same, judged by what was measured: no reading of the words takes the finding back."""
        return replace(self, basis="measured")

    def outright(self) -> Case:
        """The same, judged by words that mean one thing alone: no reading takes the finding back."""
        return replace(self, basis="outright")

    def critically(self) -> Case:
        """The same, where failing fails the category and waits for a person's confirmation."""
        return replace(self, criterion=msgspec.structs.replace(self.criterion, critical=True))

    def option(self, name: str) -> float:
        """A number of the rubric."""
        return self.criterion.options[name]

    @property
    def unheard(self) -> bool:
        """Whether so much was said by nobody in particular that an absence proves nothing."""
        known = self.text.words("agent") + self.text.words("customer")
        every = sum(len(line.tokens) for line in self.text.lines)
        return every > 0 and (every - known) / every > UNHEARD_SHARE

    def situation(self) -> Hit | None:
        """Where one of the situations that the criterion is due in is told first; None where none is."""
        told = [
            hit
            for one in self.criterion.situations
            if not any(self.text.first(mention.speaker, mention.list) for mention in one.unless)
            for mention in one.when
            if (hit := self.text.first(mention.speaker, mention.list)) is not None
        ]
        return min(told, key=lambda hit: (hit.line.position, hit.span), default=None)

    def unheard_well(self, start: int = 0, stop: int | None = None, *, role: str = "agent") -> str | None:
        """Why what was not found in a stretch may have been said; None where it was heard well."""
        known = self._confidences(start, stop, role)
        mean = sum(known) / len(known) if known else self.view.transcript.mean_confidence
        if mean is not None and mean < ABSENCE_CONFIDENCE:
            return (
                f"the words were heard with a mean confidence of {mean:.2f}, under {ABSENCE_CONFIDENCE:.2f}"
            )
        unsure = sum(value < UNSURE_WORD for value in known)
        if known and unsure >= UNSURE_SHARE * len(known):
            return (
                f"{unsure} of the {role}'s {len(known)} words there were heard with a confidence under "
                f"{UNSURE_WORD:.2f}"
            )
        return None

    def heard(self, start: int = 0, stop: int | None = None) -> float:
        """Mean confidence of what the agent says in a stretch, else of the transcript; 1 where unknown."""
        known = self._confidences(start, stop)
        mean = sum(known) / len(known) if known else self.view.transcript.mean_confidence
        return 1.0 if mean is None else mean

    def _confidences(self, start: int, stop: int | None, role: str = "agent") -> list[float]:
        return [
            word.confidence
            for line in self.text.of(role, start, stop)
            for word in line.source.words
            if word.confidence is not None
        ]

    @property
    def stops_open(self) -> bool:
        """Whether the transcript stops before a closing, so that what is missing could still have come.

        A recording that lost nothing says no more: it may still have been stopped before the call was over.
        """
        return not self.phases.reached and self.phases.ended_by == "open"

    def span(self, start: int = 0, stop: int | None = None) -> tuple[Segment | None, tuple[int, int] | None]:
        """The stretch from line `start` up to line `stop`, in seconds and as turns.

        Where nothing is said from there on, the last line was looked at.
        """
        lines = self.text.lines[max(0, start) : stop] or self.text.lines[-1:]
        if not lines:
            return None, None
        times = [line.source.segment for line in lines if line.source.segment is not None]
        segment = Segment(min(t.start for t in times), max(t.end for t in times)) if times else None
        return segment, (lines[0].turn, lines[-1].turn)

    def passed(
        self,
        reason: str,
        proof: Iterable[Evidence],
        confidence: float,
        *,
        start: int = 0,
        stop: int | None = None,
        parts: Iterable[Part] = (),
        would_change: str = "",
    ) -> Finding:
        """Met, with the evidence or, for an absence, the span that was searched."""
        return self._counted(
            Verdict.PASS, reason, tuple(proof), confidence, start, stop, tuple(parts), would_change
        )

    def failed(
        self,
        reason: str,
        would_change: str,
        confidence: float,
        *,
        proof: Iterable[Evidence] = (),
        start: int = 0,
        stop: int | None = None,
        parts: Iterable[Part] = (),
        absent: int | None = None,
    ) -> Finding:
        """Not met.

        A failure that rests on not having found something (no evidence, or `absent`: the line from which it
        was due) is not assessed where too much was said by nobody in particular, or where the words were not
        heard well enough, in the whole stretch or from that line on.
        """
        found = tuple(proof)
        if absent is not None or not found:
            if self.unheard:
                return self.not_assessed(
                    "Too much is said by a speaker whose role is not known to say that it is missing",
                    "Roles for all speakers",
                )
            unsure = self.unheard_well(start, stop)
            if unsure is None and absent is not None:
                unsure = self.unheard_well(absent, stop)
            if unsure is not None:
                return self.not_assessed(f"It was not found, but {unsure}", CLEARER)
            confidence *= self.heard(start, stop)
        return self._counted(Verdict.FAIL, reason, found, confidence, start, stop, tuple(parts), would_change)

    def not_applicable(self, reason: str, *, start: int = 0, stop: int | None = None) -> Finding:
        """The condition did not occur."""
        segment, turns = self.span(start, stop)
        return self._plain(Verdict.NOT_APPLICABLE, reason, "", segment, turns)

    def not_assessed(self, reason: str, would_change: str) -> Finding:
        """Cannot tell."""
        return self._plain(Verdict.NOT_ASSESSED, reason, would_change, None, None)

    def _plain(
        self,
        verdict: Verdict,
        reason: str,
        would: str,
        segment: Segment | None,
        turns: tuple[int, int] | None,
    ) -> Finding:
        return Finding(
            criterion=self.criterion.id,
            category=self.criterion.category,
            verdict=verdict,
            detector=self.detector,
            reason=reason,
            searched=segment,
            searched_turns=turns,
            would_change=would,
            critical=self.criterion.critical,
        )

    def _counted(
        self,
        verdict: Verdict,
        reason: str,
        proof: tuple[Evidence, ...],
        confidence: float,
        start: int,
        stop: int | None,
        parts: tuple[Part, ...],
        would_change: str,
    ) -> Finding:
        segment, turns = self.span(start, stop)
        components, earned = self._graded(parts)
        if not self.criterion.components:
            earned = self.criterion.points if verdict is Verdict.PASS else 0
        return Finding(
            criterion=self.criterion.id,
            category=self.criterion.category,
            verdict=verdict,
            detector=self.detector,
            reason=reason,
            earned=earned,
            possible=self.criterion.points,
            confidence=round(max(_LOW, min(1.0, confidence)) * self._doubt() * _meant(proof), 3),
            evidence=proof,
            components=components,
            searched=segment,
            searched_turns=turns,
            would_change=would_change,
            critical=self.criterion.critical,
        )

    def _doubt(self) -> float:
        """How far the transcript's own confidence lowers a verdict's; 1 where it states none."""
        heard = self.view.transcript.mean_confidence
        return 1.0 if heard is None else min(1.0, 0.5 + 0.5 * heard)

    def _graded(self, parts: tuple[Part, ...]) -> tuple[tuple[Component, ...], int]:
        """Points of the parts. Those that do not apply pass theirs to the first that does, so that a
        criterion weighs the same in every call."""
        points = {part.id: part.points for part in self.criterion.components}
        applying = [part for part in parts if part.verdict.counts]
        spare = sum(points[part.id] for part in parts if not part.verdict.counts)
        components, total = [], 0
        for part in parts:
            possible = points[part.id] + (spare if applying and part is applying[0] else 0)
            counts = part.verdict.counts
            earned = possible if part.verdict is Verdict.PASS else 0
            total += earned if counts else 0
            components.append(
                Component(
                    id=part.id,
                    verdict=part.verdict,
                    earned=earned if counts else None,
                    possible=possible if counts else None,
                    reason=part.reason,
                    evidence=part.evidence,
                )
            )
        return tuple(components), total


def _meant(proof: tuple[Evidence, ...]) -> float:
    """How far evidence that was found by meaning, not in known words, lowers a verdict's confidence."""
    return _BY_MEANING if any(Meaning.mark in evidence.note for evidence in proof) else 1.0


def quoted(lines: Iterable[Line], *, limit: int = 3) -> tuple[Evidence, ...]:
    """Evidence of whole lines, at most `limit` of them."""
    return tuple(evidence(line) for line, _ in zip(lines, range(limit), strict=False))
