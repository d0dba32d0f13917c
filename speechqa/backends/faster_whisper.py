"""Whisper by CTranslate2, from a folder as faster-whisper reads it; it never reaches for the network.

CTranslate2 is driven directly: the package faster-whisper loads a client of a model hub when imported, and
its batches know no second attempt. Spectrum and tokenizer are openai-whisper's here, so that both engines
hear the same and spell alike.
"""

from __future__ import annotations

import hashlib
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Any, TypeVar

from speechqa.backends.fast_alignment import HalfAligner, read_aligner
from speechqa.backends.fast_decoding import FRAME_S
from speechqa.backends.fast_encoder import HalfEncoder, read_encoder, suits
from speechqa.backends.fast_loading import (
    Manner,
    load_folder,
    manner,
    one_core,
    require_engine,
    usual_batch,
)
from speechqa.backends.fast_models import require_folder_digest
from speechqa.backends.fast_windows import Heard, Listener, Piece, spectrum
from speechqa.backends.packing import Window, windows
from speechqa.backends.pieces import clean, in_order, word_in_speech
from speechqa.backends.whisper_languages import (
    likeliest_language,
    require_english,
    require_language,
)
from speechqa.core.segment import Timeline
from speechqa.core.transcript import RejectedText, Word
from speechqa.core.value import Value
from speechqa.protocols import CallAudio, EngineInfo, Recognition, Spoken

Given = TypeVar("Given")
Made = TypeVar("Made")
Placed = tuple[tuple[int, int, int], Window]
"""A window with its call, its channel, and its number there."""
_GATHERED = 32
"""Windows put into batches at once: a quarter of an hour of one party's speech, about 60 MB."""


class FasterWhisperSettings(Value, frozen=True, kw_only=True):
    """How windows are decoded. Nothing is drawn at random, so that the same sound gives the same words.

    Attributes
    ----------
    beams : tuple of int
        Hypotheses followed at once: the first is tried first, the next where the result fails a threshold.
    logprob_threshold, compression_ratio_threshold, no_speech_threshold : float or None
        A result fails below the first or above the second; it is no speech above the third when it fails
        the first too.
    detection_windows : int
        Windows of up to 30 s a channel that the language is detected on.
    sample_len : int or None
        Most tokens a window; None for the model's own limit.
    batch : int or None
        Windows decoded together at most; None for what suits the model and the machine.
    compute : str or None
        CTranslate2's type of numbers; None for `float16` on a GPU and `int8` on a CPU.
    confidence_floor : float
        Mean word probability under which the transcript is not to be judged on.
    """

    beams: tuple[int, ...] = (1, 5)
    logprob_threshold: float | None = -1.0
    compression_ratio_threshold: float | None = 2.4
    no_speech_threshold: float | None = 0.6
    detection_windows: int = 2
    sample_len: int | None = None
    batch: int | None = None
    compute: str | None = None
    confidence_floor: float = 0.5

    @property
    def limits(self) -> dict[str, float | None]:
        """The thresholds by what they limit."""
        return {
            "logprob": self.logprob_threshold,
            "compression_ratio": self.compression_ratio_threshold,
            "no_speech": self.no_speech_threshold,
        }


class FasterWhisperTranscriber:
    """The `Transcriber` over CTranslate2.

    Parameters
    ----------
    path : path
        A folder with ``model.bin``, ``config.json`` and a vocabulary.
    name : str
        What documents call the model.
    sha256 : str
        The digest the folder must have; compared again before the model is loaded.
    languages : tuple of str
        ISO 639-1 codes the model is for; with fewer than two it is never asked to detect one.
    threads : int, optional
        Cores the engine may use in this process, all by default; the words do not depend on it.

    Notes
    -----
    Instances can be pickled; the loaded model stays behind and a worker loads its own.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        name: str,
        sha256: str,
        languages: tuple[str, ...] = ("he", "en"),
        settings: FasterWhisperSettings | None = None,
        threads: int | None = None,
    ) -> None:
        self._path = Path(path).resolve()
        self._name = name
        self._sha256 = sha256
        self._languages = languages
        self._settings = settings or FasterWhisperSettings()
        self._threads = threads
        self._model: Any = None
        self._encoder: HalfEncoder | None = None
        self._aligner: HalfAligner | None = None
        self._manner = Manner(device="cpu", compute="int8", hands=1, exact=False)
        self._batch = 1

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_model": None, "_encoder": None, "_aligner": None}

    @property
    def info(self) -> EngineInfo:
        """What the engine is; the digest is the folder's."""
        return EngineInfo(
            name="faster-whisper",
            model=self._name,
            model_digest=self._sha256,
            languages=self._languages,
            confidence_floor=self._settings.confidence_floor,
        )

    def transcribe(
        self, audio: CallAudio, speech: Sequence[Timeline], *, language: str | None
    ) -> Recognition:
        """Recognise speech; with `language` None it is detected once, over the speech of all channels.

        Raises
        ------
        ModelError
            If the model is not for that language, or cannot tell languages apart and none is given.
        ModelDigestMismatch
            If the folder is no longer the one it was.
        EngineUnavailable
            If CTranslate2 or openai-whisper does not load.
        """
        (found,) = self._recognised([Spoken(audio, speech, language)])
        return found

    def transcribe_several(self, calls: Sequence[Spoken]) -> list[Recognition | Exception]:
        """For each call, in their order, what `transcribe` gives for it alone, or would raise.

        Their windows are decoded together where a window's words are the same whatever stands beside it.
        """
        with suppress(Exception):  # whose it is shows where each call is heard alone
            if len(calls) > 1 and self._loaded() and self._manner.exact:
                return [*self._recognised(calls)]
        return [self._alone(call) for call in calls]

    def _alone(self, call: Spoken) -> Recognition | Exception:
        try:
            return self.transcribe(call.audio, call.speech, language=call.language)
        except Exception as error:
            return error

    def _recognised(self, calls: Sequence[Spoken]) -> list[Recognition]:
        for call in calls:
            require_language(call.language, self._languages, self._name, self._path)
        known = [[clean(timeline, call.audio.duration) for timeline in call.speech] for call in calls]
        speaking = [at for at, speech in enumerate(known) if any(speech)]
        heard: list[Heard] = []
        for at in speaking:
            if not self._loaded().is_multilingual:
                require_english(calls[at].language, self._name, self._path)
        with closing(_Hands(self._manner.hands)) as hands:
            kept: dict[bytes, Piece] = {}
            told = {
                at: calls[at].language or self._detect(hands, calls[at].audio, known[at], kept)
                for at in speaking
            }
            for language in dict.fromkeys(told.values()):
                sources = [
                    _placed(at, channel, calls[at].audio, timeline)
                    for at in speaking
                    if told[at] == language
                    for channel, timeline in enumerate(known[at])
                ]
                heard += self._heard(hands, sources, _tokenizer(self._model, language), kept)
        # By place, not by batch: what a batch holds depends on how many cores there are, and on other calls.
        heard.sort(key=lambda one: (*one.piece.place, one.piece.seek))
        return [
            self._recognition(
                [one for one in heard if one.piece.place[0] == at], speech, told.get(at, calls[at].language)
            )
            for at, speech in enumerate(known)
        ]

    def _recognition(
        self, heard: Iterable[Heard], speech: Sequence[Timeline], language: str | None
    ) -> Recognition:
        words: list[list[Word]] = [[] for _ in speech]
        rejected: list[RejectedText] = []
        for found in heard:
            channel = found.piece.place[1]
            refusal = self._refusal(found, channel)
            if refusal is not None:
                rejected.append(refusal)
                continue
            for one in found.said:
                begin, end = found.piece.call_times(one.start, one.end)
                word = word_in_speech(one.text, begin, end, one.confidence, speech[channel])
                if word is not None:
                    words[channel].append(word)
        channels = tuple(in_order(found) for found in words)
        return Recognition(language=language, channels=channels, rejected=tuple(rejected))

    def _loaded(self) -> Any:
        if self._model is None:
            require_folder_digest(self._path, self._sha256)
            require_engine()
            how = manner(self._settings.compute, self._threads)
            model = load_folder(self._path, how)
            half = how.exact and suits()
            self._encoder = read_encoder(self._path) if half else None
            self._aligner = read_aligner(self._path) if half else None
            self._batch = max(1, self._settings.batch or usual_batch(self._path, how))
            self._model, self._manner = model, how
        return self._model

    def _heard(
        self,
        hands: _Hands,
        sources: Sequence[Iterator[Placed]],
        tokenizer: Any,
        kept: dict[bytes, Piece],
    ) -> Iterator[Heard]:
        """What was decoded of all windows, batch by batch."""
        listener = Listener(self._model, self._encoder, self._settings, self._aligner)

        def piece(place: Placed) -> Piece:
            found = self._piece(kept, *place)
            if self._manner.device == "cpu":
                listener.encode([found])
            return found

        def begun() -> Iterator[list[Future[Piece]]]:
            # Windows are encoded by whoever is free, so that those with fewer to decode encode more; all of
            # a turn before any of it is decoded, or one might wait for what nobody has begun.
            for turn in self._turns(sources):
                yield from [[hands.begin(piece, one) for one in batch] for batch in turn]

        def hear(batch: list[Future[Piece]]) -> list[Heard]:
            found = list(listener.hear(tokenizer, [one.result() for one in batch]))
            for one in found:
                one.piece.forget()
            return found

        for found in hands.in_turn(hear, begun()):
            yield from found

    def _turns(self, sources: Sequence[Iterator[Placed]]) -> Iterator[list[list[Placed]]]:
        """Batches that are decoded at the same time: windows, each with its place; what takes longest first.

        Of all calls and channels where a window's words are the same whatever stands beside it: as many
        batches as keep all cores busy, those of like length together, for a batch goes on for its longest.
        Else of one channel, in order, so that one party's words do not depend on the other's.
        """
        if not self._manner.exact:
            for source in sources:
                while batch := list(islice(source, self._batch)):
                    yield [batch]
            return
        source = chain.from_iterable(sources)
        while gathered := list(islice(source, _GATHERED)):
            gathered.sort(key=lambda one: -one[1].duration)
            hands = self._manner.hands
            count = min(len(gathered), math.ceil(len(gathered) / (self._batch * hands)) * hands)
            ends = [at * len(gathered) // count for at in range(count + 1)]
            # A token of a batch takes about as long as that of each of its windows, and once more.
            turn = sorted(
                (gathered[first:last] for first, last in pairwise(ends)),
                key=lambda batch: -batch[0][1].duration * (len(batch) + 1),
            )
            for at in range(0, count, hands):
                yield turn[at : at + hands]

    def _piece(self, kept: dict[bytes, Piece], place: tuple[int, int, int], window: Window) -> Piece:
        """The window's piece, with what was encoded of it to tell the language."""
        known = kept.pop(_mark(window), None)
        mel = spectrum(window, self._model.n_mels) if known is None else known.mel
        return Piece(place, window, mel, encoded=None if known is None else known.encoded)

    def _detect(
        self, hands: _Hands, audio: CallAudio, speech: Sequence[Timeline], kept: dict[bytes, Piece]
    ) -> str:
        """The language with the largest probability, summed over windows of all channels by their length.

        What was encoded for that is put into `kept`, to be decoded after.
        """
        listener = Listener(self._model, self._encoder, self._settings)

        def guess(window: Window) -> Mapping[str, float]:
            piece = Piece((0, 0, 0), window, spectrum(window, self._model.n_mels))
            listener.encode([piece])
            kept[_mark(window)] = piece
            return listener.languages(piece)

        return likeliest_language(
            audio, speech, self._settings.detection_windows, partial(hands.in_turn, guess)
        )

    def _refusal(self, found: Heard, channel: int) -> RejectedText | None:
        """Text that went round in a loop: it failed at every attempt yet looks confident."""
        limit, text = self._settings.compression_ratio_threshold, found.text.strip()
        ratio = found.heard.compression_ratio
        if limit is None or ratio <= limit or not text:
            return None
        start, end = found.piece.call_times(0.0, found.frames * FRAME_S)
        return RejectedText(
            text=text,
            reason=f"the engine repeats itself (compression ratio {ratio:.1f}, limit {limit:.1f})",
            start=round(start, 3),
            end=round(end, 3),
            channel=channel,
        )


def _placed(call: int, channel: int, audio: CallAudio, speech: Timeline) -> Iterator[Placed]:
    for at, window in enumerate(windows(audio, channel, speech)):
        yield (call, channel, at), window


class _Hands:
    """Threads that each use one core; work is given out a little ahead and its results come in order."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = ThreadPoolExecutor(count, "speech", initializer=one_core)

    def begin(self, work: Callable[[Given], Made], given: Given) -> Future[Made]:
        """Give work out: it is done when all that was given out before it is done or being done."""
        return self._pool.submit(work, given)

    def in_turn(self, work: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
        """What `work` makes of each, in their order; at most one more a thread is taken ahead."""
        running: deque[Future[Made]] = deque()
        for one in given:
            running.append(self._pool.submit(work, one))
            if len(running) > 2 * self._count - 1:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()

    def close(self) -> None:
        """End the threads; what was not begun is given up."""
        self._pool.shutdown(cancel_futures=True)


def _mark(window: Window) -> bytes:
    return hashlib.sha256(window.samples.tobytes()).digest()


def _tokenizer(model: Any, language: str) -> Any:
    from whisper.tokenizer import get_tokenizer

    return get_tokenizer(
        model.is_multilingual, num_languages=model.num_languages, language=language, task="transcribe"
    )
