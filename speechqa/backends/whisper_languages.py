"""Languages of Whisper's models, whatever engine runs them: what a model is for, and what is spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from speechqa.backends.packing import Window, windows
from speechqa.core.segment import Timeline
from speechqa.errors import ModelError
from speechqa.protocols import CallAudio


def likeliest_language(
    audio: CallAudio,
    speech: Sequence[Timeline],
    most_windows: int,
    guess: Callable[[list[Window]], Iterable[Mapping[str, float]]],
) -> str:
    """The language with the largest probability, summed over windows of all channels by their length.

    Parameters
    ----------
    speech : sequence of Timeline
        Where each channel has speech.
    most_windows : int
        Windows a channel that are listened to.
    guess : callable
        Probabilities by ISO 639-1 code of each of these windows.
    """
    heard = [
        window
        for channel, timeline in enumerate(speech)
        for window in islice(windows(audio, channel, timeline), most_windows)
    ]
    sums: dict[str, float] = {}
    for window, shares in zip(heard, guess(heard), strict=True):
        for code, share in shares.items():
            sums[code] = sums.get(code, 0.0) + float(share) * window.duration
    return max(sorted(sums), key=lambda code: sums[code])


def require_english(language: str | None, name: str, path: Path) -> None:
    """Refuse anything but English, and telling languages apart, to a model that knows English only.

    Raises
    ------
    ModelError
        If so.
    """
    if language != "en":
        raise ModelError(
            f"the model {name} knows English only",
            where=str(path),
            found="no language told" if language is None else f"language {language!r}",
            hint="Say --language en, or take a multilingual model.",
        )


def require_language(language: str | None, languages: tuple[str, ...], name: str, path: Path) -> None:
    """Refuse a language the model is not for, and none where it cannot tell.

    Raises
    ------
    ModelError
        If so.
    """
    if language is None and len(languages) < 2:
        raise ModelError(
            f"the model {name} cannot tell languages apart",
            where=str(path),
            expected="the language of the calls",
            hint=f"Say it: --language {languages[0]}",
        )
    if language is not None and language not in languages:
        raise ModelError(
            f"the model {name} is not for this language",
            where=str(path),
            found=f"language {language!r}",
            expected=" or ".join(languages),
            hint="See speechqa models list for others.",
        )
