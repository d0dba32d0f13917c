"""The call as a picture over time: who speaks, how loud, who talks over whom, waits, arousal, findings.

Across, all is in hundredths of the call's length, so that a page can be zoomed without being drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from speechqa.core.analysis import CallAnalysis
from speechqa.core.plain import printable
from speechqa.core.playback import Outline, Playback
from speechqa.core.stress import StressCurve
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.view.quotes import role_class, who_said
from speechqa.reports.view.scorecard import FindingView
from speechqa.reports.wording import SHOWN_SIGNALS, clock, length, title

COLUMNS = 2400
"""Most steps of a waveform across the picture."""
LOWEST, HIGHEST = -2.0, 6.0
"""What of an arousal curve is always in the picture, in deviations."""
_TICKS_S = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 12


class Stretch(Value, frozen=True, kw_only=True):
    """Something that lasts; `x` and `width` in hundredths of the call, `start` in seconds."""

    x: float
    width: float
    kind: str
    label: str
    start: float


class Sign(Value, frozen=True, kw_only=True):
    """Something at a point in time; `target` is the part of the page that tells of it."""

    x: float
    kind: str
    label: str
    start: float
    target: str = ""


class Lane(Value, frozen=True, kw_only=True):
    """One party.

    Attributes
    ----------
    wave : str
        Outline of the sound as an SVG path, `columns` wide and 100 high; empty where there is none.
    """

    title: str
    role: str
    speech: tuple[Stretch, ...]
    wave: str
    columns: int
    overlaps: tuple[Stretch, ...]
    signs: tuple[Sign, ...]


class CurveLine(Value, frozen=True, kw_only=True):
    """A piece of an arousal curve as an SVG path, 1000 wide and 100 high."""

    path: str
    sure: bool


class CurveView(Value, frozen=True, kw_only=True):
    """Arousal of one speaker; `calm` and `begins` are heights: the calm level, and where episodes begin."""

    title: str
    role: str
    lines: tuple[CurveLine, ...]
    episodes: tuple[Stretch, ...]
    calm: float
    begins: float | None
    reason: str


class Timeline(Value, frozen=True, kw_only=True):
    """The whole picture; `kinds` are what it needs a legend for, in words."""

    duration: float
    ticks: tuple[tuple[float, str], ...]
    waits: tuple[Stretch, ...]
    bleeped: tuple[Stretch, ...]
    lanes: tuple[Lane, ...]
    curves: tuple[CurveView, ...]
    marks: tuple[Sign, ...]
    kinds: tuple[tuple[str, str], ...]
    description: str


def timeline(
    analysis: CallAnalysis, findings: Sequence[FindingView], playback: Playback, language: Language
) -> Timeline | None:
    """The picture of a call; None where no time is known of it."""
    total = _length(analysis)
    if total <= 0:
        return None
    scale = _Scale(total)
    lanes = tuple(_lanes(analysis, playback, scale, language))
    curves = tuple(
        _curve(who, curve, scale, language)
        for who, curve in sorted(analysis.stress.items())
        if curve.windows or curve.reason
    )
    waits = tuple(_waits(analysis, scale, language))
    marks = tuple(_marks(analysis, findings, scale, language))
    shown = {sign.kind for lane in lanes for sign in lane.signs}
    shown |= (
        {wait.kind for wait in waits}
        | {mark.kind for mark in marks}
        | ({"raised"} if any(c.episodes for c in curves) else set())
    )
    return Timeline(
        duration=total,
        ticks=tuple(scale.ticks()),
        waits=waits,
        bleeped=tuple(
            scale.stretch(s.start, s.end, "bleeped", language.say("bleeped")) for s in playback.bleeped
        ),
        lanes=lanes,
        curves=curves,
        marks=marks,
        kinds=tuple((kind, language.say(words)) for kind, words in _KINDS if kind in shown),
        description=_description(analysis, total, language),
    )


_KINDS = (
    ("pass", "passed, with what was said"),
    ("fail", "failed"),
    ("promise", "promise"),
    ("signal", "signal about the customer"),
    ("listen", "listen to this"),
    ("interruption", "interruption"),
    ("failed_interruption", "failed interruption"),
    ("cut_off", "cut-off, no interruption"),
    ("simultaneous_start", "both start at once"),
    ("terminal", "overlap at a turn's end"),
    ("backchannel", "backchannel"),
    ("hold", "hold"),
    ("dead_air", "dead air"),
    ("silence", "silence over 3 s"),
    ("raised", "raised arousal"),
)


class _Scale:
    """Seconds to hundredths of the picture."""

    def __init__(self, total: float) -> None:
        self.total = total

    def x(self, seconds: float) -> float:
        return round(100 * min(max(seconds, 0.0), self.total) / self.total, 3)

    def stretch(self, start: float, end: float, kind: str, label: str) -> Stretch:
        left = self.x(start)
        return Stretch(
            x=left, width=max(0.02, round(self.x(end) - left, 3)), kind=kind, label=label, start=start
        )

    def ticks(self) -> Iterator[tuple[float, str]]:
        return ((self.x(at), length(at)) for at in range(0, int(self.total), tick_step(self.total)))


def tick_step(seconds: float) -> int:
    """Seconds between the times that are named along so long a picture."""
    return next((step for step in _TICKS_S if seconds / step <= _MOST_TICKS), 7200)


def _length(analysis: CallAnalysis) -> float:
    ends = [analysis.duration or 0.0]
    if analysis.dialogue is not None:
        ends += [s.end for speech in analysis.dialogue.speech.values() for s in speech]
    if analysis.transcript is not None:
        ends += [turn.end or 0.0 for turn in analysis.transcript.turns]
    return max(ends)


def _lanes(analysis: CallAnalysis, playback: Playback, scale: _Scale, language: Language) -> Iterator[Lane]:
    dialogue = analysis.dialogue
    speech = dict(dialogue.speech) if dialogue is not None else {}
    for party in sorted({*speech, *(p for p in playback.outlines if p)}):
        role = analysis.roles[party].role if party in analysis.roles else "unknown"
        name = (
            language.say("Party {name}", name=printable(party))
            if role == "unknown"
            else who_said(role, language)
        )
        outline = playback.outlines.get(party)
        yield Lane(
            title=name,
            role=role_class(role),
            speech=tuple(
                scale.stretch(s.start, s.end, "speech", f"{name} {clock(s.start)}")
                for s in speech.get(party, ())
            ),
            wave=_wave(outline),
            columns=_columns(outline),
            overlaps=tuple(_overlaps(analysis, party, scale, language)),
            signs=tuple(_signs(analysis, party, scale, language)),
        )
    if "" in playback.outlines:
        outline = playback.outlines[""]
        yield Lane(
            title=language.say("both"), role="unknown", speech=(), wave=_wave(outline),
            columns=_columns(outline), overlaps=(), signs=(),
        )  # fmt: skip


def _columns(outline: Outline | None) -> int:
    return 0 if outline is None else min(COLUMNS, len(outline.peaks))


def _wave(outline: Outline | None) -> str:
    """The outline as a closed path around the middle, quiet sound raised so that it can be seen."""
    columns = _columns(outline)
    if outline is None or not columns:
        return ""
    peaks, count = outline.peaks, len(outline.peaks)
    tops = [max(peaks[i * count // columns : max((i + 1) * count // columns, i * count // columns + 1)])
            for i in range(columns)]  # fmt: skip
    loudest = max(tops) or 1
    heights = [round(48 * (top / loudest) ** 0.6) for top in tops]
    upper = "".join(f"L{i} {50 - h}" for i, h in enumerate(heights))
    lower = "".join(f"L{i} {50 + h}" for i, h in reversed(list(enumerate(heights))))
    return f"M0 50{upper}{lower}Z"


def _overlaps(analysis: CallAnalysis, party: str, scale: _Scale, language: Language) -> Iterator[Stretch]:
    for overlap in analysis.dialogue.overlaps if analysis.dialogue is not None else ():
        if overlap.by_party == party:
            label = _over(title(overlap.kind), overlap.by, overlap.of, overlap.start, language)
            yield scale.stretch(overlap.start, overlap.end, overlap.kind, label)


def _signs(analysis: CallAnalysis, party: str, scale: _Scale, language: Language) -> Iterator[Sign]:
    if analysis.dialogue is None:
        return
    for one in analysis.dialogue.overlaps:
        if one.by_party == party:
            label = _over(title(one.kind), one.by, one.of, one.start, language)
            yield Sign(x=scale.x(one.start), kind=one.kind, label=label, start=one.start)
    for cut in analysis.dialogue.cut_offs:
        if cut.by_party == party:
            label = _over("cut-off, no interruption", cut.by, cut.of, cut.time, language)
            yield Sign(x=scale.x(cut.time), kind="cut_off", label=label, start=cut.time)


def _over(what: str, by: str, of: str, at: float, language: Language) -> str:
    return language.say(
        "{what}: {by} over {of}, {when}",
        what=language.say(what),
        by=who_said(by, language),
        of=who_said(of, language),
        when=clock(at),
    )


def _waits(analysis: CallAnalysis, scale: _Scale, language: Language) -> Iterator[Stretch]:
    dialogue = analysis.dialogue
    if dialogue is None:
        return
    dead = {(one.start, one.end) for one in dialogue.dead_air}
    for kind, found in (
        ("hold", dialogue.holds),
        ("dead_air", dialogue.dead_air),
        ("silence", [one for one in dialogue.silences if (one.start, one.end) not in dead]),
    ):
        for one in found:
            label = f"{language.say(title(kind))} {clock(one.start)}, {one.end - one.start:.1f} s"
            yield scale.stretch(one.start, one.end, kind, label)


def _marks(
    analysis: CallAnalysis, findings: Sequence[FindingView], scale: _Scale, language: Language
) -> Iterator[Sign]:
    for one in findings:
        if one.verdict not in ("pass", "fail"):
            continue
        for said in one.quotes[:4]:
            if said.start is not None:
                label = f"{one.title}: {one.verdict_words}, {said.when}"
                yield Sign(
                    x=scale.x(said.start), kind=one.verdict, label=label, start=said.start, target=one.id
                )
    for promise in analysis.signals.promises or ():
        if promise.what.start is not None:
            at = promise.what.start
            yield Sign(
                x=scale.x(at), kind="promise", label=f"{language.say('promise')} {clock(at)}", start=at
            )
    for name in SHOWN_SIGNALS:
        for evidence in getattr(analysis.signals, name).evidence:
            if evidence.start is not None:
                label = f"{language.say(title(name))} {clock(evidence.start)}"
                yield Sign(x=scale.x(evidence.start), kind="signal", label=label, start=evidence.start)
    for item in analysis.listen_to:
        if item.start is not None:
            label = f"{clock(item.start)} {language.told(printable(item.reason))}"
            yield Sign(x=scale.x(item.start), kind="listen", label=label, start=item.start)


def _curve(who: str, curve: StressCurve, scale: _Scale, language: Language) -> CurveView:
    values = [one.value for one in curve.windows if one.value is not None]
    low, high = min([LOWEST, *values]), max([HIGHEST, *values])

    def height(value: float) -> float:
        return round(100 * (high - value) / (high - low), 1)

    lines: list[CurveLine] = []
    points: list[tuple[float, float]] = []
    sure = True

    def close() -> None:
        if points:
            path = "".join(f"{'L' if i else 'M'}{x:g} {y:g}" for i, (x, y) in enumerate(points))
            # A single value is a dash, for a line of one point is not drawn.
            lines.append(CurveLine(path=path if len(points) > 1 else f"{path}h2", sure=sure))

    for window in curve.windows:
        if window.value is None:
            close()
            points = []
            continue
        here = (round(10 * scale.x((window.start + window.end) / 2), 2), height(window.value))
        if points and (window.confidence == "ok") != sure:
            last = points[-1]
            close()
            points = [last]
        sure = window.confidence == "ok"
        points.append(here)
    close()
    begins = curve.thresholds.begins if curve.thresholds is not None else None
    return CurveView(
        title=language.say("arousal of the {who}", who=who_said(who, language)),
        role=role_class(who),
        lines=tuple(lines),
        episodes=tuple(
            scale.stretch(
                episode.start,
                episode.end,
                "raised",
                f"{language.say('raised arousal')} {clock(episode.start)}: "
                + language.told(printable("; ".join(episode.because))),
            )
            for episode in curve.episodes
        ),
        calm=height(0.0),
        begins=None if begins is None else height(begins),
        reason=language.told(printable(curve.reason or "")),
    )


def _description(analysis: CallAnalysis, total: float, language: Language) -> str:
    """The picture in a sentence, for those who cannot see it."""
    dialogue = analysis.dialogue
    count = 0 if dialogue is None else sum(dialogue.interruptions.values())
    return language.say(
        "The call over {length}: who speaks when, {interruptions} interruptions, waits, and where findings"
        " lie. All of it is told in words below.",
        length=length(total),
        interruptions=count,
    )
