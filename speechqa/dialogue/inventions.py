"""What recognisers are known to write where nobody speaks; data only, the project's own list.

Whisper was trained on subtitled video: on silence, noise and music it gives back what subtitles end with
(Koenecke et al. 2024, "Careless Whisper").
"""

from __future__ import annotations

from typing import Final

CREDITS: Final = """
thanks for watching|thank you for watching|thank you so much for watching|
thanks for watching everyone|thank you for watching this video|
thanks for watching and see you next time|thanks for watching bye|please subscribe|
like and subscribe|please like and subscribe|don't forget to subscribe|subscribe to my channel|
please subscribe to my channel|see you in the next video|i'll see you in the next video|
see you next video|subtitles by the amara org community|subtitles by the amara.org community|
amara org|amara.org|transcribed by otter ai|transcription by castingwords|תודה שצפיתם|
תודה על הצפייה|תודה רבה על הצפייה|תודה לצפייה|תודה רבה שצפיתם|אל תשכחו להירשם לערוץ|
הירשמו לערוץ|נא להירשם לערוץ|נתראה בסרטון הבא|כתוביות על ידי קהילת amara org
"""
"""Credits of videos: in a call they are never said, whatever the sound is like."""

CREDIT_OPENINGS: Final = """
subtitles by|subtitled by|captions by|captioned by|closed captions by|transcribed by|
translated by|subtitles|כתוביות|כתוביות על ידי|כתוביות ותרגום|תרגום וכתוביות|תורגם על ידי|
תרגום על ידי|עריכה ותרגום
"""
"""How credits with a name begin; refused only where hardly any speech is heard, as calls name them too."""

SUSPECTS: Final = """
thank you|thanks|thank you very much|thank you so much|thanks a lot|thank you thank you|
thank you bye|bye|bye bye|you|okay|ok|yeah|so|oh|i'm sorry|תודה|תודה רבה|תודה רבה לך|תודה לכם|
תודה רבה לכם|תודה תודה|ביי|כן|אוקיי|טוב|בסדר|שלום
"""
"""Things people do say: refused only where the sound hardly bears them."""
