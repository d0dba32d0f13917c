"""`responsiveness`: how soon the agent answers, and how long nobody speaks while the agent's turn is due."""

from __future__ import annotations

from functools import partial

from speechqa.core.dialogue import Dialogue, Silence
from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.rubric import Criterion
from speechqa.core.segment import Segment
from speechqa.criteria.detectors.timed import timed_finding
from speechqa.criteria.view import CallView

_QUOTES = 5


def responsiveness(criterion: Criterion, view: CallView) -> Finding:
    """Median response time and dead air within the rubric's limits; judged on timing, without text."""

    finding = partial(timed_finding, criterion)
    dialogue = view.dialogue
    if dialogue is None or dialogue.basis == "none":
        return finding(
            Verdict.NOT_ASSESSED, "There is no timing", "The recording, or a transcript with times"
        )
    doubt = _doubt(dialogue)
    if doubt is not None:
        return finding(
            Verdict.NOT_ASSESSED,
            f"Response times were not measured: {doubt}",
            "A recording without that fault",
        )
    if not any(assigned.role == "agent" for assigned in view.roles.values()) and (
        "agent" not in dialogue.talk_seconds
    ):
        return finding(Verdict.NOT_ASSESSED, "It is not known who is the agent", "Roles of the parties")
    latency = dialogue.response_latency.get("agent")
    if latency is None or latency.median is None or latency.n < criterion.options["minimum_exchanges"]:
        answered = 0 if latency is None else latency.n
        return finding(Verdict.NOT_APPLICABLE, f"The agent answers {answered} times, too few to tell")
    waits = [
        silence
        for silence in dialogue.dead_air
        # A wait that counts as a hold is judged by how the agent lets the customer wait.
        if silence.before == "agent"
        and not any(hold.start < silence.end and hold.end > silence.start for hold in dialogue.holds)
    ]
    silent = sum(silence.end - silence.start for silence in waits)
    slowest, most = criterion.options["median_s"], criterion.options["dead_air_s"]
    numbers = (
        f"a median of {latency.median:.1f} s to answer over {latency.n} exchanges (limit {slowest:g} s), "
        f"{silent:.0f} s of dead air before the agent speaks (limit {most:g} s)"
    )
    end = max((s.end for line in dialogue.speech.values() for s in line), default=0.0)
    searched = Segment(0.0, max(end, view.duration or 0.0))
    confidence = 0.85 if dialogue.basis == "audio" else 0.6
    over = latency.median > slowest, silent > most
    if any(over):
        return finding(
            Verdict.FAIL,
            f"The agent is slow: {numbers}",
            " and ".join(
                text
                for failed, text in zip(
                    over,
                    (
                        f"A median response within {slowest:g} s",
                        f"At most {most:g} s of dead air, or saying why",
                    ),
                    strict=True,
                )
                if failed
            ),
            confidence=confidence,
            proof=tuple(_evidence(silence) for silence in waits[:_QUOTES]),
            searched=searched,
        )
    return finding(
        Verdict.PASS,
        f"The agent answers in time: {numbers}",
        confidence=confidence,
        proof=tuple(_evidence(silence) for silence in waits[:_QUOTES]),
        searched=searched,
    )


def _doubt(dialogue: Dialogue) -> str | None:
    if dialogue.channel_doubts.timing is not None:
        return dialogue.channel_doubts.timing
    return next((m.reason for m in dialogue.not_assessed if m.measure == "response_latency"), None)


def _evidence(silence: Silence) -> Evidence:
    """A stretch in which nobody speaks; there are no words to quote."""
    return Evidence(speaker="agent", quote="", start=silence.start, end=silence.end, note="nobody speaks")
