"""One audit as a user starts it, in a process and an environment of its own, and the documents it kept."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from speechqa.assembly.judging_again import unstamped
from speechqa.core.codec import encode
from speechqa.protocols import CallFilter
from speechqa.store import open_store

COMMAND = "import sys; from speechqa.cli.app import main; main()"
USUAL = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "2",
    "SPEECHQA_CACHE": "off",
    "COLUMNS": "100",
}
"""What every run is given unless a way of running says otherwise."""
_KEPT = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Way:
    """A way of running an audit; `{work}` in a value stands for the folder of the whole comparison.

    Attributes
    ----------
    name : str
        What the table calls it.
    options : sequence of str
        Of the command, beside those every run has.
    environment : mapping of str to str
        In place of `USUAL`.
    flags : sequence of str
        Of the interpreter.
    order : str
        `folder`: the folder is named; `backwards`: its files one by one, the last first; `apart`: a command a
        recording, in which case nothing runs in another process.
    terminal : bool
        Whether standard streams are a terminal.
    umask : int
        Rights that files are made without.
    """

    name: str
    options: Sequence[str] = ("--workers", "1")
    environment: Mapping[str, str] = field(default_factory=dict)
    flags: Sequence[str] = ()
    order: str = "folder"
    terminal: bool = False
    umask: int = 0o022


class Failed(Exception):
    """An audit that ended otherwise than well; the text is the end of what it printed."""


def documents(way: Way, work: Path, calls: Path, *, engine: str) -> dict[str, bytes]:
    """The documents of an audit by call id, without what names the run.

    Parameters
    ----------
    work : Path
        A folder for store, home and cache.
    calls : Path
        The recordings, with their manifest.
    engine : str
        As the command takes it.

    Raises
    ------
    Failed
        If a command does not end with 0.
    """
    store = work / f"{len(list(work.glob('*.db')))}.db"
    manifest = calls / "manifest.csv"
    recordings = sorted(path for path in calls.iterdir() if path.suffix not in (".json", ".csv"))
    groups = {
        "folder": [[calls]],
        "backwards": [recordings[::-1]],
        "apart": [[one] for one in recordings],
    }[way.order]
    for group in groups:
        given = [*map(str, group), "--manifest", str(manifest), "--store", f"sqlite:///{store}"]
        options = [option.format(work=work) for option in way.options]
        _run(way, work, ["audit", *given, "--engine", engine, *options])
    return kept(f"sqlite:///{store}")


def kept(store: str) -> dict[str, bytes]:
    """The documents of a store by call id, without what names the run."""
    with open_store(store, create=False) as opened:
        return {one.call_id: encode(unstamped(one)) for one in opened.documents(CallFilter())}


def _run(way: Way, work: Path, arguments: Sequence[str]) -> None:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= USUAL | {"HOME": str(work)}
    environment |= {name: value.format(work=work) for name, value in way.environment.items()}
    command = [sys.executable, *way.flags, "-c", COMMAND, *arguments]
    said = work / "said.txt"
    before = os.umask(way.umask)
    try:
        if way.terminal:
            code = _in_a_terminal(command, environment, said)
        else:
            with said.open("wb") as out:
                code = subprocess.call(
                    command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
                )
    finally:
        os.umask(before)
    if code != 0:
        raise Failed(said.read_text(encoding="utf-8", errors="replace")[-3000:])


def _in_a_terminal(command: Sequence[str], environment: Mapping[str, str], said: Path) -> int:
    leader, follower = pty.openpty()
    with said.open("wb") as out:
        process = subprocess.Popen(
            command, env=environment, stdin=follower, stdout=follower, stderr=follower, start_new_session=True
        )
        os.close(follower)
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:  # Linux ends a terminal that nobody holds any more so
                break
            if not piece:
                break
            out.write(piece)
        os.close(leader)
        return process.wait()
