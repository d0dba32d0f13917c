"""Every parser of ours as a function of bytes: it may raise the errors it documents and no other.

Each maker imports what it needs, once, and gives back what is called for every case. Files lie in a folder in
memory. Where more can be said of a result than that there is one, it is said: a document that was read is
written and read again the same, a confined path stays under its root, no secret of an address is shown.
"""
# ruff: noqa: ARG001, E501 - makers are alike, and a parser is a line of the table

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.fuzz import seeds

Case = Callable[[bytes], None]
Maker = Callable[[Path], Case]


class Target(NamedTuple):
    """A parser: how to call it, what to begin with, the words of its language."""

    make: Maker
    seeds: tuple[bytes, ...]
    words: tuple[str, ...] = ()


def _transcript(form: str | None) -> Maker:
    def make(folder: Path) -> Case:
        import msgspec

        from speechqa.core.transcript import Transcript
        from speechqa.errors import TranscriptError
        from speechqa.transcripts import parse

        def case(data: bytes) -> None:
            try:
                read = parse(data, form, name="a\x1b.json")
            except TranscriptError as error:
                str(error).encode("utf-8")
                return
            # What was read can be kept and comes back the same.
            written = msgspec.json.encode(read.transcript)
            assert msgspec.json.decode(written, type=Transcript) == read.transcript

        return case

    return make


def _manifest(name: str) -> Maker:
    def make(folder: Path) -> Case:
        from speechqa.errors import ManifestError, SpeechQAError
        from speechqa.ingest.manifest import BadRow, read_manifest
        from speechqa.ingest.resolve import Roots, source_of
        from speechqa.places.urls import is_url

        path = str(folder / name)
        within = str(folder) + "/"
        roots = Roots(manifest=path, folders=(str(folder),), confined=True, addresses=(str(folder),))

        def case(data: bytes) -> None:
            _write(path, data)
            try:
                for row in read_manifest(path):
                    if isinstance(row, BadRow):
                        str(row.error).encode("utf-8")
                        continue
                    try:
                        source = source_of(row, roots, os.path.lexists)
                    except SpeechQAError:
                        continue
                    for file in source.files:
                        assert not is_url(file.path)
                        assert (os.path.realpath(file.path) + "/").startswith(within), file.path
            except ManifestError as error:
                str(error).encode("utf-8")

        return case

    return make


def _name_pattern(folder: Path) -> Case:
    from speechqa.errors import ManifestError
    from speechqa.ingest.names import NamePattern

    def case(data: bytes) -> None:
        pattern, _, path = os.fsdecode(data).partition("\n")
        try:
            compiled = NamePattern(pattern)
        except ManifestError:
            return
        compiled.match(path)

    return case


def _rubric(folder: Path) -> Case:
    from speechqa.criteria.loader import load_rubric, validate_rubric
    from speechqa.errors import RubricError

    path = folder / "r.toml"
    (folder / "p.toml").write_bytes(seeds.PHRASES)
    (folder / "b.toml").write_bytes(seeds.RUBRIC)

    def case(data: bytes) -> None:
        _write(str(path), data)
        problems = validate_rubric(path)
        try:
            load_rubric(path)
        except RubricError:
            assert any(problem.severity == "error" for problem in problems)

    return case


def _phrases(folder: Path) -> Case:
    from speechqa.criteria.lexicon import Lexicon
    from speechqa.criteria.phrasefile import check_references, read_phrases, repeated
    from speechqa.criteria.sources import Source
    from speechqa.errors import RubricError

    path = folder / "p.toml"

    def case(data: bytes) -> None:
        _write(str(path), data)
        try:
            read = read_phrases(Source(path), doubting=True)
        except RubricError:
            return
        problems = (*read.problems, *check_references([read], doubting=True), *repeated([read]))
        if not any(problem.severity == "error" for problem in problems):
            Lexicon(read.lists, read.classes).read("good morning thank you all so much on monday 12")

    return case


def _pattern(folder: Path) -> Case:
    from speechqa.core.rubric import PhraseList
    from speechqa.criteria.lexicon import Lexicon
    from speechqa.criteria.patterns import PatternError, variants

    def case(data: bytes) -> None:
        pattern, _, text = data.decode("utf-8", "replace").partition("\0")
        try:
            variants(pattern)
        except PatternError:
            return
        Lexicon([PhraseList(name="a", language="en", patterns=(pattern,))], []).read(text)

    return case


def _settings(folder: Path) -> Case:
    import msgspec

    from speechqa.cache.places import SIZE, cache_place
    from speechqa.config import RETENTION, WEEK_START, Settings, retention_days, week_start
    from speechqa.errors import ConfigurationError

    def case(data: bytes) -> None:
        text = os.fsdecode(data)
        asked: tuple[Callable[[], object], ...] = (
            lambda: retention_days({RETENTION: text}),
            lambda: week_start({WEEK_START: text}),
            lambda: cache_place({SIZE: text}),
            lambda: msgspec.json.decode(data, type=Settings).digest(),
        )
        for ask in asked:
            try:
                ask()
            except (ConfigurationError, msgspec.MsgspecError, UnicodeDecodeError):
                continue

    return case


def _document(folder: Path) -> Case:
    from speechqa.core.analysis import CallAnalysis
    from speechqa.core.codec import decode, encode
    from speechqa.transcripts.telling import tell

    def case(data: bytes) -> None:
        try:
            document = decode(data)
        except (ValueError, RecursionError):
            return
        again = encode(document)
        assert encode(decode(again)) == again
        if isinstance(document, CallAnalysis):
            tell(document)

    return case


def _pack(folder: Path) -> Case:
    from speechqa.reports.case_archive import check_archive

    path = folder / "p.zip"

    def case(data: bytes) -> None:
        _write(str(path), data)
        check_archive(path)

    return case


def _reviews(folder: Path) -> Case:
    from speechqa.assembly.review_rows import read_reviews
    from speechqa.errors import UsageError

    path = folder / "r.csv"

    def case(data: bytes) -> None:
        _write(str(path), data)
        try:
            read_reviews(path)
        except UsageError:
            return

    return case


def _account(folder: Path) -> Case:
    from speechqa.assembly.reporting.folder import MANIFEST, entries_in

    path = str(folder / MANIFEST)

    def case(data: bytes) -> None:
        _write(path, data)
        for entry in entries_in(folder):
            for name in entry.files:
                assert Path(os.path.normpath(folder / name)).parent == folder

    return case


def _journal(folder: Path) -> Case:
    import msgspec

    from speechqa.core.correction import WordCorrection
    from speechqa.core.custody import HoldEntry, PurgeEntry
    from speechqa.core.dispute import Dispute, Resolution
    from speechqa.core.period import Period
    from speechqa.core.review import Review, Sample
    from speechqa.core.saved import SavedFilter

    kinds = (Review, Sample, Dispute, Resolution, Period, WordCorrection, HoldEntry, PurgeEntry, SavedFilter)
    decoders = [msgspec.json.Decoder(kind) for kind in kinds]

    def case(data: bytes) -> None:
        for decoder in decoders:
            try:
                entry = decoder.decode(data)
            except (ValueError, RecursionError):
                continue
            assert decoder.decode(msgspec.json.encode(entry, order="sorted")) == entry

    return case


def _addresses(folder: Path) -> Case:
    from speechqa.core.plain import cleaned, isolated, printable
    from speechqa.errors import UsageError
    from speechqa.places.urls import checked_url, is_url, is_within, local_path, shown_url

    def case(data: bytes) -> None:
        text = os.fsdecode(data)
        printable(text, limit=40).encode("utf-8")
        cleaned(text).encode("utf-8")
        isolated(text)
        for address in text.split("\n"):
            shown_url(address).encode("utf-8")
            try:
                if is_url(local_path(address)):
                    url = checked_url(address)
                    assert "::" not in url
                    assert ".." not in url.split("://", 1)[1].split("/")[1:]
                    is_within(url, "s3://b/calls/")
            except UsageError as error:
                str(error).encode("utf-8")

    return case


def _dates(folder: Path) -> Case:
    from speechqa.core.deadlines import due_day
    from speechqa.core.period import day_of, period_of

    def case(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        due_day(text, "2026-11-22")
        due_day(text, "9999-12-31", "he")
        for line in text.split("\n"):
            day_of(line)
            try:
                period_of(line)
            except ValueError:
                continue

    return case


def _numbers(folder: Path) -> Case:
    from speechqa.privacy.redaction import redact_text

    def case(data: bytes) -> None:
        redact_text(data.decode("utf-8", "replace")).encode("utf-8")

    return case


def _audio(folder: Path) -> Case:
    from speechqa.audio.declared import declares_length, read_header, read_ogg_end
    from speechqa.audio.raw import has_header

    file = (folder / "a").open("w+b")

    def case(data: bytes) -> None:
        file.seek(0)
        file.write(data)
        file.truncate()
        file.flush()
        header = read_header(file)
        for offset, correct in header.corrected.items():
            assert 0 <= offset <= len(data) - len(correct)
        read_ogg_end(file)
        for form in ("mp3", "flac", "wav"):
            declares_length(file, form)
        has_header(data[:12])

    return case


def _write(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(handle, data)
    os.close(handle)


TARGETS: dict[str, Target] = {
    "transcript": Target(_transcript(None), (seeds.VTT, seeds.SRT, seeds.SIMPLE, seeds.RTTM, b"\xff\xfea\x00"), seeds.JSON_WORDS),
    "simple": Target(_transcript("simple"), (seeds.SIMPLE,), seeds.JSON_WORDS),
    "whisper": Target(_transcript("whisper"), (seeds.WHISPER,), seeds.JSON_WORDS),
    "whisperx": Target(_transcript("whisperx"), (seeds.WHISPERX,), seeds.JSON_WORDS),
    "aws-transcribe": Target(_transcript("aws-transcribe"), (seeds.AWS, seeds.AWS_CHANNELS), seeds.JSON_WORDS),
    "aws-call-analytics": Target(_transcript("aws-call-analytics"), (seeds.ANALYTICS,), seeds.JSON_WORDS),
    "speechqa": Target(_transcript("speechqa"), (seeds.DOCUMENT, seeds.FAILED), seeds.JSON_WORDS),
    "vtt": Target(_transcript("vtt"), (seeds.VTT,), ("-->", "<v ", "</v>", "&#", "NOTE", "WEBVTT", "00:00:01.000 --> ")),
    "srt": Target(_transcript("srt"), (seeds.SRT,), ("-->", "<i>", "{\\", "00:00:01,000 --> 00:00:02,000")),
    "textgrid": Target(_transcript("textgrid"), (seeds.TEXTGRID, seeds.TEXTGRID_SHORT), ('""', "<exists>", '"IntervalTier"')),
    "rttm": Target(_transcript("rttm"), (seeds.RTTM,), ("SPEAKER", "<NA>", ";;", "1e5", "nan", "inf")),
    "manifest-csv": Target(_manifest("manifest"), (seeds.CSV, seeds.CSV_PARTIES), ('"', '""', ";", "\t", "../", "file:///", "s3://", "\r\n")),
    "manifest-jsonl": Target(_manifest("manifest.jsonl"), (seeds.JSON_LINES,), ("../", "file:///", "s3://", '"file"', *seeds.JSON_WORDS)),
    "name-pattern": Target(_name_pattern, (b"{agent}_{date}-{time}.{x}\na7_20261120-0914.z.wav",), ("{", "}", "{{", "{date}", "{time}", "{agent}")),
    "rubric": Target(_rubric, (seeds.RUBRIC, seeds.RUBRIC_BASE), seeds.TOML_WORDS),
    "phrases": Target(_phrases, (seeds.PHRASES,), (*seeds.TOML_WORDS, *seeds.PHRASE_WORDS)),
    "pattern": Target(_pattern, (seeds.PATTERN,), seeds.PHRASE_WORDS),
    "settings": Target(_settings, (seeds.SETTINGS, b"365", b"Sunday", b"5 GB"), ("99999999999", "T", "sunday")),
    "document": Target(_document, (seeds.DOCUMENT, seeds.FAILED), seeds.JSON_WORDS),
    "pack": Target(_pack, (seeds.archive(),), ("PK\x01\x02", "PK\x05\x06", "../", "SHA256SUMS")),
    "reviews": Target(_reviews, (seeds.REVIEWS, seeds.REVIEW_LINES), ('"', "yes", "points", '"points": ')),
    "account": Target(_account, (seeds.ACCOUNT,), ("../", "\\\\", '"files"')),
    "journal": Target(_journal, (seeds.REVIEW, seeds.PERIOD, seeds.CORRECTION), seeds.JSON_WORDS),
    "addresses": Target(_addresses, (seeds.ADDRESSES,), ("://", "::", "..", "@", "?a=", "file://", "s3://")),
    "dates": Target(_dates, (seeds.SAID,), ("days", "ימים", "business", "2026-", "W", "or")),
    "numbers": Target(_numbers, (seeds.NUMBERS,), ("@", " at ", " dot ", "+972", "IL", "four", "אפס")),
    "audio": Target(_audio, (seeds.wav(), seeds.wav(7, 0), seeds.wav(1, 2**32 - 1, b"ds64\x10\0\0\0" + bytes(16)), seeds.OGG, seeds.FLAC, seeds.MP3), ("data", "fmt ", "ds64", "RF64", "OggS", "fLaC", "Xing")),
}  # fmt: skip
"""Every parser by its name."""
