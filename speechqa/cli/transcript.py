"""`speechqa transcript`: what was said in a call, in any format, and how a person corrects it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.cli.console import actor_name, say, write, write_raw
from speechqa.cli.files import require_free, write_bytes
from speechqa.cli.options import DEFAULT_STORE, AsJson, CallReference, LanguageOption, StoreUrl
from speechqa.core.plain import printable
from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.core.analysis import CallAnalysis


class TranscriptFormat(StrEnum):
    """Formats a transcript is written in."""

    TXT = "txt"
    JSON = "json"
    SRT = "srt"
    VTT = "vtt"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    RTTM = "rttm"
    TEXTGRID = "textgrid"


_BINARY = (TranscriptFormat.DOCX, TranscriptFormat.PDF)
_LABELLED = (*_BINARY, TranscriptFormat.HTML)


def transcript(
    call: CallReference,
    *,
    output_format: Annotated[
        TranscriptFormat | None,
        typer.Option("--format", help="How to write it; by the ending of --output, else txt."),
    ] = None,
    start: Annotated[
        float | None, typer.Option("--from", min=0, help="Leave out what ends before, in seconds.")
    ] = None,
    end: Annotated[
        float | None, typer.Option("--to", min=0, help="Leave out what starts after, in seconds.")
    ] = None,
    machine: Annotated[
        bool,
        typer.Option(
            "--machine",
            help="The machine's words alone; with --correct, go back to what the machine heard.",
        ),
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it here.", metavar="FILE")
    ] = None,
    page_language: Annotated[
        LanguageOption,
        typer.Option(
            "--language", help="Of the labels in html, docx and pdf; auto is the one that is spoken."
        ),
    ] = LanguageOption.AUTO,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    correct: Annotated[
        int | None,
        typer.Option(min=1, help="Correct the words of this turn, and score again.", metavar="TURN"),
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="With --correct: what was said there.", metavar="TEXT")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Who reads or corrects it; the user where absent.", metavar="NAME")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the log.", metavar="TEXT")] = "",
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Write a call's transcript, or correct what it says and score the call again.

    Numbers of people are masked, for nothing unmasked is stored. Words the machine was not sure of are
    marked. What a person corrected is shown with who and when beside what the machine heard, which stays.
    Every look is logged. The number of a turn stands at the start of its line. Page, Word document and PDF of
    a Hebrew call speak Hebrew and are read from right to left.

    Examples:

    `speechqa transcript good-call`

    `speechqa transcript good-call --format vtt --from 30 --to 60 > part.vtt`

    `speechqa transcript good-call --output good-call.pdf --reason "dispute 17"`

    `speechqa transcript good-call --correct 4 --text "the desk lamp" --by "Dana Levi" --reason "I listened"`

    `speechqa transcript good-call --correct 4 --machine --reason "it was right"`
    """
    who = actor_name(by)
    if correct is not None:
        if output_format is not None or output is not None or start is not None or end is not None:
            raise UsageError("--correct writes no file", expected="no --format, --output, --from or --to")
        _correct(store, call, correct, text=text, machine=machine, by=who, reason=reason, as_json=as_json)
        return
    if text is not None:
        raise UsageError("--text goes with --correct", hint="Say which turn: --correct TURN --text ...")
    if start is not None and end is not None and end < start:
        raise UsageError("--to lies before --from", found=f"{start} to {end}")
    if as_json and output_format not in (None, TranscriptFormat.JSON):
        raise UsageError("--json is --format json", found=f"--format {output_format}")
    form = TranscriptFormat.JSON if as_json else output_format or _by_name(output)
    if page_language is not LanguageOption.AUTO and form not in _LABELLED:
        raise UsageError(
            "--language goes with html, docx and pdf: the labels of other formats are English",
            found=f"--format {form.value}",
        )
    if output is not None:
        require_free(output, force=force)
    elif form in _BINARY and _is_terminal():
        raise UsageError(
            f"{form.value} is no text, and a terminal can show nothing else",
            hint=f"Name a file: --output {call}.{form.value}",
        )
    analysis = _read(store, call, form, start=start, end=end, machine=machine, by=who, reason=reason)
    written = _rendered(analysis, form, page_language, start=start, end=end, machine=machine)
    if output is not None:
        write_bytes(output, written, force=force)
        say(f"Transcript: {printable(str(output))}")
    elif form in _BINARY:
        write_raw(written)
    else:
        write(written.decode("utf-8", "surrogatepass"))


def _read(
    store_url: str,
    call: str,
    form: TranscriptFormat,
    *,
    start: float | None,
    end: float | None,
    machine: bool,
    by: str,
    reason: str,
) -> CallAnalysis:
    """The call to be written; that somebody reads it is in the log."""
    from speechqa.assembly import open_store
    from speechqa.assembly.roles import stored_call

    with open_store(store_url, create=False) as store:
        document = store.get(call)
        analysis = stored_call(store, document.call_id)
        details = {"format": form.value}
        if start is not None or end is not None:
            details["stretch"] = f"{start or 0:g} to {'the end' if end is None else f'{end:g}'} s"
        if machine:
            details["words"] = "the machine's"
        # Nobody reads what a customer said without a trace of it; the trace comes first.
        store.log("transcript", call=document.call_id, actor=by, reason=_masked(reason), details=details)
    return analysis


def _rendered(
    analysis: CallAnalysis,
    form: TranscriptFormat,
    page_language: LanguageOption,
    *,
    start: float | None,
    end: float | None,
    machine: bool,
) -> bytes:
    from speechqa import transcripts
    from speechqa.transcripts.cutting import machine_version
    from speechqa.transcripts.telling import tell

    writers = {
        TranscriptFormat.JSON: transcripts.write_json,
        TranscriptFormat.SRT: transcripts.write_srt,
        TranscriptFormat.VTT: transcripts.write_vtt,
        TranscriptFormat.RTTM: transcripts.write_rttm,
        TranscriptFormat.TEXTGRID: transcripts.write_textgrid,
    }
    if form in writers:
        shown = machine_version(analysis) if machine else analysis
        return writers[form](shown, start=start, end=end).encode("utf-8", "surrogatepass")
    if form is TranscriptFormat.TXT:
        text = transcripts.write_txt(analysis, start=start, end=end, machine=machine)
        return text.encode("utf-8", "surrogatepass")
    from speechqa.reports.language import language
    from speechqa.reports.transcript_pages import transcript_docx, transcript_page, transcript_pdf

    told = tell(analysis, start=start, end=end, machine=machine)
    speaks = None if page_language is LanguageOption.AUTO else language(page_language.value)
    if form is TranscriptFormat.HTML:
        return transcript_page(told, speaks).encode("utf-8", "replace")
    return transcript_docx(told, speaks) if form is TranscriptFormat.DOCX else transcript_pdf(told, speaks)


def _correct(
    store_url: str,
    call: str,
    turn: int,
    *,
    text: str | None,
    machine: bool,
    by: str,
    reason: str,
    as_json: bool,
) -> None:
    from speechqa.assembly import open_store
    from speechqa.assembly.corrections import correct_words
    from speechqa.assembly.roles import stored_call
    from speechqa.core.codec import encode
    from speechqa.reports.wording import points

    if (text is None) != machine:
        raise UsageError(
            "--correct needs to know what was said",
            found="both --text and --machine" if machine else "neither --text nor --machine",
            expected='--text "..." with what was said, or --machine for what the machine heard',
        )
    if not reason.strip():
        raise UsageError("No reason is given for the correction", hint='Give one: --reason "I listened"')
    with open_store(store_url, create=False) as store:
        before = stored_call(store, call)
        document = correct_words(store, before.call_id, turn, text, by=by, reason=reason)
    if as_json:
        write(encode(document).decode())
        return
    changes = [
        f"{category} {points(before.scores.get(category))} -> {points(document.scores.get(category))}"
        for category in sorted({*before.scores, *document.scores})
    ]
    was = {finding.criterion: finding.verdict for finding in before.findings}
    changes += [
        f"  {finding.criterion}: {was.get(finding.criterion, 'new')} -> {finding.verdict.value}"
        for finding in document.findings
        if was.get(finding.criterion) != finding.verdict
    ]
    write("\n".join([f"Turn {turn} is corrected and the call scored again.", *changes]))
    if document.provenance.rubric_digest != before.provenance.rubric_digest:
        say(f"The rubric has changed since: {before.provenance.rubric}, now {document.provenance.rubric}.")


def _by_name(output: Path | None) -> TranscriptFormat:
    ending = output.suffix.lower().lstrip(".") if output is not None else ""
    if not ending:
        return TranscriptFormat.TXT
    try:
        return TranscriptFormat({"htm": "html"}.get(ending, ending))
    except ValueError:
        known = ", ".join(form.value for form in TranscriptFormat)
        raise UsageError(
            "The ending of the file tells no format", found=f".{ending}", expected=f"--format with {known}"
        ) from None


def _masked(reason: str) -> str:
    from speechqa.privacy.redaction import redact_text

    return redact_text(reason)


def _is_terminal() -> bool:
    import sys

    return sys.stdout.isatty()
