"""The sample calls are what their manifest, scripts and README say they are."""

import csv
import json
import subprocess
import tomllib
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

FOLDER = Path(__file__).parents[3] / "recordings"
SCRIPTS = sorted((FOLDER / "scripts").glob("*.toml"))
MEDIA = {".wav", ".flac", ".mp3", ".m4a", ".ogg"}
VERDICTS = {"pass", "fail", "not_applicable", "not_assessed"}


def script(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def manifest():
    with (FOLDER / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files_of(row):
    return [FOLDER / name for name in (row["file"], row["agent_file"], row["customer_file"]) if name]


def committed():
    named = {path.name for row in manifest() for path in files_of(row)}
    return sorted(path for path in FOLDER.iterdir() if path.name in named)


def read(path):
    """Rate, duration in seconds, channels, tags and samples as decoded."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        tags = {**stream.metadata, **container.metadata}
        frames = [frame.to_ndarray() for frame in container.decode(stream)]
        channels = stream.codec_context.channels
        data = np.concatenate(frames, axis=1)
        if not stream.codec_context.format.is_planar:
            data = data.reshape(-1, channels).T
        if data.dtype == np.int16:
            data = data / 32768
        return stream.codec_context.sample_rate, data.shape[1], channels, tags, data


CALLS = [pytest.param(row, id=row["call_id"]) for row in manifest()]


def test_every_script_has_a_row_and_every_row_a_script():
    assert sorted(path.stem for path in SCRIPTS) == sorted(row["call_id"] for row in manifest())


@pytest.mark.parametrize("row", CALLS)
def test_files_of_a_row_exist_and_are_small(row):
    files = files_of(row)
    assert files
    for path in files:
        assert 50_000 < path.stat().st_size < 1_000_000


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in committed()) < 6_500_000


@pytest.mark.parametrize("row", CALLS)
def test_sound_is_what_the_script_says(row):
    about = script(FOLDER / "scripts" / f"{row['call_id']}.toml")
    legs = "agent_leg_offset_s" in about
    times = json.loads((FOLDER / "scripts" / "times.json").read_text())[row["call_id"]]
    for path in files_of(row):
        rate, samples, channels, tags, data = read(path)
        assert rate == (48_000 if path.suffix == ".ogg" else about["sample_rate"])
        assert channels == (1 if legs else about["channels"])
        late = about.get("agent_leg_offset_s", 0) if path.name == row["agent_file"] else 0
        duration = samples / rate
        assert 45 <= duration <= 150
        assert duration == pytest.approx(max(end for *_, end, _ in times) + 0.8 - late, abs=0.3)
        assert "synthetic" in " ".join(tags.values())
        for channel in data:
            windows = channel[: len(channel) // rate * rate].reshape(-1, rate)
            level = 20 * np.log10(np.sqrt((windows**2).mean(axis=1)) + 1e-9)
            assert level.max() > -32
            assert level.max() - level.min() > 15
            assert np.abs(channel).max() < 1.05
            if path.suffix in {".wav", ".flac"}:
                assert level.min() > -100, "digital silence"


def test_bands_and_channels():
    scripts = [script(path) for path in SCRIPTS]
    stereo = [s for s in scripts if s["channels"] == 2 and "agent_leg_offset_s" not in s]
    assert len(stereo) >= 8
    assert {s["sample_rate"] for s in stereo if s["language"] == "en"} == {8000, 16000}
    assert sum(s["channels"] == 1 for s in scripts) == 1
    assert sum("agent_leg_offset_s" in s for s in scripts) == 1
    assert sum(s["language"] == "he" for s in scripts) == 2
    assert {s["speakers"]["agent"]["channel"] for s in stereo} == {0, 1}


@pytest.mark.parametrize("row", CALLS)
def test_manifest_agrees_with_the_script(row):
    about = script(FOLDER / "scripts" / f"{row['call_id']}.toml")
    for column in ("agent_id", "customer_id", "started_at", "language"):
        assert row[column] == about[column]
    if row["agent_channel"]:
        assert int(row["agent_channel"]) == about["speakers"]["agent"]["channel"]
    if row["agent_offset_s"]:
        assert float(row["agent_offset_s"]) == about["agent_leg_offset_s"]
    assert bool(row["agent_file"]) == bool(row["customer_file"]) == (not row["file"])


def test_agents_have_several_calls_and_roles_are_left_to_find():
    rows = manifest()
    agents = [row["agent_id"] for row in rows]
    assert sum(agents.count(agent) >= 3 for agent in set(agents)) >= 2
    assert any(row["file"] and not row["agent_channel"] for row in rows)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_are_complete(path):
    about = script(path)
    assert about["id"] == path.stem
    agent, customer = about["speakers"]["agent"], about["speakers"]["customer"]
    assert {k: v for k, v in agent.items() if k != "channel"} != {
        k: v for k, v in customer.items() if k != "channel"
    }
    assert set(about["expected"].values()) <= VERDICTS
    assert {turn["speaker"] for turn in about["turns"]} == {"agent", "customer"}
    for turn in about["turns"]:
        assert bool(turn.get("text")) != bool(turn.get("sound"))
        assert not any(letter.isdigit() for letter in turn.get("text", "")), "numbers are written in words"


def test_words_vary_and_formulas_are_rare():
    texts = [turn.get("text", "") for path in SCRIPTS for turn in script(path)["turns"]]
    assert sum("thank you for calling" in text.lower() for text in texts) <= 2
    longer = [text for text in texts if len(text) > 35]
    assert len(set(longer)) == len(longer)


class SimpleTurn(msgspec.Struct, forbid_unknown_fields=True):
    speaker: str
    text: str
    start: float
    end: float


class SimpleForm(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    language: str
    agent_id: str
    customer_id: str
    started_at: str
    turns: list[SimpleTurn]


@pytest.mark.parametrize("name", ["he-cable", "he-oven-complaint"])
def test_hebrew_transcripts_lie_within_their_sound(name):
    text = msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=SimpleForm)
    row = next(row for row in manifest() if row["call_id"] == name)
    rate, samples, _, _, data = read(FOLDER / row["file"])
    about = script(FOLDER / "scripts" / f"{name}.toml")
    assert (text.id, text.language) == (name, "he")
    assert [turn.text for turn in text.turns] == [turn["text"] for turn in about["turns"]]
    for turn in text.turns:
        assert 0 <= turn.start < turn.end <= samples / rate
        channel = data[about["speakers"][turn.speaker]["channel"]]
        inside = channel[int(turn.start * rate) : int(turn.end * rate)]
        assert np.sqrt((inside**2).mean()) > 10 ** (-40 / 20), "speech where the transcript says"


def test_own_calls_put_into_the_folder_stay_out_of_git():
    def ignored(name):
        command = ["git", "-C", str(FOLDER.parent), "check-ignore", "-q", "--no-index", name]
        return subprocess.run(command, check=False).returncode

    if ignored("recordings/mine.wav") == 128:
        pytest.skip("not a git checkout")
    for name in ("mine.wav", "mine.json", "scripts/mine.toml", "customers/call.wav"):
        assert ignored(f"recordings/{name}") == 0, name
    for path in (*committed(), *SCRIPTS, FOLDER / "manifest.csv", FOLDER / "README.md"):
        assert ignored(str(path.relative_to(FOLDER.parent))) == 1, path
