"""The scorecard: each criterion with its verdict of record, the machine's beside it, and the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from speechqa.core.finding import Finding, Tally
from speechqa.core.plain import printable
from speechqa.core.review import Standing
from speechqa.core.value import Value
from speechqa.reports.language import Language
from speechqa.reports.view.quotes import QuoteView, quote
from speechqa.reports.wording import VERDICT_WORDS, clock, points, title
from speechqa.scoring import CATEGORIES, score


class ScoreView(Value, frozen=True, kw_only=True):
    """A category's score of record.

    Attributes
    ----------
    percent, tally : str
        Share and number of the points earned; a dash and nothing where nothing was assessed.
    machine : str
        The machine's where it is another, else empty.
    """

    title: str
    percent: str
    tally: str
    machine: str = ""


class PartView(Value, frozen=True, kw_only=True):
    """A graded part of a criterion."""

    title: str
    verdict: str
    verdict_words: str
    points: str
    reason: str
    quotes: tuple[QuoteView, ...]


class FindingView(Value, frozen=True, kw_only=True):
    """One criterion, ready to show.

    Attributes
    ----------
    verdict : str
        Of record, as the document names it; `verdict_words` for people.
    decided : tuple of str
        Who decided otherwise than the machine, or beside it, one sentence each; what it waits for.
    reason : str
        The machine's where the record has its verdict; else `decided` says why.
    machine : str
        The machine's verdict with points and reason where the record has another; quotes are its evidence.
    quotes, unparted : tuple of QuoteView
        All that was said for it, and what of it no part shows as its own.
    sure : tuple of str
        What judged, how sure it was, and where it searched.
    """

    id: str
    title: str
    category: str
    verdict: str
    verdict_words: str
    points: str
    reason: str
    would_change: str
    critical: bool
    quotes: tuple[QuoteView, ...]
    unparted: tuple[QuoteView, ...]
    parts: tuple[PartView, ...]
    decided: tuple[str, ...]
    machine: str
    sure: tuple[str, ...]


def scores(
    standings: Sequence[Standing], machine: dict[str, Tally], language: Language
) -> tuple[ScoreView, ...]:
    """The scores of record, with the machine's where they differ."""
    record = score(one.finding for one in standings) if standings else machine
    views = []
    for category in CATEGORIES:
        tally, found = record.get(category), machine.get(category)
        percent, _, counted = points(tally).partition(" ")
        views.append(
            ScoreView(
                title=capital(language.say(category)),
                percent=percent,
                tally=counted,
                machine="" if points(tally) == points(found) else points(found),
            )
        )
    return tuple(views)


def finding_view(one: Standing, language: Language) -> FindingView:
    """One criterion as it stands."""
    finding = one.finding
    of_parts = [evidence for part in finding.components for evidence in part.evidence]
    return FindingView(
        id=finding.criterion,
        title=criterion_title(finding.criterion, language),
        category=finding.category,
        verdict=finding.verdict.value,
        verdict_words=language.say(VERDICT_WORDS[finding.verdict.value]),
        points="" if finding.earned is None else f"{finding.earned}/{finding.possible}",
        reason="" if one.differs else language.told(printable(finding.reason)),
        would_change=language.told(printable(finding.would_change)),
        critical=finding.critical,
        quotes=tuple(quote(evidence, language) for evidence in finding.evidence),
        unparted=tuple(
            quote(evidence, language) for evidence in finding.evidence if evidence not in of_parts
        ),
        parts=tuple(
            PartView(
                title=criterion_title(part.id, language),
                verdict=part.verdict.value,
                verdict_words=language.say(VERDICT_WORDS[part.verdict.value]),
                points="" if part.earned is None else f"{part.earned}/{part.possible}",
                reason=language.told(printable(part.reason)),
                quotes=tuple(quote(evidence, language) for evidence in part.evidence),
            )
            for part in finding.components
        ),
        decided=_decided(one, language),
        machine=_machine(one.machine, language) if one.differs else "",
        sure=_sure(finding, language),
    )


def criterion_title(name: str, language: Language) -> str:
    """A criterion's or part's name for people."""
    return capital(language.say(title(name)))


def capital(text: str) -> str:
    """A text with a capital letter at its beginning, where its script has capitals."""
    return text[:1].upper() + text[1:]


def _machine(finding: Finding, language: Language) -> str:
    words = language.say(VERDICT_WORDS[finding.verdict.value])
    verdict = words if finding.earned is None else f"{words} {finding.earned}/{finding.possible}"
    reason = language.told(printable(finding.reason))
    return f"{verdict}: {reason}" if reason else verdict


def _decided(one: Standing, language: Language) -> tuple[str, ...]:
    lines = []
    for said in one.said:
        form = (
            "{verdict} by {who} on {day}, resolving a dispute: {comment}"
            if said.source == "resolution"
            else "{verdict} by {who} on {day}, in a review: {comment}"
        )
        lines.append(
            language.say(
                form,
                verdict=language.say(VERDICT_WORDS[said.verdict.value]),
                who=printable(said.actor),
                day=said.at[:10],
                comment=printable(said.comment),
            )
        )
    if one.critical == "confirmed":
        lines.append(language.say("Confirmed by {who}.", who=printable(one.confirmed_by)))
    if one.waits:
        lines.append(language.say("Waits for {what}.", what=language.told(one.waits)))
    return tuple(lines)


def _sure(finding: Finding, language: Language) -> tuple[str, ...]:
    told = [printable(finding.detector)]
    if finding.confidence is not None:
        told.append(language.say("confidence {value}", value=f"{finding.confidence:.2f}"))
    if finding.searched is not None:
        begin, end = clock(finding.searched.start), clock(finding.searched.end)
        told.append(language.say("searched from {start} to {end}", start=begin, end=end))
    return tuple(told)
