"""Fixtures that several areas share."""

from __future__ import annotations

from pathlib import Path

import pytest


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
