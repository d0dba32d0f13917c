"""The call page: everything known of one call, its scorecard first."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from speechqa.core.analysis import CallAnalysis
from speechqa.core.plain import printable
from speechqa.core.playback import Playback
from speechqa.core.review import Standing
from speechqa.core.value import Value
from speechqa.reports import arousal
from speechqa.reports.disputes import dispute_lines
from speechqa.reports.language import Language, language_of
from speechqa.reports.view import about
from speechqa.reports.view.about import EventView, VoiceView
from speechqa.reports.view.quotes import QuoteView, quote
from speechqa.reports.view.scorecard import FindingView, ScoreView, capital, finding_view, scores
from speechqa.reports.view.spoken import TurnView, turns
from speechqa.reports.view.timeline import Timeline, timeline
from speechqa.reports.wording import (
    NAMED_CRITERIA,
    SHOWN_SIGNALS,
    by_when,
    call_name,
    clock,
    moment,
    of_dissatisfaction,
    of_other_calls,
    of_the_way,
    title,
)
from speechqa.review.standing import standing
from speechqa.scoring import still_to_listen_to
from speechqa.scoring.disputes import DisputeRecord


class SignalView(Value, frozen=True, kw_only=True):
    """Something about the customer that is never scored; `known` is False where it could not be told."""

    title: str
    known: bool
    reason: str
    quotes: tuple[QuoteView, ...]


class PromiseView(Value, frozen=True, kw_only=True):
    """A promise, and by when."""

    what: QuoteView
    when: str


class PlaceView(Value, frozen=True, kw_only=True):
    """A place to listen to, and why."""

    when: str
    start: float | None
    reason: str


class CallPage(Value, frozen=True, kw_only=True):
    """A call page.

    Attributes
    ----------
    home : str
        The page above it; empty where there is none.
    draft : str
        That the words are a draft engine's; empty where they are not.
    named : tuple of FindingView
        The criteria that every call is looked at for first.
    categories, other : tuple
        Criteria that passed or failed, by category, and those that did not apply or could not be assessed;
        both in the rubric's order.
    closed : str
        The closed period the call lies in, in words; empty where there is none.
    """

    language: Language
    heading: str
    summary: tuple[str, ...]
    home: str
    draft: str
    notices: tuple[str, ...]
    scores: tuple[ScoreView, ...]
    named: tuple[FindingView, ...]
    categories: tuple[tuple[str, tuple[FindingView, ...]], ...]
    other: tuple[FindingView, ...]
    disputes: tuple[tuple[str, ...], ...]
    closed: str
    listen_to: tuple[PlaceView, ...]
    signals: tuple[SignalView, ...]
    promises: tuple[PromiseView, ...] | None
    measures: tuple[tuple[str, str], ...]
    events: tuple[EventView, ...]
    voices: tuple[VoiceView, ...]
    voices_unit: str
    turns: tuple[TurnView, ...]
    rejected: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...]
    timeline: Timeline | None
    playback: Playback


def call_page(
    analysis: CallAnalysis,
    *,
    standings: Sequence[Standing] | None = None,
    disputes: Sequence[DisputeRecord] = (),
    closed: str = "",
    playback: Playback | None = None,
    language: Language | None = None,
    home: str = "",
) -> CallPage:
    """All that a call page shows.

    Parameters
    ----------
    standings : sequence of Standing, optional
        What is of record; the machine's findings alone where absent.
    closed : str
        Name of the closed period that the call lies in.
    playback : Playback, optional
        How the call is heard; not at all where absent.
    language : Language, optional
        The page's; that of the call's words where absent.
    """
    spoken = language or language_of(analysis)
    known = tuple(standing(analysis.findings, ())) if standings is None else tuple(standings)
    found = tuple(finding_view(one, spoken) for one in known)
    # What a person overturned is no reason to listen any more; a failure that waits for a person still is.
    overturned = any(one.differs and not one.waits for one in known)
    counted_findings = (one.machine if one.waits else one.finding for one in known)
    if overturned:
        analysis = replace(analysis, listen_to=still_to_listen_to(analysis, counted_findings))
    counted = tuple(one for one in found if one.verdict in ("pass", "fail"))
    transcript = analysis.transcript
    heard = playback or Playback()
    metadata = analysis.metadata
    return CallPage(
        language=spoken,
        heading=printable(call_name(analysis.call_id, analysis.path)),
        summary=tuple(
            printable(part)
            for part in (
                metadata.agent_name or metadata.agent_id,
                metadata.customer_id,
                moment(metadata.started_at),
            )
            if part
        ),
        home=home,
        draft=spoken.say("The words come from a draft engine: a first impression, no basis for an audit.")
        if transcript is not None and transcript.draft
        else "",
        notices=tuple(spoken.told(printable(notice)) for notice in analysis.notices),
        scores=scores(known, dict(analysis.scores), spoken),
        named=tuple(one for one in found if one.id in NAMED_CRITERIA),
        categories=tuple(
            (capital(spoken.say(category)), tuple(one for one in counted if one.category == category))
            for category in ("professionalism", "courtesy")
        ),
        other=tuple(one for one in found if one.verdict not in ("pass", "fail")),
        disputes=tuple(
            tuple(spoken.told(line.plain.strip()) for line in dispute_lines(one)) for one in disputes
        ),
        closed=printable(closed),
        listen_to=tuple(
            PlaceView(when=clock(item.start), start=item.start, reason=spoken.told(printable(item.reason)))
            for item in analysis.listen_to
        ),
        signals=_signals(analysis, spoken),
        promises=None
        if analysis.signals.promises is None
        else tuple(
            PromiseView(what=quote(promise.what, spoken), when=spoken.told(by_when(promise)))
            for promise in analysis.signals.promises
        ),
        measures=about.measures(analysis, spoken),
        events=about.events(analysis, spoken),
        voices=about.voices(analysis, spoken),
        voices_unit=f"{spoken.say(arousal.UNIT)}. {spoken.say(arousal.NOT_BECAUSE)}.",
        turns=turns(analysis, spoken),
        rejected=tuple(
            (clock(one.start), printable(one.text), spoken.told(printable(one.reason)))
            for one in (transcript.rejected if transcript else ())
        ),
        facts=about.facts(analysis, spoken),
        timeline=timeline(analysis, found, heard, spoken),
        playback=heard,
    )


def _signals(analysis: CallAnalysis, language: Language) -> tuple[SignalView, ...]:
    views = []
    for name in SHOWN_SIGNALS:
        signal = getattr(analysis.signals, name)
        if signal.value is False or (signal.value is None and not signal.reason):
            continue  # an older document says nothing of what was not looked for then
        views.append(
            SignalView(
                title=capital(language.say(title(name))),
                known=signal.value is not None,
                reason=language.told(printable(signal.reason)),
                quotes=tuple(quote(evidence, language) for evidence in signal.evidence),
            )
        )
    for words, quotes in (*of_dissatisfaction(analysis.signals), *of_other_calls(analysis.signals)):
        views.append(
            SignalView(
                title=capital(language.say(words)),
                known=True,
                reason="",
                quotes=tuple(quote(evidence, language) for evidence in quotes),
            )
        )
    for name, told, quotes in of_the_way(analysis.signals):
        # A reason for calling is a label, which a rubric may bring; what is told of the others is a sentence.
        reason = language.say(told) if name == "contact_reason" else language.told(printable(told))
        views.append(
            SignalView(
                title=capital(language.say(title(name))),
                known=True,
                reason=reason,
                quotes=tuple(quote(evidence, language) for evidence in quotes),
            )
        )
    return tuple(views)
