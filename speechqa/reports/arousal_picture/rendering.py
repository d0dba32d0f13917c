"""A picture of the arousal curve over a call, with turns and interruptions under it: PNG and SVG.

Made for a slide and for print. The same document gives the same bytes with the same version of matplotlib.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from speechqa.core.analysis import CallAnalysis
from speechqa.core.segment import Segment
from speechqa.core.stress import StressCurve
from speechqa.reports.arousal_picture.scene import Scene
from speechqa.reports.arousal_picture.staging import call_scene, voice_scene
from speechqa.reports.arousal_picture.words import PictureLanguage
from speechqa.reports.charts.canvas import PictureFormat, drawn_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    def draw() -> Figure:
        from speechqa.reports.arousal_picture.drawing import drawn

        return drawn(scene)

    return drawn_picture(draw, form, title=scene.heading, description=scene.description)
