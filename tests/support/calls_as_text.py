"""Calls written as text, one turn a line, and their verdicts."""

from __future__ import annotations

from msgspec.structs import replace

from speechqa.core.finding import Finding
from speechqa.core.rubric import Rubric
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, judge, load_rubric

SERVICE: Rubric = load_rubric("service")
"""The rubric as it comes, which reads verdicts a second time."""
RUBRIC: Rubric = replace(SERVICE, turn_model=False)
"""The same by its rules alone, which is what most tests are about."""
_ROLES = {"a": "agent", "c": "customer", "u": "unknown"}


def transcript(text: str, language: str | None = "en") -> Transcript:
    turns = []
    for line in text.strip().splitlines():
        who, _, said = line.partition(":")
        turns.append(Turn(speaker=_ROLES[who.strip()], text=said.strip()))
    return Transcript(language=language, engine="imported", turns=tuple(turns))


def findings(
    text: str, language: str | None = "en", rubric: Rubric = RUBRIC, **view: object
) -> dict[str, Finding]:
    made = CallView(transcript=transcript(text, language), language=language, **view)
    return {f.criterion: f for f in judge(rubric, made)}


def verdict(text: str, criterion: str, language: str | None = "en") -> str:
    return findings(text, language)[criterion].verdict.value
