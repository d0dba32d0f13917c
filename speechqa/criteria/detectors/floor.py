"""`no_interruptions`: how often the agent takes the floor from the customer."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import partial
from itertools import accumulate

from speechqa.core.dialogue import Dialogue, Overlap
from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.rubric import Criterion
from speechqa.core.segment import Segment, seconds
from speechqa.core.transcript import Turn
from speechqa.criteria.detectors.timed import timed_finding
from speechqa.criteria.normalise import content_keys, tokenize
from speechqa.criteria.view import CallView

_KINDS = ("interruption", "failed_interruption")
_YIELD_S = 1.0
_QUOTES = 5


def no_interruptions(criterion: Criterion, view: CallView) -> Finding:
    """Agent interruptions within the rubric's limit; judged on timing, so that no text is needed."""

    finding = partial(timed_finding, criterion)
    dialogue = view.dialogue
    if dialogue is None or dialogue.basis == "none":
        return finding(
            Verdict.NOT_ASSESSED, "There is no timing", "The recording, or a transcript with times"
        )
    unheard = next((m.reason for m in dialogue.not_assessed if m.measure == "interruptions"), None)
    if unheard is not None:
        return finding(
            Verdict.NOT_ASSESSED,
            f"Interruptions were not measured: {unheard}",
            "A recording with a channel for each party, or a transcript of both with times",
        )
    spoken = _customer_seconds(view, dialogue)
    if spoken is None:
        return finding(Verdict.NOT_ASSESSED, "It is not known who is the agent", "Roles of the parties")
    floor = criterion.options["customer_speech_s"]
    if spoken < floor:
        return finding(Verdict.NOT_APPLICABLE, f"The customer speaks {spoken:.0f} s, less than {floor:g} s")
    counted = taken_by_agent(view)
    rate = len(counted) / spoken * 600
    limit, least = criterion.options["per_10min"], max(2.0, criterion.options["minimum_count"])
    numbers = (
        f"{len(counted)} in {spoken:.0f} s of customer speech, {rate:.1f} per ten minutes (limit {limit:g})"
    )
    end = max((s.end for line in dialogue.speech.values() for s in line), default=spoken)
    proof = tuple(overlap_evidence(view, overlap) for overlap in counted[:_QUOTES])
    confidence = 0.85 if dialogue.basis == "audio" else 0.65
    searched = Segment(0.0, max(end, view.duration or 0.0))
    if len(counted) >= least and rate > limit:
        most = max(int(limit * spoken / 600), int(least) - 1)
        return finding(
            Verdict.FAIL,
            f"The agent interrupts too often: {numbers}",
            f"At most {most} interruptions in a call like this",
            confidence=confidence,
            proof=proof,
            searched=searched,
        )
    return finding(
        Verdict.PASS,
        f"Interruptions are within the limit: {numbers}",
        confidence=confidence,
        proof=proof,
        searched=searched,
    )


def taken_by_agent(view: CallView) -> list[Overlap]:
    """Overlaps in which the agent goes for the customer's floor, without those that are exempt."""
    dialogue = view.dialogue
    turns = _ByTime(view.transcript.turns)
    return [
        overlap
        for overlap in (() if dialogue is None else dialogue.overlaps)
        if overlap.by == "agent"
        and overlap.of == "customer"
        and overlap.kind in _KINDS
        and not _exempt(turns, overlap)
    ]


class _ByTime:
    """Turns with times in order of their starts, those under an overlap found without a search."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        timed = [(t.start, t.end, t) for t in turns if t.start is not None and t.end is not None]
        timed.sort(key=lambda one: one[0])
        self._turns = [turn for _, _, turn in timed]
        self._starts = [start for start, _, _ in timed]
        self._reach = list(accumulate((end for _, end, _ in timed), max))

    def touching(self, overlap: Overlap) -> list[Turn]:
        """Turns that have time in common with an overlap."""
        last = bisect_left(self._starts, overlap.end)
        first = bisect_right(self._reach, overlap.start, hi=last)
        return [turn for turn in self._turns[first:last] if _touches(turn.start, turn.end, overlap)]


def _customer_seconds(view: CallView, dialogue: Dialogue) -> float | None:
    if "agent" not in dialogue.talk_seconds and not any(r.role == "agent" for r in view.roles.values()):
        return None
    if "customer" in dialogue.talk_seconds:
        return dialogue.talk_seconds["customer"]
    parties = [party for party, assigned in view.roles.items() if assigned.role == "customer"]
    if not parties:
        return None
    return sum(seconds(dialogue.speech.get(party, ())) for party in parties)


def _exempt(turns: _ByTime, overlap: Overlap) -> bool:
    """Whether the agent yields within a second, or echoes what is being dictated."""
    if overlap.kind == "failed_interruption" and overlap.end - overlap.start <= _YIELD_S:
        return True
    over = turns.touching(overlap)
    said = [token for t in over if t.speaker == "agent" for token in tokenize(t.text)]
    heard = [token for t in over if t.speaker == "customer" for token in tokenize(t.text)]
    digits = [token for token in said if token.number]
    echoed = content_keys(digits) & content_keys(heard)
    return bool(digits) and len(digits) >= 0.6 * len(said) and bool(echoed)


def _touches(start: float | None, end: float | None, overlap: Overlap) -> bool:
    return start is not None and end is not None and start < overlap.end and end > overlap.start


def overlap_evidence(view: CallView, overlap: Overlap) -> Evidence:
    """What the agent said over the customer; without text, the times alone."""
    for index, turn in enumerate(view.transcript.turns):
        if turn.speaker == "agent" and turn.voiced is not False and _touches(turn.start, turn.end, overlap):
            return Evidence(
                speaker="agent", quote=turn.text.strip(), turn=index, party=overlap.by_party,
                start=overlap.start, end=overlap.end, note=overlap.rule,
            )  # fmt: skip
    return Evidence(
        speaker="agent",
        quote="",
        party=overlap.by_party,
        start=overlap.start,
        end=overlap.end,
        note=overlap.rule,
    )
