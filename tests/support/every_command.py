"""Every command there is, one after the other, over planted calls, in a process of its own.

What one process writes, prints and asks the network for is then looked at by tests. `python -m
tests.support.every_command FOLDER` writes what each command printed into `FOLDER/ran.json`. Home, temporary
files and working folder are in `FOLDER/machine`, the calls in `FOLDER/given`. A new command joins by a line.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from tests.support.planted import HOSTILE_CALL, NAMED, NASTY, TOLD, Planted, plant, planted

STORE = "sqlite:///store.db"


@dataclass(frozen=True)
class Ran:
    """What became of one command; what it printed is one text where it wrote to a terminal."""

    args: tuple[str, ...]
    code: int
    out: str
    err: str
    terminal: bool = False
    asked: tuple[str, ...] = ()
    """What it asked the network for."""


Step = tuple[str, ...]
_FORMATS = ("txt", "json", "srt", "vtt", "docx", "pdf", "html", "rttm", "textgrid")
_PRINTED = ("txt", "json", "srt", "vtt", "rttm", "textgrid")
_NOTE = ("--by", f"Dana {TOLD}", "--reason", f"{NASTY.format(30)} {TOLD}")
_SAID = ("--comment", f"{NASTY.format(31)} {TOLD}", "--by")
_BOTH = ("--format", "html,pdf")
_DRAWN = ("--with-drafts", "--minimum-calls", "1", "--pictures", "svg")


def steps(given: Planted, *, full: bool) -> list[Step]:
    """What every user may do, in an order in which each command finds what it needs; in full, all of it."""
    audit = ("audit", str(given.folder), "--manifest", str(given.manifest), "--engine", "none")
    scored = sorted(map(str, given.transcripts.iterdir()))
    kept = ("calls", "--phrase", f"hello {TOLD}", "--save", "mine")
    exported = ("csv", "xlsx", "parquet") if full else ("csv", "xlsx")
    found: list[Step] = [
        ("number-key",),
        (*audit, "--workers", "1", "--report", "report"),
        ("score", *scored, "--store", STORE),
        *(("rescore", "--incidents", str(given.incidents)), ("organisation", "--table", "faults.csv")),
        *((*audit, "--json"), ("calls",), ("calls", "--json"), ("calls", "--listen")),
        *(("calls", "--number", "052-788-1234"), ("calls", "--agent", NAMED.format(3))),
        *(kept, ("calls", "--list-saved"), ("calls", "--forget", "mine", "--by", TOLD)),
        *(
            ("calls", "--export", f"calls.{e}", "--export-verdicts", f"verdicts.{e}", *_NOTE)
            for e in exported
        ),
        *(("models", "list"), ("models", "verify"), ("cache", "show", "--json"), ("schema",)),
        *(("agents",), ("agents", "--json"), ("redact", scored[0])),
    ]
    if full:
        found += _more(given, audit, scored)
    found += _of_call(HOSTILE_CALL, "nasty", NAMED.format(3), full=full)
    found += _of_words("he", "he") if full else _written("he", "he")
    if full:
        found += [*_of_call("en", "en", "a1", full=True), *_more_of_all()]
    return found + _of_all() + _coming_and_going(given)


def _written(call: str, name: str) -> list[Step]:
    return [
        *(("transcript", call, "--format", e, "--output", f"{name}.{e}", *_NOTE) for e in _FORMATS),
        ("report", call, "--format", "html,pdf", "--out", f"case-{name}", *_NOTE),
    ]


def _of_words(call: str, name: str) -> list[Step]:
    return [
        *(("show", call), ("show", call, "--json"), ("show", call, "--explain", "thanks")),
        *(("transcript", call, "--format", e) for e in _PRINTED),
        *_written(call, name),
        *(("pack", call, "--output", f"{name}.zip", *_NOTE), ("verify", f"{name}.zip")),
        ("accesses", call),
    ]


def _of_call(call: str, name: str, agent: str, *, full: bool) -> list[Step]:
    customer = NAMED.format(6) if name == "nasty" else "k1"
    found: list[Step] = [
        *_of_words(call, name),
        *(("show", call, "--picture", f"{name}.svg"), ("clip", call, "--from", "0", "--to", "9", *_NOTE)),
        ("dispute", "open", call, "--criterion", "thanks", "--reason", "not_me", *_SAID, agent),
        *(("dispute", "acknowledge", call, *_SAID, agent), ("dispute", "list")),
        ("review", "record", call, "--criterion", "greeting", "--verdict", "fail", *_SAID, f"Ruth {TOLD}"),
        *(("review", "show", call), ("hold", call, *_NOTE), ("agent", agent, "--own", "--by", agent)),
        ("transcript", call, "--correct", "1", "--text", f"{NASTY.format(37)} {TOLD}", *_NOTE),
        ("roles", call, "--swap", *_NOTE),
        ("report", "--agent", agent, "--out", f"agent-{name}", "--format", "html,pdf", *_DRAWN),
        ("customers", customer),
        ("report", "--customer", customer, "--complete-log", "--out", f"customer-{name}", *_BOTH, *_NOTE),
    ]
    if full:
        found += [
            *(("show", call, "--turn-taking"), ("show", call, "--picture", f"{name}.png")),
            ("clip", call, "--from", "0", "--to", "9", "--output", f"{name}.flac", "--json"),
            *(("verify", call), ("verify", f"{name}.zip", "--json"), ("roles", call, "--reset", *_NOTE)),
            *(("roles", call, "--json"), ("review", "show", call, "--json"), ("accesses", call, "--json")),
            *(("agent", agent, "--own", "--by", agent, "--json"), ("dispute", "list", "--json")),
        ]
    return found


def _of_all() -> list[Step]:
    period = ("--by", f"Dana {TOLD}", "--reason", TOLD)
    return [
        *(("review", "queue", "--size", "1", "--strata", "team", "--by", TOLD), ("review", "agreement")),
        ("dispute", "resolve", "3", "--outcome", "upheld", "--comment", TOLD, "--by", f"Ido {TOLD}"),
        *(
            ("period", "close", "2026-10", *period),
            ("period", "list"),
            ("period", "open", "2026-10", *period),
        ),
        *(("hold", "list"), ("hold", "release", HOSTILE_CALL, *_NOTE), ("verify",)),
        *(("accesses",), ("accesses", "--json"), ("accesses", "--by", TOLD)),
    ]


def _more(given: Planted, audit: Step, scored: list[str]) -> list[Step]:
    """What takes long, or is another way to say the same."""
    folder = str(given.folder)
    return [
        *(("calls", "--failed"), ("calls", "--phrase", "4111 1111 1111 1111"), ("score", *scored)),
        *(
            ("score", *scored, "--json"),
            ("stress", folder, "--json"),
            ("stress", folder, "--picture", "many"),
        ),
        *(("stress", str(given.folder / "he.wav"), "--picture", "one.png"), ("doctor", "--quick")),
        *(("doctor", "--quick", "--json"), ("cache", "show"), ("models", "list", "--json")),
        *(("rubric", "list"), ("rubric", "list", "--json"), ("rubric", "show", "service")),
        *(("rubric", "show", "service", "--criterion", "thanks"), ("rubric", "new", "mine")),
        *(("rubric", "show", "service", "--json"), ("rubric", "check", "mine.toml")),
        *(("rubric", "test", "mine.toml", HOSTILE_CALL), ("rubric", "test", "mine.toml", "--json")),
        ("agents", "--weekly", "--by-team", "--with-drafts", "--minimum-calls", "1"),
        (*audit, "--workers", "2", "--store", "sqlite:///two.db", "--no-cache"),
    ]


def _more_of_all() -> list[Step]:
    verdict = ("--criterion", "thanks", "--verdict", "fail")
    return [
        *(("rescore", "--rubric", "mine.toml", "--dry-run"), ("rescore", "--rubric", "mine.toml")),
        *(("rescore", "--rubric", "service", "--json"), ("customers", "k1", "--json")),
        *(("organisation",), ("organisation", "--json", "--language", "he", "--clips", "clips")),
        *(("organisation", "--table", f"faults.{ending}", "--force") for ending in ("xlsx", "parquet")),
        *(("charter", "--complete-log"), ("customers", "--call-back", "--complete-log")),
        *(("report", "--batch", "--out", "batch", "--format", "html,pdf"),),
        *(("report", "--batch", "--out", "batch", "--json"), ("verify", "--recordings", "--json")),
        *(("store", "copy", STORE, "sqlite:///copy.db", *_NOTE),),
        *(("store", "copy", STORE, "sqlite:///copy2.db", "--json"), ("hold", "list", "--json")),
        *(("period", "list", "--json"), ("review", "queue", "--size", "1", "--json")),
        *(("review", "agreement", "--json"), ("review", "record", "en", *verdict, *_SAID, "Ruth")),
    ]


def _coming_and_going(given: Planted) -> list[Step]:
    """One call is analysed, shown and taken away, and goes with all that was made of it."""
    gone = ("--store", "sqlite:///gone.db")
    return [
        ("cache", "clear", "--json"),  # before, for the purge has to reach what is in it
        ("audit", str(given.gone), "--engine", "none", "--report", "gone-report", *gone),
        *(("show", "gone", *gone), ("show", "gone", "--json", *gone)),
        *(("clip", "gone", "--from", "0", "--to", "3", *gone), ("pack", "gone", "--output", "g.zip", *gone)),
        *(("purge", "--older-than", "0", *gone), ("purge", "gone", "--yes", *_NOTE, *gone)),
    ]


def wrong_steps(*, full: bool) -> list[Step]:
    """What cannot be: what is said of it quotes what was given. Names of files are kept as they come."""
    c = HOSTILE_CALL
    found: list[Step] = [
        *(("show", f"absent {NASTY.format(38)} {TOLD}"), ("show", c, "--explain", NASTY.format(39))),
        *((NASTY.format(41), TOLD), ("calls", f"--{NASTY.format(42)}{TOLD}"), ("score", NASTY.format(47))),
        *(("calls", "--from", f"{NASTY.format(43)} {TOLD}"), ("calls", "--sort", NASTY.format(44) + TOLD)),
        *(
            ("calls", "--store", NASTY.format(45) + "://"),
            ("calls", "--store", f"sqlite:///{NASTY.format(46)}"),
        ),
        *(("calls", "--store", "postgresql://dana:hunter2@nowhere.invalid/calls"),),
        *(("report", "--agent", f"{NASTY.format(48)} {TOLD}"), ("period", "close", TOLD, "--reason", "x")),
        *(("pack", c, "--output", f"absent/{NASTY.format(50)}.zip"), ("hold", "release", NASTY.format(52))),
        ("review", "record", c, "--criterion", NASTY.format(51), "--verdict", "fail", "--comment", "x"),
        *(("dispute", "resolve", TOLD, "--outcome", "upheld"), ("models", "pull", NASTY.format(36))),
        *(("review", "confirm", c, "--criterion", "thanks", *_SAID, TOLD), ("customers", f"absent {TOLD}")),
        *(("agent", "a1", "--own", "--by", TOLD), ("models", "verify", NASTY.format(34))),
    ]
    if full:
        found += [
            *(("models", "convert", f"absent {NASTY.format(35)}.pt"), ("rubric", "check", NASTY.format(33))),
            *(("audit", NASTY.format(53), "--engine", "none"), ("audit", ".", "--engine", NASTY.format(40))),
        ]
    return found


def on_a_terminal() -> list[Step]:
    """What is run once more with a person's terminal at the other end."""
    c = HOSTILE_CALL
    return [
        *(("show", c), ("show", c, "--json"), ("calls",), ("calls", "--json"), ("accesses", c, "--json")),
        *(("accesses", c), ("transcript", c, "--format", "json"), ("calls", "--sort", NASTY.format(44))),
        ("show", f"absent {NASTY.format(38)} {TOLD}"),
    ]


def machine_environment(machine: Path) -> dict[str, str]:
    """Variables of a user whose every folder is in one."""
    home = machine / "home"
    inside = {
        "HOME": home, "TMPDIR": machine / "tmp",
        "XDG_CONFIG_HOME": home / "config", "XDG_CACHE_HOME": home / "cache",
        "XDG_DATA_HOME": home / "data", "XDG_STATE_HOME": home / "state",
        "XDG_RUNTIME_DIR": machine / "run",
        "MPLCONFIGDIR": home / "matplotlib",
    }  # fmt: skip
    for folder in inside.values():
        folder.mkdir(parents=True, exist_ok=True)
    kept = {
        name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {
        **kept, **{name: str(folder) for name, folder in inside.items()}, "SPEECHQA_STORE": STORE,
        "SPEECHQA_RETENTION_DAYS": "36500", "LANG": "C.UTF-8", "USER": "dana", "LOGNAME": "dana",
    }  # fmt: skip


def run_every_command(folder: Path, *, full: bool) -> list[Ran]:
    """Run them in a new process whose umask takes nothing from anybody, and that has no network."""
    machine = folder / "machine"
    work = machine / "work"
    work.mkdir(parents=True)
    plant(folder / "given", full=full)
    root = Path(__file__).parents[2]
    command = [*without_network(), sys.executable, "-m", "tests.support.every_command", str(folder)]
    command += ["full"] * full
    environment = machine_environment(machine)
    environment["PYTHONPATH"] = f"{root}{os.pathsep}{environment.get('PYTHONPATH', '')}"
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads((folder / "ran.json").read_text("utf-8"))
    return [Ran(**{**one, "args": tuple(one["args"])}) for one in told]


@cache
def without_network() -> tuple[str, ...]:
    """What goes before a command so that its process has no network, where the system allows it."""
    alone = ("unshare", "--map-root-user", "--net")
    if shutil.which("unshare") is None:
        return ()
    allowed = subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    return alone if allowed else ()


def _called(args: Step) -> int:
    from speechqa.cli.app import main

    sys.argv = ["speechqa", *args]
    try:
        main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _captured(args: Step) -> Ran:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with _streams(out.fileno(), err.fileno()):
            code = _called(args)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "backslashreplace"))
    return Ran(args, code, *texts)


def _on_a_terminal(args: Step) -> Ran:
    ours, theirs = os.openpty()
    pieces: list[bytes] = []

    def read() -> None:
        with contextlib.suppress(OSError):  # the other end is closed
            while piece := os.read(ours, 1 << 16):
                pieces.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    with _streams(theirs, theirs):
        code = _called(args)
    os.close(theirs)
    reader.join()
    os.close(ours)
    return Ran(args, code, b"".join(pieces).decode("utf-8", "backslashreplace"), "", terminal=True)


@contextlib.contextmanager
def _streams(out: int, err: int) -> Iterator[None]:
    """Standard output and errors go there, of this process and of those it starts."""
    kept = [os.dup(1), os.dup(2)]
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdout, sys.stderr = (open(fd, "w", encoding="utf-8", closefd=False) for fd in (1, 2))  # noqa: SIM115
    try:
        yield
    finally:
        for number, fd in zip((1, 2), kept, strict=True):
            os.dup2(fd, number)
            os.close(fd)


@contextlib.contextmanager
def no_sockets(asked: list[str]) -> Iterator[None]:
    """Whoever asks for an address or connects fails and is written down: else nobody would see it."""

    def refused(*what: object, **__: object) -> Any:
        asked.append(str(what))
        raise OSError(errno.ENETUNREACH, "the network is denied")

    with contextlib.ExitStack() as changed:
        for place, name in ((socket, "getaddrinfo"), (socket, "gethostbyname"), (socket.socket, "connect")):
            changed.enter_context(mock.patch.object(place, name, refused))
        yield


def main(folder: Path, *, full: bool) -> None:
    os.umask(0)
    given = planted(folder / "given")
    ran: list[Ran] = []
    asked: list[str] = []
    with no_sockets(asked):
        for args in (*steps(given, full=full), *wrong_steps(full=full)):
            ran.append(replace(_captured(args), asked=tuple(asked)))
            asked.clear()
        ran += [_on_a_terminal(args) for args in on_a_terminal()]
    told = json.dumps([asdict(one) for one in ran])
    (folder / "ran.json").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), full="full" in sys.argv[2:])
