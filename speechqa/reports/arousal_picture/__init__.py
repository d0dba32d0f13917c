"""The arousal curve over a call as a picture, with turns and interruptions under it: PNG and SVG."""

from speechqa.reports.arousal_picture.files import PictureTarget, picture_format, save_picture
from speechqa.reports.arousal_picture.rendering import call_picture, voice_picture
from speechqa.reports.charts.canvas import PictureFormat

__all__ = [
    "PictureFormat",
    "PictureTarget",
    "call_picture",
    "picture_format",
    "save_picture",
    "voice_picture",
]
