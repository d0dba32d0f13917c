from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.audio.decoder import PyAVDecoder
from speechqa.core.analysis import CallAnalysis, Provenance
from speechqa.core.codec import encode
from speechqa.core.source import CallSource, PartyFile
from speechqa.errors import RecordingError
from tests.support.hostile import HOSTILE

PROVENANCE = Provenance(
    speechqa="0", rubric="r@1", rubric_digest="", settings_digest="", model_digest=None, profile="eu",
    run_id="r", created_at="2026-01-01T00:00:00Z",
)  # fmt: skip


def test_the_folder_holds_just_the_files_of_the_table(hostile_folder: Path) -> None:
    assert {path.name for path in hostile_folder.iterdir()} == set(HOSTILE)


@pytest.mark.parametrize("name", sorted(HOSTILE), ids=ascii)
def test_hostile_recording(name: str, hostile_folder: Path) -> None:
    expected = HOSTILE[name]
    source = CallSource(files=(PartyFile(path=str(hostile_folder / name)),))
    if expected.error is not None:
        with pytest.raises(RecordingError) as caught:
            PyAVDecoder().open(source)
        assert type(caught.value).__name__ == expected.error
        str(caught.value).encode("utf-8")
        assert "\n" not in str(caught.value)
        return
    recording, audio = PyAVDecoder().open(source)
    try:
        assert expected.lost is not None
        assert recording.lost_seconds == pytest.approx(expected.lost, abs=expected.tolerance)
        assert recording.lost_seconds == pytest.approx(sum(s.duration for s in recording.lost), abs=0.002)
        if expected.duration is not None:
            assert recording.duration == pytest.approx(expected.duration, abs=0.05)
        heard = [audio.read(channel, 0.0, audio.duration) for channel in range(audio.channels)]
        assert {len(samples) for samples in heard} == {round(audio.duration * audio.sample_rate)}
        encode(CallAnalysis(call_id="c", path=recording.path, provenance=PROVENANCE, recording=recording))
    finally:
        audio.close()


def test_the_decoder_leaves_recordings_as_they_were(hostile_folder: Path) -> None:
    path = hostile_folder / "size-too-small.wav"
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    PyAVDecoder().open(CallSource(files=(PartyFile(path=str(path)),)))[1].close()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
