"""Files being made: what a dead process left goes, what a living one makes stays, others' are not touched."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from speechqa.assembly.saving import saved
from speechqa.cli.files import new_file
from speechqa.errors import UsageError
from speechqa.files.unfinished import part_beside, sweep, sweep_work, work_folder


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def killed(script: str, folder) -> None:
    """Run some lines in a process that then ends as by SIGKILL."""
    lines = (
        f"import os, tempfile; from pathlib import Path; from speechqa.files.unfinished import *; {script}"
    )
    ran = subprocess.run(
        [sys.executable, "-c", f"{lines}; os.kill(os.getpid(), 9)"],
        check=False,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert ran.returncode == -9


def test_the_next_one_removes_what_a_killed_process_left_and_nothing_else(tmp_path):
    (tmp_path / ".rsync-me.part").write_bytes(b"somebody else's")
    killed(
        f"c = part_beside(Path({str(tmp_path / 'a.html')!r})); p = c.__enter__(); p.file.write(b'half')",
        tmp_path,
    )
    assert len(left(tmp_path)) == 2
    sweep(tmp_path)
    with part_beside(tmp_path / "b.html") as part:
        assert left(tmp_path) == sorted([".rsync-me.part", part.path.name])
        sweep(tmp_path)
        assert part.path.exists(), "its maker lives"
        part.path.replace(tmp_path / "b.html")
    assert left(tmp_path) == [".rsync-me.part", "b.html"]


def test_a_folder_of_work_is_gone_with_its_process(tmp_path, monkeypatch):
    killed("c = work_folder(); p = c.__enter__(); (p / 'sound.wav').write_bytes(b'voice')", tmp_path)
    assert len(left(tmp_path)) == 1
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with work_folder() as folder:
        assert left(tmp_path) == [folder.name]
        sweep_work()
        assert folder.exists(), "its maker lives"
    assert left(tmp_path) == []


@pytest.mark.parametrize("way", [saved, new_file])
def test_a_device_is_never_replaced_by_a_file(tmp_path, way):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)  # as /dev/stdout is one
    for place in (pipe, link):
        with pytest.raises(UsageError, match="not replaced"), way(place, force=True):
            pass
    assert left(tmp_path) == ["link", "pipe"]
    assert pipe.is_fifo()


def test_a_link_with_such_a_name_is_left_alone_and_so_is_what_it_leads_to(tmp_path):
    mine = tmp_path / "mine"
    mine.write_bytes(b"kept")
    (tmp_path / ".speechqa-aaaaaaaa.part").symlink_to(mine)
    sweep(tmp_path)
    assert mine.read_bytes() == b"kept"


def test_nothing_is_left_where_it_cannot_be_written(tmp_path):
    with pytest.raises(ZeroDivisionError), part_beside(tmp_path / "a"):
        raise ZeroDivisionError
    assert left(tmp_path) == []
