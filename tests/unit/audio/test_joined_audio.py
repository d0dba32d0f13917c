from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.audio.decoder import PyAVDecoder
from speechqa.audio.parties import channel_roles, starts_told
from speechqa.audio.spool import ArrayAudio, SpooledAudio
from speechqa.core.source import CallSource, PartyFile, combined_digest
from speechqa.errors import RecordingNotFound
from tests.support.media import clicks, write_media


@given(st.floats(-2, 6), st.floats(-2, 6))
def test_spooled_and_array_audio_read_alike(start: float, end: float) -> None:
    samples = np.arange(-400, 400, dtype=np.int16).reshape(400, 2)
    with SpooledAudio(2, 100, memory_bytes=256) as spool:
        spool.append(samples[:150])
        spool.append(samples[150:])
        array = ArrayAudio(samples.T.astype(np.float32) / 32_768, 100)
        assert spool.duration == array.duration == 4.0
        for channel in range(2):
            got = spool.read(channel, start, end)
            assert got.dtype == np.float32
            assert np.array_equal(got, array.read(channel, start, end))


def test_times_must_be_numbers() -> None:
    with pytest.raises(ValueError, match="numbers"):
        ArrayAudio(np.zeros(8), 8).read(0, float("nan"), 1.0)


def test_long_sound_goes_to_a_file_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with SpooledAudio(1, 8_000, memory_bytes=1_000) as spool:
        spool.append(np.ones((80_000, 1), dtype=np.int16))
        assert list(tmp_path.iterdir()) == []
        assert spool.read(0, 9.0, 10.0).sum() == pytest.approx(8_000 / 32_768)


@pytest.fixture
def legs(tmp_path: Path) -> tuple[Path, Path]:
    agent = write_media(tmp_path / "agent.wav", clicks(4.0, 8_000, seed=1), 8_000)
    customer = write_media(tmp_path / "customer.wav", clicks(6.0, 16_000, seed=2), 16_000)
    return agent, customer


def test_a_file_a_party_is_joined_on_one_clock(legs: tuple[Path, Path]) -> None:
    source = CallSource(
        files=(
            PartyFile(path=str(legs[1]), role="customer"),
            PartyFile(path=str(legs[0]), role="agent", offset_s=2.08),
        )
    )
    recording, audio = PyAVDecoder().open(source)
    assert (audio.channels, audio.sample_rate, audio.duration) == (2, 16_000, pytest.approx(6.08))
    assert channel_roles(source, 2) == ("agent", "customer")
    assert not audio.read(0, 0.0, 2.07).any()
    assert audio.read(0, 2.08, 2.3).any()
    assert recording.channel_offsets_s == (2.08, 0.0)
    assert recording.sha256 == combined_digest(file.sha256 for file in recording.files)
    assert (recording.channels, recording.duration) == (2, 6.08)
    audio.close()


def test_an_early_side_moves_the_other_and_says_so(legs: tuple[Path, Path]) -> None:
    source = CallSource(
        files=(
            PartyFile(path=str(legs[0]), role="agent", offset_s=-1.5),
            PartyFile(path=str(legs[1]), role="customer"),
        )
    )
    recording, audio = PyAVDecoder().open(source)
    assert recording.channel_offsets_s == (0.0, 1.5)
    assert audio.duration == pytest.approx(7.5)
    assert any("1.5 s" in note for note in recording.notes)
    audio.close()


@pytest.mark.parametrize("offset", [61.0, 7.0, -200.0])
def test_an_offset_that_cannot_be_is_reported_and_not_applied(offset: float, legs: tuple[Path, Path]) -> None:
    source = CallSource(
        files=(
            PartyFile(path=str(legs[0]), role="agent", offset_s=offset),
            PartyFile(path=str(legs[1]), role="customer"),
        )
    )
    recording, audio = PyAVDecoder().open(source)
    assert recording.channel_offsets_s == (0.0, 0.0)
    assert any("not applied" in note for note in recording.notes)
    audio.close()


def test_a_missing_leg_fails_the_call(legs: tuple[Path, Path], tmp_path: Path) -> None:
    files = (
        PartyFile(path=str(legs[0]), role="agent"),
        PartyFile(path=str(tmp_path / "no.wav"), role="customer"),
    )
    with pytest.raises(RecordingNotFound, match=r"no\.wav"):
        PyAVDecoder().open(CallSource(files=files))


def test_the_agents_channel_of_a_stereo_file_is_shifted(tmp_path: Path) -> None:
    path = str(write_media(tmp_path / "a.wav", clicks(4.0, 8_000, 2), 8_000))
    plain = PyAVDecoder().open(CallSource(files=(PartyFile(path=path),)))[1]
    recording, shifted = PyAVDecoder().open(
        CallSource(files=(PartyFile(path=path),), agent_channel=1, agent_offset_s=1.25)
    )
    assert recording.channel_offsets_s == (0.0, 1.25)
    assert np.array_equal(shifted.read(0, 0, 4), plain.read(0, 0, 4))
    assert np.array_equal(shifted.read(1, 1.25, 5.25), plain.read(1, 0, 4))
    recording, unshifted = PyAVDecoder().open(CallSource(files=(PartyFile(path=path),), agent_offset_s=1.25))
    assert recording.channel_offsets_s == (0.0, 0.0)
    assert any("not known" in note for note in recording.notes)
    for audio in (plain, shifted, unshifted):
        audio.close()


def _stereo_leg(tmp_path: Path, second: float) -> tuple[CallSource, np.ndarray]:
    voice = clicks(4.0, 8_000, seed=3)
    pair = np.concatenate((voice, np.rint(second * voice).astype(np.int16)))
    agent = write_media(tmp_path / "agent.wav", pair, 8_000)
    customer = write_media(tmp_path / "customer.wav", clicks(4.0, 8_000, seed=4), 8_000)
    files = (PartyFile(path=str(agent), role="agent"), PartyFile(path=str(customer), role="customer"))
    return CallSource(files=files), voice[0] / 32_768


@pytest.mark.parametrize("second", [-1.0, -0.6])
def test_a_partys_channels_that_cancel_each_other_are_not_averaged(second: float, tmp_path: Path) -> None:
    source, voice = _stereo_leg(tmp_path, second)
    recording, audio = PyAVDecoder().open(source)
    assert np.allclose(audio.read(0, 0.0, 4.0), voice, atol=1e-4)
    assert any("cancel each other, so channel 0 alone" in note for note in recording.notes)
    audio.close()


@pytest.mark.parametrize("second", [1.0, 0.5, 0.0])
def test_a_partys_channels_are_averaged_otherwise(second: float, tmp_path: Path) -> None:
    source, voice = _stereo_leg(tmp_path, second)
    recording, audio = PyAVDecoder().open(source)
    assert np.allclose(audio.read(0, 0.0, 4.0), voice * (1 + second) / 2, atol=1e-3)
    assert any("were averaged" in note for note in recording.notes)
    audio.close()


def test_each_files_length_is_known(legs: tuple[Path, Path]) -> None:
    files = (PartyFile(path=str(legs[0]), role="agent"), PartyFile(path=str(legs[1]), role="customer"))
    recording, audio = PyAVDecoder().open(CallSource(files=files))
    assert [file.duration for file in recording.files] == [pytest.approx(4.0), pytest.approx(6.0)]
    audio.close()


def test_whether_anybody_told_when_channels_start() -> None:
    file = PartyFile(path="x.wav")
    assert not starts_told(CallSource(files=(file,)))
    assert starts_told(CallSource(files=(file,), agent_offset_s=0.0))
    assert starts_told(CallSource(files=(file,), channel_offsets_s={1: 0.0}))
    assert starts_told(CallSource(files=(PartyFile(path="x.wav", offset_s=1.0),)))
