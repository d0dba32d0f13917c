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

_MODELS = {
    "act_model": "speech acts",
    "turn_model": "turns",
    "verdict_model": "the second reading of verdicts",
    "embeddings": "embeddings",
}
_ASIDE = ("run_id", "created_at", "speechqa", "judged_with", "judging_code", *_MODELS)
"""What tells of the run, or of what judged, and not of the call."""

_MOST_TURNS = 10


class Replayed(NamedTuple):
    """What a call judged again tells.

    Attributes
    ----------
    problems : tuple of str
        What came out otherwise by the very code and models that judged it then: something was changed.
    notes : tuple of str
        What could not be tried, or should be known.
    otherwise : tuple of str
        Other results by other code or models, and why nothing can be compared: no sign of a change.
    """

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    otherwise: tuple[str, ...] = ()


def replay_words(document: CallAnalysis) -> Replayed:
    """Judge a call again from its stored transcript and compare everything with what is stored.

    By the code and models of then, whatever comes out otherwise is a problem. By others, another verdict is
    told of apart, and what else differs is noted. The rubric has to be the one of then: by another, or
    without a model that took part, nothing can be compared.
    """
    where = f"call {document.call_id}"
    stored = document.provenance
    try:
        settings = settings_of(document)
        engines = build_engines(settings)
    except (ConfigurationError, ModelError, UsageError, msgspec.ValidationError) as error:
        return Replayed((), (), (f"{where} cannot be judged again: {error}",))
    if engines.rubric.digest != stored.rubric_digest:
        return Replayed(
            (),
            (),
            (
                f"{where} cannot be judged again: the rubric {stored.rubric} of then has the digest "
                f"{stored.rubric_digest}, the one here {engines.rubric.digest}",
            ),
        )
    try:
        again = judged_again(document, document.roles, with_audio=False)
    except ModelError as error:
        return Replayed((), (), (f"{where} cannot be judged again: {error}",))
    makers = other_makers(document, again)
    if not makers:
        return Replayed(tuple(f"{where}: {said}" for said in differences(document, again)), ())
    results = results_otherwise(document, again)
    by = "; ".join(makers)
    if results:
        return Replayed((), (f"{where}: {by}",), tuple(f"{where}: {said}" for said in results))
    beside = [said.partition(":")[0].partition(" come")[0] for said in differences(document, again)]
    less = f" (not the same: {', '.join(beside)})" if beside else ""
    return Replayed((), (f"{where}: all verdicts and points come out the same{less}. {by}",))


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
    if transcript is not None and transcript.engine.startswith("import"):
        return Replayed(
            (), (f"{where} was not heard again: its words were imported with it, not heard here",)
        )
    # Of a pack only the document can tell that a person corrected it.
    corrected = corrected or bool(document.corrected_turns)
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
        text = f"{where}: the recording heard again gives other words, from turn {place + 1} of {len(said)}"
        makers = other_makers(document, fresh)
        return Replayed((), ("; ".join((where, *makers)),), (text,)) if makers else Replayed((text,), ())
    # What a manifest told of the parties is in the stored roles.
    again = judged_again(fresh, document.roles, with_audio=False)
    makers = other_makers(document, again)
    if not makers:
        return Replayed(tuple(f"{where}, heard again: {text}" for text in _verdicts(document, again)), ())
    results = results_otherwise(document, again)
    return Replayed(
        (),
        (f"{where}, heard again: {'; '.join(makers)}",),
        tuple(f"{where}, heard again: {text}" for text in results),
    )


def other_makers(stored: CallAnalysis, again: CallAnalysis) -> list[str]:
    """What judged a call then and is another here, in words; nothing where the very same judged twice."""
    before, after = stored.provenance, again.provenance
    found = []
    version = before.judged_with or before.speechqa
    if version != __version__:
        found.append(f"judged by speechqa {version}, here is {__version__}")
    elif before.judging_code != after.judging_code:
        then = f"code {_short(before.judging_code)}" if before.judging_code else "code that is not told of"
        found.append(f"judged by speechqa {version}, {then}, here is code {_short(after.judging_code)}")
    for name, what in _MODELS.items():
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            found.append(f"{what} by {one or 'no model'}, here {other or 'no model'}")
    return found


def results_otherwise(stored: CallAnalysis, again: CallAnalysis) -> list[str]:
    """Where verdicts or points differ, in words; other quotes or reasons for the same ones do not count."""
    return [
        f"{name}: stored {_words(one)}, now {_words(other)}"
        for name, one, other in _pairs(stored, again)
        if _result(one) != _result(other)
    ]


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
            acts = _acts(stored, again) if name == "transcript" else ""
            found.append(acts or f"{name} comes out otherwise")
    return found


def _acts(stored: CallAnalysis, again: CallAnalysis) -> str:
    """In which turns speech acts alone differ; nothing where more of the transcript does."""
    before, after = stored.transcript, again.transcript
    if before is None or after is None:
        return ""
    bare = [
        msgspec.structs.replace(
            one, turns=tuple(msgspec.structs.replace(turn, acts=()) for turn in one.turns)
        )
        for one in (before, after)
    ]
    if bare[0] != bare[1]:
        return ""
    turns = [
        str(number)
        for number, (one, other) in enumerate(zip(before.turns, after.turns, strict=True), start=1)
        if one != other
    ]
    more = f" and {len(turns) - _MOST_TURNS} more" if len(turns) > _MOST_TURNS else ""
    return f"speech acts of turn {', '.join(turns[:_MOST_TURNS])}{more} come out otherwise"


def _fields(value: msgspec.Struct) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _short(digest: str | None) -> str:
    return (digest or "unknown")[:12]


def _pairs(stored: CallAnalysis, again: CallAnalysis) -> list[tuple[str, Finding | None, Finding | None]]:
    before = {finding.criterion: finding for finding in stored.findings}
    after = {finding.criterion: finding for finding in again.findings}
    return [(name, before.get(name), after.get(name)) for name in sorted(before.keys() | after.keys())]


def _result(finding: Finding | None) -> tuple[object, ...]:
    return () if finding is None else (finding.verdict, finding.earned, finding.possible)


def _verdicts(stored: CallAnalysis, again: CallAnalysis) -> list[str]:
    return [
        f"{name}: stored {_words(one)}, now {_words(other)}"
        + (", with other quotes or reasons" if _result(one) == _result(other) else "")
        for name, one, other in _pairs(stored, again)
        if one != other
    ]


def _words(finding: Finding | None) -> str:
    if finding is None:
        return "no verdict"
    points = f" {finding.earned}/{finding.possible}" if finding.verdict.counts else ""
    return f"{finding.verdict.value}{points} ({len(finding.evidence)} quotes)"
