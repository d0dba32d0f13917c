"""Cores that may be used: those the process is bound to, and no more than the container's quota."""

from __future__ import annotations

import os

import pytest

from speechqa.core import machine
from speechqa.core.machine import cores


@pytest.fixture
def container(tmp_path, monkeypatch):
    """A container's own group within one without a limit, on a machine of eight cores."""
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.setattr(machine, "control_groups", lambda _: (inner, tmp_path))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    (tmp_path / "cpu.max").write_text("max 100000\n")
    return inner


@pytest.mark.parametrize(
    ("quota", "found"),
    [
        ("max 100000", 8),
        ("200000 100000", 2),
        ("150000 100000", 2),
        ("50000 100000", 1),
        ("1600000 100000", 8),
    ],
)
def test_a_quota_is_heeded(container, quota, found):
    (container / "cpu.max").write_text(f"{quota}\n")
    assert cores() == found


@pytest.mark.parametrize(("quota", "found"), [("-1", 8), ("300000", 3), ("", 8), ("0", 8)])
def test_a_quota_of_the_older_kind_is_heeded(container, quota, found):
    (container / "cpu.cfs_quota_us").write_text(quota)
    (container / "cpu.cfs_period_us").write_text("100000")
    assert cores() == found


def test_the_nearest_limit_holds_whichever_group_sets_it(container):
    (container / "cpu.max").write_text("400000 100000")
    (container.parent / "cpu.max").write_text("300000 100000")
    assert cores() == 3


def test_cores_that_the_process_is_bound_to(monkeypatch):
    monkeypatch.setattr(machine, "control_groups", lambda _: ())
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5, 7}, raising=False)
    assert cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1
