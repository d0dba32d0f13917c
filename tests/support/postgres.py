"""A PostgreSQL server of the tests' own: on a socket in a temporary folder, gone with the tests.

The programs are the machine's own (`apt-get install postgresql`); no server that runs already is touched.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest

TEMPLATE = "speechqa_template"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "40",
    "shared_buffers": "32MB",
    "lc_messages": "C",
}


@cache
def programs() -> Path | None:
    """The folder of initdb and postgres, the newest there is; None where there is none."""
    beside = shutil.which("postgres")
    folders = [Path(beside).parent] if beside else []
    folders += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True
    )
    return next((one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()), None)


class Server:
    """A server that runs, and databases in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._made_template = False

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://speechqa@/{name}?host={self.folder}"

    def run(self, statement: str, *, database: str = "postgres") -> None:
        """Run one statement outside of any transaction."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The URL of a database that is dropped at the end, with an empty store in it or with nothing."""
        if not empty and not self._made_template:
            from speechqa.store import open_store

            self.run(f"CREATE DATABASE {TEMPLATE}")
            open_store(self.url(TEMPLATE)).close()
            self._made_template = True
        name = f"store_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else TEMPLATE}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server() -> Iterator[Server]:
    """Start a server; tests are skipped where there is none, unless SPEECHQA_POSTGRES=required."""
    folder = programs()
    if folder is None:
        _absent("no PostgreSQL on this machine: apt-get install postgresql")
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="sqa"))
    try:
        as_whom = _as_whom(home)
        said = (home / "initdb.log").open("wb")
        made = [folder / "initdb", "-D", home / "data", "-U", "speechqa", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]  # fmt: skip # noqa: E501
        subprocess.run([*as_whom, *map(str, made)], check=True, stdout=said, stderr=said, cwd=home)
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        process = subprocess.Popen(
            [*as_whom, str(folder / "postgres"), "-D", str(home / "data"), f"-k{home}", *settings],
            stderr=subprocess.PIPE,
            text=True,
            cwd=home,
        )
        try:
            _wait(process)
            yield Server(home)
        finally:
            process.send_signal(signal.SIGINT)  # disconnect everybody and stop
            process.wait(timeout=60)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _as_whom(home: Path) -> list[str]:
    """What runs a program as somebody who is not root, which PostgreSQL refuses to be; and dies with us."""
    if os.getuid() != 0:
        return []
    try:
        who = pwd.getpwnam("postgres")
    except KeyError:
        who = pwd.getpwnam("nobody")
    os.chown(home, who.pw_uid, who.pw_gid)
    home.chmod(0o755)
    return [
        "setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups", "--pdeathsig=INT",
    ]  # fmt: skip


def _wait(process: subprocess.Popen[str]) -> None:
    """Read what the server says until it takes connections, then let it talk to nobody."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if "ready to accept connections" in line:
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return
    raise RuntimeError("The server did not start:\n" + "".join(said))


def _absent(why: str) -> None:
    if os.environ.get("SPEECHQA_POSTGRES") == "required":
        pytest.fail(why)
    pytest.skip(why)
