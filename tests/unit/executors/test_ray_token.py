"""What is said where a Ray cluster cannot be joined: it may ask for a token that nobody told us to send."""

from __future__ import annotations

import pytest

from speechqa.executors.ray_connection import _no_cluster


@pytest.mark.parametrize(("mode", "named"), [(None, True), ("token", False), ("disabled", False)])
def test_a_token_is_named_where_nothing_is_said_of_one(mode, named, monkeypatch) -> None:
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    if mode is not None:
        monkeypatch.setenv("RAY_AUTH_MODE", mode)
    error = _no_cluster("127.0.0.1:6379", "Failed to connect to Ray cluster at 127.0.0.1:6379")
    assert ("RAY_AUTH_MODE=token" in (error.hint or "")) is named
