"""How much memory is left on this machine, or in the container this process was put into, and who has it."""

from __future__ import annotations

from pathlib import Path

from speechqa.core.machine import control_groups


def available() -> int:
    """Bytes that can be used before something has to be ended: the machine's, or the container's if fewer."""
    import psutil

    free = int(psutil.virtual_memory().available)
    left = [room for folder in control_groups("memory") if (room := _room(folder)) is not None]
    return min([free, *left])


def resident(pid: int) -> int:
    """Bytes a process holds now; 0 where it has ended."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def peak(pid: int) -> int:
    """The most bytes a process has held so far; where the system does not say, what it holds now."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return resident(pid)
    return _kilobytes(status, "VmHWM:") or resident(pid)


def _room(folder: Path) -> int | None:
    """Bytes left under the limit of a control group; None where it sets none.

    Files that were read lie in memory too, and count as used until somebody needs the room: those that were
    not used lately are taken for free, as the kernel does.
    """
    for most, used, idle in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        try:
            limit = int((folder / most).read_text(encoding="ascii"))
            taken = int((folder / used).read_text(encoding="ascii"))
            stat = (folder / "memory.stat").read_text(encoding="ascii")
        except (OSError, ValueError):
            continue  # another version of groups, or the word max: no limit
        return max(0, limit - taken + _number(stat, idle))
    return None


def _kilobytes(text: str, name: str) -> int:
    return _number(text, name) * 1024


def _number(text: str, name: str) -> int:
    for line in text.splitlines():
        first, *rest = line.split()
        if first == name and rest and rest[0].isdecimal():
            return int(rest[0])
    return 0
