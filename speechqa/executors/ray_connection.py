"""Joining a Ray cluster, and leaving it: no telemetry, no dashboard, none of the workers' output."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from speechqa.core.plain import printable
from speechqa.errors import ClusterError, EngineUnavailable

_CONNECT_S = 10.0
_HOST_PORT = re.compile(
    r"(?:(?P<client>ray)://)?(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})"
)


def connect(address: str | None) -> bool:
    """Join the cluster at an address; whether that was done, which it is not where this process is in one.

    Parameters
    ----------
    address : str or None
        `auto`, `HOST:PORT`, `ray://HOST:PORT`, or `local` for Ray started here and ended with this
        connection; None is what RAY_ADDRESS says, else `auto`.

    Raises
    ------
    EngineUnavailable
        If Ray is not installed.
    ClusterError
        If the address is none, or nothing answers there.
    """
    ray = _package()
    if ray.is_initialized():
        return False
    wanted = address or os.environ.get("RAY_ADDRESS") or "auto"
    if wanted not in ("auto", "local"):
        _require_answer(wanted)
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if wanted == "local":
        options |= {"include_dashboard": False}
    _silence(True)
    try:
        with _unnamed():
            ray.init(address=wanted, **options)
    except ImportError as error:
        raise EngineUnavailable(
            "Addresses that begin with ray:// need Ray's client", hint="pip install 'ray[client]'"
        ) from error
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise _no_cluster(wanted, str(error)) from error
    return True


def disconnect() -> None:
    """Leave the cluster; Ray that was started for this run ends with it."""
    import ray

    ray.shutdown()
    _silence(False)


@contextmanager
def _unnamed() -> Iterator[None]:
    """Keep the command line, which may hold a password and names, from all who may look at Ray's jobs."""
    from ray._private import utils

    usual = utils.get_entrypoint_name
    utils.get_entrypoint_name = lambda: "speechqa"
    try:
        yield
    finally:
        utils.get_entrypoint_name = usual


def _silence(silent: bool) -> None:
    """Keep what Ray tells of lost nodes off stdout, which is the command's own; no option of it does."""
    from ray._private import worker

    if hasattr(worker, "_worker_logs_enabled"):
        worker._worker_logs_enabled = not silent


def _package() -> Any:
    # Ray reads these when it is imported. Nothing is told to anybody; and a call for which memory was short
    # is tried once more as after any other loss, not for ever.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_task_oom_retries", "1")
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise EngineUnavailable(
            "Ray is not installed", expected="the extra cluster", hint="pip install 'speechqa[cluster]'"
        ) from error
    return ray


def _require_answer(address: str) -> None:
    """Ray itself waits long for a host that is not there, and may end the process."""
    told = _HOST_PORT.fullmatch(address)
    if told is None or int(told["port"]) > 65_535:
        raise ClusterError(
            "This is no address of a Ray cluster",
            found=repr(printable(address, limit=100)),
            expected="auto, HOST:PORT, ray://HOST:PORT or local",
        )
    try:
        with socket.create_connection((told["host"].strip("[]"), int(told["port"])), timeout=_CONNECT_S):
            return
    except OSError as error:
        raise _no_cluster(address, error.strerror or str(error)) from error


def _no_cluster(address: str, said: str) -> ClusterError:
    # What Ray says may begin with a heading over the traceback of another machine: its end says why.
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = lines[-1] if lines and lines[0].endswith(":") else next(iter(lines), "no answer")
    # `ray start` asks for one by itself where a token lies in the user's folder; who joins has to be told.
    token = "" if "RAY_AUTH_MODE" in os.environ else "; set RAY_AUTH_MODE=token where it asks for a token"
    return ClusterError(
        "There is no Ray cluster that could be joined",
        where=f"address {address}",
        found=printable(told, limit=300),
        hint="Start one with `ray start --head --disable-usage-stats`, name one with --ray-address or "
        f"RAY_ADDRESS, or try it on this machine alone with --ray-address local{token}",
    )
