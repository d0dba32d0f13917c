"""What of this machine the process may use: the control groups it lies in, and how many cores."""

from __future__ import annotations

import math
import os
from functools import cache
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


def cores() -> int:
    """Cores this process may use, at least 1: those it is bound to, or the container's quota if fewer.

    A quota of one and a half cores counts as two.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [quota for folder in control_groups("cpu") if (quota := _quota(folder)) is not None]
    return max(1, min([bound, *(math.ceil(quota) for quota in quotas)]))


@cache
def control_groups(controller: str) -> tuple[Path, ...]:
    """The control groups this process lies in, each within the next; none where the system has none."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    found: list[Path] = []
    for line in lines:
        _, controllers, place = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        root = _ROOT / controller if controllers else _ROOT
        folder = root / place.lstrip("/")
        # In a container the path may be the host's, and only the root is there.
        found += [one for one in (folder, *folder.parents) if one.is_relative_to(root)]
    return tuple(dict.fromkeys(found))


def _quota(folder: Path) -> float | None:
    """Cores that a control group may keep busy; None where it sets no limit."""
    try:
        quota, period = (folder / "cpu.max").read_text(encoding="ascii").split()
        return int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        pass  # another version of groups, or the word max: no limit
    try:
        quota = (folder / "cpu.cfs_quota_us").read_text(encoding="ascii")
        period = (folder / "cpu.cfs_period_us").read_text(encoding="ascii")
        return int(quota) / int(period) if int(quota) > 0 else None
    except (OSError, ValueError, ZeroDivisionError):
        return None
