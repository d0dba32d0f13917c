"""Pages of calls, drawn wherever there is room: what one needs goes out, the names of its files come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from speechqa.assembly.playback import playback_of
from speechqa.assembly.reporting.call import CallFacts
from speechqa.assembly.reporting.drawing import Drawing
from speechqa.assembly.reporting.wanted import ReportWanted
from speechqa.errors import SpeechQAError
from speechqa.protocols import Executor
from speechqa.reports.pages.folder import PageFolder

POOLED_PAGES = 8
"""Pages from which more processes than one draw them: each takes as long to start as several pages take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPageJob:
    """A page to draw; `basis` is the digest of all it is made of."""

    facts: CallFacts
    basis: str
    folder: Path
    wanted: ReportWanted
    home: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page's files, the page first; none and an `error` where it could not be drawn."""

    call_id: str
    basis: str
    names: list[str] = field(default_factory=list)
    error: str = ""


def draw(job: CallPageJob) -> Drawn:
    """Draw a call's page with what lies beside it; never raises."""
    call_id, basis = job.facts.document.call_id, job.basis
    try:
        return Drawn(call_id=call_id, basis=basis, names=_drawn(job))
    except SpeechQAError as error:
        return Drawn(call_id=call_id, basis=basis, error=error.message)
    except Exception as error:  # a page that cannot be drawn is told of by name, and the others are made
        return Drawn(call_id=call_id, basis=basis, error=f"{type(error).__name__}: {error}")


def not_drawn(job: CallPageJob) -> Drawn:
    """What becomes of a page whose process was ended twice."""
    error = "The process that drew this page was ended twice by the system: it may have run out of memory"
    return Drawn(call_id=job.facts.document.call_id, basis=job.basis, error=error)


def drawing_on(workers: int, pages: int) -> Executor:
    """What draws so many pages, in at most so many processes."""
    from speechqa.executors.local import executor

    return executor(0 if workers == 1 or pages < POOLED_PAGES else workers, lost=not_drawn)


def _drawn(job: CallPageJob) -> list[str]:
    from speechqa.reports.language import language
    from speechqa.reports.view.call import call_page

    facts, wanted = job.facts, job.wanted
    heard = wanted.sound if "html" in wanted.formats else "none"
    playback = playback_of(
        facts.document, job.folder if heard == "beside" else None, inside=heard == "inside"
    )
    page = call_page(
        facts.document,
        standings=facts.standings,
        disputes=facts.disputes,
        closed=facts.closed,
        playback=playback,
        language=None if wanted.chosen is None else language(wanted.chosen),
        home=job.home,
    )
    names = Drawing(PageFolder(job.folder), wanted).call(facts.document, page)
    return names + [track.source for track in playback.tracks if heard == "beside"]
