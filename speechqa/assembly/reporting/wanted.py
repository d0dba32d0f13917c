"""What a report is to be made of."""

from __future__ import annotations

from typing import Literal

from speechqa.core.value import Value
from speechqa.core.weeks import WeekStart
from speechqa.reports.language import PageLanguage

SoundChoice = Literal["beside", "inside", "none"]
PictureChoice = Literal["svg", "png"]
PageFormat = Literal["html", "pdf"]
LanguageChoice = Literal["auto", "en", "he"]


class ReportWanted(Value, frozen=True, kw_only=True):
    """What a report is made of, and for whom.

    Attributes
    ----------
    by, reason : str
        Who takes it and why, for the log.
    formats : tuple of {"html", "pdf"}
        What each page is made as.
    sound : {"beside", "inside", "none"}
        Whether calls can be heard: from files beside their HTML pages, from the pages themselves, or not.
    language : {"auto", "en", "he"}
        Of the pages; `auto` is the language that is spoken.
    pictures : {"svg", "png"}, optional
        Pictures of calls and agents as files of their own too.
    minimum_calls : int
        Calls below which no figure of an agent is shown.
    with_drafts : bool
        Whether calls whose words come from a draft engine count in an agent's figures.
    complete_log : bool
        Whether somebody says that no call of an agent is missing: only then has a call a place in a shift.
    week_start : {"monday", "sunday"}
        The first day of the week.
    again : bool
        Make again also what has not changed.
    """

    by: str
    reason: str = ""
    formats: tuple[PageFormat, ...] = ("html",)
    sound: SoundChoice = "beside"
    language: LanguageChoice = "auto"
    pictures: PictureChoice | None = None
    minimum_calls: int = 1
    with_drafts: bool = False
    complete_log: bool = False
    week_start: WeekStart = "monday"
    again: bool = False

    @property
    def chosen(self) -> PageLanguage | None:
        """The language that was asked for, None where it is the spoken one."""
        return None if self.language == "auto" else self.language
