"""Channels that are not on one clock: a leg that starts late, a wrong offset, clocks that run apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from speechqa.core.segment import Segment, Timeline, intersection
from speechqa.core.value import Value
from speechqa.dialogue.channels.activity import Activity
from speechqa.dialogue.channels.clock_fit import ClockFit, evidence_for, fit_clocks
from speechqa.dialogue.channels.coupling import LATEST_ECHO_S, Coupling

_EARLY_S: Final = 0.25
_WHOSE_DB: Final = 6.0
_CODING_LAG_S: Final = 0.002
_LENGTH_GAP_S: Final = 0.5
_LENGTH_EVIDENCE: Final = 6.0
_LONGEST_OFFSET_S: Final = 60.0
_LEAST_THIRD_S: Final = 60.0


class ClockFault(Value, frozen=True, kw_only=True):
    """What is wrong with the clocks of two channels; nothing by default. Fields as in `ChannelFaults`."""

    misaligned_s: float | None = None
    misaligned_confidence: float = 0.0
    timing_doubt: str | None = None
    notes: tuple[str, ...] = ()


def find_clock_fault(
    activity: Activity,
    until: float | None,
    offsets_s: Sequence[float],
    ends_s: Sequence[float],
    *,
    starts_told: bool,
) -> ClockFault:
    """Look whether two channels are on one clock: by what one leaks into the other, else by the turns.

    Parameters
    ----------
    until : float or None
        When one of the channels dies, if it does: only what comes before is looked at.
    offsets_s, ends_s, starts_told
        As in `channel_faults.find_faults`.
    """
    told = offsets_s[1] - offsets_s[0] if len(offsets_s) == 2 else 0.0
    coupling = next((c for channel, c in activity.couplings if channel == 1 and c.leaks), None)
    if coupling is not None and not _natural(coupling):
        return _by_leak(coupling, told)
    # A leak that comes when it should proves the clocks; one without any lag may be a codec's own, which
    # couples whatever channels it is given.
    if coupling is not None and abs(coupling.lag_s) > _CODING_LAG_S:
        return ClockFault()
    one, two = (_until(line, until) for line in activity.speech)
    fit = fit_clocks(one, two)
    if fit is None:
        return ClockFault()
    if fit.clear and (fit.found or coupling is None):
        return _by_turns(fit, told)
    drifting = _by_thirds(one, two) if coupling is None else None
    if drifting is not None or len(ends_s) != 2:
        return drifting or ClockFault()
    return _by_length(ends_s[0] - ends_s[1], one, two, told if starts_told else None)


def _natural(coupling: Coupling) -> bool:
    """Whether a leak comes as an echo can come by itself: after its source, and not by a second."""
    if abs(coupling.gain_db) < _WHOSE_DB:
        return abs(coupling.lag_s) <= LATEST_ECHO_S
    delay = coupling.lag_s if coupling.gain_db < 0 else -coupling.lag_s
    return -_EARLY_S <= delay <= LATEST_ECHO_S


def _until(line: Timeline, time: float | None) -> Timeline:
    return line if time is None else intersection(line, (Segment(0.0, time),))


def _by_leak(coupling: Coupling, told: float) -> ClockFault:
    later = "later" if coupling.lag_s > 0 else "earlier"
    found = f"channel 1 has the sound of channel 0 {abs(coupling.lag_s):.2f} s {later} than channel 0 itself"
    return _misaligned(-coupling.lag_s, 0.97, found, told, f"{abs(coupling.lag_s):.1f} s")


def _by_turns(fit: ClockFit, told: float) -> ClockFault:
    if not fit.found:
        reason = "the turns on the two channels do not fit each other in time, nor with any offset up to 10 s"
        return ClockFault(timing_doubt=reason, notes=(reason,))
    found = (
        f"as they are the parties talk at once for {100 * fit.overlap_share:.0f} % of the talk, and for "
        f"{100 * fit.overlap_share_there:.0f} % with channel 1 moved by {fit.offset_s:+.1f} s"
    )
    low, high = sorted((abs(fit.low_s), abs(fit.high_s)))
    confidence = 0.9 if fit.evidence < 2 * _LENGTH_EVIDENCE else 0.95
    return _misaligned(fit.offset_s, confidence, found, told, f"{low:.1f} to {high:.1f} s")


def _by_thirds(one: Timeline, two: Timeline) -> ClockFault | None:
    """Clocks that run apart, or jump, fit in one part of a call and not in another."""
    start, end = min(one[0].start, two[0].start), max(one[-1].end, two[-1].end)
    third = (end - start) / 3
    if third < _LEAST_THIRD_S:
        return None
    for index, name in enumerate(("first", "second", "last")):
        part = (Segment(start + index * third, start + (index + 1) * third),)
        fit = fit_clocks(intersection(one, part), intersection(two, part))
        if fit is not None and fit.found:
            late = "late" if fit.offset_s < 0 else "early"
            reason = (
                f"the channels' clocks run apart: in the {name} third of the call channel 1 seems to be "
                f"{abs(fit.offset_s):.1f} s too {late}"
            )
            return ClockFault(timing_doubt=reason, notes=(reason,))
    return None


def _by_length(gap: float, one: Timeline, two: Timeline, told: float | None) -> ClockFault:
    """Files that do not end together began or ended apart: which, the turns tell, or whoever knows."""
    gap = round(gap, 2)
    if not _LENGTH_GAP_S <= abs(gap) <= _LONGEST_OFFSET_S:
        return ClockFault()
    evidence = evidence_for(one, two, gap)
    first = 1 if gap > 0 else 0
    by = f"{abs(gap):.2f} s"
    if evidence >= _LENGTH_EVIDENCE:
        found = f"the file of channel {first} ends so much before the other, and with that the turns fit"
        return _misaligned(gap, 0.9, found, told or 0.0, by)
    if told is not None or evidence <= -_LENGTH_EVIDENCE:
        return ClockFault()
    reason = (
        f"the file of channel {first} is {by} shorter, and nobody told when it starts: agent_offset_s in the "
        "manifest says so, 0 where both start together"
    )
    return ClockFault(timing_doubt=reason, notes=(reason,))


def _misaligned(offset_s: float, confidence: float, found: str, told: float, by: str) -> ClockFault:
    wanted = round(told + offset_s, 1)
    early = "early" if offset_s > 0 else "late"
    reason = f"the channels are not on one clock: channel 1 seems to be {by} too {early}"
    notes = [f"{reason}; {found}"]
    if told:
        notes.append(f"the offset that was told, {told:+g} s for channel 1, does not look right")
    notes.append(
        f"agent_offset_s in the manifest puts it right: {-wanted:g} with the agent on channel 0, {wanted:g} "
        "with the agent on channel 1"
    )
    return ClockFault(
        misaligned_s=round(offset_s, 2),
        misaligned_confidence=confidence,
        timing_doubt=f"{reason}; agent_offset_s in the manifest puts it right",
        notes=tuple(notes),
    )
