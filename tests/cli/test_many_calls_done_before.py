"""The benchmark of a batch of calls done before: what it puts into a store is done, for `audit`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import many_calls


def test_calls_that_the_benchmark_keeps_are_done_for_audit(run, tmp_path: Path) -> None:
    many_calls.make(tmp_path, 3)
    calls, store = str(tmp_path / "calls"), many_calls.store_of(tmp_path)
    ran = run("audit", calls, "--engine", "none", "--store", store)
    assert (ran.code, "3 calls" in ran.err) == (0, True), ran.err
    assert "Everything is done already" in ran.err


@pytest.mark.parametrize(("given", "code"), [(["--help"], 0), (["names", "calls"], 2), ([], 2)])
def test_the_benchmark_says_what_it_needs(given, code, monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.argv", ["many_calls", *given])
    with pytest.raises(SystemExit) as ended:
        many_calls.main()
    assert ended.value.code == code
    assert "usage" in "".join(capsys.readouterr())
