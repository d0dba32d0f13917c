"""Every kind of store that there is, empty or holding a day of calls."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from speechqa.store import open_store
from tests.support.stores import put_a_day

KINDS = ("file", "memory", "postgres")


def url_of(kind, folder, request, stack):
    """The URL of an empty store of a kind, which is gone when the stack ends."""
    if kind == "postgres":
        return stack.enter_context(request.getfixturevalue("postgres_server").database())
    return "sqlite://" if kind == "memory" else f"sqlite:///{folder / 'calls.db'}"


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    with ExitStack() as stack, open_store(url_of(request.param, tmp_path, request, stack)) as opened:
        yield opened


@pytest.fixture(scope="module", params=KINDS)
def day(request, tmp_path_factory):
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("day")
        opened = stack.enter_context(open_store(url_of(request.param, folder, request, stack)))
        put_a_day(opened)
        yield opened


@pytest.fixture
def url(lasting_url):
    """The URL of an empty store that outlives its being closed."""
    return lasting_url
