"""How a stored call is heard in a page: tracks and outlines, or the reason why there are none."""

import json
import shutil

import numpy as np
import pytest
from msgspec.structs import replace

from speechqa.assembly.playback import playback_of, track_names
from speechqa.audio import tracks as sound
from speechqa.core.analysis import CallAnalysis
from speechqa.errors import ReportError
from speechqa.store import open_store
from tests.cli.conftest import SAMPLES
from tests.support.media import clicks, write_media

RATE = 8000


@pytest.fixture(scope="module")
def parted(tmp_path_factory) -> CallAnalysis:
    """A call whose parties have a channel each, and a masked number in its words."""
    from speechqa.assembly import analyze

    folder = tmp_path_factory.mktemp("parted")
    for path in SAMPLES.glob("he-cable.*"):
        shutil.copy(path, folder)
    document = analyze(folder / "he-cable.mp3", transcript=folder / "he-cable.json")
    turns = [*document.transcript.turns]
    turns[4] = replace(turns[4], text="[card]", words=())
    return replace(document, transcript=replace(document.transcript, turns=tuple(turns)))


def analysed(run, store, path, transcript=None) -> CallAnalysis:
    if transcript is not None:
        words = json.loads(transcript.read_text())
        for index, turn in enumerate(words["turns"]):
            turn["channel"] = index % 2
        path.with_suffix(".json").write_text(json.dumps(words))
    ran = run("audit", path, "--engine", "none", "--agent-channel", 0, "--store", store, "--json")
    assert ran.code == 0, ran.err
    with open_store(store) as opened:
        return opened.get(ran.lines[0]["call_id"])


@pytest.fixture
def call(run, store, tmp_path, transcript):
    return analysed(run, store, write_media(tmp_path / "lamp.wav", clicks(60, RATE, 2), RATE), transcript)


def test_a_call_of_two_channels_has_three_tracks_and_an_outline_a_party(parted, tmp_path, monkeypatch):
    swept = []
    monkeypatch.setattr("speechqa.assembly.saving.sweep", swept.append)
    out = tmp_path / "out"
    out.mkdir()
    made = playback_of(parted, out)
    assert swept == [], "a folder of pages is looked through once, not once a track"
    assert made.missing == ""
    assert [track.heard for track in made.tracks] == ["both", "agent", "customer"]
    assert {track.source for track in made.tracks} == {path.name for path in out.iterdir()}
    assert {*track_names(parted.call_id)} == {track.source for track in made.tracks}
    assert sorted(made.outlines) == ["A", "B"]
    for outline in made.outlines.values():
        assert len(outline.peaks) * outline.step_s == pytest.approx(parted.recording.duration, abs=0.05)
    (bleeped,) = made.bleeped
    masked = parted.transcript.turns[4].segment
    assert (bleeped.start, bleeped.end) == pytest.approx((masked.start - 0.25, masked.end + 0.25))
    peaks = np.frombuffer(made.outlines["A"].peaks, dtype=np.uint8)
    assert peaks[round(bleeped.start / 0.02) : round(bleeped.end / 0.02)].max() == 0
    assert peaks.max() > 0


def test_a_call_on_one_channel_has_one_track_and_one_outline(run, store, tmp_path, transcript):
    path = write_media(tmp_path / "mono.wav", clicks(60, RATE, 1), RATE)
    made = playback_of(analysed(run, store, path, transcript), tmp_path)
    assert [track.heard for track in made.tracks] == ["both"]
    assert list(made.outlines) == [""]


def test_inside_nothing_is_written_and_without_a_folder_nothing_is_made(parted, tmp_path):
    before = {*tmp_path.iterdir()}
    inside = playback_of(parted, tmp_path, inside=True)
    assert all(track.source.startswith("data:audio/webm;base64,") for track in inside.tracks)
    assert len(inside.tracks) == 3
    silent = playback_of(parted, None)
    assert silent.tracks == ()
    assert "without the sound" in silent.missing
    assert silent.outlines == inside.outlines
    assert {*tmp_path.iterdir()} == before


def test_a_recording_that_is_gone_or_changed_is_told_and_is_no_error(call, tmp_path):
    path = tmp_path / "lamp.wav"
    with path.open("ab") as file:
        file.write(b"more")
    assert "changed since" in playback_of(call, tmp_path).missing
    path.unlink()
    made = playback_of(call, tmp_path)
    assert "not where it was" in made.missing
    assert (made.tracks, made.outlines) == ((), {})
    assert "without a recording" in playback_of(replace(call, recording=None), tmp_path).missing
    assert list(tmp_path.glob("*.webm")) == []


def test_where_nobody_knows_what_to_bleep_the_call_is_seen_and_not_heard(call, tmp_path):
    wordless = playback_of(replace(call, transcript=None), tmp_path)
    assert "no transcript" in wordless.missing
    assert wordless.tracks == ()
    # Without turns nothing says which channel is whose; the sound is drawn all the same.
    assert wordless.outlines
    turns = tuple(replace(turn, start=None, end=None, words=()) for turn in call.transcript.turns)
    unplaced = playback_of(replace(call, transcript=replace(call.transcript, turns=turns)), tmp_path)
    assert "cannot be bleeped" in unplaced.missing
    assert unplaced.tracks == ()
    assert list(tmp_path.glob("*.webm")) == []


def test_all_tracks_are_written_or_none(parted, tmp_path, monkeypatch):
    written = sound._TrackWriter.write
    count = []

    def failing(self, samples):
        count.append(1)
        if len(count) > 4:
            raise OSError(28, "No space left on device")
        written(self, samples)

    monkeypatch.setattr(sound._TrackWriter, "write", failing)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(ReportError, match="No space left"):
        playback_of(parted, out)
    assert list(out.iterdir()) == []
