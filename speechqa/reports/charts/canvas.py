"""How every picture is drawn: the same values give the same bytes with the same version of matplotlib."""

from __future__ import annotations

import io
import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PictureFormat = Literal["png", "svg"]

SETTINGS: Final[dict[Any, Any]] = {
    "text.parse_math": False,  # a call's name may hold a dollar sign
    "svg.hashsalt": "speechqa",
    "svg.fonttype": "path",
    "hatch.linewidth": 0.5,
    "path.simplify": False,
    "axes.edgecolor": "#555555",
    "axes.linewidth": 0.8,
}
_UNWRITABLE: Final = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_ONE_AT_A_TIME = threading.Lock()
"""Matplotlib's settings are the process's."""


def writable(text: str) -> str:
    """A text without the letters that XML has no way to write."""
    return _UNWRITABLE.sub("\ufffd", text)


def drawn_picture(draw: Callable[[], Figure], form: PictureFormat, *, title: str, description: str) -> bytes:
    """A picture's bytes.

    Parameters
    ----------
    draw : callable
        Makes the figure; it runs under the settings that all pictures share.
    title, description : str
        What the file says it is, for those who cannot see it.
    """
    title, description = writable(title), writable(description)
    with _ONE_AT_A_TIME, _quiet():
        import matplotlib

        with matplotlib.rc_context():
            # What a user has set for their own plots must not change a document.
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(SETTINGS)
            figure = draw()
            written = io.BytesIO()
            if form == "png":
                about = {"Title": title, "Description": description, "Software": None}
                figure.savefig(written, format="png", metadata=about)
                return written.getvalue()
            nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
            figure.savefig(written, format="svg", metadata={**nothing, "Title": title})
    return _described(written.getvalue().decode(), description).encode()


def _described(svg: str, description: str) -> str:
    """An SVG with its words for those who cannot see it, and without a definition that lies elsewhere."""
    svg = re.sub(r"<!DOCTYPE[^>]*>\n", "", svg, count=1)
    head, title, rest = svg.partition("</title>")
    head = head.replace("<svg ", '<svg role="img" ', 1)
    return f"{head}{title}\n <desc>{escape(description)}</desc>{rest}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Letters that the font lacks are drawn as boxes; nobody who asked for a picture wants to be told."""
    log = logging.getLogger("matplotlib")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(before)
