"""Where the commands write: results to stdout, progress and messages to stderr."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

PIPED_WIDTH = 150
"""Columns of a table that goes into a file or a pipe, where no terminal sets the width."""


def console(stream: TextIO) -> Console:
    """A console on a stream; as wide as the terminal, or wide enough for tables where there is none."""
    from rich.console import Console

    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def show(renderable: RenderableType) -> None:
    """Print a result for a person."""
    console(sys.stdout).print(renderable)


def write(text: str) -> None:
    """Print a result as it is, one line feed at its end, UTF-8 whatever the locale."""
    data = text if text.endswith("\n") else text + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(data.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def say(message: str) -> None:
    """Tell the person something that is no result."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201


def user_name() -> str:
    """Who runs the command; the numeric id where the system has no name for it, as in a container."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
