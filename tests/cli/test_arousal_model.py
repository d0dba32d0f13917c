"""`--arousal onnx:PATH`: a model of the user's own in an audit and in `speechqa stress`."""

from __future__ import annotations

import shutil

import pytest

from tests.cli.conftest import SAMPLES
from tests.support.arousal_models import brightness, usable, write_card


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    return usable(folder, calm_deviation=0.005)


@pytest.fixture
def call(tmp_path):
    """A call with its transcript, so that the customer is known without any engine."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for suffix in (".mp3", ".json"):
        shutil.copy(SAMPLES / f"he-cable{suffix}", folder)
    return folder


def audited(run, call, store, model):
    ran = run("audit", call, "--engine", "none", "--store", store, "--arousal", f"onnx:{model}", "--json")
    assert ran.code == 0, ran.err
    return ran.lines[0], ran.err


def test_the_document_says_what_measured_the_curve(run, store, call, model):
    document, _ = audited(run, call, store, model)
    curve = document["stress"]["customer"]
    assert curve["measured_by"].startswith("brightness, sha256 ")
    values = [window["value"] for window in curve["windows"] if window["value"] is not None]
    assert values
    assert all(set(w["contributions"]) == {"model"} for w in curve["windows"] if w["value"] is not None)
    assert set(curve["baseline"]["features"]) == {"model"}
    assert document["provenance"]["settings"]["arousal"] == f"onnx:{model}"


def test_other_bytes_of_the_model_make_another_result(run, store, call, model):
    first, _ = audited(run, call, store, model)
    _, again = audited(run, call, store, model)
    assert "Everything is done already" in again
    brightness(model, factor=0.9)
    from speechqa.assembly.engines import build_engines

    build_engines.cache_clear()  # another process would read the file afresh
    second, told = audited(run, call, store, model)
    assert "1 analysed, 0 done before" in told
    assert first["stress"]["customer"]["measured_by"] != second["stress"]["customer"]["measured_by"]
    assert first["provenance"]["input_digest"] != second["provenance"]["input_digest"]


def test_no_score_rests_on_it(run, store, call, model):
    with_model, _ = audited(run, call, store, model)
    plain = run("audit", call, "--engine", "none", "--store", store, "--json").lines[0]
    assert plain["stress"]["customer"]["measured_by"] == "voice"
    assert with_model["scores"] == plain["scores"]
    assert with_model["findings"] == plain["findings"]


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("audit", "wrong card"),
        *(("stress", fault) for fault in ("absent", "no card", "wrong card", "no model")),
    ],
)
def test_what_is_wrong_with_a_model_is_told_before_any_work(run, store, call, model, command, fault):
    if fault == "absent":
        model.unlink()
    elif fault == "no card":
        model.with_suffix(".toml").unlink()
    elif fault == "wrong card":
        write_card(model, output="valence")
    else:
        model.write_bytes(b"no model")
    options = ("--engine", "none", "--store", store) if command == "audit" else ()
    ran = run(command, call / "he-cable.mp3", *options, "--arousal", f"onnx:{model}")
    assert ran.code == 5
    assert "brightness" in ran.err
    assert "next:" in ran.err
    assert "Traceback" not in ran.err


def test_a_measure_that_is_none_is_a_usage_error(run, store, call):
    assert run("stress", call / "he-cable.mp3", "--arousal", "loudness").code == 2
    assert run("audit", call, "--engine", "none", "--store", store, "--arousal", "onnx").code == 2


def test_one_voice_against_a_baseline_by_the_model(run, call, model):
    sound = call / "he-cable.mp3"
    ran = run("stress", sound, "--channel", 1, "--arousal", f"onnx:{model}", "--json")
    assert ran.code == 0, ran.err
    (result,) = ran.lines
    assert result["measured_by"].startswith("brightness, sha256 ")
    calm = run(
        "stress", sound, "--channel", 1, "--baseline", SAMPLES / "he-oven-complaint.m4a",
        "--arousal", f"onnx:{model}", "--json",
    )  # fmt: skip
    assert calm.lines[0]["baseline"]["source"] == "recordings"
    assert set(calm.lines[0]["baseline"]["features"]) == {"model"}
