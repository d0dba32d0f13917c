"""Letters of charts: one font by its file, so that every machine draws the same, and text made fit for it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import matplotlib
from matplotlib.font_manager import FontProperties

from speechqa.core.plain import is_right_to_left
from speechqa.reports.charts.canvas import writable

_LRM: Final = "\u200e"
_RLM: Final = "\u200f"
_ISOLATES: Final = re.compile("[\u2066-\u2069]")


@lru_cache(maxsize=64)
def font(size: float, *, bold: bool = False) -> FontProperties:
    """Matplotlib's own DejaVu Sans, which has Hebrew."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(Path(matplotlib.get_data_path(), "fonts", "ttf", name)), size=size)


def shown(text: str) -> str:
    """A text as it is drawn, its direction held by marks, for matplotlib knows no isolates (UAX 9, 2.6)."""
    mark = _RLM if is_right_to_left(text) else _LRM
    return mark + writable(_ISOLATES.sub(mark, text))
