"""What any executor does, whoever runs the items."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from speechqa.executors.local import ProcessExecutor, SerialExecutor
from speechqa.protocols import Executor, Settled
from tests.support.cluster import (
    Gate,
    die_on_three,
    die_once_on_two,
    lost,
    refuse_three,
    square,
    wait_at,
)

pytestmark = pytest.mark.xdist_group("ray")

ALL = ("serial", "processes", "ray")
OTHERS = ("processes", "ray")


@pytest.fixture
def executor(request: pytest.FixtureRequest) -> Executor:
    if request.param == "serial":
        return SerialExecutor()
    if request.param == "processes":
        return ProcessExecutor(2, lost=lost)
    from speechqa.executors.ray_cluster import RayExecutor

    return RayExecutor(request.getfixturevalue("ray_cluster").address, lost=lost)


everywhere = pytest.mark.parametrize("executor", ALL, indirect=True)
elsewhere = pytest.mark.parametrize("executor", OTHERS, indirect=True)


@everywhere
def test_every_item_has_one_result(executor: Executor) -> None:
    assert sorted(executor.map(square, range(12))) == [n * n for n in range(12)]


@everywhere
def test_an_executor_serves_more_than_once_and_nothing_gives_nothing(executor: Executor) -> None:
    assert list(executor.map(square, [])) == []
    assert list(executor.map(square, [2])) == [4]
    assert list(executor.map(square, [3])) == [9]


@everywhere
def test_what_is_settled_comes_back_without_work_whatever_stands_around_it(executor: Executor) -> None:
    items = [Settled("a"), Settled("b"), 1, Settled("c"), 2, 3, *[Settled("d")] * 20, 4, Settled("e")]
    results = list(executor.map(square, items))
    assert [one for one in results if isinstance(one, str)] == ["a", "b", "c", *["d"] * 20, "e"]
    assert sorted(one for one in results if isinstance(one, int)) == [1, 4, 9, 16]
    assert list(executor.map(square, [Settled("a")] * 3)) == ["a"] * 3


@everywhere
def test_what_a_function_raises_is_raised(executor: Executor) -> None:
    with pytest.raises(ValueError, match="three"):
        list(executor.map(refuse_three, range(8)))


@everywhere
def test_items_are_taken_as_they_are_needed(executor: Executor) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(1_000_000):
            taken += 1
            yield number

    results = executor.map(square, items())
    first = [next(results) for _ in range(5)]
    results.close()  # type: ignore[attr-defined]
    assert len(set(first)) == 5
    assert taken <= 5 + 2 * 2 + 1


@elsewhere
def test_a_worker_killed_once_costs_nothing(executor: Executor, tmp_path: Path) -> None:
    results = list(executor.map(die_once_on_two, [(str(tmp_path), n) for n in range(5)]))
    assert sorted(results) == [0, 1, 2, 3, 4]


@elsewhere
def test_an_item_that_kills_two_workers_is_given_up_alone(executor: Executor) -> None:
    results = list(executor.map(die_on_three, range(8)))
    assert sorted(map(str, results)) == sorted(["0", "1", "2", "4", "5", "6", "7", "lost 3"])


@elsewhere
def test_who_stops_early_has_the_workers_back(executor: Executor, tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    try:
        items = [(gate.folder, -1), *((gate.folder, n) for n in range(3))]
        results = executor.map(first_through, items)
        assert next(results) == -1
        gate.next()
        results.close()  # type: ignore[attr-defined]
        assert sorted(executor.map(square, range(4))) == [0, 1, 4, 9]
    finally:
        gate.close()


def first_through(item: tuple[str, int]) -> int:
    return item[1] if item[1] < 0 else wait_at(item)
