"""All code that a stage's results depend on is in the version of the stage."""

from __future__ import annotations

import sys

import grimp
import pytest

from speechqa.pipeline.stage_code import CODE, PACKAGES, stage_version

ENTRIES = {
    "sound": ("pipeline.sound", "backends.silero", "backends.resemblyzer", "backends.voice_diarizer"),
    "words": ("pipeline.words", "backends.whisper", "backends.faster_whisper", "backends.pocketsphinx"),
    "voice": ("acoustics.pitch", "backends.swift_f0"),
    "modelled_voice": ("acoustics.modelled", "backends.onnx_arousal"),
}
DISTRIBUTIONS = {
    "silero_vad": "silero-vad",
    "whisper": "openai-whisper",
    "stdnum": "python-stdnum",
    "swift_f0": "swift-f0",
}


@pytest.fixture(scope="module")
def imports():
    graph = grimp.build_graph(
        "speechqa", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    # These only name types: what an engine gives is a value of another module.
    for named_only in ("speechqa.protocols.results", "speechqa.core.rubric"):
        graph.remove_module(named_only)
    return graph


@pytest.mark.parametrize("stage", sorted(CODE))
def test_all_that_a_stage_imports_is_in_its_version(imports, stage):
    used = set()
    for entry in (*ENTRIES[stage], "audio.decoder"):
        used |= imports.find_upstream_modules(f"speechqa.{entry}") | {f"speechqa.{entry}"}
    listed = tuple(name.removesuffix(".py").replace("/", ".") for name in CODE[stage])
    ours = {name.removeprefix("speechqa.") for name in used if name.startswith("speechqa.")}
    packages = {name for name in ours if imports.find_children(f"speechqa.{name}")}
    missing = {
        name for name in ours - packages if not any(f"{name}.".startswith(f"{one}.") for one in listed)
    }
    assert not missing, f"put them into speechqa.pipeline.stage_code.CODE[{stage!r}]"
    others = {name for name in used if not name.startswith("speechqa")} - set(sys.stdlib_module_names)
    # These change no value: one packs them, the other fetches bytes that have the digest they should have.
    indifferent = {"msgspec", "fsspec"}
    assert {DISTRIBUTIONS.get(name, name) for name in others} - indifferent <= set(PACKAGES[stage])


@pytest.mark.parametrize("stage", sorted(CODE))
def test_a_stage_has_a_version_and_all_its_files_are_there(stage):
    assert stage_version(stage)
