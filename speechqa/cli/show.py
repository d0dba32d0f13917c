"""`speechqa show` and `schema`: one call, and the shape of its document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from speechqa.cli.console import say, user_name, write
from speechqa.cli.console import show as show_on_terminal
from speechqa.cli.options import DEFAULT_STORE, AsJson, CallReference, StoreUrl
from speechqa.cli.scorecards import print_call, print_document, print_json, print_record
from speechqa.core.analysis import CallAnalysis, Document
from speechqa.core.plain import printable
from speechqa.core.review import Standing
from speechqa.errors import RecordingError, UsageError


def show(
    call: CallReference,
    *,
    explain: Annotated[
        str | None, typer.Option(help="Everything behind one criterion's verdict.", metavar="CRITERION")
    ] = None,
    turn_taking: Annotated[
        bool,
        typer.Option(
            "--turn-taking",
            help="Every overlap, cut-off, silence and hold with its rule, its figures and what was said.",
        ),
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option(
            help="Draw the arousal curve over the call with turns and interruptions into this file.",
            metavar="FILE.png|FILE.svg",
        ),
    ] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show a call's scorecard with the evidence for every point.

    Examples:

    `speechqa show good-call`

    `speechqa show good-call --explain expectation_summary`

    `speechqa show good-call --turn-taking`

    `speechqa show good-call --picture good-call.svg`

    `speechqa show good-call --json`
    """
    from speechqa.assembly.of_record import record_fields
    from speechqa.reports.terminal import conversation, explanation

    if turn_taking and explain is not None:
        raise UsageError("--turn-taking and --explain are two views of a call", expected="one of them")
    if picture is not None:
        if turn_taking or explain is not None or as_json:
            raise UsageError(
                "--picture draws and prints nothing", expected="no --turn-taking, --explain or --json"
            )
        _draw(store, call, picture)
        return
    document = _document(store, call, what="show")
    if turn_taking:
        analysis = _analysed(document)
        if as_json:
            import msgspec

            write(msgspec.json.encode(analysis.dialogue).decode())
        else:
            show_on_terminal(conversation(analysis))
        return
    if explain is not None:
        analysis = _analysed(document)
        for finding in analysis.findings:
            if finding.criterion == explain:
                if as_json:
                    import msgspec

                    said = (record_fields(_standings(store, analysis)) or {}).get("criteria", [])
                    held = next((one for one in said if one["criterion"] == explain), None)
                    print_json(msgspec.json.encode(finding), held)
                else:
                    show_on_terminal(explanation(analysis, finding))
                    print_record(_standings(store, analysis), explain)
                return
        known = ", ".join(sorted(f.criterion for f in analysis.findings))
        raise UsageError("No such criterion in this call", found=explain, expected=f"one of {known}")
    if as_json:
        stands = _standings(store, document) if isinstance(document, CallAnalysis) else ()
        print_document(document, stands)
        return
    analysis = _analysed(document)
    print_call(analysis, _standings(store, analysis))


def schema() -> None:
    """Print the JSON Schema of the call document.

    Example: `speechqa schema > document.schema.json`
    """
    from speechqa.core.codec import json_schema

    write(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _standings(store_url: str, analysis: CallAnalysis) -> tuple[Standing, ...]:
    from speechqa.assembly import open_store
    from speechqa.assembly.reviews import standings_of

    with open_store(store_url, create=False) as opened:
        return standings_of(opened, analysis)


def _draw(store_url: str, call: str, target: Path) -> None:
    from speechqa.assembly import open_store
    from speechqa.assembly.pictures import save_call_picture

    with open_store(store_url, create=False) as opened:
        save_call_picture(opened, call, target, by=user_name())
    say(f"Picture: {printable(str(target))}")


def _document(store_url: str, reference: str, *, what: str) -> Document:
    from speechqa.assembly import open_store

    with open_store(store_url, create=False) as store:
        document = store.get(reference)
        # Nobody reads what a customer said without a trace of it.
        store.log(what, call=document.call_id, actor=user_name())
        return document


def _analysed(document: Document) -> CallAnalysis:
    if isinstance(document, CallAnalysis):
        return document
    raise RecordingError(
        f"Call {document.call_id} could not be analysed: {document.error.message}",
        where=document.path,
        hint=document.error.hint,
    )
