"""Every error speechqa raises on purpose, one class a cause, each with a fixed exit code.

An error is written for the person who reads it: *what* happened, *where*, what was *found*, what was
*expected*, and the *next step*. A batch records it in the call's document and goes on.
"""

from __future__ import annotations

from typing import ClassVar


class SpeechQAError(Exception):
    """Root of all errors of this package.

    Parameters
    ----------
    what : str
        What went wrong, in one sentence without a final full stop.
    where : str, optional
        The file, line, key, row or column it concerns.
    found, expected : str, optional
        What was there, and what would have been right.
    hint : str, optional
        The next step for the person who reads this.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        found: str | None = None,
        expected: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.found = found
        self.expected = expected
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling, and workers send errors home.
        return (_rebuild, (type(self), self.what, self.where, self.found, self.expected, self.hint))

    @property
    def message(self) -> str:
        """All parts but the hint, on one line."""
        parts = [self.what]
        if self.where:
            parts.append(f"in {self.where}")
        if self.found is not None:
            parts.append(f"found {self.found}")
        if self.expected is not None:
            parts.append(f"expected {self.expected}")
        return "; ".join(parts)

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


def _rebuild(
    kind: type[SpeechQAError],
    what: str,
    where: str | None,
    found: str | None,
    expected: str | None,
    hint: str | None,
) -> SpeechQAError:
    return kind(what, where=where, found=found, expected=expected, hint=hint)


class UsageError(SpeechQAError, ValueError):
    """A command or a function was asked for something that cannot be."""

    exit_code = 2


class ConfigurationError(SpeechQAError, ValueError):
    """Settings, a profile or a manifest that cannot be followed."""

    exit_code = 3


class NoRoom(ConfigurationError):
    """A disk is full or cannot be written, where something had to be put for the time of a run."""


class ManifestError(ConfigurationError):
    """A manifest row or a filename pattern that cannot be read."""


class ClusterError(ConfigurationError):
    """A cluster that cannot be joined, or whose nodes would give other results than this machine."""


class IncidentsError(ConfigurationError):
    """A file of the organisation's incidents that cannot be followed."""


class RubricError(ConfigurationError):
    """A rubric that cannot be read, or says something that cannot be judged."""


class RecordingError(SpeechQAError):
    """Something is wrong with one recording."""

    exit_code = 4


class RecordingNotFound(RecordingError, FileNotFoundError):
    """The recording is not where it was said to be."""


class UnreadableRecording(RecordingError, ValueError):
    """The file is no audio that can be decoded."""


class EmptyRecording(UnreadableRecording):
    """The file decodes to no samples at all."""


class RecordingChanged(RecordingError):
    """The file has other bytes than when it was found."""


class TranscriptError(RecordingError, ValueError):
    """An imported transcript that cannot be read."""


class CallNotFound(RecordingError, LookupError):
    """No stored call answers to that name, or several do."""


class ModelError(SpeechQAError):
    """No model, or one that must not be used."""

    exit_code = 5


class ModelNotFound(ModelError, FileNotFoundError):
    """The engine's model is not on this machine."""


class ModelDigestMismatch(ModelError, ValueError):
    """A model file whose bytes are not the ones the manifest names."""


class EngineUnavailable(ModelError, ImportError):
    """The package behind an engine is not installed or does not load."""


class MemoryShort(SpeechQAError, MemoryError):
    """There was not enough memory for what was asked."""


class StoreError(SpeechQAError):
    """The store cannot be opened, read or written."""

    exit_code = 6


class StoreAbsent(StoreError):
    """There is no store yet where one was looked for."""


class DocumentRefused(StoreError, ValueError):
    """The store will not take this one document; the store itself is sound and takes others."""


class ReportError(SpeechQAError):
    """A report cannot be written."""

    exit_code = 7
