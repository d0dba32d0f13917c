"""A stretch of text to be masked."""

from __future__ import annotations

from typing import NamedTuple

from speechqa.core.masks import MaskKind


class Mask(NamedTuple):
    """Characters `start` to `end` of a turn's text that hold a number of this kind."""

    turn: int
    start: int
    end: int
    kind: MaskKind
