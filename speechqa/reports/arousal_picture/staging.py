"""From a call's document, or one speaker's curve, to what the arousal picture shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from speechqa.core.analysis import CallAnalysis
from speechqa.core.dialogue import Dialogue
from speechqa.core.segment import Segment, Timeline, difference, union
from speechqa.core.stress import StressCurve
from speechqa.core.transcript import Transcript
from speechqa.reports.arousal_picture.scene import Lane, Line, Mark, Point, Scene, Wait
from speechqa.reports.arousal_picture.telling import (
    changed,
    day,
    interruptions,
    level,
    outside,
    sentence,
    summed,
    told,
)
from speechqa.reports.arousal_picture.words import PictureLanguage, Words, figure, role_name, words_for
from speechqa.reports.wording import call_name, length


def call_scene(analysis: CallAnalysis, *, language: PictureLanguage | None = None) -> Scene:
    """What is shown of a call; without `language` in that of its transcript, Hebrew or else English."""
    transcript, about = analysis.transcript, analysis.metadata
    spoken = (transcript.language or "") if transcript else ""
    words = words_for(language or ("he" if spoken.split("-")[0] == "he" else "en"))
    dialogue = analysis.dialogue
    lanes = _lanes(analysis, words)
    # Of nobody but the customer and the agent is there a curve, and the agent's only where it was asked for.
    named = [(who, analysis.stress[who]) for who in ("customer", "agent") if who in analysis.stress]
    lines = _lines(named, words)
    duration = analysis.recording.duration if analysis.recording else analysis.duration
    who = about.agent_name or about.agent_id
    facts = [
        f"{words.agent} {outside(who)}" if who else "",
        words.started.format(when=figure(day(about.started_at), words)) if about.started_at else "",
        words.length.format(length=figure(length(duration), words)) if duration is not None else "",
    ]
    missing = "" if named else "no curve of the customer is in the document"
    return Scene(
        words=words,
        heading=words.heading.format(name=outside(call_name(analysis.call_id, analysis.path))),
        facts=", ".join(fact for fact in facts if fact),
        levels=tuple(level(role, curve, words) for role, curve in named),
        lines=lines,
        lanes=lanes,
        waits=_waits(dialogue),
        told=(*_under(lines, named, words), *interruptions(dialogue, words)),
        end_s=_end(duration, lines, lanes, [curve for _, curve in named]),
        thresholds=_thresholds([curve for _, curve in named]),
        note=words.no_curve.format(reason=missing) if missing else "",
    )


def voice_scene(
    name: str,
    curve: StressCurve,
    *,
    speech: Sequence[Segment] = (),
    duration: float | None = None,
    language: PictureLanguage = "en",
) -> Scene:
    """What is shown of one speaker's recording, outside of any call."""
    words = words_for(language)
    lines = _lines([("speaker", curve)], words)
    lanes = (Lane(name=words.speaker, role="speaker", speech=union(speech)),) if speech else ()
    return Scene(
        words=words,
        heading=words.voice_heading.format(name=outside(name)),
        facts=words.length.format(length=figure(length(duration), words)) if duration is not None else "",
        levels=(level("speaker", curve, words),),
        lines=lines,
        lanes=lanes,
        waits=(),
        told=_under(lines, [("speaker", curve)], words),
        end_s=_end(duration, lines, lanes, [curve]),
        thresholds=_thresholds([curve]),
    )


def _thresholds(curves: Sequence[StressCurve]) -> tuple[float, float] | None:
    """Where episodes begin and end, if the curves agree on it."""
    found = {(one.thresholds.begins, one.thresholds.ends) for one in curves if one.thresholds}
    return found.pop() if len(found) == 1 else None


def _lines(named: Sequence[tuple[str, StressCurve]], words: Words) -> tuple[Line, ...]:
    lines = []
    number = letter = 0
    for role, curve in named:
        numbered = tuple(enumerate(curve.episodes, start=number + 1))
        number += len(numbered)
        lettered = tuple((_letter(letter + index), change) for index, change in enumerate(curve.changes))
        letter += len(lettered)
        points = _points(curve)
        empty = curve.reason or ("" if points else "no stretch has a value")
        lines.append(
            Line(
                name=role_name(role, words),
                role=role,
                points=points,
                valueless=_valueless(curve),
                episodes=numbered,
                changes=lettered,
                reason=words.no_curve.format(reason=sentence(empty)) if empty and not points else "",
            )
        )
    return tuple(lines)


def _under(lines: Sequence[Line], named: Sequence[tuple[str, StressCurve]], words: Words) -> tuple[str, ...]:
    sums = (summed(role, curve, words) for role, curve in named)
    return (*told(lines, words), *changed(lines, words), *(text for text in sums if text))


def _letter(index: int) -> str:
    """Letters from a to z, then with a number."""
    return "abcdefghijklmnopqrstuvwxyz"[index % 26] + (str(index // 26 + 1) if index >= 26 else "")


def _points(curve: StressCurve) -> tuple[Point, ...]:
    points: list[Point] = []
    joined_until: float | None = None
    for window in curve.windows:
        if window.value is None:
            joined_until = None
            continue
        points.append(
            Point(
                time=(window.start + window.end) / 2,
                value=window.value,
                sure=window.confidence == "ok",
                # Between windows that share no time nothing was measured.
                joined=joined_until is not None and window.start <= joined_until,
            )
        )
        joined_until = window.end
    return tuple(points)


def _valueless(curve: StressCurve) -> Timeline:
    """Stretches that were looked at and have no value from any window."""
    empty = union(Segment(w.start, w.end) for w in curve.windows if w.value is None)
    return difference(empty, union(Segment(w.start, w.end) for w in curve.windows if w.value is not None))


def _lanes(analysis: CallAnalysis, words: Words) -> tuple[Lane, ...]:
    dialogue, roles = analysis.dialogue, analysis.roles
    speech: Mapping[str, Sequence[Segment]] = dialogue.speech if dialogue else {}
    if not any(speech.values()):
        speech = _turns(analysis.transcript)
    order = {"agent": 0, "customer": 1}
    found = []
    for party, timeline in speech.items():
        role = roles[party].role if party in roles else party if party in order else "unknown"
        name = role_name(role if role != "unknown" else outside(party), words)
        marks = tuple(sorted(_marks(dialogue, party), key=lambda mark: (mark.time, mark.kind)))
        found.append(
            (order.get(role, 2), party, Lane(name=name, role=role, speech=union(timeline), marks=marks))
        )
    return tuple(lane for *_, lane in sorted(found, key=lambda one: one[:2]))


def _turns(transcript: Transcript | None) -> dict[str, list[Segment]]:
    """Who speaks when by the transcript, where nobody listened."""
    found: dict[str, list[Segment]] = {}
    for turn in transcript.turns if transcript else ():
        if turn.segment is not None and turn.segment.duration > 0:
            found.setdefault(turn.party or turn.speaker, []).append(turn.segment)
    return found


def _marks(dialogue: Dialogue | None, party: str) -> Iterator[Mark]:
    if dialogue is None:
        return
    yield from (Mark(time=o.start, kind=o.kind) for o in dialogue.overlaps if o.by_party == party)
    yield from (Mark(time=c.time, kind="cut_off") for c in dialogue.cut_offs if c.by_party == party)


def _waits(dialogue: Dialogue | None) -> tuple[Wait, ...]:
    if dialogue is None:
        return ()
    dead = {(silence.start, silence.end) for silence in dialogue.dead_air}
    holds = [Segment(hold.start, hold.end) for hold in dialogue.holds]
    waits = [Wait(start=hold.start, end=hold.end, kind="hold") for hold in dialogue.holds]
    for silence in dialogue.silences:
        stretch = Segment(silence.start, silence.end)
        if any(stretch & hold for hold in holds):
            continue  # it is the hold, drawn already
        kind: Literal["dead_air", "silence"] = (
            "dead_air" if (silence.start, silence.end) in dead else "silence"
        )
        waits.append(Wait(start=silence.start, end=silence.end, kind=kind))
    return tuple(sorted(waits, key=lambda wait: (wait.start, wait.end, wait.kind)))


def _end(
    duration: float | None, lines: Sequence[Line], lanes: Sequence[Lane], curves: Sequence[StressCurve]
) -> float:
    ends = [duration or 0.0]
    ends += [stretch.end for lane in lanes for stretch in lane.speech]
    ends += [window.end for curve in curves for window in curve.windows]
    ends += [episode.end for line in lines for _, episode in line.episodes]
    return max(ends)
