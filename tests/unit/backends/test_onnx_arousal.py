"""A model of the user's own: what is taken, what is refused, and what is said then."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from speechqa.backends.onnx_arousal import OnnxArousal, choose_arousal
from speechqa.backends.onnx_files import external_files
from speechqa.errors import ModelDigestMismatch, ModelError, ModelNotFound, UsageError
from tests.support.arousal_models import brightness, usable, write_card

RATE = 16000
WEIGHTS = struct.pack("<2f", 0.5, 0.25)


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return (0.1 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def refused(spec: str | Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        choose_arousal(f"onnx:{spec}")
    assert caught.value.exit_code == 5
    return caught.value


def test_voice_needs_no_model():
    assert choose_arousal("voice") is None


@pytest.mark.parametrize("spec", ["", "onnx", "onnx:", "voice:x", "whisper:small", "/models/x.onnx"])
def test_what_names_no_measure_is_refused(spec):
    with pytest.raises(UsageError, match="no such measure of arousal"):
        choose_arousal(spec)


@pytest.mark.parametrize("shape", [("time",), ("batch", "time"), (1, "time"), (None, None), (1, 1, "time")])
def test_sound_is_given_in_the_shape_the_model_takes(tmp_path, shape):
    path = brightness(tmp_path / "m.onnx", shape=shape)
    write_card(path)
    model = OnnxArousal(path)
    model.check()
    for sound in (tone(200), tone(1000)):
        assert model.arousal(sound) == pytest.approx(
            0.25 * np.abs(np.diff(sound)).mean() / np.abs(sound).mean(), rel=1e-4
        )


def test_the_index_picks_the_output(tmp_path):
    path = usable(tmp_path, index=2)
    assert OnnxArousal(path).arousal(tone(200)) == pytest.approx(0.25)


def test_sound_is_normalised_where_the_card_asks(tmp_path):
    """Constant sound is nothing but its mean: without one the model sees zeros."""
    path = usable(tmp_path)
    shifted = tone(200) + np.float32(0.5)
    plain = OnnxArousal(path).arousal(shifted)
    write_card(path, normalisation="zero-mean-unit-variance")
    assert OnnxArousal(path).arousal(shifted) == pytest.approx(OnnxArousal(path).arousal(tone(200)), rel=1e-3)
    assert plain < 0.5 * OnnxArousal(path).arousal(shifted)


def test_one_thread_and_no_other_provider(tmp_path):
    model = OnnxArousal(usable(tmp_path))
    session, _ = model._session
    options = session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
    assert session.get_providers() == ["CPUExecutionProvider"]


def test_the_digest_is_of_model_and_card(tmp_path):
    path = usable(tmp_path)
    digests = {OnnxArousal(path).info.digest}
    write_card(path, calm_deviation=0.03)
    digests.add(OnnxArousal(path).info.digest)
    brightness(path, factor=0.9)
    digests.add(OnnxArousal(path).info.digest)
    assert len(digests) == 3
    assert all(len(digest) == 64 for digest in digests)


def test_no_model_and_no_card(tmp_path):
    assert isinstance(refused(tmp_path / "absent.onnx"), ModelNotFound)
    brightness(tmp_path / "alone.onnx")
    error = refused(tmp_path / "alone.onnx")
    assert isinstance(error, ModelNotFound)
    assert "alone.toml" in error.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sample_rate": None}, "sample_rate"),
        ({"sample_rate": "16k"}, "sample_rate"),
        ({"sample_rate": 100}, "found 100"),
        ({"range": [1.0, 0.0]}, "range"),
        ({"range": [0.0]}, "range"),
        ({"range": 3}, "range"),
        ({"calm_deviation": 0.0}, "calm_deviation"),
        ({"calm_deviation": 5.0}, "calm_deviation"),
        ({"calm_deviation": 1e-7}, "calm_deviation"),
        ({"index": -1}, "index"),
        ({"normalisation": "loud"}, "normalisation"),
        ({"piece_s": 0.1}, "piece_s"),
        ({"licence": ""}, "licence"),
        ({"name": "a\nb"}, "name"),
        ({"sha256": "xyz"}, "sha256"),
        ({"outptu": "x"}, "outptu"),
    ],
)
def test_a_wrong_card_is_told_by_its_key(tmp_path, change, told):
    error = refused(usable(tmp_path, **change))
    assert "brightness.toml" in (error.where or "")
    assert told in (error.found or "")


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"name = ", b"a" * 70_000, b"x = " + b"[" * 5000])
def test_what_is_no_toml_is_no_card(tmp_path, text):
    path = usable(tmp_path)
    path.with_suffix(".toml").write_bytes(text)
    assert "card" in refused(path).what


@pytest.mark.parametrize("changed", [{"index": 3}, {"output": "valence"}, {"input": "sound"}])
def test_a_card_for_another_model(tmp_path, changed):
    assert "brightness.onnx" in (refused(usable(tmp_path, **changed)).where or "")


def test_a_number_far_from_its_range_is_no_arousal(tmp_path):
    path = usable(tmp_path, range=[100.0, 101.0])
    model = OnnxArousal(path)
    with pytest.raises(ModelError, match="no arousal"):
        model.check()
    with pytest.raises(ModelError, match="no arousal"):
        model.arousal(tone(200))


@pytest.mark.parametrize(
    "made",
    [
        {"shape": ("batch", 16000)},
        {"shape": (4, "time")},
        {"shape": (1, 1, 1, "time")},
        {"further_input": True},
    ],
)
def test_a_model_that_takes_other_things_than_sound(tmp_path, made):
    path = brightness(tmp_path / "m.onnx", **made)
    write_card(path)
    assert "takes" in refused(path).what


def test_a_model_that_gives_no_number(tmp_path):
    path = brightness(tmp_path / "m.onnx", factor=float("nan"))
    write_card(path)
    assert refused(path).found == "nan"


def test_another_file_than_the_card_names(tmp_path):
    assert isinstance(refused(usable(tmp_path, sha256="0" * 64)), ModelDigestMismatch)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no model at all",
        b"\x00" * 100,
        b"\x3a\xff\xff\xff\x7f",
        b"\x3a\x04\x2a\x7f\x00\x00",
        b"\xff" * 40,
    ],
)
def test_what_is_no_onnx_file(tmp_path, data):
    path = tmp_path / "m.onnx"
    path.write_bytes(data)
    write_card(path)
    refused(path)


def test_half_a_model(tmp_path):
    path = usable(tmp_path)
    whole = path.read_bytes()
    for size in (1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        refused(path)


def test_graphs_within_graphs_have_an_end(tmp_path):
    """A message nested a thousand times is refused, not followed until the stack ends."""
    inner = b""
    for _ in range(1000):
        # graph > node > attribute > graph, each with its length
        for tag in (0x32, 0x2A, 0x0A):
            size, length = len(inner), b""
            while size > 0x7F:
                length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
            inner = bytes([tag]) + length + bytes([size]) + inner
    path = tmp_path / "m.onnx"
    size, length = len(inner), b""
    while size > 0x7F:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    path.write_bytes(b"\x3a" + length + bytes([size]) + inner)
    with pytest.raises(ModelError, match="nested too deeply"):
        external_files(path)


def test_weights_beside_the_model_are_part_of_it(tmp_path):
    path = brightness(tmp_path / "m.onnx", external="m.data")
    write_card(path)
    (tmp_path / "m.data").write_bytes(WEIGHTS)
    model = OnnxArousal(path)
    model.check()
    first = model.info.digest
    (tmp_path / "m.data").write_bytes(WEIGHTS[::-1])
    assert OnnxArousal(path).info.digest != first


@pytest.mark.parametrize("name", ["../m.data", "/etc/hostname", "sub/../../m.data", "C:\\m.data", "", "."])
def test_weights_outside_the_folder_are_not_read(tmp_path, name):
    folder = tmp_path / "models"
    folder.mkdir()
    (tmp_path / "m.data").write_bytes(WEIGHTS)
    path = brightness(folder / "m.onnx", external=name)
    write_card(path)
    refused(path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    (tmp_path / "m.data").write_bytes(WEIGHTS)
    (folder / "m.data").symlink_to(tmp_path / "m.data")
    path = brightness(folder / "m.onnx", external="m.data")
    write_card(path)
    assert "outside its folder" in refused(path).what


def test_weights_that_are_absent(tmp_path):
    path = brightness(tmp_path / "m.onnx", external="m.data")
    write_card(path)
    assert "lacks a file" in refused(path).what
