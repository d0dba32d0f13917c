"""What reads a call beside the phrases of its rubric."""

from __future__ import annotations

from speechqa.core.rubric import Rubric
from speechqa.criteria.calltext import Reader
from speechqa.criteria.meaning import meaning_of
from speechqa.criteria.turn_reader import reader_of
from speechqa.protocols import TextEmbedder


def readers_of(rubric: Rubric, embedder: TextEmbedder | None) -> tuple[Reader, ...]:
    """The trained model where the rubric wants it, then the operator's model of meaning, if there is one."""
    return tuple(one for one in (reader_of(rubric), meaning_of(rubric, embedder)) if one is not None)
