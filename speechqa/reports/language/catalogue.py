"""Words of the pages by language: what the code says in English, looked up in a catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from speechqa.core.analysis import CallAnalysis
from speechqa.core.value import Value
from speechqa.reports.language.sentences import END, LEFT_TO_RIGHT, Sentences, isolated, left_as_is

PageLanguage = Literal["en", "he"]
Label = str | Mapping[str, str]
"""What is said, or what is said of `one`, `two` and `other` numbers of things."""


class Catalogue(Value, frozen=True, kw_only=True):
    """All that is known of a language: `labels` that pages say, `sentences` made elsewhere, as patterns."""

    labels: Mapping[str, Label]
    sentences: Mapping[str, str]


class Language(Value, frozen=True, kw_only=True):
    """A language that a page is written in.

    Attributes
    ----------
    code : {"en", "he"}
        As the page names it.
    direction : {"ltr", "rtl"}
        Which way it is read.
    labels : mapping of str to Label
        Labels and short sentences by their English; those that are missing are shown in English. Of English
        itself only what is said of one thing.
    """

    code: PageLanguage
    direction: Literal["ltr", "rtl"]
    labels: Mapping[str, Label]

    def say(self, english: str, /, **values: object) -> str:
        """A label or a sentence of the page, with what stands in its places.

        On a right-to-left page what stands in the places is isolated, so that it keeps its own order.

        Examples
        --------
        >>> language("en").say("{count} calls", count=3)
        '3 calls'
        >>> language("en").say("{count} calls", count=1), language("en").say("{count} calls", count=2000)
        ('1 call', '2,000 calls')
        >>> language("he").say("{count} calls", count=1)
        'שיחה אחת'
        """
        known = self.labels.get(english)
        said = english if known is None else known if isinstance(known, str) else _counted(known, values)
        if type(count := values.get("count")) is int:
            values = {**values, "count": f"{count:,}"}
        if known is not None and self.direction == "rtl":
            values = {name: _placed(value) for name, value in values.items()}
        return said.format(**values) if values else said

    def told(self, english: str, /) -> str:
        """A sentence that was made elsewhere, such as a verdict's reason.

        What is not known stays as it is, isolated.

        Examples
        --------
        >>> language("he").told("There is no timing")
        'אין נתוני זמן'
        """
        if self.code == "en":
            return english
        return _sentences(self.code).told(english) or left_as_is(english)


def catalogue(code: PageLanguage) -> Catalogue:
    """What the files of a language hold, all together; no English stands in two of them."""
    labels: dict[str, Label] = {}
    sentences: dict[str, str] = {}
    folder = files(__package__) / code
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".toml"):
            continue
        tables = tomllib.loads(file.read_text("utf-8"))
        labels.update(tables.get("labels", {}))
        sentences.update(tables.get("sentences", {}))
    return Catalogue(labels=labels, sentences=sentences)


@cache
def language(code: PageLanguage) -> Language:
    """The language of that code."""
    known = _known(code)
    whole = {english: said for english, said in known.sentences.items() if "{" not in english}
    return Language(code=code, direction="rtl" if code == "he" else "ltr", labels={**whole, **known.labels})


def language_of(analysis: CallAnalysis) -> Language:
    """The language a call's page is written in where nobody asks for one: that of its words, else English."""
    return spoken(analysis.transcript.language if analysis.transcript is not None else None)


def spoken(code: str | None) -> Language:
    """The language of a page whose words are in the language of that code: the same, or else English."""
    return language("he" if code == "he" else "en")


@cache
def _known(code: PageLanguage) -> Catalogue:
    return catalogue(code)


@cache
def _sentences(code: PageLanguage) -> Sentences:
    known = _known(code)
    plain = {english: said for english, said in known.labels.items() if isinstance(said, str)}

    def party(name: str) -> str:
        return plain.get(name) or plain["party {name}"].format(name=f"{LEFT_TO_RIGHT}{name}{END}")

    # A label with places is for `say`, which knows what stands in them.
    without = {english: said for english, said in plain.items() if "{" not in english}
    return Sentences(without, known.sentences, party)


def _counted(known: Mapping[str, str], values: Mapping[str, object]) -> str:
    count = next((value for value in values.values() if isinstance(value, int)), None)
    by_count = {1: "one", 2: "two"}
    return known.get(by_count.get(count, "other") if count is not None else "other", known["other"])


def _placed(value: object) -> object:
    """What stands in a place of a right-to-left sentence; text that is markup already is left alone."""
    return isolated(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
