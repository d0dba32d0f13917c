"""Reports: what pages are about gathered from the store and the recording, pages made, and who took them."""

from speechqa.assembly.reporting.agent import Days, calls_of
from speechqa.assembly.reporting.customer import calls_with
from speechqa.assembly.reporting.listed import Listed, listed
from speechqa.assembly.reporting.making import Made, Report
from speechqa.assembly.reporting.wanted import (
    LanguageChoice,
    PageFormat,
    PictureChoice,
    ReportWanted,
    SoundChoice,
)

__all__ = [
    "Days",
    "LanguageChoice",
    "Listed",
    "Made",
    "PageFormat",
    "PictureChoice",
    "Report",
    "ReportWanted",
    "SoundChoice",
    "calls_of",
    "calls_with",
    "listed",
]
