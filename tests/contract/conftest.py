"""Every kind of store that there is, empty or holding a day of calls."""

from __future__ import annotations

import pytest

from speechqa.store import open_store
from tests.support.stores import put_a_day


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path):
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'calls.db'}"
    with open_store(url) as opened:
        yield opened


@pytest.fixture(scope="module", params=["file", "memory"])
def day(request, tmp_path_factory):
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path_factory.mktemp('day') / 'c.db'}"
    with open_store(url) as opened:
        put_a_day(opened)
        yield opened
