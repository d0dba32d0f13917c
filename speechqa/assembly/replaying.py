"""A stored call judged once more, to see whether the same comes out: from its words, from its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from speechqa.assembly.engines import build_engines, new_stamp
from speechqa.assembly.listening import recording_problems
from speechqa.assembly.rejudging import judged_again, settings_of, source_of
from speechqa.core.analysis import CallAnalysis
from speechqa.core.finding import Finding
from speechqa.core.source import default_call_id
from speechqa.errors import ConfigurationError, ModelError, RecordingError, UsageError
from speechqa.version import __version__

if TYPE_CHECKING:
    from speechqa.config import Settings
    from speechqa.pipeline.engines import Engines

_ASIDE = ("run_id", "created_at", "speechqa", "judged_with")
"""What tells of the run and not of the call."""


class Replayed(NamedTuple):
    """What came out otherwise, and what could not be tried or should be known."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]


def replay_words(document: CallAnalysis) -> Replayed:
    """Judge a call again from its stored transcript and compare everything with what is stored.

    The rubric has to be the one of then: where it is another, or cannot be read, nothing can be compared,
    and that is a problem too. Another version of speechqa is only noted.
    """
    where = f"call {document.call_id}"
    stored = document.provenance
    try:
        settings = settings_of(document)
        engines = build_engines(settings)
    except (ConfigurationError, ModelError, UsageError, msgspec.ValidationError) as error:
        return Replayed((f"{where} cannot be judged again: {error}",), ())
    if engines.rubric.digest != stored.rubric_digest:
        return Replayed(
            (
                f"{where} cannot be judged again: the rubric {stored.rubric} of then has the digest "
                f"{stored.rubric_digest}, the one here {engines.rubric.digest}",
            ),
            (),
        )
    notes = []
    version = stored.judged_with or stored.speechqa
    if version != __version__:
        notes.append(f"{where} was judged by speechqa {version}; here is {__version__}")
    try:
        again = judged_again(document, document.roles, with_audio=False)
    except ModelError as error:
        return Replayed((f"{where} cannot be judged again: {error}",), ())
    return Replayed(tuple(f"{where}: {said}" for said in differences(document, again)), tuple(notes))


def replay_recording(document: CallAnalysis, *, corrected: bool = False) -> Replayed:
    """Hear a call again, where its recording, engine and model are here, and compare words and verdicts.

    Parameters
    ----------
    corrected : bool
        Whether a person corrected words of it: then the machine's are not in the document.
    """
    where = f"call {document.call_id}"
    transcript = document.transcript
    if document.recording is None or not document.recording.files:
        return Replayed((), (f"{where} was judged from a transcript, so there is no recording to hear",))
    if recording_problems(document):
        return Replayed((), (f"{where} was not heard again: its recording is not here as it was",))
    if corrected or transcript is None or not transcript.turns:
        why = "a person corrected its words" if corrected else "it has no words"
        return Replayed((), (f"{where} was not heard again: {why}",))
    try:
        settings = settings_of(document)
        return _heard(document, settings, build_engines(settings))
    except (ConfigurationError, ModelError, RecordingError, UsageError, msgspec.ValidationError) as error:
        return Replayed((), (f"{where} was not heard again: {error}",))


def _heard(document: CallAnalysis, settings: Settings, engines: Engines) -> Replayed:
    from speechqa.pipeline.analyze import analyze_call

    where, transcript = f"call {document.call_id}", document.transcript
    assert transcript is not None
    language = settings.language if settings.language != "auto" else None
    engine = engines.transcriber_for(language)
    if engine is None or (engine.info.name, engine.info.model) != (transcript.engine, transcript.model):
        found = "none" if engine is None else f"{engine.info.name} {engine.info.model or ''}".strip()
        return Replayed(
            (),
            (
                f"{where} was not heard again: its words are by {transcript.engine}, "
                f"the engine here is {found}",
            ),
        )
    if engine.info.model_digest != document.provenance.model_digest:
        return Replayed((), (f"{where} was not heard again: the model here has other bytes",))
    source = source_of(document, settings)
    assert source is not None
    identity = document.recording.sha256 if document.recording is not None else ""
    fresh = analyze_call(
        msgspec.structs.replace(source, call_id=document.call_id or default_call_id(identity)),
        identity=identity,
        engines=engines,
        settings=settings,
        stamp=new_stamp(),
    )
    said = [turn.text for turn in transcript.turns]
    heard = [turn.text for turn in fresh.transcript.turns] if fresh.transcript is not None else []
    if said != heard:
        place = next(
            (i for i, (a, b) in enumerate(zip(said, heard, strict=False)) if a != b),
            min(len(said), len(heard)),
        )
        return Replayed(
            (f"{where}: the recording heard again gives other words, from turn {place} of {len(said)}",), ()
        )
    # What a manifest told of the parties is in the stored roles.
    again = judged_again(fresh, document.roles, with_audio=False)
    return Replayed(tuple(f"{where}, heard again: {text}" for text in _verdicts(document, again)), ())


def differences(stored: CallAnalysis, again: CallAnalysis) -> list[str]:
    """Where two analyses of a call differ, in words: verdicts first, then every other part."""
    found = _verdicts(stored, again)
    for name in stored.__struct_fields__:
        if name == "findings":
            continue
        before, after = getattr(stored, name), getattr(again, name)
        if name == "provenance":
            before, after = (
                {k: v for k, v in _fields(p).items() if k not in _ASIDE} for p in (before, after)
            )
        if before != after:
            found.append(f"{name} comes out otherwise")
    return found


def _fields(value: msgspec.Struct) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _verdicts(stored: CallAnalysis, again: CallAnalysis) -> list[str]:
    before = {finding.criterion: finding for finding in stored.findings}
    after = {finding.criterion: finding for finding in again.findings}
    found = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one != other:
            found.append(f"{name}: stored {_words(one)}, now {_words(other)}")
    return found


def _words(finding: Finding | None) -> str:
    if finding is None:
        return "no verdict"
    points = f" {finding.earned}/{finding.possible}" if finding.verdict.counts else ""
    return f"{finding.verdict.value}{points} ({len(finding.evidence)} quotes)"
