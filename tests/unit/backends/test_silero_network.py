"""The network laid out anew hears what the package's own hears, and its format reads what it writes."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from speechqa.audio.spool import ArrayAudio
from speechqa.backends import silero
from speechqa.backends.onnx_format import network, node, weights_of
from speechqa.backends.silero import SileroVad, model_path
from speechqa.backends.silero_network import silero_network


def _sound(seconds: float) -> np.ndarray:
    """Bursts of a buzzing voice over noise."""
    time = np.arange(round(seconds * 8000)) / 8000
    voice = sum(np.sin(2 * np.pi * 140 * k * time) / k for k in range(1, 20))
    talking = np.sin(2 * np.pi * 0.4 * time) > 0
    noise = np.random.default_rng(1).standard_normal(len(time))
    return (0.1 * voice * talking * (1 + np.sin(2 * np.pi * 4 * time)) + 0.003 * noise).astype(np.float32)


def test_probabilities_are_those_of_the_packages_own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    audio = ArrayAudio(np.stack([_sound(40.0), _sound(40.0)[::-1]]), 8000)
    ours = SileroVad()
    monkeypatch.setattr(silero, "silero_network", lambda _: model_path().read_bytes())
    theirs = SileroVad()
    assert np.abs(ours.probabilities(audio) - theirs.probabilities(audio)).max() < 2e-5
    assert ours.listen(audio) == theirs.listen(audio)


@pytest.mark.parametrize("other", [{}, {"output.weight": np.zeros((1, 64, 1), np.float32)}])
def test_a_network_with_other_layers_runs_as_it_comes(
    monkeypatch: pytest.MonkeyPatch, other: dict[str, np.ndarray]
) -> None:
    audio = ArrayAudio(_sound(8.0), 8000)
    known = SileroVad().probabilities(audio)
    weights = weights_of(model_path().read_bytes()) | other if other else {}
    monkeypatch.setattr(silero, "weights_of", lambda _: weights)
    assert np.abs(SileroVad().probabilities(audio) - known).max() < 2e-5


def test_a_written_network_runs_and_its_weights_are_read_back() -> None:
    weights = np.random.default_rng(0).standard_normal((3, 5)).astype(np.float32)
    data = network(
        [
            node("MatMul", ["given", "weights"], ["product"]),
            node("Transpose", ["product"], ["out"], perm=[1, 0]),
        ],
        {"weights": weights, "unused": np.array([300], np.int64)},
        inputs={"given": ("rows", 3)},
        outputs={"out": (5, "rows")},
    )
    assert set(weights_of(data)) == {"weights"}
    np.testing.assert_array_equal(weights_of(data)["weights"], weights)
    given = np.ones((2, 3), np.float32)
    (found,) = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]).run(
        None, {"given": given}
    )
    np.testing.assert_allclose(found, (given @ weights).T, rtol=1e-5)


@pytest.mark.parametrize("data", [b"\xff" * 20, b"\x3a\xff\xff\xff\x0f", b"\x3a\x05ab", b"\x3b"])
def test_other_bytes_are_no_network(data: bytes) -> None:
    with pytest.raises(ValueError, match="no network"):
        weights_of(data)


def test_the_packages_file_has_all_that_is_needed() -> None:
    assert silero_network(weights_of(model_path().read_bytes()))
