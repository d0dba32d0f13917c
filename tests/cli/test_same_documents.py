"""The same call gives the same document whatever surrounds the run; `make determinism` tries more ways."""

from benchmarks.determinism.__main__ import unequal
from benchmarks.determinism.calls import cut
from benchmarks.determinism.running import Way, documents, kept
from benchmarks.determinism.ways import threads
from tests.cli.conftest import SAMPLES

OTHERWISE = Way(
    "everything at once",
    options=("--workers", "2", "--time-limit", "30"),  # which one call alone needs, to have a worker
    order="backwards",
    flags=("-O",),
    umask=0o077,
    environment=threads(4)
    | {"PYTHONHASHSEED": "7", "LC_ALL": "he_IL.UTF-8", "TZ": "Asia/Kathmandu", "SPEECHQA_CACHE": "{work}/c"},
)


def test_this_process_and_a_worker_elsewhere_make_the_same_document(run, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    calls, work = tmp_path / "calls", tmp_path / "work"
    calls.mkdir()
    work.mkdir()
    cut(SAMPLES / "he-oven-complaint.m4a", calls / "oven.wav", 10.0)
    (calls / "oven.json").write_bytes((SAMPLES / "he-oven-complaint.json").read_bytes())
    (calls / "manifest.csv").write_text("file,agent_id,agent_channel\noven.wav,a202,0\n", encoding="utf-8")

    def here(*more):
        store = f"sqlite:///{tmp_path / str(len(more))}.db"
        given = ("--manifest", calls / "manifest.csv", "--engine", "none", "--store", store)
        assert run("audit", calls / "oven.wav", *given, *more).code == 0
        return kept(store)

    reference = here()
    assert len(reference) == 1
    assert not unequal(reference, documents(OTHERWISE, work, calls, engine="none"))
    assert unequal(reference, here("--no-accommodation"))
