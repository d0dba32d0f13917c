"""What a supervisor should listen to in a call, and why; the heaviest reason first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from speechqa.core.analysis import CallAnalysis, ListenTo, Signal, Signals
from speechqa.core.dialogue import Dialogue, RoleAssignment
from speechqa.core.finding import Evidence, Finding, Verdict
from speechqa.core.recording import Recording
from speechqa.core.stress import StressCurve
from speechqa.core.transcript import Transcript

NAMED = ("needs_clarification", "expectation_summary", "thanks")
"""The criteria the product was asked for by name."""

_LOST_S = 1.0
_LOW_CONFIDENCE = 0.6
_LONG_SILENCE_S = 20.0


def what_to_listen_to(
    *,
    findings: Iterable[Finding] = (),
    signals: Signals | None = None,
    dialogue: Dialogue | None = None,
    stress: Mapping[str, StressCurve] | None = None,
    transcript: Transcript | None = None,
    recording: Recording | None = None,
    roles: Mapping[str, RoleAssignment] | None = None,
) -> tuple[ListenTo, ...]:
    """Reasons to listen to a call, each with a weight of 1 to 100 and, where there is one, the time.

    Every part may be missing; a part that is missing gives no reason.

    Returns
    -------
    tuple of ListenTo
        By weight, heaviest first, then by time.
    """
    found = {f.criterion: f for f in findings}
    reasons = [
        *_conduct(found),
        *_signals(signals or Signals(), found),
        *_floor(dialogue, found),
        *_stress(stress or {}),
        *_named(found),
        *_trust(transcript, recording),
        *_doubted(roles or {}),
    ]
    return tuple(sorted(reasons, key=lambda r: (-r.weight, r.start is None, r.start or 0.0, r.reason)))


def still_to_listen_to(document: CallAnalysis, findings: Iterable[Finding]) -> tuple[ListenTo, ...]:
    """The reasons to listen to a call by other findings than its own: those that count after people spoke."""
    return what_to_listen_to(
        findings=findings,
        signals=document.signals,
        dialogue=document.dialogue,
        stress=document.stress,
        transcript=document.transcript,
        recording=document.recording,
        roles=document.roles,
    )


def _failed(found: Mapping[str, Finding], name: str) -> Finding | None:
    finding = found.get(name)
    return finding if finding is not None and finding.verdict is Verdict.FAIL else None


def _start(evidence: Iterable[Evidence]) -> float | None:
    return min((e.start for e in evidence if e.start is not None), default=None)


def _conduct(found: Mapping[str, Finding]) -> Iterator[ListenTo]:
    for name, weight, reason in (
        ("no_insult", 100, "The agent may have insulted the customer"),
        ("no_indifference", 70, "The agent may have shown indifference"),
    ):
        finding = _failed(found, name)
        if finding is not None:
            yield ListenTo(reason=reason, weight=weight, start=_start(finding.evidence))
    for finding in found.values():
        if finding.critical and finding.verdict is Verdict.FAIL:
            yield ListenTo(
                reason=f"The critical criterion {finding.criterion} failed and waits for a person",
                weight=98,
                start=_start(finding.evidence),
            )


def _signals(signals: Signals, found: Mapping[str, Finding]) -> Iterator[ListenTo]:
    def heard(signal: Signal, reason: str, weight: int) -> Iterator[ListenTo]:
        if signal.value:
            yield ListenTo(reason=reason, weight=weight, start=_start(signal.evidence))

    yield from heard(signals.public_or_legal_threat, "The customer speaks of going public or to the law", 90)
    yield from heard(signals.churn_risk, "The customer gives a sign of leaving", 85)
    yield from heard(signals.form_demanded_to_cancel, "Paper is asked for to cancel", 60)
    if signals.complaint.value:
        settled = found.get("expectation_summary")
        open_end = settled is not None and settled.verdict is Verdict.FAIL
        if open_end or not signals.satisfaction_expressed.value:
            reason = "A complaint that seems unresolved" if open_end else "A complaint"
            yield ListenTo(
                reason=reason, weight=80 if open_end else 50, start=_start(signals.complaint.evidence)
            )


def _floor(dialogue: Dialogue | None, found: Mapping[str, Finding]) -> Iterator[ListenTo]:
    often = _failed(found, "no_interruptions")
    if often is not None:
        yield ListenTo(
            reason="The agent interrupts the customer often", weight=60, start=_start(often.evidence)
        )
    longest = max(
        (s for s in (dialogue.silences if dialogue else ()) if s.end - s.start >= _LONG_SILENCE_S),
        key=lambda s: (s.end - s.start, -s.start),
        default=None,
    )
    if longest is not None:
        seconds = longest.end - longest.start
        yield ListenTo(reason=f"Nobody speaks for {seconds:.0f} s", weight=30, start=longest.start)


def _stress(stress: Mapping[str, StressCurve]) -> Iterator[ListenTo]:
    curve = stress.get("customer")
    if curve is None or not curve.episodes:
        return
    highest = max(curve.episodes, key=lambda episode: (episode.peak_value, -episode.start))
    yield ListenTo(
        reason="The customer's voice rises above their own calm level", weight=55, start=highest.start
    )


def _named(found: Mapping[str, Finding]) -> Iterator[ListenTo]:
    for name in NAMED:
        finding = _failed(found, name)
        if finding is not None:
            yield ListenTo(
                reason=f"{name.replace('_', ' ').capitalize()}: {finding.reason}",
                weight=40,
                start=_start(finding.evidence),
            )


def _trust(transcript: Transcript | None, recording: Recording | None) -> Iterator[ListenTo]:
    if transcript is not None and transcript.turns:
        if not transcript.confident:
            yield ListenTo(reason="The words are too uncertain to judge", weight=35)
        elif transcript.mean_confidence is not None and transcript.mean_confidence < _LOW_CONFIDENCE:
            yield ListenTo(reason="The words were heard with low confidence", weight=25)
    if recording is not None and recording.lost_seconds > _LOST_S:
        start = recording.lost[0].start if recording.lost else None
        yield ListenTo(reason=f"{recording.lost_seconds:.1f} s of sound are lost", weight=35, start=start)


def _doubted(roles: Mapping[str, RoleAssignment]) -> Iterator[ListenTo]:
    """Every verdict is on the wrong person where agent and customer are swapped: nothing weighs more."""
    for _, given in sorted(roles.items()):
        if given.doubt:
            why = given.doubt.partition(":")[0]
            yield ListenTo(reason=f"Agent and customer may be swapped: {why}", weight=99)
            return
