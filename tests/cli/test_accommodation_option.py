"""Comparing agent and customer can be turned off, and then nothing is told of it anywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "recordings" / "he-cable.mp3"


def test_it_is_told_unless_it_is_turned_off(run, store, tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    for name in (SAMPLE, SAMPLE.with_suffix(".json")):
        shutil.copy(name, folder)
    told = ("audit", folder, "--engine", "none", "--store", store, "--json")
    (on,) = run(*told).lines
    assert on["accommodation"]["parties"] == {"agent": "A", "customer": "B"}
    assert "speaking alike" in run("show", on["call_id"], "--store", store).out
    (off,) = run(*told, "--no-accommodation").lines
    assert off["accommodation"] is None
    assert off["scores"] == on["scores"]
    shown = run("show", off["call_id"], "--store", store)
    assert shown.code == 0
    assert "speaking alike" not in shown.out
    stored = json.loads(run("show", off["call_id"], "--json", "--store", store).out)
    assert stored["provenance"]["settings"]["accommodation"] is False
