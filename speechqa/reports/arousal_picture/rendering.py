"""A picture of the arousal curve over a call, with turns and interruptions under it: PNG and SVG.

Made for a slide and for print. The same document gives the same bytes with the same version of matplotlib.
"""

from __future__ import annotations

import io
import logging
import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal
from xml.sax.saxutils import escape

from speechqa.core.analysis import CallAnalysis
from speechqa.core.segment import Segment
from speechqa.core.stress import StressCurve
from speechqa.reports.arousal_picture.scene import Scene
from speechqa.reports.arousal_picture.staging import call_scene, voice_scene
from speechqa.reports.arousal_picture.words import PictureLanguage

PictureFormat = Literal["png", "svg"]

_SETTINGS: Final[dict[Any, Any]] = {
    "text.parse_math": False,  # a call's name may hold a dollar sign
    "svg.hashsalt": "speechqa",
    "svg.fonttype": "path",
    "hatch.linewidth": 0.5,
    "path.simplify": False,
    "axes.edgecolor": "#555555",
    "axes.linewidth": 0.8,
}
_ONE_AT_A_TIME = threading.Lock()
"""Matplotlib's settings are the process's."""


def call_picture(
    analysis: CallAnalysis, form: PictureFormat, *, language: PictureLanguage | None = None
) -> bytes:
    """Draw a call: the arousal curve with its episodes, and who speaks and interrupts when.

    Parameters
    ----------
    analysis : CallAnalysis
        The call. Its agent's curve is drawn only where the document has one.
    form : {"png", "svg"}
        PNG is 1800 pixels wide; SVG has its text as outlines, and as words in its description.
    language : {"en", "he"}, optional
        Language of the labels; that of the transcript where absent, English where that is neither.

    Returns
    -------
    bytes
        The file. A call without a curve is drawn too, with the reason in place of the curve.
    """
    return _rendered(call_scene(analysis, language=language), form)


def voice_picture(
    name: str,
    curve: StressCurve,
    form: PictureFormat,
    *,
    speech: Sequence[Segment] = (),
    duration: float | None = None,
    language: PictureLanguage = "en",
) -> bytes:
    """Draw one speaker's recording: the arousal curve with its episodes, and when they speak.

    Parameters
    ----------
    name : str
        What the recording is called.
    speech : sequence of Segment
        When the speaker talks, in seconds.
    duration : float, optional
        Length of the recording in seconds.
    """
    return _rendered(voice_scene(name, curve, speech=speech, duration=duration, language=language), form)


def _rendered(scene: Scene, form: PictureFormat) -> bytes:
    with _ONE_AT_A_TIME, _quiet():
        import matplotlib

        with matplotlib.rc_context():
            # What a user has set for their own plots must not change a document.
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(_SETTINGS)
            from speechqa.reports.arousal_picture.drawing import drawn

            figure = drawn(scene)
            written = io.BytesIO()
            about = {"Title": scene.heading, "Description": scene.description}
            if form == "png":
                figure.savefig(written, format="png", metadata={**about, "Software": None})
                return written.getvalue()
            nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
            figure.savefig(written, format="svg", metadata={**nothing, "Title": scene.heading})
    return _described(written.getvalue().decode(), scene).encode()


def _described(svg: str, scene: Scene) -> str:
    """An SVG with its words for those who cannot see it, and without a definition that lies elsewhere."""
    svg = re.sub(r"<!DOCTYPE[^>]*>\n", "", svg, count=1)
    head, title, rest = svg.partition("</title>")
    head = head.replace("<svg ", '<svg role="img" ', 1)
    return f"{head}{title}\n <desc>{escape(scene.description)}</desc>{rest}"


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
