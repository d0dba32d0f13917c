"""Options of commands whose calls may run on a cluster."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa.errors import UsageError

if TYPE_CHECKING:
    from speechqa.assembly.cluster import ClusterWanted


class ExecutorOption(StrEnum):
    """Where calls are analysed."""

    LOCAL = "local"
    RAY = "ray"


ExecutorName = Annotated[
    ExecutorOption,
    typer.Option("--executor", help="Where calls are analysed: on this machine, or on a Ray cluster."),
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        help="auto, HOST:PORT, ray://HOST:PORT, or local to try it on this machine; "
        "by default RAY_ADDRESS, else auto.",
        metavar="ADDRESS",
    ),
]
RayCpus = Annotated[
    int | None, typer.Option(min=1, help="Cores that Ray keeps free for each call.", show_default="1")
]
RayGpus = Annotated[
    float | None, typer.Option(min=0.0, help="GPUs for each call, or a part of one.", show_default="0")
]
RayMemory = Annotated[
    int | None, typer.Option(min=1, help="Memory that Ray keeps free for each call.", metavar="MB")
]


def cluster_wanted(
    executor: ExecutorOption,
    address: str | None,
    cpus: int | None,
    gpus: float | None,
    memory_mb: int | None,
) -> ClusterWanted | None:
    """The cluster that options name, None for this machine.

    Raises
    ------
    UsageError
        If an option of Ray is given without it.
    """
    if executor is ExecutorOption.LOCAL:
        given = {"address": address, "cpus": cpus, "gpus": gpus, "memory": memory_mb}
        named = [f"--ray-{name}" for name, value in given.items() if value is not None]
        if named:
            raise UsageError(
                "Options of a Ray cluster need one",
                found=", ".join(named),
                expected="--executor ray with them",
            )
        return None
    from speechqa.assembly.cluster import ClusterWanted

    return ClusterWanted(address=address, cpus=cpus or 1, gpus=gpus or 0.0, memory_mb=memory_mb)
