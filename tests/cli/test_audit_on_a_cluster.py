"""`speechqa audit --executor ray`: the documents of this machine, whatever happens to a node."""

from __future__ import annotations

import os
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from speechqa.assembly import open_batch
from speechqa.assembly.cluster import ClusterWanted, facts_here, on_node
from speechqa.assembly.engines import work
from speechqa.config import Settings
from speechqa.core.analysis import FailedCall
from speechqa.core.codec import encode
from speechqa.core.source import CallMetadata, CallSource, PartyFile
from speechqa.errors import ClusterError
from speechqa.executors.ray_cluster import CallNeeds, Other, RayExecutor, perform
from speechqa.pipeline.batch import Task, lost_worker
from speechqa.pipeline.judgement import RunStamp
from tests.support.cluster import STORE_BYTES, Gate, lost, other_facts, square, wait_and_work
from tests.support.media import clicks, write_media

pytestmark = pytest.mark.xdist_group("ray")

NUMBER = "4111 1111 1111 1111"
WORDS = "quarrelsome hippopotamus"


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Five calls whose transcripts come with them, and a manifest with what must not be kept."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for number in range(5):
        write_media(folder / f"{number}.wav", clicks(12.0, 8_000, seed=number), 8_000)
        (folder / f"{number}.json").write_text(
            f'{{"turns": [{{"speaker": "agent", "text": "Good morning, {WORDS}", "start": 1, "end": 3}},'
            f'{{"speaker": "customer", "text": "my card is {NUMBER}, ok", "start": 4, "end": 9}}]}}',
            encoding="utf-8",
        )
    (folder / "4.wav").write_bytes(b"no sound")
    rows = "".join(f"{number}.wav,a{number},{NUMBER}\n" for number in range(5))
    (folder / "manifest.csv").write_text(f"file,agent_id,note\n{rows}", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def one_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = RunStamp(run_id="one", created_at="2026-11-22T00:00:00+00:00")
    monkeypatch.setattr("speechqa.assembly.batch.new_stamp", lambda: stamp)


def documents(calls: Path, store: Path, cluster: ClusterWanted | None = None) -> dict[str, bytes]:
    with open_batch(
        [str(calls)], settings=Settings(engine="none"), store_url=f"sqlite:///{store}", cluster=cluster
    ) as batch:
        given = [outcome.document for outcome in batch.outcomes()]
    assert len({document.path for document in given}) == len(given)
    return {str(document.path): encode(document) for document in given}


def test_a_node_lost_on_the_way_costs_its_calls_a_second_try(
    calls: Path,
    tmp_path: Path,
    ray_cluster: Any,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    undisturbed = documents(calls, tmp_path / "here.db")
    (tmp_path / "gate").mkdir()
    gate = Gate(tmp_path / "gate")
    doomed = ray_cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
    came: list[tuple[str, str]] = []

    def kill() -> None:
        while not came or came[-1][1] != doomed.node_id:
            path, node = gate.next().rsplit(" ", 1)
            if node == "nowhere":
                return
            came.append((path, node))
        ray_cluster.remove_node(doomed, allow_graceful=False)
        gate.open()

    killer = threading.Thread(target=kill)
    killer.start()
    monkeypatch.setattr("speechqa.assembly.batch.work", partial(wait_and_work, gate.folder))
    try:
        on_nodes = documents(calls, tmp_path / "there.db", ClusterWanted(address=ray_cluster.address))
    except BaseException:
        gate.give_up()
        raise
    finally:
        killer.join()
    came += [(path, node) for path, node in (line.rsplit(" ", 1) for line in gate.rest())]
    gate.close()
    began = [path for path, _ in came]
    on_the_lost = [path for path, node in came if node == doomed.node_id]
    assert len(on_the_lost) == 1
    assert sorted(began) == sorted([*map(str, sorted(calls.glob("*.wav"))), *on_the_lost])
    assert on_nodes == undisturbed
    # What is done is not done again, and comes back the same.
    monkeypatch.setattr("speechqa.assembly.batch.work", work)
    assert documents(calls, tmp_path / "there.db", ClusterWanted(address=ray_cluster.address)) == on_nodes
    # Ray tells of the node where it will; the command's stdout is for documents.
    assert capfd.readouterr().out == ""


def test_nothing_that_was_said_or_told_is_in_what_ray_keeps(
    calls: Path, tmp_path: Path, ray_cluster: Any
) -> None:
    documents(calls, tmp_path / "there.db", ClusterWanted(address=ray_cluster.address))
    kept = [path for path in Path(ray_cluster.head_node.get_session_dir_path()).rglob("*") if path.is_file()]
    assert len(kept) > 5
    said = (WORDS, NUMBER, NUMBER.replace(" ", ""))
    assert not [path for path in kept if any(word.encode() in path.read_bytes() for word in said)]


def test_ray_is_not_told_the_command_line(ray_cluster: Any) -> None:
    from ray._private import state

    executor = RayExecutor(ray_cluster.address, lost=lost)
    executor.open()
    try:
        ours = [job["Entrypoint"] for job in state.jobs() if job["DriverPid"] == os.getpid()]
    finally:
        executor.close()
    assert set(ours) == {"speechqa"}


def test_what_a_node_cannot_find_is_said_to_be_for_every_node(
    calls: Path, tmp_path: Path, ray_cluster: Any
) -> None:
    (calls / "3.wav").unlink()
    with open_batch(
        [str(calls / "3.wav")],
        settings=Settings(engine="none"),
        store_url=f"sqlite:///{tmp_path}/there.db",
        cluster=ClusterWanted(address=ray_cluster.address),
    ) as batch:
        (failed,) = [outcome.document for outcome in batch.outcomes()]
    assert isinstance(failed, FailedCall)
    assert failed.error.type == "RecordingNotFound"
    assert "every node must see the recording" in str(failed.error.hint)


def test_a_task_comes_home_without_what_a_manifest_knows() -> None:
    source = CallSource(files=(PartyFile(path="x.wav"),), metadata=CallMetadata(tags={"note": NUMBER}))
    home = on_node(lost_worker, Task(identity="i", fingerprint="f", source=source))
    assert NUMBER not in repr(home)
    assert (home.task.identity, home.document.path) == ("i", "x.wav")


def test_a_node_that_differs_is_named_before_any_work(ray_cluster: Any, tmp_path: Path) -> None:
    executor = RayExecutor(ray_cluster.address, lost=lost, facts=partial(other_facts, str(tmp_path)))
    with pytest.raises(ClusterError, match=r"node .*model: two, not one"):
        executor.open()


def test_another_version_on_a_node_is_told_without_reading_what_it_is_sent() -> None:
    answer = perform("0.0.0", b"not to be read", b"nor this")
    assert isinstance(answer, Other)
    assert "not 0.0.0" in answer.differs[0]


def test_no_room_for_a_call_is_told(ray_cluster: Any) -> None:
    executor = RayExecutor(ray_cluster.address, lost=lost, needs=CallNeeds(cpus=64, memory_mb=900))
    with pytest.raises(ClusterError, match="No node of the cluster has room") as told:
        list(executor.map(square, [1]))
    assert told.value.expected == "a node with 64 cores, 0 GPUs, 900 MB"
    assert " MB" in str(told.value.found)


def test_facts_name_models_rubric_and_packages() -> None:
    facts = facts_here(Settings(engine="none"), 1, frozenset({None, "en"}))
    assert facts == facts_here(Settings(engine="none"), 2, frozenset({None, "en"}))
    assert {"speechqa", "rubric", "numpy", "engine for en", "key for masked numbers"} <= facts.keys()
    assert {"phonenumbers", "python-stdnum"} <= facts.keys(), "these tell which numbers are masked"
    other = facts_here(Settings(engine="pocketsphinx"), 1, frozenset({None, "en"}))
    assert other["engine for en"] != facts["engine for en"]


def test_the_command_says_what_is_missing(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: Path
) -> None:
    audit = ("audit", calls, "--engine", "none", "--store", f"sqlite:///{tmp_path}/s.db")
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    without = run(*audit, "--ray-address", "auto")
    assert (without.code, "--executor ray" in without.err) == (2, True)
    none_there = run(*audit, "--executor", "ray", "--ray-address", "127.0.0.1:9")
    assert (none_there.code, "no Ray cluster" in none_there.err) == (3, True)
    no_address = run(*audit, "--executor", "ray", "--ray-address", "http://\x1b[2J")
    assert (no_address.code, "no address" in no_address.err, "\x1b" in no_address.err) == (3, True, False)
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:10")
    by_environment = run(*audit, "--executor", "ray")
    assert (by_environment.code, "127.0.0.1:10" in by_environment.err) == (3, True)
    monkeypatch.setitem(sys.modules, "ray", None)
    missing = run(*audit, "--executor", "ray")
    assert (missing.code, "pip install 'speechqa[cluster]'" in missing.err) == (5, True)
