"""`limit`: a criterion of the rubric's own, a measure of turn-taking within bounds; judged without text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from speechqa.core.dialogue import Dialogue
from speechqa.core.finding import Finding, Verdict
from speechqa.core.rubric import Criterion
from speechqa.core.segment import Segment
from speechqa.criteria.detectors.timed import timed_finding
from speechqa.criteria.view import CallView


class Measure(NamedTuple):
    """A figure of turn-taking: how it reads, whose it is, and what `not_assessed` of a dialogue calls it."""

    read: Callable[[Dialogue, str], float | None]
    unit: str
    of_party: bool
    measured_as: str


def _silent(dialogue: Dialogue, _: str) -> float | None:
    return sum(silence.end - silence.start for silence in dialogue.dead_air)


def _held(dialogue: Dialogue, _: str) -> float | None:
    return sum(hold.end - hold.start for hold in dialogue.holds)


def _latency(dialogue: Dialogue, of: str) -> float | None:
    latency = dialogue.response_latency.get(of)
    return None if latency is None else latency.median


MEASURES: Mapping[str, Measure] = {
    "talk_share": Measure(lambda d, of: d.talk_share.get(of), "of the talking", True, "talk_share"),
    "talk_s": Measure(lambda d, of: d.talk_seconds.get(of), "s", True, "talk_seconds"),
    "response_median_s": Measure(_latency, "s", True, "response_latency"),
    "interruptions": Measure(lambda d, of: d.interruptions.get(of), "times", True, "interruptions"),
    "longest_monologue_s": Measure(
        lambda d, of: d.longest_monologue_seconds.get(of), "s", True, "longest_monologue_seconds"
    ),
    "words_per_minute": Measure(
        lambda d, of: d.words_per_minute.get(of), "words a minute", True, "words_per_minute"
    ),
    "dead_air_s": Measure(_silent, "s", False, "dead_air"),
    "hold_s": Measure(_held, "s", False, "holds"),
    "holds": Measure(lambda d, _: len(d.holds), "times", False, "holds"),
    "silence_s": Measure(lambda d, _: d.silence_seconds, "s", False, "silence_seconds"),
    "queue_wait_s": Measure(lambda d, _: d.queue_wait_seconds, "s", False, "queue_wait_seconds"),
}
"""What a limit can be set on, by name; figures in the units their names say."""


def limit(criterion: Criterion, view: CallView) -> Finding:
    """The measure that the rubric names lies within its bounds."""
    finding = partial(timed_finding, criterion)
    asked, dialogue = criterion.limit, view.dialogue
    assert asked is not None, "a rubric is refused where `limit` is missing"
    measure = MEASURES[asked.measure]
    name = asked.measure.removesuffix("_s").replace("_", " ") + (f" of the {asked.of}" if asked.of else "")
    if dialogue is None or dialogue.basis == "none":
        return finding(
            Verdict.NOT_ASSESSED, "There is no timing", "The recording, or a transcript with times"
        )
    doubt = dialogue.channel_doubts.timing or next(
        (m.reason for m in dialogue.not_assessed if m.measure == measure.measured_as), None
    )
    value = None if doubt else measure.read(dialogue, asked.of or "")
    if value is None:
        return finding(
            Verdict.NOT_ASSESSED,
            f"The {name} is not known" + (f": {doubt}" if doubt else ""),
            "Roles of the parties" if asked.of and not doubt else "A recording in which it can be measured",
        )
    low, high = asked.at_least, asked.at_most
    bounds = " and ".join(
        f"at {word} {bound:g}" for word, bound in (("least", low), ("most", high)) if bound is not None
    )
    end = max((s.end for line in dialogue.speech.values() for s in line), default=0.0)
    within = (low is None or value >= low) and (high is None or value <= high)
    return finding(
        Verdict.PASS if within else Verdict.FAIL,
        f"The {name} is {value:.4g} {measure.unit}; the rubric asks for {bounds}",
        "" if within else f"A {name} of {bounds}",
        confidence=0.85 if dialogue.basis == "audio" else 0.6,
        searched=Segment(0.0, max(end, view.duration or 0.0)),
    )
