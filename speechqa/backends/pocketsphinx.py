"""pocketsphinx: English words with nothing to download; good for clear sample speech, and a draft at best."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from speechqa.backends.band import with_upper_band
from speechqa.backends.pieces import (
    ENGINE_RATE,
    clean,
    cut_at_quiet,
    in_order,
    level_normalised,
    padded,
    read_16k,
    word_in_speech,
)
from speechqa.core.segment import Segment, Timeline, union
from speechqa.core.transcript import Word
from speechqa.core.value import Value
from speechqa.errors import EngineUnavailable, ModelError
from speechqa.protocols import CallAudio, EngineInfo, Recognition, Samples

CONFIDENCE_FLOOR = 0.6
"""Between what was measured (benchmarks/recognition.py): 0.24 to 0.44 on seven real telephone calls, with 20
to 120 % of a side's words wrong; 0.66 to 0.81 on nine synthetic sample calls, with 4 to 9 % wrong. A single
confident word says little: noise alone can give one of 0.95."""

_FRAMES_A_SECOND = 100
_FILLER = re.compile(r"<.*>|\[.*\]|\+\+.*\+\+")
_VARIANT = re.compile(r"\(\d+\)$")


class PocketsphinxSettings(Value, frozen=True, kw_only=True):
    """How speech is cut and decoded; all of it enters the model digest.

    Attributes
    ----------
    bridge_s : float
        Pauses up to this many seconds do not end an utterance: the language model needs what went before.
    pad_s : float
        Seconds of sound kept on both sides of an utterance.
    edge_s : float
        Seconds of digital silence around it, from which the decoder tells where words begin and end.
    longest_s : float
        Longer utterances are cut where they are quietest.
    target_dbfs, max_gain_db : float
        Level the speech is brought to, RMS of its loud part, and the limit to that.
    upper_band : bool
        Whether the upper band of 8 kHz sound is predicted.
    """

    bridge_s: float = 0.4
    pad_s: float = 0.2
    edge_s: float = 0.2
    longest_s: float = 20.0
    target_dbfs: float = -20.0
    max_gain_db: float = 30.0
    upper_band: bool = True


class PocketsphinxTranscriber:
    """The `Transcriber` over pocketsphinx and the English model in its wheel.

    The decoder is made on first use and kept; its front end is made anew before every utterance, since it
    adapts to what it heard and the same sound must give the same words whatever came before. Instances can be
    pickled; the decoder stays behind.
    """

    def __init__(self, settings: PocketsphinxSettings | None = None) -> None:
        self._settings = settings or PocketsphinxSettings()
        self._decoder: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {"_settings": self._settings, "_decoder": None}

    @property
    def info(self) -> EngineInfo:
        """What the engine is; the digest covers the model's files, the package version and the settings."""
        version, digest = _model()
        of_all = hashlib.sha256(f"{version} {digest} {self._settings!r}".encode()).hexdigest()
        return EngineInfo(
            name="pocketsphinx",
            model=f"en-us of pocketsphinx {version}",
            model_digest=of_all,
            draft=True,
            languages=("en",),
            confidence_floor=CONFIDENCE_FLOOR,
        )

    def transcribe(
        self, audio: CallAudio, speech: Sequence[Timeline], *, language: str | None
    ) -> Recognition:
        """Recognise English speech; with `language` None it is taken to be English, the engine cannot tell.

        Raises
        ------
        ModelError
            If another language is asked for.
        EngineUnavailable
            If pocketsphinx is not installed or its model is missing.
        """
        if language not in (None, "en"):
            raise ModelError(
                "pocketsphinx knows English only",
                found=f"language {language!r}",
                hint="Use a Whisper model (speechqa models list) or bring transcripts with --transcripts.",
            )
        channels = tuple(self._channel(audio, index, timeline) for index, timeline in enumerate(speech))
        return Recognition(language="en", channels=channels)

    def _channel(self, audio: CallAudio, channel: int, speech: Timeline) -> tuple[Word, ...]:
        settings = self._settings
        known = clean(speech, audio.duration)
        utterances = padded(union(known, bridge_s=settings.bridge_s), settings.pad_s, audio.duration)
        words: list[Word] = []
        for utterance in utterances:
            inside = [segment for segment in known if segment & utterance]
            words.extend(self._utterance(audio, channel, utterance, inside))
        return in_order(words)

    def _utterance(
        self, audio: CallAudio, channel: int, utterance: Segment, speech: Sequence[Segment]
    ) -> Iterator[Word]:
        settings = self._settings
        sound = level_normalised(
            read_16k(audio, channel, utterance),
            target_dbfs=settings.target_dbfs,
            max_gain_db=settings.max_gain_db,
        )
        narrow = settings.upper_band and audio.sample_rate < ENGINE_RATE
        for first, last in cut_at_quiet(sound, settings.longest_s):
            part = with_upper_band(sound[first:last]) if narrow else sound[first:last]
            start = utterance.start + first / ENGINE_RATE
            for text, begin, end, confidence in self._decode(part):
                word = word_in_speech(text, start + begin, start + end, confidence, speech)
                if word is not None:
                    yield word

    def _decode(self, sound: Samples) -> Iterator[tuple[str, float, float, float]]:
        """Words with start and end in seconds of `sound`, and confidence."""
        if sound.size < ENGINE_RATE // _FRAMES_A_SECOND * 4:
            return  # not one frame with its neighbours
        if self._decoder is None:
            self._decoder = _decoder()
        decoder, edge_s = self._decoder, self._settings.edge_s
        edge = np.zeros(round(edge_s * ENGINE_RATE), dtype=np.float32)
        pcm = (np.concatenate([edge, sound, edge]) * 32767.0).astype("<i2").tobytes()
        decoder.reinit_feat()
        decoder.start_utt()
        try:
            decoder.process_raw(pcm, no_search=False, full_utt=True)
        finally:
            decoder.end_utt()
        for segment in decoder.seg() or ():
            if _FILLER.fullmatch(segment.word):
                continue
            begin = segment.start_frame / _FRAMES_A_SECOND - edge_s
            end = (segment.end_frame + 1) / _FRAMES_A_SECOND - edge_s
            yield _VARIANT.sub("", segment.word), begin, end, float(segment.prob)


def _package() -> Any:
    try:
        import pocketsphinx
    except ImportError as error:
        raise EngineUnavailable(
            "the engine pocketsphinx does not load", found=str(error), hint="pip install pocketsphinx"
        ) from error
    return pocketsphinx


def _decoder() -> Any:
    package = _package()
    try:
        return package.Decoder(package.Config(loglevel="FATAL"))
    except (RuntimeError, ValueError, OSError) as error:
        raise EngineUnavailable(
            "the English model of pocketsphinx does not load",
            where=str(package.get_model_path()),
            found=str(error),
            hint="pip install --force-reinstall pocketsphinx",
        ) from error


@lru_cache(maxsize=1)
def _model() -> tuple[str, str]:
    """Version of the package, and SHA-256 over the names and bytes of its model files."""
    folder = Path(_package().get_model_path("en-us"))
    total = hashlib.sha256()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        raise EngineUnavailable(
            "the English model of pocketsphinx is missing",
            where=str(folder),
            hint="pip install --force-reinstall pocketsphinx",
        )
    for path in files:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()} {digest}\n".encode())
    return metadata.version("pocketsphinx"), total.hexdigest()
