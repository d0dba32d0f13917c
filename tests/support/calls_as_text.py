"""Calls written as text, one turn a line, and their verdicts."""

from __future__ import annotations

from speechqa.core.finding import Finding
from speechqa.core.rubric import Rubric
from speechqa.core.transcript import Transcript, Turn
from speechqa.criteria import CallView, judge, load_rubric

RUBRIC: Rubric = load_rubric("service")
_ROLES = {"a": "agent", "c": "customer", "u": "unknown"}


def transcript(text: str, language: str | None = "en") -> Transcript:
    turns = []
    for line in text.strip().splitlines():
        who, _, said = line.partition(":")
        turns.append(Turn(speaker=_ROLES[who.strip()], text=said.strip()))
    return Transcript(language=language, engine="imported", turns=tuple(turns))


def findings(text: str, language: str | None = "en", **view: object) -> dict[str, Finding]:
    made = CallView(transcript=transcript(text, language), language=language, **view)
    return {f.criterion: f for f in judge(RUBRIC, made)}


def verdict(text: str, criterion: str, language: str | None = "en") -> str:
    return findings(text, language)[criterion].verdict.value
