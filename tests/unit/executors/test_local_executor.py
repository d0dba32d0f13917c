"""The batch survives its workers."""

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from speechqa.executors import crew, memory
from speechqa.executors.local import ProcessExecutor, SerialExecutor, executor
from speechqa.protocols import Settled, Together


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


def late(item: object) -> str:
    return f"late {item}"


def test_serial_runs_in_order():
    assert list(SerialExecutor().map(square, [3, Settled("there"), 2])) == [9, "there", 4]


def test_processes_give_every_result_once():
    workers = ProcessExecutor(2, lost=lost)
    assert sorted(workers.map(square, range(12))) == [n * n for n in range(12)]


def test_an_item_that_kills_its_worker_is_given_up_and_the_others_are_done():
    results = list(ProcessExecutor(2, lost=lost).map(die_on_three, range(8)))
    assert sorted(map(str, results)) == sorted(["0", "1", "2", "4", "5", "6", "7", "lost 3"])


def test_a_worker_killed_once_costs_nothing(tmp_path):
    results = list(ProcessExecutor(2, lost=lost).map(die_once, [(str(tmp_path), n) for n in range(5)]))
    assert sorted(results) == [0, 1, 2, 3, 4]


def counted(item: tuple[str, int, int | None]) -> int:
    """Leave a mark for every run; the deadly one ends its worker, by SIGKILL or as a fault would."""
    folder, number, deadly = item
    marks = len(list(Path(folder).glob(f"{number}.*")))
    (Path(folder) / f"{number}.{marks}").touch()
    if number == deadly:
        os.kill(os.getpid(), signal.SIGKILL if number % 2 else signal.SIGSEGV)
    return number


@pytest.mark.parametrize("deadly", [3, 4])
def test_a_dead_worker_costs_only_its_own_item(tmp_path, deadly):
    items = [(str(tmp_path), number, deadly) for number in range(8)]
    results = list(ProcessExecutor(2, lost=lambda item: ("died", item[1])).map(counted, items))
    assert len(results) == 8
    assert ("died", deadly) in results
    runs = {number: len(list(tmp_path.glob(f"{number}.*"))) for number in range(8)}
    assert runs == {number: 2 if number == deadly else 1 for number in range(8)}


def all_of(items):
    """Marks of a group as it is worked on: those before the deadly one are done."""
    for folder, number, deadly in items:
        yield -counted((folder, number, deadly))


@pytest.mark.parametrize("deadly", [2, 3])
def test_of_several_together_each_is_tried_again_alone_where_one_ends_the_worker(tmp_path, deadly):
    items = [(str(tmp_path), number, deadly) for number in range(1, 7)]
    groups = [Together(tuple(items[:5]), all_of), Settled("there"), items[5]]
    workers = ProcessExecutor(2, lost=lambda item: ("died", item[1]))
    results = sorted(map(str, workers.map(counted, groups)))
    done = [-number if number < deadly else number for number in range(1, 7) if number != deadly]
    assert results == sorted(["there", f"('died', {deadly})", *map(str, done)])
    runs = {number: len(list(tmp_path.glob(f"{number}.*"))) for number in range(1, 7)}
    assert runs == {number: 2 if number == deadly else 1 for number in range(1, 7)}


def half_of(items):
    yield square(items[0])
    raise ValueError("half")


def test_what_works_on_several_is_raised_and_too_few_results_are_none():
    assert sorted(ProcessExecutor(1, lost=lost).map(square, [Together((1, 2), squares)] * 3)) == [
        1,
        1,
        1,
        4,
        4,
        4,
    ]
    with pytest.raises(ValueError, match="half"):
        list(ProcessExecutor(1, lost=lost).map(square, [Together((1, 2), half_of)]))
    with pytest.raises(ValueError, match="shorter"):
        list(ProcessExecutor(1, lost=lost).map(square, [Together((1, 2, 3), two_of)]))


def squares(items):
    yield from map(square, items)


def two_of(items):
    yield from items[:2]


def test_where_items_have_a_time_limit_each_has_a_worker_to_itself():
    workers = OneHurried(2, lost=lost, late=late, limit_s=60.0)
    results = workers.map(wait_for_ever, [Together((0, 1, 2), squares), 3])
    assert sorted(map(str, results)) == ["0", "2", "3", "late 1"]


def wait_for_ever(item: int) -> int:
    if item == 1:
        threading.Event().wait()
    return item


class OneHurried(ProcessExecutor):
    """Gives item 1 alone a tenth of a second: in that time no worker of another has even started."""

    def _job(self, item):
        return replace(super()._job(item), limit=0.1 if item == 1 else None)


def test_the_limit_is_every_item_s():
    assert ProcessExecutor(1, lost=lost, limit_s=3.5)._job(1).limit == 3.5
    assert ProcessExecutor(1, lost=lost)._job(1).limit is None


def test_no_workers_is_this_process():
    assert list(executor(0, lost=lost).map(own_pid, [1])) == [os.getpid()]
    assert list(executor(1, lost=lost).map(own_pid, [1])) != [os.getpid()]


def test_an_item_that_takes_too_long_is_given_up_and_the_others_are_done():
    workers = OneHurried(2, lost=lost, late=late)
    assert sorted(map(str, workers.map(wait_for_ever, range(4)))) == ["0", "2", "3", "late 1"]


def at_work(folder: str) -> int:
    """How many are at work, oneself among them."""
    mine = Path(folder) / str(os.getpid())
    mine.touch()
    count = len(list(Path(folder).iterdir()))
    mine.unlink()
    return count


def test_while_memory_is_short_one_runs_at_once_and_all_are_done(tmp_path):
    workers = ProcessExecutor(3, lost=lost, room=lambda: 0)
    found, allowed = [], set()
    for count in workers.map(at_work, [str(tmp_path)] * 8):
        found.append(count)
        allowed.add(workers.at_once)
    assert found == [1] * 8
    assert allowed <= {1, 3}
    assert 1 in allowed


def test_when_there_is_room_again_as_many_run_as_before():
    room = [0]
    workers = ProcessExecutor(2, lost=lost, room=lambda: room[0])
    allowed = []
    for done, _ in enumerate(workers.map(square, range(40)), start=1):
        allowed.append(workers.at_once)
        if done == 4:
            room[0] = 1 << 50
    assert len(allowed) == 40
    assert allowed[-1] == 2


def own_pid(_item: int) -> int:
    return os.getpid()


def test_a_worker_that_has_grown_too_large_is_replaced(monkeypatch):
    assert len(set(ProcessExecutor(1, lost=lost).map(own_pid, range(4)))) == 1
    monkeypatch.setattr(crew, "GROWTH", -(1 << 60))
    assert len(set(ProcessExecutor(1, lost=lost).map(own_pid, range(4)))) == 2


def test_settled_items_come_back_at_once_and_little_is_taken_ahead():
    taken = []

    def items():
        for number in range(50):
            taken.append(number)
            yield Settled(-number) if number % 2 else number

    results = ProcessExecutor(2, lost=lost).map(square, items())
    first = next(results)
    assert first in (-1, 0)
    assert len(taken) <= 8, "not the whole source"
    assert sorted([first, *results]) == sorted(
        [n * n for n in range(0, 50, 2)] + [-n for n in range(1, 50, 2)]
    )


def test_nothing_is_left_running_when_the_caller_stops():
    results = ProcessExecutor(2, lost=lost).map(own_pid, range(100))
    pids = {next(results) for _ in range(5)}
    results.close()
    assert not any(map(alive, pids))


def fail_on_two(item: int) -> int:
    if item == 2:
        raise ZeroDivisionError("two")
    return item


def test_what_the_function_raises_is_raised_at_home():
    with pytest.raises(ZeroDivisionError, match="two"):
        list(ProcessExecutor(2, lost=lost).map(fail_on_two, range(4)))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_container_s_limit_counts_where_it_is_nearer(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "control_groups", lambda _: (tmp_path, tmp_path / "absent"))
    for name, text in (
        ("memory.max", "1000000\n"),
        ("memory.current", "900000\n"),
        ("memory.stat", "anon 5\ninactive_file 50000\n"),
    ):
        (tmp_path / name).write_text(text)
    assert memory.available() == 150_000
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available() > 150_000
    assert memory.peak(os.getpid()) >= memory.resident(os.getpid()) // 2 > 0


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
