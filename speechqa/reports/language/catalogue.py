"""Words of the pages by language: what the code says in English, looked up in a catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from speechqa.core.analysis import CallAnalysis
from speechqa.core.value import Value

PageLanguage = Literal["en", "he"]


class Language(Value, frozen=True, kw_only=True):
    """A language that a page is written in.

    Attributes
    ----------
    code : {"en", "he"}
        As the page names it.
    direction : {"ltr", "rtl"}
        Which way it is read.
    labels : mapping of str to str
        Labels and short sentences by their English; those that are missing are shown in English.
    """

    code: PageLanguage
    direction: Literal["ltr", "rtl"]
    labels: Mapping[str, str]

    def say(self, english: str, /, **values: object) -> str:
        """A label or a sentence of the page, with what stands in its places.

        Examples
        --------
        >>> language("en").say("{count} calls", count=3)
        '3 calls'
        """
        text = self.labels.get(english, english)
        return text.format(**values) if values else text

    def told(self, english: str, /) -> str:
        """A sentence that was made elsewhere, such as a verdict's reason."""
        return self.labels.get(english, english)


@cache
def language(code: PageLanguage) -> Language:
    """The language of that code."""
    if code == "en":
        return Language(code="en", direction="ltr", labels={})
    catalogue = tomllib.loads((files(__package__) / f"{code}.toml").read_text("utf-8"))
    return Language(code=code, direction="rtl", labels=catalogue.get("labels", {}))


def language_of(analysis: CallAnalysis) -> Language:
    """The language a call's page is written in where nobody asks for one: that of its words, else English."""
    spoken = analysis.transcript.language if analysis.transcript is not None else None
    return language("he" if spoken == "he" else "en")
