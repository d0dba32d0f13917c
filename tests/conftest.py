"""Fixtures that several areas share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

import speechqa  # noqa: F401 - before numpy, as it is in a program: it says how many threads numpy has

if TYPE_CHECKING:
    from tests.support.postgres import Server

os.environ.setdefault("OMP_NUM_THREADS", "1")
"""torch's threads, which wait by computing: the other cores have tests of their own."""

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # how long a case takes tells of the machine, not of the code

os.environ["SPEECHQA_CACHE"] = "off"
"""Tests compute what they test; those of the cache name a folder of their own."""


@pytest.fixture(autouse=True)
def no_terminal_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine's terminal says of width and colour changes what is printed: a test sets its own."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `tests.support.hostile`, made once; tests only read it."""
    from tests.support.hostile import make_hostile_folder

    return make_hostile_folder(tmp_path_factory.mktemp("hostile") / "calls")


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[Any]:
    """A Ray cluster of a head and two nodes of a core each, started once; tests leave it as it is."""
    from tests.support.cluster import cluster_of

    with cluster_of(2) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server of these tests alone; skipped where the machine has none."""
    from tests.support.postgres import server

    with server() as running:
        yield running


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The URL of an empty store on that server."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["file", "postgres"])
def lasting_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store that outlives its being closed, of each kind there is."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'calls.db'}"
