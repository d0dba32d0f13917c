"""Where the commands write: results to stdout, progress and messages to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from speechqa.core.plain import unobeyed
from speechqa.errors import ReportError, UsageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

LINES = 200
"""Lines of a table where no limit is given: nobody reads more, and every one of them costs time."""

PIPED_WIDTH = 150
"""Columns of a table that goes into a file or a pipe, where no terminal sets the width."""


def console(stream: TextIO) -> Console:
    """A console on a stream; as wide as the terminal, or wide enough for tables where there is none."""
    from rich.console import Console

    class UntilEnough(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPED_WIDTH
    return UntilEnough(file=stream, width=width, highlight=False, markup=False, emoji=False)


class _Terminal(TextIOWrapper):
    """A stream to a person's terminal, which is shown what it would obey."""

    def __init__(self, stream: TextIOWrapper) -> None:
        super().__init__(stream.buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)
        self._stream = stream  # which closes what both write to when nobody has it any more

    def write(self, text: str) -> int:
        super().write(unobeyed(text))
        return len(text)


def open_streams() -> None:
    """Make stdout and stderr take any text: UTF-8 whatever the locale, and there even where closed.

    What goes to a terminal is guarded once more; a file or a pipe gets what was written, byte for byte. A
    closed stdin is an empty one.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Or the next file that is opened would get the number of the closed stream, and our messages.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
            if stream.isatty() and not isinstance(stream, _Terminal):
                setattr(sys, name, _Terminal(stream))


def drop_output() -> None:
    """Send what is still to be written nowhere, so that nothing is said of it when the program ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Whoever read our output has enough, as `head` has: no failure, and nobody to tell.
        drop_output()
        raise SystemExit(0) from None
    except OSError as error:
        drop_output()
        raise ReportError("The output cannot be written", found=error.strerror or str(error)) from error


def show(renderable: RenderableType) -> None:
    """Print a result for a person."""
    with _writing():
        console(sys.stdout).print(renderable)
        sys.stdout.flush()


def write(text: str) -> None:
    """Print a result as it is, one line feed at its end."""
    with _writing():
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()


def write_raw(content: bytes) -> None:
    """Write bytes as they are, for a file or a pipe."""
    with _writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def say(message: str) -> None:
    """Tell the person something that is no result."""
    with suppress(OSError):  # whoever listened is gone: the work is not, and must not end with it
        print(message, file=sys.stderr, flush=True)  # noqa: T201


def user_name() -> str:
    """Who runs the command; the numeric id where the system has no name for it, as in a container."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def actor_name(by: str | None) -> str:
    """Who does it, as `--by` names them; the user where it is not given.

    Raises
    ------
    UsageError
        If the name is blank, as an unset variable gives it: what somebody did would be the user's.
    """
    if by is None:
        return user_name()
    if not by.strip():
        raise UsageError(
            "Nobody is named", found="a blank --by", expected="a name", hint="Without --by it is the user."
        )
    return by
