"""Fixtures that several areas share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `tests.support.hostile`, made once; tests only read it."""
    from tests.support.hostile import make_hostile_folder

    return make_hostile_folder(tmp_path_factory.mktemp("hostile") / "calls")
