"""The batch survives its workers."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from speechqa.executors.local import ProcessExecutor, SerialExecutor


def square(item: int) -> int:
    return item * item


def die_on_three(item: int) -> int:
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def die_once(item: tuple[str, int]) -> int:
    folder, number = item
    marker = Path(folder) / f"{number}"
    if number == 2 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def lost(item: object) -> str:
    return f"lost {item}"


def remember(value: str) -> None:
    os.environ["SPEECHQA_TEST_INIT"] = value


def initial(_item: int) -> str | None:
    return os.environ.get("SPEECHQA_TEST_INIT")


def test_serial_runs_in_order_and_initialises_once():
    calls = []
    executor = SerialExecutor(calls.append, ("ready",))
    assert list(executor.map(square, [3, 1, 2])) == [9, 1, 4]
    assert calls == ["ready"]


def test_serial_does_not_initialise_for_nothing():
    calls = []
    assert list(SerialExecutor(calls.append, ("ready",)).map(square, [])) == []
    assert calls == []


def test_processes_give_every_result_once():
    executor = ProcessExecutor(2, lost=lost)
    assert sorted(executor.map(square, range(12))) == [n * n for n in range(12)]


def test_initializer_runs_in_the_worker():
    executor = ProcessExecutor(1, lost=lost, initializer=remember, initargs=("yes",))
    assert list(executor.map(initial, [1])) == ["yes"]
    assert os.environ.get("SPEECHQA_TEST_INIT") is None


def test_an_item_that_kills_its_worker_is_given_up_and_the_others_are_done():
    results = list(ProcessExecutor(2, lost=lost).map(die_on_three, range(8)))
    assert sorted(map(str, results)) == sorted(["0", "1", "2", "4", "5", "6", "7", "lost 3"])


def test_a_worker_killed_once_costs_nothing(tmp_path):
    results = list(ProcessExecutor(2, lost=lost).map(die_once, [(str(tmp_path), n) for n in range(5)]))
    assert sorted(results) == [0, 1, 2, 3, 4]


def show_pid_and_wait(folder: str) -> None:
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_workers_end_with_a_parent_that_is_killed(tmp_path):
    context = multiprocessing.get_context("spawn")
    parent = context.Process(target=run_two_waiting, args=(str(tmp_path),))
    parent.start()
    deadline = time.monotonic() + 30
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    workers = [int(path.name) for path in tmp_path.iterdir()]
    assert len(workers) == 2
    assert all(map(alive, workers))
    parent.kill()
    parent.join()
    deadline = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, workers))


def run_two_waiting(folder: str) -> None:
    list(ProcessExecutor(2, lost=lost).map(show_pid_and_wait, [folder] * 2))
