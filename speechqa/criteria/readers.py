"""What reads a call beside the phrases of its rubric."""

from __future__ import annotations

from speechqa.core.rubric import Rubric
from speechqa.criteria.calltext import Reader
from speechqa.criteria.meaning import meaning_of
from speechqa.protocols import TextEmbedder


def readers_of(rubric: Rubric, embedder: TextEmbedder | None) -> tuple[Reader, ...]:
    """The operator's model of meaning, if there is one."""
    meaning = meaning_of(rubric, embedder)
    return () if meaning is None else (meaning,)
