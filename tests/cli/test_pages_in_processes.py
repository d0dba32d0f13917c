"""Pages drawn by several processes are those that one draws."""

from __future__ import annotations

import json
from pathlib import Path

from speechqa.assembly.engines import open_store
from speechqa.assembly.reporting import Report, ReportWanted
from speechqa.assembly.reporting.call_pages import POOLED_PAGES
from speechqa.assembly.reporting.folder import MANIFEST


def made(
    store: str, folder: Path, ids: list[str], workers: int
) -> tuple[list[tuple[str, str]], dict[str, bytes]]:
    with open_store(store, create=False) as opened:
        report = Report(opened, folder, ReportWanted(by="Dana", minimum_calls=5), workers=workers)
        states = sorted((one.of, one.state) for one in report.calls(ids))
    return states, {path.name: path.read_bytes() for path in folder.iterdir()}


def test_pages_drawn_by_two_processes_are_those_of_one(run, store, tmp_path):
    names = [f"c{number}" for number in range(POOLED_PAGES)]
    for name in names:
        turns = [{"speaker": "agent", "text": f"good morning, this is about order {name}"},
                 {"speaker": "customer", "text": "thank you"}]  # fmt: skip
        (tmp_path / f"{name}.json").write_text(json.dumps({"id": name, "language": "en", "turns": turns}))
    assert run("score", *(tmp_path / f"{name}.json" for name in names), "--store", store).code == 0
    ids = [*names, "no such call"]
    one_states, one = made(store, tmp_path / "one", ids, 1)
    two_states, two = made(store, tmp_path / "two", ids, 2)
    assert one_states == two_states == [*((name, "made") for name in names), ("no such call", "failed")]
    accounts = [sorted(files.pop(MANIFEST).splitlines()) for files in (one, two)]
    assert accounts[0] == accounts[1]
    assert one == two
    again, _ = made(store, tmp_path / "two", names, 2)
    assert {state for _, state in again} == {"unchanged"}
