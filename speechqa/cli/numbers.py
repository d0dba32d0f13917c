"""`speechqa number-key` and `speechqa redact`: the key of masked numbers, and masking tried on a text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from speechqa.cli.console import say, write
from speechqa.errors import UsageError

_MOST_BYTES = 50_000_000


def number_key(
    *,
    file: Annotated[
        Path | None, typer.Option("--file", help="Where, instead of the user's settings.", metavar="FILE")
    ] = None,
) -> None:
    """Make the key by which calls are found by a number that was masked.

    With a key set, each analysis keeps a keyed digest (HMAC-SHA-256) of every number it masks, codes apart,
    and `speechqa calls --number` finds the call. The key is written to a file that only you may read, never
    into a store, a document or a log. Keep a copy: without it no call is found by its numbers. Calls that
    were analysed before are analysed again by the next audit.

    Examples:

    `speechqa number-key`

    `speechqa number-key --file /secure/number.key` and then set SPEECHQA_NUMBER_KEY_FILE to it
    """
    from speechqa.assembly.numbers import new_key

    path = new_key(file)
    say(f"Made: {path}")
    if file is not None:
        say(f"Set SPEECHQA_NUMBER_KEY_FILE={path} wherever speechqa runs.")


def redact(
    *,
    text: Annotated[
        Path | None, typer.Argument(help="A text; the standard input where absent.", metavar="FILE")
    ] = None,
) -> None:
    """Print a text with its numbers and addresses masked, as they would be in a transcript.

    Nothing is stored. Transcripts are masked by `audit` and `score` without being asked.

    Examples:

    `speechqa redact notes.txt`

    `echo "my mobile is 052-7881234" | speechqa redact`
    """
    import sys
    from contextlib import nullcontext

    from speechqa.privacy.redaction import redact_text

    try:
        with nullcontext(sys.stdin.buffer) if text is None else text.open("rb") as source:
            content = source.read(_MOST_BYTES + 1)
        given = content.decode() if len(content) <= _MOST_BYTES else ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise UsageError(f"The text cannot be read: {why}", where=str(text or "standard input")) from error
    if len(content) > _MOST_BYTES:
        raise UsageError(
            "The text is too long to be masked in one piece",
            where=str(text or "standard input"),
            expected=f"at most {_MOST_BYTES:,} bytes",
            hint="Split it between two lines and mask the parts",
        )
    write(redact_text(given).removesuffix("\n"))
