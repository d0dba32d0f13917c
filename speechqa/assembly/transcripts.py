"""Calls judged from their transcripts alone: a file a call, or two files with a party each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from speechqa.assembly.corrections import kept_corrections
from speechqa.assembly.engines import build_engines, new_stamp, open_store
from speechqa.assembly.incidents import incidents_of
from speechqa.assembly.numbers import key_mark
from speechqa.assembly.periods import standing_instead, standing_words
from speechqa.assembly.reviews import standings_of
from speechqa.config import Settings
from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.incidents import digest_of
from speechqa.core.review import Standing
from speechqa.core.source import (
    CallSource,
    PartyFile,
    combined_digest,
    default_call_id,
    printable_path,
)
from speechqa.core.value import Value
from speechqa.errors import SpeechQAError, UsageError
from speechqa.version import __version__

if TYPE_CHECKING:
    from speechqa.protocols import Store
    from speechqa.transcripts.imported import ImportedTranscript
    from speechqa.transcripts.pairs import Pair

EXTENSIONS: Final = (".json", ".vtt", ".srt", ".textgrid", ".rttm")
"""What is taken for a transcript in a folder; a file that is named always is."""
OTHER_SIDE_MISSING: Final = (
    "The transcript holds one speaker alone: the other side is missing, and nothing about the two together "
    "can be measured"
)


class ScoredCall(NamedTuple):
    """A document, and where its criteria stand if the call is kept in a store."""

    document: Document
    standings: tuple[Standing, ...] = ()


class _Asked(Value, frozen=True, kw_only=True):
    """One call that is asked for: its files, and the pair they make if two."""

    paths: tuple[str, ...]
    pair: Pair | None = None


def score_transcripts(
    paths: Sequence[str],
    *,
    settings: Settings,
    store_url: str | None = None,
    pairs: bool | None = None,
    resume: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Iterator[Document]:
    """The documents alone of what `scored_calls` gives."""
    scored = scored_calls(
        paths, settings=settings, store_url=store_url, pairs=pairs, resume=resume, tell=tell
    )
    return (one.document for one in scored)


def scored_calls(
    paths: Sequence[str],
    *,
    settings: Settings,
    store_url: str | None = None,
    pairs: bool | None = None,
    resume: bool = False,
    tell: Callable[[str], None] | None = None,
    by: str | None = None,
    incidents: str | None = None,
) -> Iterator[ScoredCall]:
    """Judge calls from their transcripts, afresh, in the order given; kept only if a store is named.

    Parameters
    ----------
    paths : sequence of str
        Files, and folders of them.
    pairs : bool, optional
        True takes every two files, in the order given, for the parties of one call; False takes every file
        for a call. By default two files with one speaker each, whose names differ in the last part alone, are
        one.
    resume : bool
        Take what the store has of exactly this input, settings and rubric, and judge only what is missing: a
        run that was stopped goes on where it was.
    tell : callable, optional
        Told in plain words which files were taken together, and at the end how many calls of closed periods
        count as they did, whatever came out now.
    by : str, optional
        Who sees them, for the log.
    incidents : str, optional
        A file of the organisation's incidents, or `none`.

    Raises
    ------
    RubricError, StoreError, UsageError
        Before any work; a transcript that cannot be read is a failed document and stops nothing.
    """
    from speechqa.ingest.identity import file_digest
    from speechqa.pipeline.analyze import analyze_transcript
    from speechqa.pipeline.batch import (
        Task,
        Worked,
        done_before,
        failed_document,
        fingerprint,
        kept,
        result_fingerprint,
    )

    engines = build_engines(settings)
    rubric, embedder = engines.rubric, engines.embedder()
    stamp = new_stamp()
    faults = incidents_of(incidents, rubric)
    calls = _calls(_files(paths), pairs, tell)
    meant = (*(() if embedder is None else (embedder.name,)), *key_mark())
    input_digest = fingerprint("transcript alone", *meant)
    standing = already = 0
    with open_store(store_url) if store_url else nullcontext() as store:
        for asked in calls:
            source = CallSource(files=tuple(PartyFile(path=path) for path in asked.paths))
            names = "\n".join(asked.paths).encode("utf-8", "backslashreplace")
            identity = hashlib.sha256(names).hexdigest()
            digests = [digest for path in asked.paths if (digest := file_digest(path)) is not None]
            identity = combined_digest(digests) if len(digests) == len(asked.paths) else identity
            roles = store.role_correction(identity) if store is not None else None
            corrections = kept_corrections(store, identity) if store is not None else ()
            key = result_fingerprint(
                version=__version__,
                settings=settings,
                rubric_digest=rubric.digest,
                input_digest=input_digest,
                roles=roles,
                words=corrections,
                incidents=digest_of(faults or ()),
            )
            task = Task(identity=identity, fingerprint=key, source=source, input_digest=input_digest)
            if resume and store is not None and (before := done_before(task, store)) is not None:
                already += 1
                yield _shown(store, before.document, by, stored=True)
                continue
            try:
                imported = _read(asked, forced=pairs is True)
                document: Document = analyze_transcript(
                    imported,
                    path=printable_path(asked.paths[0]),
                    call_id=default_call_id(identity),
                    engines=engines,
                    settings=settings,
                    stamp=stamp,
                    roles=roles,
                    corrections=corrections,
                    input_digest=input_digest,
                    incidents=faults,
                )
            except Exception as error:  # one transcript must not stop the others
                document = failed_document(task, error)
            if store is not None:
                document = kept(Worked(task=task, document=document), store).document
                stands = standing_instead(store, document)
                if stands is not None and isinstance(document, CallAnalysis):
                    standing += stands.findings != document.findings
            yield _shown(store, document, by)
    if already and tell is not None:
        tell(f"{already:,} scored before, taken as they are.")
    if standing and tell is not None:
        tell(standing_words(standing))


def _shown(store: Store | None, document: Document, by: str | None, *, stored: bool = False) -> ScoredCall:
    """A document with what people said of its call.

    The log has it before anybody sees what the store alone could tell: not where somebody judges a transcript
    that they hold, and nobody said anything of it.
    """
    if store is None or not isinstance(document, CallAnalysis):
        return ScoredCall(document)
    standings = standings_of(store, document)
    if by is not None and (stored or any(one.said for one in standings)):
        store.log("scored", call=document.call_id, actor=by)
    return ScoredCall(document, standings)


def _files(paths: Sequence[str]) -> list[str]:
    """The files named, and those of the folders named, by name."""
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - names that are no text stay as they are
            found.append(path)
            continue
        inside = [
            os.path.join(folder, name)  # noqa: PTH118
            for folder, _, names in os.walk(path)
            for name in names
            if name.lower().endswith(EXTENSIONS)
        ]
        if not inside:
            raise UsageError(
                "The folder holds no transcript", where=printable_path(path), expected=", ".join(EXTENSIONS)
            )
        found += sorted(inside)
    return found


def _calls(paths: Sequence[str], pairs: bool | None, tell: Callable[[str], None] | None) -> list[_Asked]:
    """Which files make a call each."""
    from speechqa.transcripts.pairs import are_sides, named_pairs
    from speechqa.transcripts.reading import read

    if pairs is False:
        return [_Asked(paths=(path,)) for path in paths]
    named = named_pairs(paths)
    if pairs:
        if len(paths) % 2:
            raise UsageError("--pair takes two files a call", found=f"{len(paths)} files")
        twos = [(paths[i], paths[i + 1]) for i in range(0, len(paths), 2)]
        same = next((one for one, other in twos if one == other), None)
        if same is not None:
            raise UsageError(
                "--pair takes two files a call", where=printable_path(same), found="one file twice"
            )
        return [
            _Asked(paths=two, pair=found if (found := named.get(two[0])) and found.paths == two else None)
            for two in twos
        ]
    calls: list[_Asked] = []
    done: set[str] = set()
    for path in paths:
        if path in done:
            continue
        pair = named.get(path)
        if pair is not None:
            done.update(pair.paths)
            try:
                together = are_sides(pair, [read(side) for side in pair.paths])
            except SpeechQAError:
                together = False  # said when it is read by itself
            if together:
                if tell is not None:
                    names = " and ".join(printable_path(Path(side).name) for side in pair.paths)
                    call = printable_path(pair.call)
                    tell(f"{names} were taken for the two parties of one call, {call}; --no-pair parts them.")
                calls.append(_Asked(paths=pair.paths, pair=pair))
                continue
            done.difference_update(pair.paths)
            named = {side: other for side, other in named.items() if other is not pair}
        calls.append(_Asked(paths=(path,)))
    return calls


def _read(asked: _Asked, *, forced: bool) -> ImportedTranscript:
    from speechqa.transcripts.pairs import one_sided, speakers_of
    from speechqa.transcripts.reading import merge, read

    files = [read(path) for path in asked.paths]
    if len(files) == 1:
        (file,) = files
        notes = [*file.notes, *_untimed(file)]
        if one_sided(file):
            notes.append(OTHER_SIDE_MISSING)
        return replace(file, notes=tuple(notes))
    speakers = None if asked.pair is None else speakers_of(asked.pair, files)
    merged = merge(files, asked.paths, speakers=speakers)
    names = " and ".join(printable_path(Path(path).name) for path in asked.paths)
    why = "as asked" if forced else "by their names"
    call_id = merged.call_id or (printable_path(asked.pair.call) if asked.pair else None)
    note = f"Two files were taken for the parties of one call, {why}: {names}"
    return replace(merged, call_id=call_id, notes=(*merged.notes, note))


def _untimed(file: ImportedTranscript) -> Iterator[str]:
    """What to say where some turns have times and others none."""
    turns = file.transcript.turns
    count = sum(turn.segment is None for turn in turns)
    if 0 < count < len(turns):
        yield f"{count} of {len(turns)} turns have no times: whatever is measured in time leaves them out"
