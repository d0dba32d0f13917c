"""Commands that are killed at a chosen moment: forked from one process that has everything imported.

A moment is a step of the command's own process, counted, so that a seed names it whatever the machine's load:
a file opened, renamed or removed, a statement sent to the database. Or it is a share of the processor time
that an undisturbed run takes, and falls anywhere, also into a system call.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Who = Literal["group", "parent", "worker", "nobody"]
ROOT = Path(__file__).parents[2]
_WATCHED = frozenset({"open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.truncate"})
_IMPORTED = (
    "speechqa.cli.app",
    "speechqa.assembly",
    "speechqa.assembly.batch_calls",
    "speechqa.pipeline.analyze",
    "speechqa.store.sql",
    "speechqa.ingest.discover",
    "speechqa.ingest.identity",
    "speechqa.executors.local",
    "speechqa.reports.terminal",
    "speechqa.assembly.verifying",
    "speechqa.assembly.packs",
    "speechqa.reports.case_archive",
    "speechqa.reports.print.typesetting",
    "onnxruntime",
    "av",
    "scipy.signal",
)


@dataclass(frozen=True)
class Moment:
    """Who is killed, and when: at a step, or after so many seconds of processor time where `step` is 0."""

    who: Who = "nobody"
    step: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Ended:
    """How a command ended: its code as `subprocess` tells it, what it said, its steps and processor time."""

    code: int
    said: str
    steps: int
    seconds: float


class Nursery:
    """A process that has all modules imported and forks a child for each command.

    Every child leads a session of its own. `run` comes back when all of that session's processes are gone:
    each of them holds the pipe of what they say, so that an orphan would be waited for, and never be missed.

    Parameters
    ----------
    warm : sequence
        A command it runs itself first, so that children find what that loads.
    """

    def __init__(self, environment: Mapping[str, str], *, warm: Sequence[object] = ()) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.killing", *map(str, warm)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        )

    def run(self, *arguments: object, at: Moment = Moment(), patience: float = 300.0) -> Ended:
        """Run a command, killed at a moment; raises TimeoutError where some process of it stays."""
        reading, writing = os.pipe()
        said: list[bytes] = []

        def listen() -> None:
            with os.fdopen(reading, "rb") as pipe:
                said.append(pipe.read())

        os.set_inheritable(writing, True)
        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # The pipe is handed over by the name it has while this process holds it.
        order = {"arguments": [str(one) for one in arguments], "at": asdict(at),
                 "pipe": f"/proc/{os.getpid()}/fd/{writing}"}  # fmt: skip
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        json.loads(self._process.stdout.readline())
        os.close(writing)
        told = json.loads(self._process.stdout.readline())
        if at.who == "group":
            _kill_session(told["pid"])
        listener.join(patience)
        if listener.is_alive():
            _kill_session(told["pid"])
            raise TimeoutError(f"some process of {arguments} is still there")
        return Ended(told["code"], b"".join(said).decode(), told["steps"], told["seconds"])

    def close(self) -> None:
        """End it."""
        self._process.communicate("")


def _kill_session(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


class _Steps:
    """Counts steps in shared memory, so that they are known of a killed process too; kills at one of them."""

    def __init__(self, at: Moment) -> None:
        import mmap

        self._at = at
        self._shared = mmap.mmap(-1, 16)
        self._main = os.getpid()
        self._done = False

    @property
    def count(self) -> int:
        return int.from_bytes(self._shared[:8], "little")

    def begin(self) -> None:
        import sqlalchemy as sa

        self._main = os.getpid()
        sys.addaudithook(self._heard)
        sa.event.listen(sa.engine.Engine, "before_cursor_execute", lambda *_: self._step())
        sa.event.listen(sa.engine.Engine, "commit", lambda *_: self._step())
        if self._at.seconds:
            # Nobody handles it: the system ends the process then and there, as it does by SIGKILL.
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, self._at.seconds)

    def _heard(self, event: str, _arguments: Any) -> None:
        if event in _WATCHED:
            self._step()

    def _step(self) -> None:
        count = self.count + 1
        self._shared[:8] = count.to_bytes(8, "little")
        if self._done or not self._at.step or count < self._at.step:
            return
        if self._at.who == "group":
            os.killpg(0, signal.SIGKILL)
        elif self._at.who == "parent":
            os.kill(self._main, signal.SIGKILL)
        elif self._at.who == "worker":
            import multiprocessing

            for worker in multiprocessing.active_children():
                os.kill(worker.pid or 0, signal.SIGKILL)
                self._done = True
                break


def _nurse() -> None:
    """Read commands, one JSON a line, and fork a child for each; tell of its start and of its end."""
    import importlib

    for name in _IMPORTED:
        importlib.import_module(name)
    if sys.argv[1:]:
        _warm(sys.argv[1:])
    for line in sys.stdin:
        order = json.loads(line)
        at = Moment(**order["at"])
        steps = _Steps(at)
        pipe = os.open(order["pipe"], os.O_WRONLY)
        pid = os.fork()
        if pid == 0:
            _child(order["arguments"], pipe, steps)
        os.close(pipe)
        _tell(pid=pid)
        _, status, used = os.wait4(pid, 0)
        seconds = used.ru_utime + used.ru_stime
        _tell(pid=pid, code=os.waitstatus_to_exitcode(status), steps=steps.count, seconds=seconds)


def _warm(arguments: list[str]) -> None:
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    from speechqa.cli.app import app

    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        app(arguments, standalone_mode=False)


def _child(arguments: list[str], pipe: int, steps: _Steps) -> None:
    code = 1
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        for target, source in ((0, nothing), (1, pipe), (2, pipe)):
            os.dup2(source, target)
        os.close(pipe)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        sys.argv = ["speechqa", *arguments]
        from speechqa.cli.app import main

        steps.begin()
        main()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _nurse()
