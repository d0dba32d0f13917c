"""`speechqa clip`: a piece of a recording, without the numbers that are masked."""

import hashlib
import json
import wave
from pathlib import Path

import numpy as np
import pytest

from speechqa.core.segment import Segment
from speechqa.store import open_store
from tests.support.media import clicks, write_media

RATE = 8000
CARD = (20.0, 24.0)


@pytest.fixture
def recording(tmp_path):
    return write_media(tmp_path / "lamp.wav", clicks(60, RATE, 2), RATE)


@pytest.fixture
def scored(run, store, recording, transcript, heard_once):
    """A call with sound and words, a card number in the words with its time."""
    words = json.loads(transcript.read_text())
    turn = words["turns"][3]
    spoken = turn["text"].split()
    edges = [18.0, 18.3, 18.6, 18.9, 19.2, 19.6, 20.0, 21.0, 22.0, 23.0, 24.0]
    turn["words"] = [
        {"text": text, "start": edges[i], "end": edges[i + 1], "confidence": 0.9}
        for i, text in enumerate(spoken)
    ]
    for index, each in enumerate(words["turns"]):
        each["channel"] = index % 2
    beside = recording.with_suffix(".json")
    beside.write_text(json.dumps(words))
    ran = run("audit", recording, "--store", store, "--agent-channel", 0, "--json")
    assert ran.code == 0, ran.err
    return ran.lines[0]


def heard(path):
    with wave.open(str(path)) as file:
        assert file.getsampwidth() == 2
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
    return samples


def test_a_clip_plays_with_the_masked_number_bleeped_and_is_logged(run, store, scored, tmp_path, recording):
    target = tmp_path / "piece.wav"
    call = scored["call_id"]
    ran = run(
        "clip", call, "--from", 15, "--to", 30, "--output", target,
        "--by", "Dana", "--reason", "dispute 7", "--json", "--store", store,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    made = ran.lines[0]
    (span,) = made["bleeped"]
    assert span[0] <= CARD[0] - 0.25
    assert span[1] == CARD[1] + 0.25
    samples = heard(target)
    assert samples.shape == (15 * RATE, 2)
    whole = heard(recording)[15 * RATE : 30 * RATE]
    inside = slice(round((span[0] - 15) * RATE) + 1, round((span[1] - 15) * RATE) - 1)
    assert np.array_equal(samples[: inside.start - 2], whole[: inside.start - 2])
    tone = samples[inside].astype(float)
    assert np.array_equal(samples[inside, 0], samples[inside, 1])
    spectrum = np.abs(np.fft.rfft(tone[:RATE, 0]))
    assert spectrum.argmax() == 1000
    assert spectrum[:900].sum() < 0.01 * spectrum.sum()
    assert made["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    with open_store(store) as opened:
        (entry,) = (a for a in opened.accesses(call) if a.event == "clip")
    assert (entry.actor, entry.reason, entry.details["sha256"]) == ("Dana", "dispute 7", made["sha256"])


def test_flac_holds_the_same_samples(run, store, scored, tmp_path):
    import av

    for name in ("a.wav", "a.flac"):
        assert (
            run(
                "clip",
                scored["call_id"],
                "--from",
                1,
                "--to",
                40,
                "--output",
                tmp_path / name,
                "--store",
                store,
            ).code
            == 0
        )
    with av.open(str(tmp_path / "a.flac")) as file:
        pieces = [frame.to_ndarray().reshape(-1, 2) for frame in file.decode(audio=0)]
    assert np.array_equal(np.concatenate(pieces), heard(tmp_path / "a.wav"))


@pytest.mark.usefixtures("heard_once")
def test_one_party_alone(run, store, hebrew_calls, tmp_path):
    call = run("audit", hebrew_calls, "--store", store, "--json").lines[0]["call_id"]
    asked = ("clip", call, "--from", 20, "--to", 30, "--store", store, "--output")
    assert run(*asked, tmp_path / "both.wav").code == 0
    both = heard(tmp_path / "both.wav")
    assert both.shape[1] == 2
    found = []
    for side in ("agent", "customer"):
        assert run(*asked, tmp_path / f"{side}.wav", "--channel", side).code == 0
        (alone,) = heard(tmp_path / f"{side}.wav").T
        found += [channel for channel in (0, 1) if np.array_equal(alone, both[:, channel])]
    assert sorted(found) == [0, 1]
    run("roles", call, "--swap", "--store", store)
    assert run(*asked, tmp_path / "swapped.wav", "--channel", "agent").code == 0
    assert np.array_equal(heard(tmp_path / "swapped.wav")[:, 0], both[:, found[1]])


def test_who_is_not_told_apart_is_not_heard_alone(run, store, scored, tmp_path):
    asked = (
        "clip",
        scored["call_id"],
        "--from",
        2,
        "--to",
        4,
        "--output",
        tmp_path / "x.wav",
        "--store",
        store,
    )
    assert run(*asked, "--channel", "agent").code == 2


def test_the_sound_as_it_is_needs_a_reason(run, store, scored, tmp_path, recording):
    target = tmp_path / "all.wav"
    asked = (
        "clip",
        scored["call_id"],
        "--from",
        15,
        "--to",
        30,
        "--original",
        "--output",
        target,
        "--store",
        store,
    )
    assert run(*asked).code == 2
    ran = run(*asked, "--reason", "court order")
    assert ran.code == 0
    assert "Nothing was bleeped" in ran.err
    assert np.array_equal(heard(target), heard(recording)[15 * RATE : 30 * RATE])


def test_what_cannot_be_clipped_is_told(run, store, scored, tmp_path, recording):
    call = scored["call_id"]
    good = ("clip", call, "--from", 1, "--to", 2, "--store", store, "--output")
    assert (
        run("clip", call, "--from", 70, "--to", 80, "--output", tmp_path / "x.wav", "--store", store).code
        == 2
    )
    assert (
        run("clip", call, "--from", "nan", "--to", 2, "--output", tmp_path / "x.wav", "--store", store).code
        == 2
    )
    assert run(*good, tmp_path / "x.mp3").code == 2
    assert run(*good, tmp_path / "no" / "x.wav").code == 7
    assert run(*good, tmp_path / "x.wav").code == 0
    assert run(*good, tmp_path / "x.wav").code == 2, "it is there already"
    assert run(*good, tmp_path / "x.wav", "--force").code == 0
    recording.write_bytes(recording.read_bytes()[:-2] + b"ab")
    changed = run(*good, tmp_path / "y.wav")
    assert changed.code == 4
    assert "was changed" in changed.err
    recording.unlink()
    assert "is not there" in run(*good, tmp_path / "y.wav").err
    assert not list(tmp_path.glob("y.wav"))
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("heard_once")
def test_without_words_nobody_knows_where_numbers_are(run, store, tmp_path, recording):
    call = run("audit", recording, "--engine", "none", "--store", store, "--json").lines[0]["call_id"]
    asked = ("clip", call, "--from", 1, "--to", 2, "--output", tmp_path / "x.wav", "--store", store)
    ran = run(*asked)
    assert ran.code == 4
    assert "--original" in ran.err
    assert run(*asked, "--original", "--reason", "heard it myself").code == 0


def test_the_file_is_named_after_the_call(run, store, scored, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("clip", scored["call_id"], "--from", 1, "--to", 2.5, "--store", store)
    assert Path(ran.out.strip()).name == f"{scored['call_id']}-1-2.5s.wav"
    assert heard(tmp_path / ran.out.strip()).shape[0] == 1.5 * RATE


def test_a_mask_without_words_bleeps_its_turn():
    from speechqa.core.transcript import RejectedText, Transcript, Turn, Word
    from speechqa.privacy.bleeping import masked_sound

    turns = (
        Turn(speaker="a", text="[id]", start=2.0, end=3.0),
        Turn(speaker="a", text="no [sic] music", start=5.0, end=6.0),
        Turn(
            speaker="a", text="[card] and [id]", start=10.0, end=20.0,
            words=(Word(text="[card]", start=10.0, end=12.0), Word(text="and"), Word(text="[id]")),
        ),
    )  # fmt: skip
    refused = (
        RejectedText(text="[code]", reason="r", start=30.0, end=31.0),
        RejectedText(text="[id]", reason="r"),
    )
    found = masked_sound(Transcript(language="en", engine="e", turns=turns, rejected=refused))
    assert found.stretches == (Segment(1.75, 3.25), Segment(9.75, 20.25), Segment(29.75, 31.25))
    assert found.unplaced == 1
